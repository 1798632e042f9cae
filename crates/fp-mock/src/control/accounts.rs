//! Health, and accounts as wholes: reset and scenario.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use fp_contract::{Operation, Version};
use serde_json::{Value, json};

use super::desk::Desk;
use super::reply::{Answer, Named, Problem, ok};
use crate::api::front::Front;
use crate::scenario::Scenario;

/// `GET /health`. Operations that the service's own reference leaves out are counted apart.
pub async fn health(State(front): State<Arc<Front>>) -> Answer {
    let operations = front.contract().operations();
    let count = |version, beyond_reference| {
        let counts = |o: &&Operation| o.version == version && o.beyond_reference == beyond_reference;
        operations.iter().filter(counts).count()
    };
    ok(&json!({
        "status": "healthy",
        "version": env!("CARGO_PKG_VERSION"),
        "operations": { "v1": count(Version::V1, false), "v2": count(Version::V2, false) },
        "beyond_reference": { "v1": count(Version::V1, true), "v2": count(Version::V2, true) },
    }))
}

/// `POST /reset`: one account if named, else all.
pub async fn reset(State(desk): State<Desk>, named: Named) -> Answer {
    let accounts = match named.0 {
        Some(_) => {
            let account = named.account(desk.world());
            desk.reset(&account);
            vec![account]
        }
        None => desk.reset_all(),
    };
    let names: Vec<&str> = accounts.iter().map(|account| account.name()).collect();
    ok(&json!({ "reset": names }))
}

/// `POST /shutdown`: finishes what is in flight and ends.
pub async fn shut_down(State(desk): State<Desk>) -> Answer {
    desk.close();
    ok(&json!({ "status": "shutting down" }))
}

/// `PUT /scenario`: by name, `{"name": "demo"}`, or a whole scenario as YAML or JSON.
pub async fn load_scenario(State(desk): State<Desk>, named: Named, body: Bytes) -> Answer {
    let hint = "send {\"name\": \"starter\"} or a whole scenario in the format of fixtures/scenarios";
    let text = std::str::from_utf8(&body).map_err(|e| Problem::bad_request(e.to_string(), hint))?;
    let scenario = match name_alone(text) {
        Some(name) => Scenario::open_built_in(&name),
        None => Scenario::parse("the request's body", text),
    };
    let scenario = scenario.map_err(|error| Problem::bad_request(error.to_string(), hint))?;
    let account = named.account(desk.world());
    desk.load(&account, &scenario);
    ok(&json!({ "account": account.name(), "scenario": scenario.name() }))
}

/// The name, if the body is nothing but one.
fn name_alone(text: &str) -> Option<String> {
    let value: Value = serde_yaml::from_str(text).ok()?;
    match &value {
        Value::String(name) => Some(name.clone()),
        Value::Object(map) if map.len() == 1 => map.get("name")?.as_str().map(str::to_owned),
        _ => None,
    }
}
