//! What the contract has against a call, and telling the client.

use fp_contract::{Exchange, Response, Side, Violation};
use serde_json::json;

use crate::api::dispatch::{Incoming, Visit};
use crate::control::desk::Desk;
use crate::wire::reply::Reply;

/// Bytes of the header that lists violations; more are in the journal.
const VIOLATIONS_HEADER_MAX: usize = 8 * 1024;

/// An answer with all its headers.
pub(super) type Shown<'r> = (&'r Reply, &'r [(String, String)]);

/// What the contract has against a request and, if there is an answer of `ours`, against that.
pub(super) fn judge(
    desk: &Desk,
    visit: &Visit,
    incoming: &Incoming,
    ours: Option<Shown<'_>>,
) -> Vec<Violation> {
    let policy = desk.front().policy();
    let ours = ours.filter(|_| policy.validate.responses);
    let responses = ours.is_some();
    if !responses && !policy.validate.requests {
        return Vec::new();
    }
    let response = ours.map(|(reply, headers)| Response { status: reply.status, headers, body: &reply.body });
    let contract = desk.front().contract();
    let mut violations = match visit.found() {
        Some(found) => {
            let judged = desk.front().judged();
            let news = response.filter(|response| !judged.knows(found.index, response));
            let exchange = Exchange { request: incoming.as_request(), response: news };
            let violations = contract.check_found(found, visit.params(incoming), &exchange);
            // Many violations of a request would hide those of the reply.
            if let (Some(news), Some((reply, _)), true) = (&news, ours, violations.is_empty()) {
                judged.keep(found.index, news, &reply.body);
            }
            violations
        }
        None => contract.check(&Exchange { request: incoming.as_request(), response }),
    };
    violations.retain(|violation| match violation.side {
        Side::Request => policy.validate.requests,
        Side::Response => responses,
    });
    violations
}

/// With `--errors`: what is wrong with a request, as problem+json. Credentials are left to the front door.
pub(super) fn problem(desk: &Desk, incoming: &Incoming) -> Option<Reply> {
    let exchange = Exchange { request: incoming.as_request(), response: None };
    let mut violations = desk.front().contract().check(&exchange);
    violations
        .retain(|violation| violation.side == Side::Request && !violation.pointer.starts_with("/header/"));
    let first = violations.first().filter(|violation| violation.operation.is_some())?;
    let body = json!({
        "type": format!("urn:fp-mock:violation:{}", first.code),
        "title": "The request breaks the contract",
        "status": 422,
        "detail": first.to_string(),
        "validation": violations,
    });
    let body = serde_json::to_vec(&body).unwrap_or_default();
    Some(Reply::bytes(422, "application/problem+json", body))
}

/// Violations as a JSON array that may stand in a header: ASCII alone, and no longer than clients take.
pub(super) fn listed(violations: &[Violation]) -> Option<String> {
    let mut listed = String::new();
    for violation in violations {
        let one = serde_json::to_string(violation).unwrap_or_default();
        if listed.len() + one.len() > VIOLATIONS_HEADER_MAX {
            break;
        }
        listed.push(if listed.is_empty() { '[' } else { ',' });
        for letter in one.chars() {
            if letter.is_ascii() {
                listed.push(letter);
            } else {
                let mut units = [0; 2];
                letter
                    .encode_utf16(&mut units)
                    .iter()
                    .for_each(|unit| listed.push_str(&format!("\\u{unit:04x}")));
            }
        }
    }
    (!listed.is_empty()).then(|| listed + "]")
}
