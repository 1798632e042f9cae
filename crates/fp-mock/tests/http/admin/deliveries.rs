//! `/__admin/deliveries`, `/__admin/inbox`, and waiting for deliveries.

use serde_json::{Value, json};

use crate::kit::Api;

/// A subscription of the built-in inbox `hooks`.
fn subscribed(events: &[&str]) -> (Api, Value) {
    let api = Api::start();
    let url = format!("{}/__admin/inbox/hooks", api.mock().url());
    let body = json!({ "url": url, "event_types": events });
    let subscription = api.post("/company/webhooks", body).expect(201);
    (api, subscription)
}

#[track_caller]
fn sign_up(api: &Api, email: &str) {
    api.post("/track/signup", json!({ "email": email, "ref_id": "jane89" })).expect(200);
}

#[track_caller]
fn inbox(api: &Api) -> Value {
    api.admin("GET", "/inbox/hooks", Value::Null).expect(200)
}

#[test]
fn the_built_in_inbox_takes_webhooks_and_lists_them() {
    let (api, _) = subscribed(&["referral.created"]);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let inbox = inbox(&api);
    assert_eq!(inbox["meta"], json!({ "total": 1, "evicted": 0 }));
    let received = &inbox["received"][0];
    assert_eq!(received["headers"]["x-event-type"], "referral.created");
    assert_eq!(received["json"]["data"]["email"], "lea@example.com");
    assert_eq!(received["json"], serde_json::from_str::<Value>(received["body"].as_str().unwrap()).unwrap());
    assert_eq!((&received["at"], &received["answered"]), (&json!("2025-01-15T10:30:00.000Z"), &json!(200)));
    assert_eq!(api.admin("DELETE", "/inbox/hooks", Value::Null).expect(200), json!({}));
    assert_eq!(self::inbox(&api)["received"], json!([]));
}

#[test]
fn the_inbox_answers_as_it_is_programmed() {
    let (api, subscription) = subscribed(&["referral.created"]);
    let program = json!({ "statuses": [500, 500, 200] });
    let shown = api.admin("PUT", "/inbox/hooks", program).expect(200);
    assert_eq!((&shown["statuses"], &shown["delay_ms"]), (&json!([500, 500, 200]), &json!(0)));
    sign_up(&api, "lea@example.com");
    api.advance("2h");
    let answered = |inbox: Value| inbox["received"].as_array().map(|all| all.len());
    assert_eq!(answered(inbox(&api)), Some(3));
    let path = format!("/company/webhooks/{}/webhook_deliveries", subscription["id"]);
    assert_eq!(api.get(&path)[0]["status"], "delivered");
    for bad in [json!({ "statuses": [99] }), json!({ "delay_ms": -1 }), json!({ "colour": 1 })] {
        let refused = api.admin("PUT", "/inbox/hooks", bad).expect(400);
        assert!(refused["hint"].is_string(), "{refused}");
    }
}

#[test]
fn a_slow_inbox_makes_deliveries_time_out() {
    let (api, subscription) = subscribed(&["referral.created"]);
    let path = format!("/company/webhooks/{}", subscription["id"]);
    api.put(&path, json!({ "timeout": 1, "max_retries": 0 })).expect(200);
    api.admin("PUT", "/inbox/hooks", json!({ "delay_ms": 60_000 })).expect(200);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let delivery = &api.get(&format!("{path}/webhook_deliveries"))[0];
    assert_eq!(
        (&delivery["status"], &delivery["last_error"]),
        (&json!("failed"), &json!("timed out after 1 s"))
    );
}

