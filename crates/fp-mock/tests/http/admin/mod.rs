//! `/__admin`.

mod answers;
mod batches;
mod deliveries;
mod every_call;
mod faults;
mod fidelity;
mod journal;
mod server;
mod snapshots;
mod trigger;
mod wait;

use serde_json::{Value, json};

use crate::kit::Api;

#[test]
fn health_counts_the_operations() {
    let health = Api::start().admin("GET", "/health", Value::Null).expect(200);
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["operations"], json!({ "v1": 25, "v2": 84 }));
    assert_eq!(health["beyond_reference"], json!({ "v1": 2, "v2": 0 }));
}

#[test]
fn the_manual_clock_moves_forward_only() {
    let api = Api::start();
    let clock = api.admin("GET", "/clock", Value::Null).expect(200);
    assert_eq!(clock, json!({ "now": "2025-01-15T10:30:00.000Z", "mode": "manual", "speed": 0 }));
    api.advance("1h30m");
    assert_eq!(api.admin("GET", "/clock", Value::Null).expect(200)["now"], "2025-01-15T12:00:00.000Z");
    let past = api.admin("POST", "/clock/advance", json!({ "to": "2025-01-01" }));
    assert!(past.expect(422)["message"].as_str().is_some_and(|m| m.contains("forward only")));
}

#[test]
fn malformed_control_calls_are_refused_with_a_hint() {
    let api = Api::start();
    for (method, path, body, status) in [
        ("PUT", "/clock", json!({ "mode": "backwards" }), 400),
        ("PUT", "/clock", json!({ "mode": "real", "color": 1 }), 400),
        ("POST", "/clock/advance", json!({ "by": "soon" }), 400),
        ("POST", "/clock/advance", json!({}), 400),
        ("GET", "/nowhere", Value::Null, 404),
        ("DELETE", "/clock", Value::Null, 405),
        ("PUT", "/scenario", json!({ "name": "nonesuch" }), 400),
        ("POST", "/batches/999/step", Value::Null, 404),
    ] {
        let answer = api.admin(method, path, body).expect(status);
        assert!(answer["message"].is_string() && answer["hint"].is_string(), "{method} {path}: {answer}");
    }
}
