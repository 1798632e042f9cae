//! `/violations`: what the contract has against the calls in the journal, against our own answers, and against
//! the webhooks that were sent.

use fp_contract::Violation;
use serde_json::{Value, json};

use super::call::Call;
use super::desk::Desk;
use super::reply::{Answer, Named, Problem, ok};

/// `GET /violations`: newest first, of the named account, else of all; `?side=`, `?code=`. Those of webhooks, on
/// the side of responses, come first and name the delivery instead of the request.
pub fn list(call: &Call) -> Answer {
    call.query.only(&["side", "code"])?;
    if let Some(side) = call.query.text("side").filter(|side| !["request", "response"].contains(side)) {
        return Err(Problem::bad_request(format!("there is no side {side:?}"), "send request or response"));
    }
    let (entries, evicted) = call.desk.entries(call.named.0.as_deref());
    let fits = |violation: &Violation| {
        let fits = |name, value: &str| call.query.text(name).is_none_or(|wanted| wanted == value);
        fits("side", &violation.side.to_string()) && fits("code", violation.code)
    };
    let mut shown = of_webhooks(&call.desk, &call.named, fits);
    for entry in entries.iter().rev() {
        for violation in &entry.violations {
            if fits(violation) {
                let mut one = serde_json::to_value(violation).unwrap_or_default();
                one["request"] = entry.id().into();
                one["account"] = entry.account().map_or(Value::Null, Value::from);
                shown.push(one);
            }
        }
    }
    ok(&json!({ "violations": shown, "meta": { "total": shown.len(), "evicted": evicted } }))
}

fn of_webhooks(desk: &Desk, named: &Named, fits: impl Fn(&Violation) -> bool) -> Vec<Value> {
    let accounts = match &named.0 {
        Some(name) => desk.world().known_account(name).into_iter().collect(),
        None => desk.world().accounts(),
    };
    let mut shown = Vec::new();
    for account in accounts {
        let ledger = account.lock();
        for found in ledger.webhooks.violations.iter().rev().filter(|found| fits(&found.violation)) {
            let mut one = serde_json::to_value(&found.violation).unwrap_or_default();
            one["delivery"] = json!(found.delivery);
            one["account"] = account.name().into();
            shown.push(one);
        }
    }
    shown
}
