//! `/faults`.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::written::HINT;
use super::{Faults, Rule, Written};
use crate::control::desk::Desk;
use crate::control::reply::{Answer, Named, Problem, ok, read, with_status};

/// `GET /faults`: those of the named account, else those that all accounts meet.
pub async fn list(State(desk): State<Desk>, named: Named) -> Answer {
    let rules = within(&desk, &named, |faults| faults.rules().iter().map(shown).collect::<Vec<_>>());
    ok(&json!({ "faults": rules }))
}

/// `POST /faults`: one more, for the named account, else for all.
pub async fn add(State(desk): State<Desk>, named: Named, body: Bytes) -> Answer {
    let written: Written = read(&body, HINT)?;
    let effect = written.read(desk.front().contract())?;
    let rule = within(&desk, &named, |faults| shown(faults.add(written, effect)));
    with_status(StatusCode::CREATED, &rule)
}

/// `DELETE /faults`: without an account the rules for all and every account's own go.
pub async fn clear(State(desk): State<Desk>, named: Named) -> Answer {
    match &named.0 {
        Some(account) => desk.sandbox(account).faults().clear(),
        None => desk.clear_faults(),
    }
    ok(&json!({ "faults": [] }))
}

/// `DELETE /faults/{id}`.
pub async fn remove(State(desk): State<Desk>, named: Named, Path(id): Path<String>) -> Answer {
    let removed = id.parse().is_ok_and(|id| within(&desk, &named, |faults| faults.remove(id)));
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
