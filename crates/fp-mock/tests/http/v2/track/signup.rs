//! `/track/signup`.

use serde_json::{Value, json};

use crate::kit::Api;

const VISITOR_INVALID: &str = "Visitor  invalid, not found or you are trying to use the signup tracking test \
                               via API which doesn't work on API calls.";

#[test]
fn a_signup_by_ref_id_makes_a_referral_and_no_commission() {
    let api = Api::start();
    let signup = json!({ "email": "lead@example.com", "uid": "u1", "ref_id": "jane89" });
    let event = api.post("/track/signup", signup).expect(200);
    assert_eq!(event["etype"], "signup");
    assert_eq!(event["created_at"], "2025-01-15T10:30:00.000Z");
    assert_eq!(event["referral"]["email"], "lead@example.com");
    assert_eq!(event["referral"]["uid"], "u1");
    assert_eq!(event["commissions"], json!([]));
    for amount in ["sale_amount", "original_sale_amount", "original_sale_currency", "event_id", "plan_id"] {
        assert_eq!(event[amount], Value::Null, "{amount}");
    }
}

#[test]
fn a_signup_by_tid_belongs_to_the_promoter_of_the_visit() {
    let api = Api::start();
    let click = api.admin("POST", "/clicks", json!({ "ref_token": "jane89", "sub_id": "blog" })).expect(201);
    assert_eq!(click["ref_id"], "jane89");
    let event = api.post("/track/signup", json!({ "uid": "u1", "tid": click["tid"] })).expect(200);
    assert_eq!(event["referral"]["email"], Value::Null);
    assert_eq!(event["referral"]["uid"], "u1");
}

#[test]
fn an_unknown_tid_gives_way_to_a_known_ref_id() {
    let api = Api::start();
    let signup = json!({ "email": "lead@example.com", "tid": "unknown", "ref_id": "jane89" });
    api.post("/track/signup", signup).expect(200);
}

#[test]
fn a_trail_that_leads_nowhere_answers_404_and_leaves_no_trace() {
    let api = Api::start();
    for trail in [json!({}), json!({ "tid": "x" }), json!({ "ref_id": "x" }), json!({ "ref_id": " " })] {
        let mut signup = trail.clone();
        signup["email"] = json!("lead@example.com");
        let refused = api.post("/track/signup", signup).expect(404);
        assert_eq!(refused, json!({ "message": VISITOR_INVALID }), "{trail}");
    }
    let sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": 1000 });
    api.post("/track/sale", sale).expect(404);
}

#[test]
fn without_email_and_uid_a_signup_answers_400() {
    let api = Api::start();
    for blank in [json!({}), json!({ "email": "", "uid": " " }), json!({ "email": null })] {
        let mut signup = blank.clone();
        signup["ref_id"] = json!("jane89");
        let refused = api.post("/track/signup", signup).expect(400);
        assert_eq!(refused, json!({ "message": "Error. Email and uid can not be blank!" }), "{blank}");
    }
}

#[test]
fn a_second_signup_of_the_same_person_answers_422() {
    let api = Api::start();
    api.post("/track/signup", json!({ "email": "lead@example.com", "ref_id": "jane89" })).expect(200);
    let again = json!({ "email": "LEAD@example.com", "ref_id": "jane89" });
    let refused = api.post("/track/signup", again).expect(422);
    let sentence = "there is already a signup event registered on this lead";
    assert_eq!(refused, json!({ "transaction_id": sentence }));
}

#[test]
fn a_malformed_address_or_date_is_refused() {
    let api = Api::start();
    let refused = api.post("/track/signup", json!({ "email": "nobody", "ref_id": "jane89" })).expect(422);
    assert_eq!(refused["code"], "invalid_record");
    assert_eq!(refused["errors"], json!({ "email": ["is invalid"] }));
    let undated = json!({ "email": "a@example.com", "ref_id": "jane89", "created_at": "yesterday" });
    let refused = api.post("/track/signup", undated).expect(422);
    assert_eq!(refused["code"], "invalid_params");
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("created_at")), "{refused}");
}

#[test]
fn a_signup_can_be_reported_late() {
    let api = Api::start();
    let late = json!({ "email": "a@example.com", "ref_id": "jane89", "created_at": "2024-12-24T18:00:00Z" });
    let event = api.post("/track/signup", late).expect(200);
    assert_eq!(event["created_at"], "2024-12-24T18:00:00.000Z");
}

#[test]
fn a_customer_who_never_signed_up_can_do_so_later() {
    let api = Api::start();
    let sale = json!({ "email": "a@example.com", "event_id": "e1", "amount": 1000, "ref_id": "jane89" });
    let sold = api.post("/track/sale", sale).expect(200);
    let signup = json!({ "email": "a@example.com", "uid": "u1", "ref_id": "jane89" });
    let event = api.post("/track/signup", signup.clone()).expect(200);
    assert_eq!(event["referral"]["id"], sold["referral"]["id"]);
    assert_eq!(event["referral"]["uid"], "u1", "what was unknown is filled in");
    api.post("/track/signup", signup).expect(422);
}
