//! The control API as a whole: who may use it, what it counts, and how the server ends.

use fp_mock::Mock;
use serde_json::{Value, json};

use crate::kit::Api;

#[test]
fn metrics_are_prometheus_text() {
    let api = Api::start();
    api.get("/company/promoters");
    api.unjudged("GET", "/nowhere", &[], b"").expect("an answer");
    api.admin("POST", "/faults", json!({ "error": { "status": 503 } })).expect(201);
    api.unjudged("GET", "/api/v2/company/promoters", &[], b"").expect("an answer");
    let seen = api.admin("GET", "/metrics", Value::Null);
    assert_eq!(seen.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = String::from_utf8(seen.bytes).expect("text");
    for line in [
        "fp_mock_requests_total{operation=\"GET /api/v2/company/promoters\",status=\"200\"} 1",
        "fp_mock_requests_total{operation=\"GET /api/v2/company/promoters\",status=\"503\"} 1",
        "fp_mock_requests_total{operation=\"none\",status=\"404\"} 1",
        "fp_mock_request_duration_seconds_count 3",
        "fp_mock_request_duration_seconds_bucket{le=\"+Inf\"} 3",
        "fp_mock_faults_total 1",
        "fp_mock_accounts 1",
        "fp_mock_deliveries{status=\"pending\"} 0",
        "# TYPE fp_mock_requests_total counter",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in:\n{text}");
    }
}

#[test]
fn with_a_token_control_calls_need_it_and_health_does_not() {
    let api = Api::with(Mock::builder().admin_token("s3cret"));
    for token in [&[][..], &[("authorization".to_owned(), "Bearer wrong".to_owned())]] {
        let refused = api.send("GET", "/__admin/clock", token, b"").expect(401);
        assert!(refused["hint"].as_str().is_some_and(|hint| hint.contains("Bearer")), "{refused}");
    }
    api.send("GET", "/__admin/clock", &[("authorization".into(), "Bearer s3cret".into())], b"").expect(200);
    api.send("GET", "/__admin/health", &[], b"").expect(200);
    api.get("/company/promoters");
}

#[test]
fn the_control_api_can_be_switched_off() {
    let api = Api::with(Mock::builder().without_admin_api());
    let refused = api.send("GET", "/__admin/health", &[], b"").expect(404);
    assert!(refused["hint"].as_str().is_some_and(|hint| hint.contains("--disable-admin-api")), "{refused}");
    api.get("/company/promoters");
}

#[test]
fn whatever_goes_wrong_has_a_message_and_a_hint() {
    let api = Api::start();
    let headers = [("account-id".to_owned(), "1".to_owned())];
    for (method, path, body, status) in [
        ("PUT", "/clock", &b"{"[..], 400),
        ("PUT", "/clock", b"\xff\xfe", 400),
        ("PUT", "/clock", b"[]", 400),
        ("POST", "/wait", b"null", 400),
        ("PUT", "/scenario", b"\xff", 400),
        ("PATCH", "/requests", b"", 405),
        ("POST", "/requests/1-1", b"", 405),
        ("GET", "/batches/%ff/step", b"", 405),
        ("POST", "/batches/%ff/step", b"", 400),
        ("GET", "", b"", 404),
        ("GET", "/", b"", 404),
    ] {
        let seen = api.send(method, &format!("/__admin{path}"), &headers, body);
        let answer = seen.expect(status);
        assert!(answer["message"].is_string() && answer["hint"].is_string(), "{method} {path}: {answer}");
    }
}

#[test]
fn a_shutdown_finishes_what_is_in_flight_and_ends_the_server() {
    let api = Api::start();
    assert_eq!(api.admin("POST", "/shutdown", Value::Null).expect(200)["status"], "shutting down");
    let gone = (0..200).any(|_| {
        std::thread::yield_now();
        api.unjudged("GET", "/__admin/health", &[], b"").is_err()
    });
    assert!(gone, "the server still answers");
}
