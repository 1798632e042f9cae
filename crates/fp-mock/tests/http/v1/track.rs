//! `/track`.

use serde_json::json;

use super::client::V1;
use crate::documented::Likeness::{Fields, Order};
use crate::documented::assert_like;

#[test]
fn a_signup_makes_a_lead_of_the_promoter_with_that_referral_id() {
    let v1 = V1::start();
    let event = v1.signup("shelley@example.com", "cbdemo_shelley");
    assert_like("v1/track/signup", Fields, &event);
    assert_like("v1-published/track/signup", Order, &event);
    assert_eq!((&event["type"], &event["lead"]["state"]), (&json!("signup"), &json!("signup")));
    assert_eq!(event["promoter"]["default_ref_id"], "jane89");
    assert_eq!((&event["amount_cents"], &event["reward"]), (&json!(null), &json!(null)));
}

#[test]
fn a_signup_by_tracking_id_belongs_to_the_visit_it_came_from() {
    let v1 = V1::start();
    let click = json!({ "ref_token": "jane89", "sub_id": "newsletter" });
    let click = v1.api.admin("POST", "/clicks", click).expect(201);
    let tid = click["tid"].as_str().expect("a tracking id");
    let event = v1.post("/track/signup", &[("uid", "u1"), ("tid", tid)]).expect(200);
    assert_eq!(event["lead"]["visitor_sub_id"], "newsletter");
    assert_eq!((&event["lead"]["email"], &event["lead"]["uid"]), (&json!(null), &json!("u1")));
    let named = [("uid", "u2"), ("promoter_email", "jane@example.com"), ("sub_id", "mail")];
    let event = v1.post("/track/signup", &named).expect(200);
    assert_eq!(event["lead"]["visitor_sub_id"], "mail");
}

#[test]
fn a_signup_keeps_what_it_says_of_the_lead() {
    let v1 = V1::start();
    let pairs = [
        ("email", "shelley@example.com"),
        ("ref_id", "jane89"),
        ("username", "shelley"),
        ("website", "https://shelley.example"),
        ("custom_fields[team]", "blue"),
        ("created_at", "2024-12-24T08:00:00Z"),
        ("ip", "203.0.113.7"),
    ];
    let lead = v1.post("/track/signup", &pairs).expect(200)["lead"].clone();
    assert_eq!((&lead["username"], &lead["website"]), (&json!("shelley"), &json!("https://shelley.example")));
    assert_eq!(lead["custom_fields"], json!({ "team": "blue" }));
    assert_eq!(lead["created_at"], "2024-12-24T08:00:00.000Z");
}

#[test]
fn a_second_signup_is_refused_unless_it_overrides_the_lead() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    let again = [("email", "shelley@example.com"), ("uid", "u2"), ("ref_id", "jane89")];
    let refused = v1.post("/track/signup", &again).expect(422);
    assert_eq!(
        refused,
        json!({ "transaction_id": "there is already a signup event registered on this lead" })
    );
    let overriding = [&again[..], &[("override_existing_lead", "true")]].concat();
    let event = v1.post("/track/signup", &overriding).expect(200);
    assert_eq!(event["lead"]["uid"], "u2");
}

#[test]
fn a_sale_earns_the_promoter_his_share() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "cbdemo_shelley");
    let pairs = [
        ("email", "shelley@example.com"),
        ("uid", "cbdemo_shelley"),
        ("currency", "USD"),
        ("event_id", "9856044"),
        ("plan", "monthly-starter"),
        ("amount", "6000"),
    ];
    let event = v1.post("/track/sale", &pairs).expect(200);
    assert_like("v1/track/sale", Fields, &event);
    assert_like("v1-published/track/sale", Order, &event);
    assert_eq!(event["amount_cents"], 6000);
    assert_eq!(
        (&event["reward"]["amount"], &event["reward"]["conversion_amount"]),
        (&json!(1200), &json!(6000))
    );
    assert_eq!(
        (&event["lead"]["state"], &event["lead"]["plan_name"]),
        (&json!("active"), &json!("monthly-starter"))
    );
    assert_eq!(event["promoter"]["earnings_balance"], json!({ "cash": 1200 }));
    assert_eq!(event["promoter"]["current_balance"], json!({ "cash": 1200 }));
    assert_eq!(event["promoter"]["paid_balance"], json!(null));
}

