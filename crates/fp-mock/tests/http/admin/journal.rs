//! `/__admin/requests`, `/violations`.

use fp_mock::Mock;
use serde_json::{Value, json};

use crate::kit::Api;

fn sale(api: &Api, uid: &str) {
    api.post("/track/signup", json!({ "uid": uid, "ref_id": "jane89" })).expect(200);
    api.post("/track/sale", json!({ "uid": uid, "event_id": uid, "amount": 1000 })).expect(200);
}

#[test]
fn the_journal_lists_calls_newest_first_with_their_answers() {
    let api = Api::start();
    sale(&api, "cus_1");
    let journal = api.admin("GET", "/requests", Value::Null).expect(200);
    assert_eq!(journal["meta"], json!({ "total": 2, "evicted": 0 }));
    let (newest, oldest) = (&journal["requests"][0], &journal["requests"][1]);
    assert_eq!((newest["id"].as_str(), oldest["id"].as_str()), (Some("1-2"), Some("1-1")));
    assert_eq!(newest["operation"], "POST /api/v2/track/sale");
    assert_eq!(newest["account"], "1");
    assert_eq!(newest["request"]["method"], "POST");
    assert_eq!(newest["request"]["url"], "/api/v2/track/sale");
    assert_eq!(newest["request"]["absoluteUrl"], format!("{}/api/v2/track/sale", api.mock().url()));
    assert_eq!(newest["request"]["headers"]["authorization"], "Bearer test-key");
    assert_eq!(newest["request"]["loggedDateString"], "2025-01-15T10:30:00.000Z");
    assert_eq!(newest["response"]["status"], 200);
    assert!(
        newest["response"]["body"]
            .as_str()
            .is_some_and(|body| body.contains("\"sale_amount\"") || body.contains("amount"))
    );
    assert_eq!(newest["violations"], json!([]));
    assert_eq!(&api.admin("GET", "/requests/1-2", Value::Null).expect(200), newest);
}

#[test]
fn the_journal_can_be_cut_by_moment_by_entry_and_by_number() {
    let api = Api::start();
    sale(&api, "cus_1");
    api.advance("1h");
    sale(&api, "cus_2");
    let ids = |query: &str| {
        let journal = api.admin("GET", &format!("/requests?{query}"), Value::Null).expect(200);
        let ids = journal["requests"].as_array().expect("a list").iter();
        ids.map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("since=2025-01-15T11:00:00Z"), ["1-4", "1-3"]);
    assert_eq!(ids("since=1-3"), ["1-4"]);
    assert_eq!(ids("limit=1"), ["1-4"]);
    assert_eq!(ids("unmatched=true"), Vec::<String>::new());
    for wrong in ["since=yesterday", "limit=-1", "unmatched=maybe", "color=red"] {
        let refused = api.admin("GET", &format!("/requests?{wrong}"), Value::Null).expect(400);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{refused}");
    }
    api.admin("GET", "/requests/1-99", Value::Null).expect(404);
}

#[test]
fn patterns_find_and_count_calls() {
    let api = Api::start();
    sale(&api, "cus_1");
    sale(&api, "cus_2");
    let count = |pattern: Value| api.admin("POST", "/requests/count", pattern).expect(200)["count"].clone();
    assert_eq!(count(json!({})), 4);
    assert_eq!(count(json!({ "method": "POST", "urlPath": "/api/v2/track/sale" })), 2);
    assert_eq!(count(json!({ "operation": "POST /api/v2/track/signup" })), 2);
    assert_eq!(count(json!({ "bodyPatterns": [{ "matchesJsonPath": "$.amount" }] })), 2);
    assert_eq!(
        count(
            json!({ "bodyPatterns": [{ "equalToJson": { "uid": "cus_2" }, "ignoreExtraElements": true }] })
        ),
        2
    );
    assert_eq!(count(json!({ "headers": { "Account-ID": { "equalTo": "2" } } })), 0);
    let found = api.admin("POST", "/requests/find", json!({ "urlPathPattern": ".*/sale" })).expect(200);
    assert_eq!(found["requests"].as_array().map(Vec::len), Some(2));
    assert!(found["requests"][0]["body"].as_str().is_some_and(|body| body.contains("cus_2")), "newest first");
    for wrong in [
        json!({ "color": 1 }),
        json!({ "urlPattern": "(" }),
        json!({ "operation": "POST /api/v2/track/sail" }),
        json!({ "bodyPatterns": [{}] }),
        json!([]),
    ] {
        for call in ["/requests/count", "/requests/find"] {
            let refused = api.admin("POST", call, wrong.clone()).expect(400);
            assert!(refused["message"].is_string() && refused["hint"].is_string(), "{refused}");
        }
    }
}

