//! Making, showing, changing, copying and deleting e-mails.

use serde_json::{Value, json};

use super::{body, email};
use crate::kit::Api;

#[test]
fn an_email_is_made_and_shown() {
    let api = Api::start();
    let mut wish = body("reward_created", json!({}));
    wish["allowed_campaign_ids"] = json!([13202, 5399]);
    let made = api.post("/company/emails", wish.clone()).expect(200);
    for field in ["name", "subject", "content", "allowed_campaign_ids", "trigger"] {
        assert_eq!(made[field], wish[field], "{field}");
    }
    assert_eq!((&made["sent_count"], &made["created_at"]), (&json!(0), &json!("2025-01-15T10:30:00.000Z")));
    assert_eq!(api.get(&format!("/company/emails/{}", made["id"])), made);
}

#[test]
fn every_trigger_keeps_the_settings_it_needs_and_drops_others() {
    let api = Api::start();
    let cases = [
        ("promoter_accepted", json!({ "delay_interval": "hour", "delay_value": 2 })),
        ("promoter_rejected", json!({})),
        ("reward_created", json!({})),
        ("fulfilment_completed", json!({})),
        ("lead_signup", json!({})),
        ("count_reached", json!({ "count": 10, "metric": "clicks" })),
        ("inactivity", json!({ "metric": "customers", "period_in_days": 30 })),
        ("broadcast", json!({})),
        ("recurring", json!({ "frequency": "weekly", "day": 0, "hour": 23, "minute": 59 })),
    ];
    for (trigger, settings) in cases {
        let mut more = settings.clone();
        if !matches!(trigger, "count_reached" | "inactivity") {
            more["metric"] = json!("referrals");
        }
        let made = email(&api, trigger, more);
        assert_eq!(made["trigger"], json!({ "enabled": true, "trigger_on": trigger, "settings": settings }));
    }
}

#[test]
fn what_an_email_needs_is_asked_for() {
    let api = Api::start();
    for field in ["name", "subject", "content", "allowed_campaign_ids", "trigger"] {
        let mut wish = body("broadcast", json!({}));
        wish.as_object_mut().expect("an object").remove(field);
        let refused = api.post("/company/emails", wish).expect(422);
        assert_eq!(refused["message"], format!("param is missing or the value is empty or invalid: {field}"));
    }
    for field in ["enabled", "trigger_on", "settings"] {
        let mut wish = body("broadcast", json!({}));
        wish["trigger"].as_object_mut().expect("an object").remove(field);
        let refused = api.post("/company/emails", wish).expect(422);
        assert_eq!(refused["message"], format!("param is missing or the value is empty or invalid: {field}"));
    }
    let mut wish = body("broadcast", json!({}));
    wish["allowed_campaign_ids"] = json!([77]);
    assert_eq!(api.post("/company/emails", wish).expect(404)["code"], "not_found");
    assert_eq!(api.get("/company/emails"), json!([]));
}

#[test]
fn settings_that_are_absent_or_out_of_range_are_refused() {
    let api = Api::start();
    let cases = [
        ("promoter_accepted", json!({ "delay_value": 2 }), "delay_interval"),
        ("promoter_accepted", json!({ "delay_interval": "day" }), "delay_value"),
        ("promoter_accepted", json!({ "delay_interval": "day", "delay_value": -1 }), "delay_value"),
        ("promoter_accepted", json!({ "delay_interval": "year", "delay_value": 1 }), "delay_interval"),
        ("count_reached", json!({ "metric": "clicks" }), "count"),
        ("count_reached", json!({ "count": 0, "metric": "clicks" }), "count"),
        ("inactivity", json!({ "period_in_days": 3 }), "metric"),
        ("inactivity", json!({ "metric": "clicks" }), "period_in_days"),
        ("recurring", json!({ "day": 1, "hour": 1, "minute": 1 }), "frequency"),
        ("recurring", json!({ "frequency": "weekly", "day": 7, "hour": 1, "minute": 1 }), "day"),
        ("recurring", json!({ "frequency": "monthly", "day": 0, "hour": 1, "minute": 1 }), "day"),
        ("recurring", json!({ "frequency": "monthly", "day": 1, "hour": 24, "minute": 1 }), "hour"),
        ("recurring", json!({ "frequency": "monthly", "day": 1, "hour": 1, "minute": 60 }), "minute"),
        ("recurring", json!({ "frequency": "monthly", "day": 1, "hour": 1 }), "minute"),
        ("promoter_blocked", json!({}), "trigger_on"),
        ("not_set", json!({}), "trigger_on"),
    ];
    for (trigger, settings, culprit) in cases {
        let refused = api.post("/company/emails", body(trigger, settings.clone())).expect(422);
        assert!(refused["code"] == "invalid_params" || refused["code"] == "invalid_record", "{refused}");
        let said = refused.to_string();
        assert!(said.contains(culprit), "{trigger} {settings}: {said}");
    }
}

#[test]
fn an_update_writes_the_email_anew() {
    let api = Api::start();
    let made = email(&api, "count_reached", json!({ "count": 10, "metric": "clicks" }));
    let path = format!("/company/emails/{}", made["id"]);
    api.advance("1h");
    let mut wish = body("lead_signup", json!({}));
    wish["subject"] = json!("Another");
    wish["trigger"]["enabled"] = json!(false);
    let changed = api.put(&path, wish.clone()).expect(200);
    assert_eq!((&changed["subject"], &changed["trigger"]), (&wish["subject"], &wish["trigger"]));
    assert_eq!(changed["created_at"], made["created_at"]);
    assert_eq!(changed["updated_at"], "2025-01-15T11:30:00.000Z");
    assert_eq!(api.put(&path, json!({ "subject": "Alone" })).expect(422)["code"], "invalid_params");
    assert_eq!(api.get(&path), changed);
}

#[test]
fn a_copy_has_the_same_text_and_a_trigger_that_does_not_work() {
    let api = Api::start();
    let made = email(&api, "recurring", json!({ "frequency": "weekly", "day": 1, "hour": 8, "minute": 0 }));
    let copy = api.post(&format!("/company/emails/{}/copy", made["id"]), Value::Null).expect(200);
    assert_ne!(copy["id"], made["id"]);
    assert_eq!(copy["name"], "Copy of On recurring");
    assert_eq!((&copy["subject"], &copy["content"]), (&made["subject"], &made["content"]));
    assert_eq!(copy["trigger"]["settings"], made["trigger"]["settings"]);
    assert_eq!((&copy["trigger"]["enabled"], &copy["sent_count"]), (&json!(false), &json!(0)));
}

#[test]
fn a_deleted_email_is_answered_a_last_time() {
    let api = Api::start();
    let made = email(&api, "broadcast", json!({}));
    let path = format!("/company/emails/{}", made["id"]);
    assert_eq!(api.delete(&path, Value::Null).expect(200), made);
    assert_eq!(api.try_get(&path).expect(404)["message"], "Record not found");
    assert_eq!(api.get("/company/emails"), json!([]));
}

#[test]
fn an_unknown_email_is_not_found() {
    let api = Api::start();
    for id in ["77", "newsletter"] {
        let path = format!("/company/emails/{id}");
        api.try_get(&path).expect(404);
        api.put(&path, body("broadcast", json!({}))).expect(404);
        api.delete(&path, Value::Null).expect(404);
        for action in ["copy", "send_now", "send_test"] {
            assert_eq!(api.post(&format!("{path}/{action}"), Value::Null).expect(404)["code"], "not_found");
        }
    }
}