#[test]
fn a_sale_with_a_referral_id_or_promo_code_makes_its_lead() {
    let v1 = V1::start();
    let pairs = [("email", "a@example.com"), ("event_id", "e1"), ("amount", "1000"), ("ref_id", "jane89")];
    assert_eq!(v1.post("/track/sale", &pairs).expect(200)["lead"]["state"], "active");
    v1.post(
        "/promoters/create",
        &[("email", "bob@example.com"), ("first_name", "Bob"), ("promo_code", "BOB10")],
    )
    .expect(200);
    let pairs = [("email", "b@example.com"), ("event_id", "e2"), ("amount", "1000"), ("promo_code", "bob10")];
    assert_eq!(v1.post("/track/sale", &pairs).expect(200)["promoter"]["email"], "bob@example.com");
}

#[test]
fn a_sale_keeps_its_moment_and_its_subscription() {
    let v1 = V1::start();
    let lead = v1.signup("shelley@example.com", "u1")["lead"]["id"].clone();
    let pairs = [
        ("uid", "u1"),
        ("event_id", "e1"),
        ("amount", "1000"),
        ("created_at", "2025-01-02T03:04:05Z"),
        ("subscription_id", "sub_9"),
    ];
    let event = v1.post("/track/sale", &pairs).expect(200);
    assert_eq!(event["reward"]["created_at"], "2025-01-02T03:04:05.000Z");
    let referral = v1.api.get(&format!("/company/referrals/{lead}"));
    assert_eq!(referral["metadata"], json!({ "subscription_id": "sub_9" }));
}

#[test]
fn a_single_purchase_is_rewarded_as_one() {
    let v1 = V1::scenario("billing");
    v1.signup("shelley@example.com", "u1");
    let earned = |event_id: &str, extra: &[(&str, &str)]| {
        let sale = [("uid", "u1"), ("event_id", event_id), ("amount", "1000"), ("plan", "basic")];
        v1.post("/track/sale", &[&sale[..], extra].concat()).expect(200)["reward"]["amount"].clone()
    };
    assert_eq!(earned("e1", &[]), 100);
    assert_eq!(earned("e2", &[("ecom_sale", "true")]), 50);
    assert_eq!(earned("e3", &[("ecom_sale", "false")]), 100);
}

#[test]
fn a_sale_of_nobodys_referral_or_of_a_blocked_promoter_answers_nothing() {
    let v1 = V1::start();
    let unknown = [("email", "nobody@example.com"), ("event_id", "e1"), ("amount", "1000")];
    let seen = v1.post("/track/sale", &unknown);
    assert_eq!((seen.status, seen.bytes.len(), seen.header("content-type")), (204, 0, None));
    v1.signup("shelley@example.com", "u1");
    v1.api.post("/company/promoters/block", json!({ "campaign_id": 13202, "ids": [500001] })).expect(200);
    let blocked = [("uid", "u1"), ("event_id", "e2"), ("amount", "1000")];
    assert_eq!(v1.post("/track/sale", &blocked).status, 204);
}

#[test]
fn a_refund_takes_the_share_back() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    v1.sale("shelley@example.com", "9856044", "6000");
    let pairs = [
        ("email", "shelley@example.com"),
        ("event_id", "4567044"),
        ("sale_event_id", "9856044"),
        ("amount", "6000"),
    ];
    let event = v1.post("/track/refund", &pairs).expect(200);
    assert_like("v1/track/refund", Fields, &event);
    assert_like("v1-published/track/refund", Order, &event);
    assert_eq!(event["amount_cents"], -6000);
    assert_eq!(
        (&event["reward"]["amount"], &event["reward"]["conversion_amount"]),
        (&json!(-1200), &json!(-6000))
    );
    assert_eq!(event["promoter"]["earnings_balance"], json!(null));
    let nobody = [("email", "nobody@example.com"), ("event_id", "r2"), ("amount", "1000")];
    assert_eq!(v1.post("/track/refund", &nobody).status, 204);
}

