//! What a single call may ask for: `Prefer`, `?__code=`; and what the server does to calls when it is told to:
//! `--errors`, `--rate-limit`, `--validate`.

use fp_mock::Mock;
use fp_mock::api::front::Validate;
use serde_json::{Value, json};

use crate::kit::Api;

const PROMOTERS: &str = "/api/v2/company/promoters";

#[test]
fn a_call_may_prefer_a_status_by_header_or_by_query() {
    let api = Api::start();
    for (target, prefer) in [(PROMOTERS.to_owned(), "code=403"), (format!("{PROMOTERS}?__code=403"), "")] {
        let seen = api.unjudged("GET", &target, &[("prefer", prefer)], b"").expect("an answer");
        assert_eq!(seen.header("sl-violations"), None);
        let body = seen.expect(403);
        assert!(body["message"].is_string(), "{body}");
    }
    let journal = api.admin("GET", "/requests", Value::Null).expect(200);
    assert_eq!(journal["requests"][0]["request"]["url"], format!("{PROMOTERS}?__code=403"));
}

#[test]
fn dynamic_answers_differ_from_call_to_call_and_agree_from_run_to_run() {
    let run = || {
        let api = Api::start();
        let make = |_| {
            api.unjudged("GET", PROMOTERS, &[("prefer", "dynamic=true")], b"").expect("an answer").expect(200)
        };
        (0..3).map(make).collect::<Vec<Value>>()
    };
    let first = run();
    assert_ne!(first[0], first[1]);
    assert_eq!(first, run());
}

#[test]
fn a_preference_changes_no_record() {
    let api = Api::start();
    let body = json!({ "email": "new@example.com" }).to_string();
    let headers = [("prefer", "code=201"), ("content-type", "application/json")];
    let made = api.unjudged("POST", PROMOTERS, &headers, body.as_bytes()).expect("an answer");
    assert_eq!(made.status, 201);
    let list = api.get("/company/promoters");
    assert!(!list.to_string().contains("new@example.com"));
}

#[test]
fn a_preference_that_cannot_be_met_is_refused_with_what_can() {
    let api = Api::start();
    for prefer in ["code=599", "code=soon", "dynamic=perhaps", "code=200, example=nonesuch"] {
        let seen = api.unjudged("GET", PROMOTERS, &[("prefer", prefer)], b"").expect("an answer").expect(400);
        assert!(seen["message"].is_string() && seen["hint"].is_string(), "{prefer}: {seen}");
    }
    api.unjudged("GET", PROMOTERS, &[("prefer", "respond-async, return=minimal")], b"")
        .expect("an answer")
        .expect(200);
}

#[test]
fn with_errors_a_request_that_breaks_the_contract_is_answered_with_what_is_wrong() {
    let api = Api::with(Mock::builder().errors());
    let target = format!("{PROMOTERS}?page=first");
    let seen = api.unjudged("GET", &target, &[], b"").expect("an answer");
    assert_eq!(seen.header("content-type"), Some("application/problem+json"));
    let problem = seen.expect(422);
    assert_eq!((problem["status"].as_u64(), problem["title"].is_string()), (Some(422), true));
    assert_eq!(problem["validation"][0]["pointer"], "/query/page");
    api.get("/company/promoters");
    api.send("GET", PROMOTERS, &[], b"").expect(401);
    assert_eq!(api.unjudged("GET", "/api/v2/nowhere", &[], b"").expect("an answer").status, 404);
}

#[test]
fn validation_can_be_switched_off() {
    let off = Validate { requests: false, responses: false };
    let api = Api::with(Mock::builder().validate(off));
    let seen = api.unjudged("GET", &format!("{PROMOTERS}?page=first"), &[], b"").expect("an answer");
    assert_eq!(seen.header("sl-violations"), None);
    assert_eq!(api.admin("GET", "/violations", Value::Null).expect(200)["violations"], json!([]));
}

#[test]
fn the_rate_limit_runs_on_the_clock_of_each_account() {
    let api = Api::with(Mock::builder().rate_limit(3));
    for _ in 0..3 {
        api.get("/company/promoters");
    }
    assert_eq!(api.try_get("/company/promoters").expect(429)["message"], "Rate limit exceeded");
    api.as_account("2").call("GET", "/company/promoters", &Value::Null).expect(200);
    api.call("GET", "/api/v1/promoters/list", &Value::Null);
    assert_eq!(api.try_get("/company/promoters").status, 429);
    api.advance("60s");
    api.get("/company/promoters");
    api.get("/company/promoters");
    api.get("/company/promoters");
    api.try_get("/company/promoters").expect(429);
    api.admin("POST", "/reset", Value::Null).expect(200);
    api.get("/company/promoters");
}
