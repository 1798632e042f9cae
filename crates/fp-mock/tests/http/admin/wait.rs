//! `/__admin/wait`.

use serde_json::{Value, json};

use crate::kit::Api;

#[test]
fn what_has_happened_already_is_answered_at_once() {
    let api = Api::start();
    api.get("/company/promoters");
    let wish = json!({ "for": "request", "match": { "method": "GET" } });
    let arrived = api.admin("POST", "/wait", wish).expect(200);
    assert_eq!(arrived["for"], "request");
    assert_eq!(arrived["arrived"]["operation"], "GET /api/v2/company/promoters");
}

#[test]
fn a_call_that_comes_later_ends_the_wait() {
    let api = Api::start();
    let url = format!("{}/__admin/wait", api.mock().url());
    let waiter = std::thread::spawn(move || {
        let wish = json!({ "for": "request", "match": { "urlPath": "/api/v2/company/referrals" }, "timeout_ms": 60_000 });
        let client = reqwest::blocking::Client::builder().timeout(None).build().expect("a client");
        let answer = client.post(url).body(wish.to_string()).send().expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a body"))
    });
    api.get("/company/promoters");
    api.get("/company/referrals");
    let (status, body) = waiter.join().expect("the waiter ends");
    assert_eq!(status, 200, "{body}");
}

#[test]
fn a_wait_in_vain_names_what_came_nearest() {
    let api = Api::start();
    api.get("/company/promoters");
    let wish =
        json!({ "for": "request", "match": { "urlPath": "/api/v2/company/referrals" }, "timeout_ms": 0 });
    let refused = api.admin("POST", "/wait", wish).expect(408);
    assert_eq!(refused["nearest"]["url"], "/api/v2/company/promoters");
    assert!(
        refused["nearest"]["differences"][0].as_str().is_some_and(|d| d.contains("urlPath")),
        "{refused}"
    );
    assert!(refused["hint"].is_string());
}

fn batch_of_six(api: &Api) -> Value {
    let mut ids = Vec::new();
    for at in 0..6 {
        let referral = json!({ "uid": format!("cus_{at}"), "ref_id": "jane89" });
        let signup = api.post("/track/signup", referral).expect(200);
        ids.push(signup["referral"]["id"].as_u64().or(signup["lead"]["id"].as_u64()).unwrap_or_default());
    }
    let referrals = api.get("/company/referrals");
    let list = referrals.as_array().or(referrals["data"].as_array()).expect("a list").iter();
    let ids: Vec<u64> = list.filter_map(|referral| referral["id"].as_u64()).collect();
    assert_eq!(ids.len(), 6);
    api.post("/company/referrals/approve", json!({ "ids": ids })).expect(202)
}

#[test]
fn a_batch_is_waited_for_until_it_is_over() {
    let api = Api::start();
    let id = batch_of_six(&api)["id"].clone();
    let wish = json!({ "for": "batch", "match": { "id": id }, "timeout_ms": 0 });
    let refused = api.admin("POST", "/wait", wish.clone()).expect(408);
    assert_eq!(refused["nearest"]["id"], id);
    assert_eq!(refused["nearest"]["differences"], json!(["status: expected an end, found pending"]));
    api.advance("10s");
    let arrived = api.admin("POST", "/wait", wish).expect(200);
    assert!(matches!(arrived["arrived"]["status"].as_str(), Some("completed" | "failed")), "{arrived}");
}

#[test]
fn wishes_that_make_no_sense_are_refused() {
    let api = Api::start();
    for wrong in [
        json!({}),
        json!({ "for": "christmas" }),
        json!({ "for": "request", "match": { "colour": 1 } }),
        json!({ "for": "batch", "match": { "status": "asleep" } }),
        json!({ "for": "request", "timeout_ms": 99_999_999 }),
        json!({ "for": "request", "until": 1 }),
    ] {
        let refused = api.admin("POST", "/wait", wrong.clone()).expect(400);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{wrong}: {refused}");
    }
}
