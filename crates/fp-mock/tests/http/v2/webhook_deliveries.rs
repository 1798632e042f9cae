//! `/company/webhooks/{webhook_id}/webhook_deliveries`.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::webhooks::Hooks;
use crate::webhooks::receiver::{Behaviour, Receiver};

fn failing() -> Hooks {
    let receiver = Receiver::scripted(vec![Behaviour::Answer(500, "broken".into())]);
    Hooks::with(Api::start(), receiver, json!({ "event_types": ["referral.created"] }))
}

impl Hooks {
    /// The path of the only delivery.
    #[track_caller]
    fn delivery_path(&self) -> String {
        format!("{}/webhook_deliveries/{}", self.path(), self.delivery()["id"])
    }

    #[track_caller]
    fn retry(&self) -> crate::kit::Seen {
        self.api.post(&format!("{}/retry_delivery", self.delivery_path()), Value::Null)
    }
}

#[test]
fn a_delivery_is_shown_alone_as_in_the_list() {
    let hooks = failing();
    hooks.sign_up("lea@example.com");
    let pending_or_tried = hooks.delivery();
    assert_eq!(pending_or_tried["event_type"], "referral.created");
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    assert_eq!(hooks.api.get(&hooks.delivery_path()), delivery);
    assert_eq!((&delivery["action"], &delivery["entity_type"]), (&json!("created"), &json!("referral")));
    assert_eq!(delivery["entity_id"], delivery["payload"]["entity_id"]);
    assert_eq!((&delivery["object_changes"], &delivery["delivered_at"]), (&Value::Null, &Value::Null));
}

#[test]
fn changes_of_an_update_are_shown() {
    let hooks = Hooks::to(&["referral.updated"]);
    hooks.sign_up("lea@example.com");
    let sale = json!({ "email": "lea@example.com", "event_id": "evt_1", "amount": 5000 });
    hooks.api.post("/track/sale", sale).expect(200);
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    assert_eq!(delivery["object_changes"], delivery["payload"]["changes"]);
    assert_eq!(delivery["object_changes"]["state"], json!(["signup", "active"]));
}

#[test]
fn deliveries_page_by_25_newest_first() {
    let hooks = Hooks::to(&["referral.created"]);
    for n in 0..27 {
        hooks.sign_up(&format!("lead{n}@example.com"));
    }
    hooks.api.advance("0s");
    let page = |query: &str| {
        let list = hooks.api.get(&format!("{}/webhook_deliveries{query}", hooks.path()));
        let email = |row: &Value| row["payload"]["data"]["email"].as_str().unwrap_or_default().to_owned();
        list.as_array().expect("a list").iter().map(email).collect::<Vec<_>>()
    };
    let newest_first: Vec<String> = (0..27).rev().map(|n| format!("lead{n}@example.com")).collect();
    assert_eq!(page(""), newest_first[..25]);
    assert_eq!(page("?page=2"), newest_first[25..]);
    assert_eq!(page("?per_page=2&page=3"), newest_first[4..6]);
}

#[test]
fn a_retry_by_hand_sends_at_once_and_counts_anew() {
    let hooks = failing();
    hooks.sign_up("lea@example.com");
    hooks.api.advance("25m");
    assert_eq!(hooks.delivery()["attempts"], 2);
    hooks.receiver.follow(Vec::new());
    let retried = hooks.retry().expect(200);
    assert_eq!((&retried["status"], &retried["attempts"]), (&json!("pending"), &json!(0)));
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!(hooks.api.advance("7d")["deliveries"], 0, "the old retry is not sent beside it");
    assert_eq!(hooks.receiver.received().len(), 3);
}

#[test]
fn used_up_retries_must_be_raised_before_a_retry_by_hand() {
    let hooks = failing();
    hooks.sign_up("lea@example.com");
    hooks.api.advance("7d");
    let refused = hooks.retry().expect(422);
    assert_eq!(refused["code"], "operation_failed");
    assert_eq!(hooks.delivery()["status"], "failed");
    hooks.api.put(&hooks.path(), json!({ "max_retries": 4 })).expect(200);
    hooks.retry().expect(200);
    hooks.api.advance("7d");
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("failed"), &json!(5)));
    assert_eq!(hooks.receiver.received().len(), 4 + 5);
}

#[test]
fn what_arrived_is_not_retried() {
    let hooks = Hooks::to(&["referral.created"]);
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    assert_eq!(hooks.retry().expect(422)["code"], "operation_failed");
    hooks.api.advance("0s");
    assert_eq!(hooks.receiver.received().len(), 1);
}

#[test]
fn deliveries_of_one_subscription_are_unknown_to_another() {
    let hooks = Hooks::to(&["referral.created"]);
    hooks.sign_up("lea@example.com");
    let id = hooks.delivery()["id"].clone();
    let body = json!({ "url": "https://example.com/", "event_types": ["referral.created"] });
    let other = hooks.api.post("/company/webhooks", body).expect(201);
    let elsewhere = format!("/company/webhooks/{}/webhook_deliveries", other["id"]);
    assert_eq!(hooks.api.get(&elsewhere), json!([]));
    for path in [format!("{elsewhere}/{id}"), format!("{}/webhook_deliveries/77", hooks.path())] {
        hooks.api.try_get(&path).expect(404);
        hooks.api.post(&format!("{path}/retry_delivery"), Value::Null).expect(404);
    }
    for path in ["", "/10001"] {
        hooks.api.try_get(&format!("/company/webhooks/77/webhook_deliveries{path}")).expect(404);
    }
}
