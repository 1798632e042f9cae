//! Health, and accounts as wholes: reset and scenario.

use fp_contract::{Operation, Version};
use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, Problem, ok};
use crate::scenario::Scenario;

/// `GET /health`. Operations that the service's own reference leaves out are counted apart.
pub fn health(call: &Call) -> Answer {
    let operations = call.desk.front().contract().operations();
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
pub fn reset(call: &Call) -> Answer {
    let accounts = match call.named.0 {
        Some(_) => {
            let account = call.account();
            call.desk.reset(&account);
            vec![account]
        }
        None => call.desk.reset_all(),
    };
    let names: Vec<&str> = accounts.iter().map(|account| account.name()).collect();
    ok(&json!({ "reset": names }))
}

/// `POST /shutdown`: finishes what is in flight and ends.
pub fn shut_down(call: &Call) -> Answer {
    call.desk.close();
    ok(&json!({ "status": "shutting down" }))
}

/// `PUT /scenario`: by name, `{"name": "demo"}`, or a whole scenario as YAML or JSON.
pub fn load_scenario(call: &Call) -> Answer {
    let hint = "send {\"name\": \"starter\"} or a whole scenario in the format of fixtures/scenarios";
    let text = std::str::from_utf8(&call.body).map_err(|e| Problem::bad_request(e.to_string(), hint))?;
    let scenario = match name_alone(text) {
        Some(name) => Scenario::open_built_in(&name),
        None => Scenario::parse("the request's body", text),
    };
    let scenario = scenario.map_err(|error| Problem::bad_request(error.to_string(), hint))?;
    let account = call.account();
    call.desk.load(&account, &scenario);
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
