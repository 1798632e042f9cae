//! `/__admin/faults`.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::kit::Api;

const SALE: &str = "/api/v2/track/sale";

#[test]
fn a_fault_answers_its_operation_so_often_and_then_wears_off() {
    let api = Api::start();
    let rule = json!({
        "operation": "POST /api/v2/track/sale",
        "times": 2,
        "error": { "status": 503, "headers": { "Retry-After": "1" }, "body": { "message": "later" } },
    });
    let made = api.admin("POST", "/faults", rule.clone()).expect(201);
    assert_eq!(
        (made["id"].as_u64(), made["left"].as_u64(), made["met"].as_u64()),
        (Some(1), Some(2), Some(0))
    );
    for _ in 0..2 {
        let seen = api.unjudged("POST", SALE, &[], b"").expect("an answer");
        assert_eq!(seen.header("retry-after"), Some("1"));
        assert_eq!(seen.expect(503), json!({ "message": "later" }));
    }
    assert_eq!(api.unjudged("POST", SALE, &[], b"").expect("an answer").status, 400);
    api.get("/company/promoters");
    let rules = api.admin("GET", "/faults", Value::Null).expect(200);
    assert_eq!((rules["faults"][0]["met"].as_u64(), rules["faults"][0]["left"].as_u64()), (Some(2), Some(0)));
    assert_eq!(rules["faults"][0]["error"], rule["error"]);
    let journal = api.admin("GET", "/requests", Value::Null).expect(200);
    assert_eq!(journal["requests"][3]["fault"], "error 503");
}

#[test]
fn a_fault_leaves_no_trace_unless_the_call_is_to_be_processed() {
    let api = Api::start();
    let body = json!({ "uid": "cus_1", "ref_id": "jane89" }).to_string();
    let headers = [("content-type", "application/json")];
    let signup =
        || api.unjudged("POST", "/api/v2/track/signup", &headers, body.as_bytes()).expect("an answer");
    api.admin("POST", "/faults", json!({ "times": 1, "error": { "status": 500 } })).expect(201);
    assert_eq!(signup().status, 500);
    assert_eq!(signup().status, 200);
    api.admin("POST", "/reset", Value::Null).expect(200);
    api.admin("POST", "/faults", json!({ "times": 1, "processed": true, "error": { "status": 502 } }))
        .expect(201);
    assert_eq!(signup().status, 502);
    assert_eq!(signup().status, 422, "the first call took effect, only its answer was lost");
}

#[test]
fn faults_of_one_account_do_not_touch_another_and_faults_of_all_do() {
    let api = Api::start();
    let status = |account: &str| {
        let seen = api.unjudged("GET", "/api/v2/company/promoters", &[("account-id", account)], b"");
        seen.expect("an answer").status
    };
    api.as_account("2").admin("POST", "/faults", &json!({ "error": { "status": 418 } })).expect(201);
    let all = api.send(
        "POST",
        "/__admin/faults",
        &[],
        br#"{"operation":"POST /api/v2/track/sale","error":{"status":503}}"#,
    );
    all.expect(201);
    api.get("/company/promoters");
    let refused = api.as_account("2").admin("GET", "/faults", &Value::Null).expect(200);
    assert_eq!(refused["faults"].as_array().map(Vec::len), Some(1));
    assert_eq!(status("1"), 200);
    api.send("DELETE", "/__admin/faults/1", &[], b"").expect(200);
    assert_eq!(api.unjudged("POST", SALE, &[], b"").expect("an answer").status, 400);
    api.send("DELETE", "/__admin/faults", &[], b"").expect(200);
    let gone = api.as_account("2").admin("GET", "/faults", &Value::Null).expect(200);
    assert_eq!(gone["faults"], json!([]));
}

#[test]
fn a_fault_may_be_a_rate_limit_on_the_clock_of_the_account() {
    let api = Api::start();
    api.admin("POST", "/faults", json!({ "rate_limit": 2 })).expect(201);
    api.get("/company/promoters");
    api.get("/company/promoters");
    let refused = api.try_get("/company/promoters").expect(429);
    assert_eq!(refused["message"], "Rate limit exceeded");
    api.advance("1m");
    api.get("/company/promoters");
}

