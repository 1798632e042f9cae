//! `status_code_conformance`.

use super::{Check, Finding, violations};
use crate::exchange::Exchange;

pub(super) const CHECK: Check = Check {
    code: "status_code_conformance",
    promise: "every status is one that the operation declares",
    check,
};

fn check(exchange: &Exchange) -> Finding {
    if exchange.judgement.operation.is_none() {
        return Finding::NotConcerned;
    }
    violations(exchange, |code| code.contains("status"))
}