#[test]
fn every_attempt_is_kept_with_what_was_sent_and_answered() {
    let (api, subscription) = subscribed(&["referral.created"]);
    let auth =
        json!({ "basic_auth_user": "me", "basic_auth_password": "secret", "headers": { "X-Team": "blue" } });
    api.put(&format!("/company/webhooks/{}", subscription["id"]), auth).expect(200);
    api.admin("PUT", "/inbox/hooks", json!({ "statuses": [503, 202] })).expect(200);
    sign_up(&api, "lea@example.com");
    api.advance("20m");
    let list = api.admin("GET", "/deliveries", Value::Null).expect(200);
    assert_eq!(list["meta"]["total"], 1);
    let delivery = &list["deliveries"][0];
    assert_eq!((&delivery["system"], &delivery["subscription"]), (&json!("v2"), &subscription["id"]));
    assert_eq!((&delivery["status"], &delivery["due_at"]), (&json!("delivered"), &Value::Null));
    let tries = delivery["tries"].as_array().expect("a list");
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0]["response"]["status"], 503);
    assert_eq!(tries[0]["error"], "the receiver answered 503");
    assert_eq!((&tries[1]["at"], &tries[1]["error"]), (&json!("2025-01-15T10:50:00.000Z"), &Value::Null));
    assert_eq!(tries[1]["request"]["body"], inbox(&api)["received"][1]["body"]);
    assert_eq!(tries[1]["request"]["headers"]["X-Team"], "blue");
    assert!(!list.to_string().contains("c2VjcmV0") && !list.to_string().contains("secret"), "{list}");
    assert_eq!(inbox(&api)["received"][0]["headers"]["authorization"], "Basic bWU6c2VjcmV0");
    let one = api.admin("GET", &format!("/deliveries/{}", delivery["id"]), Value::Null).expect(200);
    assert_eq!(&one, delivery);
}

