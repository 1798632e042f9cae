//! Input that no client should send: each gets the service's own error form, never a 500, and changes nothing.

use serde_json::{Value, json};

use crate::kit::{Api, Seen};

const JSON: &str = "application/json";

fn send(api: &Api, method: &str, target: &str, content_type: &str, body: &[u8]) -> Seen {
    let headers = [("authorization", "Bearer k"), ("account-id", "1"), ("content-type", content_type)];
    let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    api.send(method, target, &headers, body)
}

/// Every list, as it is answered.
fn state(api: &Api) -> Vec<Value> {
    [
        "/company/promoters",
        "/company/referrals",
        "/company/commissions",
        "/company/webhooks",
        "/company/emails",
    ]
    .map(|list| api.get(list))
    .to_vec()
}

#[track_caller]
fn refused(seen: &Seen, statuses: &[u16], part: &str) {
    let text = String::from_utf8_lossy(&seen.bytes);
    assert!(statuses.contains(&seen.status), "{} {text}", seen.status);
    let body = seen.json();
    assert!(body["message"].is_string(), "{text}");
    assert!(text.contains(part), "{part:?} in {text}");
}

#[test]
fn bodies_that_cannot_be_read_say_what_is_wrong_and_change_nothing() {
    let api = Api::start();
    let before = state(&api);
    let deep = format!("{}1{}", "{\"a\":".repeat(101), "}".repeat(101));
    let unreadable: [(&[u8], &str); 6] = [
        (b"{\"email\": ", "line 1"),
        (b"{\"email\": \"a@example.com\", \"email\": \"b@example.com\"}", "email"),
        (deep.as_bytes(), "100"),
        (b"{\"email\": \"\xff\xfe\"}", "UTF-8"),
        (b"[1, 2]", "object"),
        (b"\"text\"", "object"),
    ];
    for (body, part) in unreadable {
        for path in ["/api/v2/company/promoters", "/api/v2/track/signup"] {
            refused(&send(&api, "POST", path, JSON, body), &[400], part);
        }
    }
    refused(&send(&api, "POST", "/api/v2/company/promoters", "application/xml", b"<a/>"), &[400, 415], "xml");
    refused(&send(&api, "GET", "/api/v2/company/promoters?a=1&a[b]=2", JSON, b""), &[400], "a");
    assert_eq!(state(&api), before);
}

#[test]
fn a_body_of_ten_megabytes_is_refused_with_the_limit() {
    let api = Api::start();
    let before = state(&api);
    let body = format!("{{\"email\":\"{}@example.com\"}}", "x".repeat(10 * 1024 * 1024));
    let seen = send(&api, "POST", "/api/v2/company/promoters", JSON, body.as_bytes());
    refused(&seen, &[413], "bytes");
    assert_eq!(seen.json()["code"], "payload_too_large");
    let seen = send(&api, "POST", "/api/v1/promoters/create", JSON, body.as_bytes());
    assert!(seen.expect(413)["error"].is_string(), "v1 says it in its own words");
    assert_eq!(state(&api), before);
}

#[test]
fn wrong_types_and_absent_parameters_are_named() {
    let api = Api::start();
    let before = state(&api);
    let calls = [
        ("POST", "/company/promoters", json!({ "email": { "a": 1 } }), "email"),
        ("POST", "/company/promoters", json!({}), "email"),
        (
            "POST",
            "/company/promoters",
            json!({ "email": "a@example.com", "initial_campaign_id": "main" }),
            "initial_campaign_id",
        ),
        ("POST", "/company/referrals", json!({ "promoter_campaign_id": [] }), "promoter_campaign_id"),
        ("POST", "/company/commissions/approve", json!({ "ids": "all" }), "ids"),
        ("POST", "/company/commissions/approve", json!({}), "ids"),
        ("DELETE", "/company/payouts/destroy", json!({ "ids": [] }), "ids"),
        ("POST", "/company/webhooks", json!({ "url": 5, "event_types": 7 }), ""),
        ("POST", "/company/promoters/accept", json!({ "ids": [1] }), "campaign_id"),
    ];
    for (method, path, body, part) in calls {
        let seen = api.call(method, &format!("/api/v2{path}"), &body);
        refused(&seen, &[400, 422], part);
    }
    assert_eq!(state(&api), before);
}

#[test]
fn unknown_ids_and_absurd_ids_are_not_found() {
    let api = Api::start();
    for id in ["0", "999999999", "18446744073709551616", "-1", "1.5", "abc", "%00", "%F0%9F%90%9F", "..%2f.."]
    {
        for path in ["promoters", "referrals", "promo_codes", "webhooks", "batch_processes", "emails"] {
            let seen = api.try_get(&format!("/company/{path}/{id}"));
            refused(&seen, &[404, 422, 400], "");
        }
    }
}

#[test]
fn absurd_pages_are_refused_or_empty() {
    let api = Api::start();
    for page in ["0", "-1", "x", "1e9", "99999999999999999999"] {
        refused(&api.try_get(&format!("/company/promoters?page={page}")), &[422], "page");
    }
    assert_eq!(api.get("/company/promoters?page=9223372036854775807")["data"], json!([]));
    assert_eq!(api.get("/company/referrals?page=4000000000&per_page=100"), json!([]));
}

#[test]
fn methods_and_paths_that_do_not_exist_are_told_apart() {
    let api = Api::start();
    for method in ["PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let seen = send(&api, method, "/api/v2/company/promoters", JSON, b"");
        refused(&seen, &[405], "GET");
        assert!(seen.header("allow").is_some_and(|allow| allow.contains("POST")));
    }
    for path in
        ["/", "/api/v2", "/api/v2/company/pigeons", "/api/v3/company/promoters", "/api/v2//company/promoters"]
    {
        refused(&send(&api, "GET", path, JSON, b""), &[404], "");
    }
}

#[test]
fn who_is_not_known_learns_nothing() {
    let api = Api::start();
    let none: [(String, String); 0] = [];
    let key = [("authorization".to_owned(), "Bearer k".to_owned())];
    let account = [("account-id".to_owned(), "1".to_owned())];
    for headers in [&none[..], &key, &account] {
        let seen = api.send("GET", "/api/v2/company/promoters", headers, b"");
        assert_eq!(seen.status, 401);
        assert_eq!(seen.json(), json!({ "message": "Unauthorized", "code": "unauthorized" }));
    }
}
