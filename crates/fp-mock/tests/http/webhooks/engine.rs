//! How deliveries go out, are tried again, and end.

use fp_mock::Mock;
use fp_mock::webhooks::{Settings, retry};
use serde_json::{Value, json};

use super::receiver::{Behaviour, Receiver};
use super::{Hooks, impatient, sign_up};
use crate::kit::Api;

fn failing() -> Receiver {
    Receiver::scripted(vec![Behaviour::Answer(500, "broken".into())])
}

/// The clock's time after each span, with the number of requests received until then.
#[track_caller]
fn counts_after(hooks: &Hooks, spans: &[&str]) -> Vec<usize> {
    let count = |span: &&str| {
        hooks.api.advance(span);
        hooks.receiver.received().len()
    };
    spans.iter().map(count).collect()
}

#[test]
fn a_delivery_carries_the_documented_headers_and_envelope() {
    let hooks = Hooks::to(&["referral.created"]);
    hooks.sign_up("lea@example.com");
    let received = hooks.received();
    assert_eq!(received.len(), 1);
    let (request, body) = (&received[0], received[0].json());
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("x-event-type"), Some("referral.created"));
    assert_eq!(request.header("x-event-id"), body["event_id"].as_str());
    let members: Vec<_> = body.as_object().expect("an object").keys().collect();
    let documented =
        ["event_id", "event_type", "action", "entity_type", "entity_id", "changes", "data", "timestamp"];
    assert_eq!(members, documented);
    assert_eq!(body["data"]["email"], "lea@example.com");
    assert_eq!((&body["changes"], &body["timestamp"]), (&json!({}), &json!("2025-01-15T10:30:00.000Z")));
    let delivery = hooks.delivery();
    assert_eq!(delivery["payload"], body);
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!((&delivery["response_code"], &delivery["last_error"]), (&json!(200), &Value::Null));
    assert_eq!(delivery["delivered_at"], "2025-01-15T10:30:00.000Z");
}

#[test]
fn linear_retries_come_20_40_and_60_minutes_after_one_another() {
    let hooks = Hooks::with(Api::start(), failing(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    let spans = ["0s", "19m59s", "1s", "39m59s", "1s", "59m59s", "1s", "7d"];
    assert_eq!(counts_after(&hooks, &spans), [1, 1, 2, 2, 3, 3, 4, 4]);
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("failed"), &json!(4)));
    assert_eq!((&delivery["response_code"], &delivery["response_body"]), (&json!(500), &json!("broken")));
    assert_eq!(delivery["last_error"], "the receiver answered 500");
}

#[test]
fn exponential_retries_double_from_2_minutes_over_17_hours() {
    let settings = Settings { schedule: retry::EXPONENTIAL, ..Settings::default() };
    let api = Api::with(Mock::builder().webhooks(settings));
    let wish = json!({ "event_types": ["referral.created"], "max_retries": 9 });
    let hooks = Hooks::with(api, failing(), wish);
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    for (retry, minutes) in (2..).zip([2, 4, 8, 16, 32, 64, 128, 256, 512]) {
        let before = format!("{}m59s", minutes - 1);
        assert_eq!(counts_after(&hooks, &[&before, "1s"]), [retry - 1, retry], "{minutes} minutes");
    }
    assert_eq!(hooks.api.advance("30d")["deliveries"], 0);
    assert_eq!(hooks.delivery()["status"], "failed");
    let first_to_last = hooks.api.admin("GET", "/clock", Value::Null).expect(200);
    assert_eq!(first_to_last["now"], "2025-02-15T03:32:00.000Z");
}

#[test]
fn seventeen_hours_of_retries_pass_in_one_call_and_each_at_its_moment() {
    let settings = Settings { schedule: retry::EXPONENTIAL, ..Settings::default() };
    let api = Api::with(Mock::builder().webhooks(settings));
    let wish = json!({ "event_types": ["referral.created"], "max_retries": 9 });
    let hooks = Hooks::with(api, failing(), wish);
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    assert_eq!(hooks.api.advance("18h")["deliveries"], 9);
    assert_eq!(hooks.delivery()["attempts"], 10);
}

#[test]
fn a_receiver_that_fails_and_then_works_gets_the_same_bytes_again() {
    let script = [500, 503, 200].map(|status| Behaviour::Answer(status, format!("said {status}")));
    let receiver = Receiver::scripted(script.to_vec());
    let hooks = Hooks::with(Api::start(), receiver, json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("retrying"), &json!(1)));
    assert_eq!(delivery["delivered_at"], Value::Null);
    hooks.api.advance("7d");
    let received = hooks.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|request| request.body == received[0].body));
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(3)));
    assert_eq!(delivery["delivered_at"], "2025-01-15T11:30:00.000Z");
    assert_eq!((&delivery["last_error"], &delivery["response_body"]), (&Value::Null, &json!("said 200")));
}