#[test]
fn probability_falls_the_same_way_in_every_run() {
    let run = || {
        let api = Api::start();
        api.admin("POST", "/faults", json!({ "probability": 0.5, "error": { "status": 500 } })).expect(201);
        let status =
            |_| api.unjudged("GET", "/api/v2/company/promoters", &[], b"").expect("an answer").status;
        (0..40).map(status).collect::<Vec<_>>()
    };
    let first = run();
    assert_eq!(first, run());
    assert!(first.contains(&500) && first.contains(&200), "{first:?}");
}

/// What comes over the wire when a raw request is sent, and how the connection ends.
fn raw(api: &Api) -> (Vec<u8>, Option<std::io::ErrorKind>) {
    let address = api.mock().url().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(address).expect("a connection");
    let request = "GET /api/v2/company/promoters HTTP/1.1\r\nHost: mock\r\nAccount-ID: 1\r\n\
                   Authorization: Bearer key\r\n\r\n";
    line.write_all(request.as_bytes()).expect("a sent request");
    let mut seen = Vec::new();
    let error = line.read_to_end(&mut seen).err().map(|error| error.kind());
    (seen, error)
}

#[test]
fn connections_go_wrong_in_four_ways() {
    let api = Api::start();
    let cut = |fault: &str| {
        api.admin("DELETE", "/faults", Value::Null).expect(200);
        api.admin("POST", "/faults", json!({ "fault": fault })).expect(201);
        raw(&api)
    };
    let (seen, error) = cut("CONNECTION_RESET_BY_PEER");
    assert_eq!((seen.len(), error), (0, Some(std::io::ErrorKind::ConnectionReset)));
    assert_eq!(cut("EMPTY_RESPONSE"), (Vec::new(), None));
    let (seen, error) = cut("MALFORMED_RESPONSE_CHUNK");
    let text = String::from_utf8_lossy(&seen);
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("chunked"), "{text}");
    assert_eq!(error, None);
    let (seen, error) = cut("RANDOM_DATA_THEN_CLOSE");
    assert!(!seen.is_empty() && !seen.starts_with(b"HTTP"), "{seen:?}");
    assert_eq!(error, None);
    let journal = api.admin("GET", "/requests", Value::Null).expect(200);
    assert_eq!(journal["requests"][0]["fault"], "RANDOM_DATA_THEN_CLOSE");
    assert_eq!(journal["requests"][0]["response"], Value::Null);
    api.admin("DELETE", "/faults", Value::Null).expect(200);
    api.get("/company/promoters");
}

#[test]
fn a_client_sees_a_cut_connection_as_an_error() {
    let api = Api::start();
    for fault in
        ["CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE"]
    {
        api.admin("POST", "/faults", json!({ "fault": fault })).expect(201);
        assert!(api.unjudged("GET", "/api/v2/company/promoters", &[], b"").is_err(), "{fault}");
        api.admin("DELETE", "/faults", Value::Null).expect(200);
    }
}

#[test]
fn a_late_answer_is_late() {
    let api = Api::start();
    api.admin("POST", "/faults", json!({ "delay_ms": 60_000 })).expect(201);
    let address = api.mock().url().to_owned();
    let client = reqwest::blocking::Client::builder().timeout(std::time::Duration::from_millis(100));
    let answer = client.build().expect("a client").get(format!("{address}/api/v2/company/promoters"));
    let error = answer.header("account-id", "1").send().expect_err("nothing in time");
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let api = Api::start();
    for wrong in [
        json!({}),
        json!({ "probability": 2.0, "error": { "status": 500 } }),
        json!({ "times": 0, "error": { "status": 500 } }),
        json!({ "error": { "status": 99 } }),
        json!({ "error": { "status": 500, "headers": { "bad name": "x" } } }),
        json!({ "fault": "EARTHQUAKE" }),
        json!({ "fault": "EMPTY_RESPONSE", "rate_limit": 1 }),
        json!({ "operation": "POST /api/v2/track/sail", "error": { "status": 500 } }),
        json!({ "delay_ms": 99_999_999 }),
        json!({ "colour": "red" }),
    ] {
        let refused = api.admin("POST", "/faults", wrong.clone()).expect(400);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{wrong}: {refused}");
    }
    api.admin("DELETE", "/faults/7", Value::Null).expect(404);
    api.admin("DELETE", "/faults/x", Value::Null).expect(404);
    assert_eq!(api.admin("GET", "/faults", Value::Null).expect(200)["faults"], json!([]));
}
