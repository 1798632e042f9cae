//! `negative_data_rejection` and `positive_data_acceptance`: what the contract says of the request, judged as
//! it went over the wire, decides what the answer may be.

use super::{Broken, Check, Finding};
use crate::exchange::{Exchange, Verdict};

pub(super) const NEGATIVE_DATA_REJECTION: Check = Check {
    code: "negative_data_rejection",
    promise: "a request that breaks the contract is refused",
    check: negative,
};

pub(super) const POSITIVE_DATA_ACCEPTANCE: Check = Check {
    code: "positive_data_acceptance",
    promise: "a request that keeps to the contract is not refused as malformed",
    check: positive,
};

fn negative(exchange: &Exchange) -> Finding {
    if exchange.judgement.operation.is_none() {
        return Finding::NotConcerned;
    }
    match exchange.verdict() {
        Verdict::Valid => Finding::NotConcerned,
        Verdict::NotJudged => Finding::NotJudged("the request could not be judged".into()),
        Verdict::Invalid if exchange.is_success() => {
            let violations = &exchange.judgement.violations;
            let of_request = violations.iter().filter(|v| v.side == fp_contract::Side::Request);
            let decisive: Vec<_> = of_request.filter(|violation| is_decisive(exchange, violation)).collect();
            if decisive.is_empty() {
                return Finding::NotJudged(NEEDLESS.into());
            }
            let broken = decisive.into_iter().map(|violation| {
                let cause = format!(
                    "{} at {} is accepted",
                    violation.code,
                    super::without_indices(&violation.pointer)
                );
                let message =
                    format!("expected a refusal, found {}; the request has: {violation}", exchange.status);
                Broken::new(cause, message)
            });
            Finding::Broken(broken.collect())
        }
        Verdict::Invalid => Finding::Kept,
    }
}

/// Why an accepted wrong value may be right.
const NEEDLESS: &str =
    "no document says that a value is refused which something else in the request makes needless";

/// Whether a request with this violation cannot be done: nothing else in it can make the wrong value needless. v1
/// takes several identifiers of which one suffices; nested values hang on what is above them; of several orders the
/// first may decide; what nobody declared is read by nobody; and what comes back for nobody was never looked at.
fn is_decisive(exchange: &Exchange, violation: &fp_contract::Violation) -> bool {
    if violation.code.starts_with("undeclared")
        || exchange.status == 204
        || exchange.call.path().starts_with("/api/v1")
    {
        return false;
    }
    let place: Vec<&str> = violation.pointer.split('/').filter(|part| !part.is_empty()).collect();
    match place.as_slice() {
        ["body", _] => true,
        ["query", "sorting", ..] => exchange.call.target.matches("sorting").count() < 2,
        ["query", ..] => true,
        _ => false,
    }
}

/// Codes with which the service says that the form of a request is wrong, not what it asks for.
const MALFORMED: [&str; 2] = ["invalid_params", "bad_request"];

fn positive(exchange: &Exchange) -> Finding {
    if exchange.judgement.operation.is_none() {
        return Finding::NotConcerned;
    }
    match exchange.verdict() {
        Verdict::Invalid => Finding::NotConcerned,
        Verdict::NotJudged => Finding::NotJudged("the request could not be judged".into()),
        Verdict::Valid if exchange.call.path().contains("/reports") && exchange.is_refusal() => {
            Finding::NotJudged(
                "which columns and periods of a report go together is not in the contract".into(),
            )
        }
        Verdict::Valid => {
            let code = exchange.error_code().unwrap_or_default();
            let by_status = matches!(exchange.status, 401 | 403 | 405 | 413 | 415);
            let says_malformed = MALFORMED.contains(&code.as_str()) && !speaks_of_a_record(exchange);
            if by_status || (exchange.is_refusal() && says_malformed) {
                let body = String::from_utf8_lossy(&exchange.body);
                let start: String = body.chars().take(200).collect();
                let message =
                    format!("expected the request to be understood, found {}: {start}", exchange.status);
                return Finding::Broken(vec![Broken::new(format!("{} {code}", exchange.status), message)]);
            }
            Finding::Kept
        }
    }
}

/// Whether the refusal says that a record was not found: `find_by` answers so under the code of malformed
/// parameters.
fn speaks_of_a_record(exchange: &Exchange) -> bool {
    let message = exchange.json().and_then(|reply| Some(reply.get("message")?.as_str()?.to_owned()));
    message.is_some_and(|message| message.starts_with("Cannot find"))
}
