//! E-mails that something triggers.

use serde_json::{Value, json};

use super::{addresses, body, email, promoter, sent};
use crate::kit::Api;

#[track_caller]
fn signup(api: &Api, name: &str, ref_id: &str) {
    let body = json!({ "email": format!("{name}@example.com"), "ref_id": ref_id });
    api.post("/track/signup", body).expect(200);
}

#[track_caller]
fn sale(api: &Api, name: &str, event_id: &str) -> Value {
    let body = json!({ "email": format!("{name}@example.com"), "event_id": event_id, "amount": 5000 });
    api.post("/track/sale", body).expect(200)
}

#[test]
fn a_signup_a_commission_and_its_hand_over_are_told() {
    let api = Api::start();
    for (trigger, subject) in [
        ("lead_signup", "{{lead_email}} signed up"),
        ("reward_created", "{{reward_amount}} by {{lead_email}}"),
        ("fulfilment_completed", "here they are"),
    ] {
        let mut wish = body(trigger, json!({}));
        wish["subject"] = json!(subject);
        api.post("/company/emails", wish).expect(200);
    }
    let subjects = || -> Vec<Value> { sent(&api, "").iter().map(|row| row["subject"].clone()).collect() };
    signup(&api, "lead", "jane89");
    assert_eq!(subjects(), ["lead@example.com signed up"]);
    sale(&api, "lead", "e1");
    assert_eq!(subjects(), ["10.00 USD by lead@example.com", "lead@example.com signed up"]);
    let refund =
        json!({ "email": "lead@example.com", "event_id": "r1", "sale_event_id": "e1", "amount": 5000 });
    api.post("/track/refund", refund).expect(200);
    assert_eq!(subjects().len(), 2);
}

#[test]
fn whoever_asks_for_silence_gets_it() {
    let api = Api::start();
    email(&api, "lead_signup", json!({}));
    email(&api, "reward_created", json!({}));
    let mut quiet =
        json!({ "email": "lead@example.com", "ref_id": "jane89", "skip_email_notification": true });
    api.post("/track/signup", quiet.clone()).expect(200);
    quiet = json!({ "email": "lead@example.com", "event_id": "e1", "amount": 5000, "skip_email_notification": true });
    api.post("/track/sale", quiet).expect(200);
    assert_eq!(addresses(&api, ""), [""; 0]);
    sale(&api, "lead", "e2");
    assert_eq!(addresses(&api, ""), ["jane@example.com"]);
}

#[test]
fn an_accepted_promoter_is_told_after_the_delay_unless_he_is_out_again() {
    let api = Api::start();
    email(&api, "promoter_accepted", json!({ "delay_interval": "day", "delay_value": 2 }));
    email(&api, "promoter_rejected", json!({}));
    let [bob, cleo] = ["bob", "cleo"].map(|name| {
        let body = json!({ "email": format!("{name}@example.com"), "initial_campaign_id": 5399, "always_approve": false });
        api.post("/company/promoters", body).expect(201)["id"].clone()
    });
    let decide = |action: &str, id: &Value| {
        let body = json!({ "campaign_id": 5399, "ids": [id] });
        assert_eq!(api.post(&format!("/company/promoters/{action}"), body).expect(200)["failed_count"], 0);
    };
    decide("accept", &bob);
    decide("accept", &cleo);
    api.advance("1d");
    decide("block", &cleo);
    assert_eq!(addresses(&api, ""), [""; 0]);
    assert_eq!(api.advance("1d")["emails"], 2);
    let copies = sent(&api, "");
    assert_eq!((copies.len(), &copies[0]["to"]), (1, &json!("bob@example.com")));
    assert_eq!(copies[0]["sent_at"], "2025-01-17T10:30:00.000Z");
    decide("reject", &bob);
    assert_eq!(addresses(&api, ""), ["bob@example.com", "bob@example.com"]);
}

#[test]
fn a_promoter_who_is_in_at_once_is_welcomed_if_that_was_ordered() {
    let api = Api::start();
    email(&api, "promoter_accepted", json!({ "delay_interval": "second", "delay_value": 0 }));
    promoter(&api, "bob");
    let cleo = json!({ "email": "cleo@example.com", "initial_campaign_id": 13202, "drip_emails": true });
    api.post("/company/promoters", cleo).expect(201);
    assert_eq!(addresses(&api, ""), ["cleo@example.com"]);
}

#[test]
fn a_count_is_told_once_when_it_is_reached() {
    let api = Api::start();
    let clicks = email(&api, "count_reached", json!({ "metric": "clicks", "count": 2 }));
    let customers = email(&api, "count_reached", json!({ "metric": "customers", "count": 2 }));
    let count = |made: &Value| sent(&api, &format!("email_id={}", made["id"])).len();
    for expected in [0, 1, 1] {
        api.admin("POST", "/clicks", json!({ "ref_token": "jane89" })).expect(201);
        assert_eq!(count(&clicks), expected);
    }
    for (name, expected) in [("one", 0), ("two", 1), ("three", 1)] {
        signup(&api, name, "jane89");
        sale(&api, name, name);
        assert_eq!(count(&customers), expected, "{name}");
    }
}

#[test]
fn a_trigger_that_does_not_work_or_another_campaign_sends_nothing() {
    let api = Api::start();
    let mut off = body("lead_signup", json!({}));
    off["trigger"]["enabled"] = json!(false);
    api.post("/company/emails", off).expect(200);
    let mut elsewhere = body("lead_signup", json!({}));
    elsewhere["allowed_campaign_ids"] = json!([5399]);
    api.post("/company/emails", elsewhere).expect(200);
    email(&api, "broadcast", json!({}));
    signup(&api, "lead", "jane89");
    assert_eq!(addresses(&api, ""), [""; 0]);
}

#[test]
fn an_email_that_is_deleted_while_it_is_due_is_not_sent() {
    let api = Api::start();
    let made = email(&api, "promoter_accepted", json!({ "delay_interval": "minute", "delay_value": 5 }));
    let cleo = json!({ "email": "cleo@example.com", "initial_campaign_id": 13202, "drip_emails": true });
    api.post("/company/promoters", cleo).expect(201);
    api.delete(&format!("/company/emails/{}", made["id"]), Value::Null).expect(200);
    api.advance("1h");
    assert_eq!(addresses(&api, ""), [""; 0]);
}

#[test]
fn a_commission_made_by_hand_is_told_only_if_wished() {
    let api = Api::start();
    email(&api, "reward_created", json!({}));
    let make = |notify: Option<bool>| {
        let mut body = json!({
            "commission_type": "custom", "promoter_campaign_id": 600_001, "amount": 700, "unit": "cash",
        });
        if let Some(notify) = notify {
            body["notify_promoter"] = json!(notify);
        }
        api.post("/company/commissions", body).expect(200);
    };
    make(None);
    make(Some(false));
    assert_eq!(addresses(&api, ""), [""; 0]);
    make(Some(true));
    assert_eq!(addresses(&api, ""), ["jane@example.com"]);
}