#[test]
fn the_list_is_filtered_by_status_type_and_subscription() {
    let (api, first) = subscribed(&["referral.created"]);
    let body = json!({ "url": "http://127.0.0.1:9/", "event_types": ["referral.created"], "max_retries": 0 });
    let second = api.post("/company/webhooks", body).expect(201);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let subscriptions = |query: &str| {
        let list = api.admin("GET", &format!("/deliveries{query}"), Value::Null).expect(200);
        let rows = list["deliveries"].as_array().expect("a list").clone();
        rows.into_iter().map(|row| row["subscription"].clone()).collect::<Vec<_>>()
    };
    let (first, second) = (&first["id"], &second["id"]);
    for (query, expected) in [
        (String::new(), vec![second, first]),
        ("?status=delivered".into(), vec![first]),
        ("?status=failed".into(), vec![second]),
        ("?event_type=referral.created&limit=1".into(), vec![second]),
        ("?event_type=commission.created".into(), vec![]),
        (format!("?subscription={first}"), vec![first]),
    ] {
        assert_eq!(subscriptions(&query).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    api.admin("GET", "/deliveries?status=lost", Value::Null).expect(400);
    api.admin("GET", "/deliveries?colour=red", Value::Null).expect(400);
    api.admin("GET", "/deliveries/77", Value::Null).expect(404);
}

#[test]
fn a_replay_sends_the_same_bytes_again() {
    let (api, subscription) = subscribed(&["referral.created"]);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let path = format!("/company/webhooks/{}/webhook_deliveries", subscription["id"]);
    let id = api.get(&path)[0]["id"].clone();
    let replay = |body: Value| api.admin("POST", &format!("/deliveries/{id}/replay"), body).expect(200);
    let once = replay(Value::Null);
    assert_eq!(once["replays"][0]["status"], "delivered");
    assert_eq!(once["replays"][0]["replay_of"], id);
    let thrice = replay(json!({ "duplicate": 3 }));
    assert_eq!(thrice["replays"].as_array().map(Vec::len), Some(3));
    let received = inbox(&api)["received"].as_array().expect("a list").clone();
    assert_eq!(received.len(), 5);
    for request in &received {
        assert_eq!((&request["body"], &request["headers"]), (&received[0]["body"], &received[0]["headers"]));
    }
    assert_eq!(api.get(&path).as_array().map(Vec::len), Some(1), "the API knows of one delivery");
}

#[test]
fn a_tampered_replay_keeps_the_signature_of_the_true_body() {
    let (api, _) = subscribed(&["referral.created"]);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let id = api.admin("GET", "/deliveries", Value::Null).expect(200)["deliveries"][0]["id"].clone();
    api.admin("POST", &format!("/deliveries/{id}/replay"), json!({ "tamper": true })).expect(200);
    let inbox = inbox(&api);
    let (sent, tampered) = (&inbox["received"][0], &inbox["received"][1]);
    let signature = |request: &Value| request["headers"]["x-webhook-signature"].clone();
    assert_eq!(signature(sent), signature(tampered));
    assert_ne!(sent["body"], tampered["body"]);
    assert_eq!(tampered["json"]["tampered"], true);
    let violations = api.admin("GET", "/violations", Value::Null).expect(200);
    assert_eq!(violations["violations"], json!([]));
}

#[test]
fn a_delayed_replay_waits_on_the_accounts_clock() {
    let (api, _) = subscribed(&["referral.created"]);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let id = api.admin("GET", "/deliveries", Value::Null).expect(200)["deliveries"][0]["id"].clone();
    let path = format!("/deliveries/{id}/replay");
    let delayed = api.admin("POST", &path, json!({ "delay": "5m" })).expect(200);
    assert_eq!(delayed["replays"][0]["due_at"], "2025-01-15T10:35:00.000Z");
    api.advance("4m59s");
    assert_eq!(inbox(&api)["meta"]["total"], 1);
    api.advance("1s");
    assert_eq!(inbox(&api)["meta"]["total"], 2);
    for bad in [json!({ "duplicate": 0 }), json!({ "delay": "soon" }), json!({ "speed": 9 })] {
        api.admin("POST", &path, bad).expect(400);
    }
    api.admin("POST", "/deliveries/77/replay", Value::Null).expect(404);
}

#[test]
fn a_test_can_wait_for_a_delivery() {
    let (api, subscription) = subscribed(&["referral.created"]);
    sign_up(&api, "lea@example.com");
    let wanted = json!({ "event_type": "referral.created", "subscription": subscription["id"] });
    let arrived = api.admin("POST", "/wait", json!({ "for": "delivery", "match": wanted })).expect(200);
    assert_eq!(arrived["arrived"]["payload"]["data"]["email"], "lea@example.com");
    let wanted = json!({ "event_type": "referral.created", "status": "failed" });
    let wait = json!({ "for": "delivery", "match": wanted, "timeout_ms": 20 });
    let in_vain = api.admin("POST", "/wait", wait).expect(408);
    assert_eq!(in_vain["nearest"]["differences"], json!(["status: expected failed, found delivered"]));
    for bad in [json!({ "status": "lost" }), json!({ "colour": "red" })] {
        api.admin("POST", "/wait", json!({ "for": "delivery", "match": bad })).expect(400);
    }
}

#[test]
fn a_test_can_wait_until_nothing_goes_on() {
    let (api, _) = subscribed(&["referral.created"]);
    for n in 0..10 {
        sign_up(&api, &format!("lead{n}@example.com"));
    }
    let idle = api.admin("POST", "/wait", json!({ "for": "idle" })).expect(200);
    assert_eq!(idle["arrived"]["under_way"], false);
    assert_eq!(inbox(&api)["meta"]["total"], 10);
}

#[test]
fn inboxes_of_other_accounts_are_named_in_the_url() {
    let (api, _) = subscribed(&["referral.created"]);
    let url = format!("{}/__admin/inbox/hooks?account=7", api.mock().url());
    let list = api.get("/company/webhooks");
    api.put(&format!("/company/webhooks/{}", list[0]["id"]), json!({ "url": url })).expect(200);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    assert_eq!(inbox(&api)["meta"]["total"], 0);
    let other = api.as_account("7").admin("GET", "/inbox/hooks", &Value::Null);
    assert_eq!(other.expect(200)["meta"]["total"], 1);
}

#[test]
fn a_rotated_secret_signs_whatever_is_sent_from_then_on() {
    let (api, subscription) = subscribed(&["referral.created"]);
    api.admin("PUT", "/inbox/hooks", json!({ "statuses": [500, 200] })).expect(200);
    sign_up(&api, "lea@example.com");
    api.advance("0s");
    let path = format!("/webhooks/{}/rotate_secret", subscription["id"]);
    let rotated = api.admin("POST", &path, Value::Null).expect(200);
    assert_eq!(rotated["secret_key"].as_str().map(str::len), Some(64));
    assert_ne!(rotated["secret_key"], subscription["secret_key"]);
    api.advance("20m");
    let received = inbox(&api)["received"].clone();
    assert_eq!(received[0]["body"], received[1]["body"]);
    for (request, secret) in
        [(&received[0], &subscription["secret_key"]), (&received[1], &rotated["secret_key"])]
    {
        let secret = secret.as_str().expect("a secret");
        let body = request["body"].as_str().expect("a body");
        let signature = fp_mock::webhooks::signature::sign(secret, body.as_bytes());
        assert_eq!(request["headers"]["x-webhook-signature"], json!(signature));
    }
    api.admin("POST", "/webhooks/77/rotate_secret", Value::Null).expect(404);
}