#[test]
fn a_hung_receiver_times_out_and_blocks_nobody_else() {
    let api = impatient();
    let good = Receiver::start();
    let wish = json!({ "event_types": ["referral.created"], "timeout": 30, "max_retries": 1 });
    let hooks = Hooks::with(api, Receiver::scripted(vec![Behaviour::Hang]), wish.clone());
    let mut other = wish;
    other["url"] = json!(good.url());
    hooks.api.post("/company/webhooks", other).expect(201);
    hooks.sign_up("lea@example.com");
    hooks.sign_up("leo@example.com");
    // Both reach the good receiver while the other still says nothing to the first.
    good.wait_for(2);
    hooks.api.advance("0s");
    assert_eq!(hooks.receiver.received().len(), 2);
    for delivery in hooks.deliveries() {
        assert_eq!((&delivery["status"], &delivery["response_code"]), (&json!("retrying"), &Value::Null));
        assert_eq!(delivery["last_error"], "timed out after 30 s");
    }
    hooks.receiver.follow(Vec::new());
    hooks.api.advance("20m");
    assert!(hooks.deliveries().iter().all(|delivery| delivery["status"] == "delivered"));
}

#[test]
fn broken_connections_are_failed_attempts() {
    for (behaviour, sign) in [
        (Behaviour::Reset, "the connection broke: connection reset"),
        (Behaviour::CloseSilently, "the connection broke: connection closed before message completed"),
        (Behaviour::CloseEarly, "the connection broke: "),
    ] {
        let receiver = Receiver::scripted(vec![behaviour.clone(), Behaviour::Answer(204, String::new())]);
        let hooks = Hooks::with(Api::start(), receiver, json!({ "event_types": ["referral.created"] }));
        hooks.sign_up("lea@example.com");
        hooks.api.advance("0s");
        let delivery = hooks.delivery();
        assert_eq!(delivery["status"], "retrying", "{behaviour:?}");
        let error = delivery["last_error"].as_str().unwrap_or_default();
        assert!(error.starts_with(sign), "{behaviour:?}: {error}");
        assert_eq!(hooks.receiver.connections(), 1, "nothing is sent twice by accident");
        hooks.api.advance("20m");
        assert_eq!(hooks.delivery()["status"], "delivered", "{behaviour:?}");
    }
}

#[test]
fn a_receiver_that_nobody_listens_at_is_a_failed_attempt() {
    let hooks = Hooks::to(&["referral.created"]);
    let url = {
        let gone = Receiver::start();
        gone.url().to_owned()
    };
    hooks.api.put(&hooks.path(), json!({ "url": url })).expect(200);
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    let error = delivery["last_error"].as_str().unwrap_or_default();
    assert!(error.starts_with("no connection: connection refused"), "{error}");
}

