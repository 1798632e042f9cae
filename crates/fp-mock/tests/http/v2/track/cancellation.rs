//! `/track/cancellation`.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{listed, refund, sell, sell_with, sign_up};

const LEAD: &str = "lead@example.com";

#[test]
fn a_cancellation_answers_the_older_shape_without_an_amount_or_reward() {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    sell_with(&api, LEAD, "s1", 6000, json!({ "mrr": "6000" }));
    api.advance("1d");
    let event = api.post("/track/cancellation", json!({ "email": LEAD })).expect(200);
    assert_eq!(event["type"], "cancellation");
    assert_eq!((&event["amount_cents"], &event["reward"]), (&Value::Null, &Value::Null));
    let lead = &event["lead"];
    assert_eq!(lead["state"], "cancelled");
    assert_eq!(lead["cancelled_at"], "2025-01-16T10:30:00.000Z");
    assert_eq!(lead["customer_since"], "2025-01-15T10:30:00.000Z");
    assert_eq!(event["promoter"]["earnings_balance"], json!({ "cash": 1200 }), "earnings stay");
    assert_eq!(listed(&api, "").len(), 1);
}

#[test]
fn cancelling_twice_changes_nothing() {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    let first = api.post("/track/cancellation", json!({ "email": LEAD })).expect(200);
    api.advance("1d");
    assert_eq!(api.post("/track/cancellation", json!({ "email": LEAD })).expect(200), first);
}

#[test]
fn a_sale_after_a_cancellation_makes_the_customer_active_again() {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    sell(&api, LEAD, "s1", 1000);
    let first = api.post("/track/cancellation", json!({ "email": LEAD })).expect(200);
    sell(&api, LEAD, "s2", 1000);
    let lead = refund(&api, LEAD, "r1", "s2", 10)["lead"].clone();
    assert_eq!((&lead["state"], lead.get("cancelled_at")), (&json!("active"), Some(&Value::Null)));
    let second = api.post("/track/cancellation", json!({ "email": LEAD })).expect(200);
    assert_ne!(second["id"], first["id"]);
}

#[test]
fn a_cancellation_of_nobodys_referral_answers_204_without_a_body() {
    let seen = Api::start().post("/track/cancellation", json!({ "uid": "nobody" }));
    assert_eq!((seen.status, seen.bytes.len()), (204, 0));
}

#[test]
fn without_email_and_uid_a_cancellation_answers_400() {
    let refused = Api::start().post("/track/cancellation", json!({})).expect(400);
    assert_eq!(refused, json!({ "message": "Error. Email and uid can not be blank!" }));
}
