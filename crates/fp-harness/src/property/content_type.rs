//! `content_type_conformance`.

use super::{Check, Finding, violations};
use crate::exchange::Exchange;

pub(super) const CHECK: Check = Check {
    code: "content_type_conformance",
    promise: "every body has a media type that the operation declares for its status",
    check,
};

fn check(exchange: &Exchange) -> Finding {
    if exchange.judgement.operation.is_none() {
        return Finding::NotConcerned;
    }
    violations(exchange, |code| code.contains("media-type") || code.contains("content-type"))
}
