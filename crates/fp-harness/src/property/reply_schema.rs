//! `response_schema_conformance`.

use super::{Check, Finding, violations};
use crate::exchange::Exchange;

pub(super) const CHECK: Check = Check {
    code: "response_schema_conformance",
    promise: "every body has the declared fields with the declared types, and no others",
    check,
};

fn check(exchange: &Exchange) -> Finding {
    if exchange.judgement.operation.is_none() {
        return Finding::NotConcerned;
    }
    let unjudged = exchange.judgement.not_judged.iter().find(|part| part.side == fp_contract::Side::Response);
    match violations(exchange, |code| !code.contains("status") && !code.contains("type-of-media")) {
        Finding::Kept => unjudged.map_or(Finding::Kept, |part| Finding::NotJudged(part.message.clone())),
        broken => broken,
    }
}
