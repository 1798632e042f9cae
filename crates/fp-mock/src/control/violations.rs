//! `/violations`: what the contract has against the calls in the journal and against our own answers.

use axum::extract::State;
use serde_json::{Value, json};

use super::desk::Desk;
use super::query::Query;
use super::reply::{Answer, Named, ok};

/// `GET /violations`: newest first, of the named account, else of all; `?side=`, `?code=`.
pub async fn list(State(desk): State<Desk>, named: Named, query: Query) -> Answer {
    query.only(&["side", "code"])?;
    let (entries, evicted) = desk.entries(named.0.as_deref());
    let mut shown = Vec::new();
    for entry in entries.iter().rev() {
        for violation in &entry.violations {
            let fits = |name, value: &str| query.text(name).is_none_or(|wanted| wanted == value);
            if fits("side", &violation.side.to_string()) && fits("code", violation.code) {
                let mut one = serde_json::to_value(violation).unwrap_or_default();
                one["request"] = entry.id().into();
                one["account"] = entry.account.as_deref().map_or(Value::Null, Value::from);
                shown.push(one);
            }
        }
    }
    ok(&json!({ "violations": shown, "meta": { "total": shown.len(), "evicted": evicted } }))
}