#[test]
fn redirects_are_not_followed() {
    let elsewhere = Receiver::start();
    let location = vec![("location", format!("{}/other", elsewhere.url()))];
    for status in [301, 302, 303, 307, 308] {
        let behaviour = Behaviour::AnswerWith(status, location.clone(), "go there".into());
        let receiver = Receiver::scripted(vec![behaviour]);
        let hooks = Hooks::with(Api::start(), receiver, json!({ "event_types": ["referral.created"] }));
        hooks.sign_up("lea@example.com");
        hooks.api.advance("0s");
        let delivery = hooks.delivery();
        assert_eq!((&delivery["status"], &delivery["response_code"]), (&json!("retrying"), &json!(status)));
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn of_a_long_answer_a_thousand_characters_are_kept() {
    let long = "ü".repeat(5_000_000);
    let receiver =
        Receiver::scripted(vec![Behaviour::Answer(200, long), Behaviour::Answer(200, "ok".into())]);
    let hooks = Hooks::with(Api::start(), receiver, json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    let delivery = hooks.delivery();
    assert_eq!((&delivery["status"], &delivery["response_code"]), (&json!("delivered"), &json!(200)));
    assert_eq!(delivery["response_body"], json!("ü".repeat(1_000)));
    hooks.sign_up("leo@example.com");
    hooks.api.advance("0s");
    assert_eq!(hooks.deliveries()[0]["response_body"], "ok");
}

#[test]
fn one_receiver_gets_its_events_in_order() {
    let hooks = Hooks::to(&["referral.created"]);
    let emails: Vec<String> = (0..30).map(|n| format!("lead{n}@example.com")).collect();
    for email in &emails {
        hooks.sign_up(email);
    }
    let bodies = hooks.bodies();
    let seen: Vec<_> = bodies.iter().map(|body| body["data"]["email"].as_str().unwrap_or_default()).collect();
    assert_eq!(seen, emails);
}

#[test]
fn a_receiver_that_calls_back_is_served_and_sees_the_events_time() {
    let api = Api::start();
    let url = format!("{}/api/v2/track/signup", api.mock().url());
    let headers = vec![
        ("authorization", "Bearer k".to_owned()),
        ("account-id", "1".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    let lead = json!({ "email": "echo@example.com", "ref_id": "jane89" });
    let script = vec![
        Behaviour::Answer(500, String::new()),
        Behaviour::CallBack(url, headers, lead),
        Behaviour::Answer(200, String::new()),
    ];
    let hooks = Hooks::with(api, Receiver::scripted(script), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    // The retry after 20 minutes calls back, and what that makes is delivered within the same call.
    assert_eq!(hooks.api.advance("2h")["deliveries"], 2);
    let bodies = hooks.bodies();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies[2]["data"]["email"], "echo@example.com");
    assert_eq!(bodies[2]["data"]["created_at"], "2025-01-15T10:50:00.000Z");
    assert_eq!(bodies[2]["timestamp"], "2025-01-15T10:50:00.000Z");
}

#[test]
fn a_deleted_subscription_gets_nothing_more_and_leaves_no_deliveries() {
    let hooks = Hooks::with(Api::start(), failing(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    assert_eq!(hooks.api.delete(&hooks.path(), Value::Null).expect(200), json!({}));
    assert_eq!(hooks.api.advance("7d")["deliveries"], 0);
    assert_eq!(hooks.receiver.received().len(), 1);
    assert_eq!(hooks.api.try_get(&format!("{}/webhook_deliveries", hooks.path())).status, 404);
}

#[test]
fn a_paused_subscription_holds_its_deliveries_until_it_is_active_again() {
    let hooks = Hooks::with(Api::start(), failing(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    hooks.api.put(&hooks.path(), json!({ "active": false })).expect(200);
    hooks.sign_up("unheard@example.com");
    assert_eq!(hooks.api.advance("7d")["deliveries"], 0);
    assert_eq!(hooks.delivery()["status"], "retrying");
    hooks.receiver.follow(Vec::new());
    hooks.api.put(&hooks.path(), json!({ "active": true })).expect(200);
    hooks.api.advance("0s");
    assert_eq!(hooks.delivery()["status"], "delivered");
    assert_eq!(hooks.receiver.received().len(), 2);
}

#[test]
fn on_the_real_clock_deliveries_go_out_by_themselves() {
    let api = Api::with(Mock::builder().clock(fp_mock::clock::Mode::Real));
    let hooks = Hooks::with(api, Receiver::start(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.receiver.wait_for(1);
}

#[test]
fn on_a_fast_clock_retries_come_sooner() {
    let api = Api::with(Mock::builder().clock(fp_mock::clock::Mode::Fast { speed: 20_000.0 }));
    let hooks = Hooks::with(api, failing(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.receiver.wait_for(4);
}

#[test]
fn a_refused_call_tells_nobody_anything() {
    let hooks = Hooks::to(&["referral.created", "referral.updated", "commission.created"]);
    hooks.sign_up("lea@example.com");
    let twice = json!({ "email": "lea@example.com", "ref_id": "jane89" });
    hooks.api.post("/track/signup", twice).expect(422);
    assert_eq!(hooks.bodies().len(), 1);
}

#[test]
fn the_same_seed_and_requests_give_the_same_bytes() {
    let run = || {
        let hooks = Hooks::to(&["referral.created", "commission.created", "promoter.balance.updated"]);
        hooks.sign_up("lea@example.com");
        let sale = json!({ "email": "lea@example.com", "event_id": "evt_1", "amount": 5000 });
        hooks.api.post("/track/sale", sale).expect(200);
        hooks.received().into_iter().map(|request| request.body).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn subscribing_changes_no_id_or_token_of_the_business() {
    let promoter = |api: &Api| {
        let body = json!({ "email": "new@example.com", "profile": { "first_name": "New" } });
        api.post("/company/promoters", body).expect(201)
    };
    let hooks = Hooks::to(&["promoter.created"]);
    assert_eq!(promoter(&hooks.api), promoter(&Api::start()));
}

#[test]
fn a_reset_forgets_subscriptions_and_deliveries_under_way() {
    let hooks = Hooks::with(
        impatient(),
        Receiver::scripted(vec![Behaviour::Hang]),
        json!({ "event_types": ["referral.created"] }),
    );
    hooks.sign_up("lea@example.com");
    hooks.receiver.wait_for(1);
    hooks.api.admin("POST", "/reset", Value::Null).expect(200);
    assert_eq!(hooks.api.get("/company/webhooks"), json!([]));
    assert_eq!(hooks.api.advance("7d")["deliveries"], 0);
    sign_up(&hooks.api, "lea@example.com");
}
