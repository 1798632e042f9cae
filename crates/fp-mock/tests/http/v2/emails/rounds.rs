//! E-mails that go out by the calendar, or when nothing happens.

use serde_json::{Value, json};

use super::{addresses, body, email, sent};
use crate::kit::Api;

#[test]
fn a_recurring_email_goes_out_on_its_day_and_hour() {
    let api = Api::start();
    email(&api, "recurring", json!({ "frequency": "weekly", "day": 5, "hour": 9, "minute": 15 }));
    api.advance("2d");
    let moments = || -> Vec<Value> { sent(&api, "").iter().map(|row| row["sent_at"].clone()).collect() };
    assert_eq!(moments(), ["2025-01-17T09:15:00.000Z"]);
    api.advance("14d");
    let weeks = ["2025-01-31T09:15:00.000Z", "2025-01-24T09:15:00.000Z", "2025-01-17T09:15:00.000Z"];
    assert_eq!(moments(), weeks);
}

#[test]
fn a_recurring_email_that_is_changed_goes_out_by_its_new_day_only() {
    let api = Api::start();
    let made = email(&api, "recurring", json!({ "frequency": "monthly", "day": 16, "hour": 0, "minute": 0 }));
    let path = format!("/company/emails/{}", made["id"]);
    let later = body("recurring", json!({ "frequency": "monthly", "day": 20, "hour": 0, "minute": 0 }));
    api.put(&path, later).expect(200);
    api.advance("3d");
    assert_eq!(addresses(&api, ""), [""; 0]);
    api.advance("2d");
    assert_eq!(addresses(&api, ""), ["jane@example.com"]);
    let mut off = body("recurring", json!({ "frequency": "monthly", "day": 21, "hour": 0, "minute": 0 }));
    off["trigger"]["enabled"] = json!(false);
    api.put(&path, off).expect(200);
    api.advance("60d");
    assert_eq!(addresses(&api, "").len(), 1);
}

#[test]
fn an_inactive_promoter_is_told_once_for_each_time_of_inactivity() {
    let api = Api::start();
    email(&api, "inactivity", json!({ "metric": "referrals", "period_in_days": 7 }));
    api.advance("6d");
    assert_eq!(addresses(&api, ""), [""; 0]);
    api.advance("1d");
    assert_eq!(addresses(&api, ""), ["jane@example.com"]);
    api.advance("30d");
    assert_eq!(addresses(&api, "").len(), 1);
    api.post("/track/signup", json!({ "email": "lead@example.com", "ref_id": "jane89" })).expect(200);
    api.advance("6d");
    assert_eq!(addresses(&api, "").len(), 1);
    api.advance("1d");
    assert_eq!(addresses(&api, "").len(), 2);
}
