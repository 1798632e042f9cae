//! The properties, one a file, and the table of them. Codes are permanent.

pub mod behaviour;
mod content_type;
mod reply_schema;
mod requests;
mod response_time;
mod server_error;
mod status;

use crate::exchange::Exchange;

/// A check that every exchange has to pass.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its permanent code.
    pub code: &'static str,
    /// What it promises, in a line.
    pub promise: &'static str,
    /// Looks at one exchange.
    pub check: fn(&Exchange) -> Finding,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As promised.
    Kept,
    /// Says nothing about this exchange.
    NotConcerned,
    /// Not as promised: one entry for each cause, with a message.
    Broken(Vec<Broken>),
    /// It would concern this exchange but could not be judged, and why.
    NotJudged(String),
}

/// One broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What exactly, free of ids and values.
    pub cause: String,
    /// What was expected and what was found.
    pub message: String,
}

impl Broken {
    /// A cause and its message.
    pub fn new(cause: impl Into<String>, message: impl Into<String>) -> Self {
        Self { cause: cause.into(), message: message.into() }
    }
}

/// Every check on single exchanges.
pub const CHECKS: &[Check] = &[
    server_error::CHECK,
    status::CHECK,
    content_type::CHECK,
    reply_schema::CHECK,
    requests::NEGATIVE_DATA_REJECTION,
    requests::POSITIVE_DATA_ACCEPTANCE,
    response_time::CHECK,
];

/// The violations of one exchange that carry one of `codes`, each as a cause.
fn violations(exchange: &Exchange, wanted: impl Fn(&str) -> bool) -> Finding {
    use fp_contract::Side;
    let of_reply = exchange.judgement.violations.iter().filter(|violation| violation.side == Side::Response);
    let found: Vec<Broken> = of_reply
        .filter(|violation| wanted(violation.code))
        .map(|violation| {
            let place = without_indices(&violation.pointer);
            Broken::new(format!("{} {} at {place}", exchange.status, violation.code), violation.to_string())
        })
        .collect();
    if found.is_empty() { Finding::Kept } else { Finding::Broken(found) }
}

/// A pointer with `*` for every position in a list, so that it names a place and not a case.
fn without_indices(pointer: &str) -> String {
    let part = |part: &str| {
        if part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty() {
            "*".to_owned()
        } else {
            part.to_owned()
        }
    };
    pointer.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_words() {
        let mut codes: Vec<_> = CHECKS.iter().map(|check| check.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), CHECKS.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    #[test]
    fn positions_in_lists_do_not_tell_bugs_apart() {
        assert_eq!(without_indices("/body/data/17/email"), "/body/data/*/email");
    }
}
