//! `/faults`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::written::HINT;
use super::{Faults, Rule, Written};
use crate::control::call::Call;
use crate::control::desk::Desk;
use crate::control::reply::{Answer, Named, Problem, ok, read, with_status};

/// `GET /faults`: those of the named account, else those that all accounts meet.
pub fn list(call: &Call) -> Answer {
    let rules =
        within(&call.desk, &call.named, |faults| faults.rules().iter().map(shown).collect::<Vec<_>>());
    ok(&json!({ "faults": rules }))
}

/// `POST /faults`: one more, for the named account, else for all.
pub fn add(call: &Call) -> Answer {
    let written: Written = read(&call.body, HINT)?;
    let effect = written.read(call.desk.front().contract())?;
    let rule = within(&call.desk, &call.named, |faults| shown(faults.add(written, effect)));
    with_status(StatusCode::CREATED, &rule)
}

/// `DELETE /faults`: without an account the rules for all and every account's own go.
pub fn clear(call: &Call) -> Answer {
    match &call.named.0 {
        Some(account) => call.desk.sandbox(account).faults().clear(),
        None => call.desk.clear_faults(),
    }
    ok(&json!({ "faults": [] }))
}

/// `DELETE /faults/{id}`.
pub fn remove(call: &Call) -> Answer {
    let id = call.path(0);
    let removed = id.parse().is_ok_and(|id| within(&call.desk, &call.named, |faults| faults.remove(id)));
    if removed {
        return ok(&json!({}));
    }
    let hint = "GET /__admin/faults lists them; those of an account need its Account-ID";
    Err(Problem::not_found(format!("there is no fault {id}"), hint))
}

fn within<T>(desk: &Desk, named: &Named, work: impl FnOnce(&mut Faults) -> T) -> T {
    match &named.0 {
        Some(account) => work(&mut desk.sandbox(account).faults()),
        None => work(&mut desk.everybody().faults()),
    }
}

fn shown(rule: &Rule) -> Value {
    let mut shown = json!({ "id": rule.id, "met": rule.met, "left": rule.left });
    if let (Value::Object(shown), Ok(Value::Object(written))) =
        (&mut shown, serde_json::to_value(&rule.written))
    {
        shown.extend(written.into_iter().filter(|(_, value)| !value.is_null()));
    }
    shown
}