#[test]
fn an_answer_says_how_many_entries_were_evicted() {
    let api = Api::with(Mock::builder().journal_entries(3));
    for _ in 0..5 {
        api.get("/company/promoters");
    }
    let journal = api.admin("GET", "/requests", Value::Null).expect(200);
    assert_eq!(journal["meta"], json!({ "total": 3, "evicted": 2 }));
    let counted = api.admin("POST", "/requests/count", json!({})).expect(200);
    assert_eq!((counted["count"].as_u64(), counted["evicted"].as_u64()), (Some(3), Some(2)));
    assert!(counted["hint"].as_str().is_some_and(|hint| hint.contains("--max-journal-entries")));
}

#[test]
fn a_journal_of_no_entries_is_switched_off_and_says_so() {
    let api = Api::with(Mock::builder().journal_entries(0));
    api.get("/company/promoters");
    let counted = api.admin("POST", "/requests/count", json!({})).expect(200);
    assert_eq!((counted["count"].as_u64(), &counted["requestJournalDisabled"]), (Some(0), &json!(true)));
}

#[test]
fn the_journal_can_be_forgotten() {
    let api = Api::start();
    api.get("/company/promoters");
    api.as_account("2").call("GET", "/company/promoters", &Value::Null).expect(200);
    api.admin("DELETE", "/requests", Value::Null).expect(200);
    assert_eq!(api.admin("GET", "/requests", Value::Null).expect(200)["meta"]["total"], 0);
    let other = api.as_account("2").admin("GET", "/requests", &Value::Null).expect(200);
    assert_eq!(other["meta"]["total"], 1, "another account's journal stays");
    let whole = api.unjudged("DELETE", "/__admin/requests", &[], b"").expect("an answer");
    assert_eq!(whole.status, 200);
}

#[test]
fn a_call_that_hits_no_operation_is_told_what_was_perhaps_meant() {
    let api = Api::start();
    let missed = api.unjudged("GET", "/api/v2/company/promoter", &[], b"").expect("an answer");
    let answer = missed.expect(404);
    assert!(
        answer["message"].as_str().is_some_and(|m| m.contains("GET /api/v2/company/promoters")),
        "{answer}"
    );
    let unmatched = api.admin("GET", "/requests/unmatched", Value::Null).expect(200);
    assert_eq!(unmatched["requests"][0]["url"], "/api/v2/company/promoter");
    let misses = api.admin("GET", "/requests/unmatched/near-misses", Value::Null).expect(200);
    let misses = misses["nearMisses"].as_array().expect("a list");
    assert_eq!(misses.len(), 3);
    assert_eq!(misses[0]["operation"], "GET /api/v2/company/promoters");
    assert_eq!(misses[0]["differences"], json!(["segment 4: expected promoters, found promoter"]));
    assert!(misses[0]["matchResult"]["distance"].as_f64().is_some_and(|distance| distance < 0.2));
    assert_eq!(api.admin("GET", "/requests?unmatched=true", Value::Null).expect(200)["meta"]["total"], 1);
}

#[test]
fn calls_without_a_key_are_journalled_under_the_account_they_name_or_under_nobody() {
    let api = Api::start();
    let target = "/api/v2/company/promoters";
    api.send("GET", target, &[("account-id".into(), "1".into())], b"").expect(401);
    api.send("GET", target, &[], b"").expect(401);
    assert_eq!(
        api.admin("GET", "/requests", Value::Null).expect(200)["requests"][0]["response"]["status"],
        401
    );
    let all = api.send("GET", "/__admin/requests", &[], b"").expect(200);
    let ids: Vec<_> = all["requests"].as_array().expect("a list").iter().map(|entry| &entry["id"]).collect();
    assert_eq!(ids, ["nobody-1", "1-1"]);
}

#[test]
fn violations_are_listed_and_travel_with_the_answer() {
    let api = Api::start();
    let seen = api.unjudged("GET", "/api/v2/company/promoters?page=first", &[], b"").expect("an answer");
    let header: Value =
        serde_json::from_str(seen.header("sl-violations").expect("the header")).expect("JSON");
    assert_eq!(header[0]["side"], "request");
    let listed = api.admin("GET", "/violations", Value::Null).expect(200);
    assert_eq!(listed["violations"][0]["code"], header[0]["code"]);
    assert_eq!(listed["violations"][0]["request"], "1-1");
    assert_eq!(listed["meta"]["total"], 1);
    let none = api.admin("GET", "/violations?side=response", Value::Null).expect(200);
    assert_eq!(none["violations"], json!([]));
    api.admin("GET", "/violations?colour=red", Value::Null).expect(400);
    api.admin("GET", "/violations?side=dark", Value::Null).expect(400);
    api.admin("POST", "/reset", Value::Null).expect(200);
    assert_eq!(api.admin("GET", "/violations", Value::Null).expect(200)["meta"]["total"], 0);
}