#[test]
fn a_cancellation_makes_the_lead_cancelled() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    v1.sale("shelley@example.com", "e1", "6000");
    let pairs = [("uid", "u1"), ("event_id", "c1"), ("created_at", "2025-01-16T00:00:00Z")];
    let event = v1.post("/track/cancellation", &pairs).expect(200);
    assert_like("v1/track/cancellation", Fields, &event);
    assert_like("v1-published/track/cancellation", Order, &event);
    assert_eq!(event["lead"]["state"], "cancelled");
    assert_eq!(event["lead"]["cancelled_at"], "2025-01-16T00:00:00.000Z");
    let again = v1.post("/track/cancellation", &pairs).expect(409);
    assert_eq!(again["message"], "The 'cancellation' event with the id 'c1' already exists.");
    assert_eq!(v1.post("/track/cancellation", &[("uid", "nobody")]).status, 204);
}

#[test]
fn a_subscriber_becomes_a_lead_that_signs_up_later() {
    let v1 = V1::start();
    let pairs = [("email", "shelley@example.com"), ("ref_id", "jane89"), ("first_name", "Shelley")];
    let event = v1.post("/track/subscriber", &pairs).expect(200);
    assert_like("v1-published/track/subscriber", Order, &event);
    assert_eq!((&event["type"], &event["lead"]["state"]), (&json!("subscriber"), &json!("subscribed")));
    assert!(v1.post("/track/subscriber", &pairs).expect(409)["message"].is_string());
    let signup = v1.signup("shelley@example.com", "u1");
    assert_eq!((&signup["lead"]["id"], &signup["lead"]["state"]), (&event["lead"]["id"], &json!("signup")));
    let unknown = [("email", "other@example.com"), ("ref_id", "nobody")];
    assert!(v1.post("/track/subscriber", &unknown).expect(404)["message"].is_string());
    assert_eq!(v1.post("/track/subscriber", &[("email", "other@example.com")]).status, 204);
}

#[test]
fn an_event_id_counts_once_for_each_kind_of_event() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    v1.sale("shelley@example.com", "evt_123", "6000");
    let pairs = [("uid", "u1"), ("event_id", "evt_123"), ("amount", "600")];
    let message = |path: &str| v1.post(path, &pairs).expect(409)["message"].clone();
    assert_eq!(message("/track/sale"), "The 'sale' event with the id 'evt_123' already exists.");
    v1.post("/track/refund", &pairs).expect(200);
    assert_eq!(message("/track/refund"), "The 'refund' event with the id 'evt_123' already exists.");
}

#[test]
fn tracking_calls_that_say_too_little_are_refused_in_the_documents_words() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    for path in ["/track/signup", "/track/sale", "/track/refund", "/track/cancellation", "/track/subscriber"]
    {
        let refused =
            v1.post(path, &[("event_id", "e"), ("amount", "1"), ("email", " "), ("uid", "")]).expect(400);
        assert_eq!(refused, json!({ "message": "Error. Email and uid can not be blank!" }), "{path}");
    }
    for path in ["/track/sale", "/track/refund"] {
        for amount in ["", "much", "1.5", "0"] {
            let refused = v1.post(path, &[("uid", "u1"), ("event_id", "e"), ("amount", amount)]).expect(400);
            assert_eq!(refused, json!({ "message": "Error. Amount blank or invalid." }), "{path} {amount}");
        }
        let refused = v1.post(path, &[("uid", "u1"), ("amount", "100")]).expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("event_id")), "{refused}");
    }
    let currency = [("uid", "u1"), ("event_id", "e"), ("amount", "100"), ("currency", "XXX")];
    assert!(v1.post("/track/sale", &currency).expect(400)["message"].is_string());
    let address = [("email", "no address"), ("ref_id", "jane89")];
    assert!(v1.post("/track/signup", &address).expect(400)["message"].is_string());
    let visitor = "Visitor  invalid, not found or you are trying to use the signup tracking test via API which \
                   doesn't work on API calls.";
    for trail in [("tid", "nonsense"), ("ref_id", "nobody"), ("promoter_email", "nobody@example.com")] {
        let refused = v1.post("/track/signup", &[("email", "b@example.com"), trail]).expect(404);
        assert_eq!(refused, json!({ "message": visitor }));
    }
}
