//! `/company/webhooks`.

use fp_mock::Mock;
use fp_mock::webhooks::Settings;
use serde_json::{Value, json};

use crate::kit::Api;
use crate::webhooks::receiver::{Behaviour, Receiver};

const URL: &str = "https://hooks.example.com/firstpromoter";

fn wish() -> Value {
    json!({ "url": URL, "event_types": ["referral.created", "commission.created"] })
}

#[track_caller]
fn made(api: &Api, wish: Value) -> (String, Value) {
    let made = api.post("/company/webhooks", wish).expect(201);
    (format!("/company/webhooks/{}", made["id"]), made)
}

#[test]
fn a_subscription_has_the_documented_defaults_and_shows_its_secret_once() {
    let api = Api::start();
    let (path, made) = made(&api, wish());
    assert_eq!((&made["url"], &made["description"]), (&json!(URL), &Value::Null));
    assert_eq!(made["event_types"], json!(["referral.created", "commission.created"]));
    assert_eq!((&made["campaign_ids"], &made["active"]), (&json!([1]), &json!(true)));
    assert_eq!((&made["timeout"], &made["max_retries"]), (&json!(30), &json!(3)));
    assert_eq!((&made["headers"], &made["basic_auth_user"]), (&json!({}), &Value::Null));
    assert_eq!(made["basic_auth_enabled"], false);
    let secret = made["secret_key"].as_str().expect("a secret");
    assert!(secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
    let mut later = made.clone();
    later.as_object_mut().expect("an object").remove("secret_key");
    assert_eq!(api.get(&path), later);
    assert_eq!(api.get("/company/webhooks"), json!([later]));
    let (_, other) = self::made(&api, wish());
    assert_ne!(other["secret_key"], made["secret_key"]);
}

#[test]
fn everything_can_be_given_and_the_password_is_never_shown() {
    let api = Api::start();
    let mut wish = wish();
    wish["description"] = json!("Production");
    wish["campaign_ids"] = json!([13202, 5399]);
    wish["active"] = json!(false);
    wish["timeout"] = json!(120);
    wish["max_retries"] = json!(10);
    wish["headers"] = json!({ "Authorization": "Bearer my-token", "X-Team": "blue" });
    wish["basic_auth_user"] = json!("me");
    wish["basic_auth_password"] = json!("let me in");
    let (path, made) = made(&api, wish.clone());
    let shown = api.get(&path);
    for (field, value) in wish.as_object().expect("an object") {
        let expected = if field == "basic_auth_password" { &Value::Null } else { value };
        assert_eq!(&shown[field], expected, "{field}");
    }
    assert_eq!(shown["basic_auth_enabled"], true);
    assert!(!made.to_string().contains("let me in"));
}

#[test]
fn only_what_is_sent_is_changed() {
    let api = Api::start();
    let (path, made) = made(&api, wish());
    api.advance("1h");
    let changed = api.put(&path, json!({ "timeout": 5, "description": "Later" })).expect(200);
    assert_eq!((&changed["timeout"], &changed["description"]), (&json!(5), &json!("Later")));
    assert_eq!((&changed["url"], &changed["event_types"]), (&made["url"], &made["event_types"]));
    assert_eq!(changed["created_at"], "2025-01-15T10:30:00.000Z");
    assert_eq!(changed["updated_at"], "2025-01-15T11:30:00.000Z");
    assert!(changed.get("secret_key").is_none());
    let emptied = api.put(&path, json!({ "description": "" })).expect(200);
    assert_eq!(emptied["description"], Value::Null);
}

#[test]
fn lists_show_the_newest_first_and_page_by_25() {
    let api = Api::start();
    let ids: Vec<Value> = (0..27).map(|_| made(&api, wish()).1["id"].clone()).collect();
    let page = |query: &str| {
        let list = api.get(&format!("/company/webhooks{query}"));
        list.as_array().expect("a list").iter().map(|row| row["id"].clone()).collect::<Vec<_>>()
    };
    let newest_first: Vec<Value> = ids.into_iter().rev().collect();
    assert_eq!(page(""), newest_first[..25]);
    assert_eq!(page("?page=2"), newest_first[25..]);
    assert_eq!(page("?page=2&per_page=10"), newest_first[10..20]);
}

#[test]
fn what_makes_no_sense_is_refused_field_by_field() {
    let api = Api::start();
    for field in ["url", "event_types"] {
        let mut wish = wish();
        wish.as_object_mut().expect("an object").remove(field);
        let refused = api.post("/company/webhooks", wish).expect(422);
        assert_eq!(refused["message"], format!("param is missing or the value is empty or invalid: {field}"));
    }
    for (field, value, problem) in [
        ("url", json!("hooks.example.com"), "is not a valid http or https URL"),
        ("url", json!("ftp://example.com/"), "is not a valid http or https URL"),
        ("event_types", json!(["referral.exploded"]), "contain an unknown type \"referral.exploded\""),
        ("timeout", json!(0), "must be between 1 and 120"),
        ("timeout", json!(121), "must be between 1 and 120"),
        ("max_retries", json!(-1), "must be between 0 and 10"),
        ("max_retries", json!(11), "must be between 0 and 10"),
        ("headers", json!({ "No Blanks": "x" }), "have the name \"No Blanks\", which is no header's"),
    ] {
        let mut bad = wish();
        bad[field] = value.clone();
        let refused = api.post("/company/webhooks", bad).expect(422);
        assert_eq!(refused["code"], "invalid_record", "{field} {value}");
        assert_eq!(refused["errors"], json!({ field: [problem] }), "{field} {value}");
    }
    let bad = json!({ "url": URL, "event_types": ["referral.created"], "timeout": 0, "max_retries": 99 });
    let refused = api.post("/company/webhooks", bad).expect(422);
    assert_eq!(refused["errors"].as_object().map(serde_json::Map::len), Some(2), "all at once: {refused}");
    assert_eq!(api.get("/company/webhooks"), json!([]));
}

#[test]
fn a_refused_change_leaves_the_subscription_as_it_was() {
    let api = Api::start();
    let (path, _) = made(&api, wish());
    let before = api.get(&path);
    api.put(&path, json!({ "description": "New", "timeout": 0 })).expect(422);
    api.put(&path, json!({ "description": "New", "event_types": [] })).expect(422);
    assert_eq!(api.get(&path), before);
}

#[test]
fn an_unknown_subscription_is_not_found() {
    let api = Api::start();
    for path in ["/company/webhooks/77", "/company/webhooks/soon"] {
        assert_eq!(api.try_get(path).expect(404)["code"], "not_found");
        api.put(path, json!({ "timeout": 5 })).expect(404);
        api.delete(path, Value::Null).expect(404);
    }
}

#[test]
fn subscriptions_of_one_account_are_unknown_to_another() {
    let api = Api::start();
    let (path, _) = made(&api, wish());
    api.as_account("2").call("GET", &path, &Value::Null).expect(404);
}

#[test]
fn the_event_types_are_the_documented_28_sorted() {
    let listed = Api::start().get("/company/webhooks/event_types");
    let documented = include_str!("../../../../../fixtures/payloads/v2/webhooks/event_types.json");
    assert_eq!(listed, serde_json::from_str::<Value>(documented).expect("JSON"));
}

#[test]
fn with_denied_private_urls_nobody_can_subscribe_from_a_private_network() {
    let settings = Settings { private_urls: false, ..Settings::default() };
    let api = Api::with(Mock::builder().webhooks(settings));
    let mut private = wish();
    private["url"] = json!("http://192.168.1.10/hook");
    let refused = api.post("/company/webhooks", private).expect(422);
    assert_eq!(refused["errors"], json!({ "url": ["leads into a private network"] }));
    made(&api, wish());
}

#[test]
fn the_test_call_sends_a_sample_and_mirrors_the_answer() {
    let api = Api::start();
    let receiver = Receiver::scripted(vec![Behaviour::Answer(418, "short and stout".into())]);
    let body = json!({
        "url": format!("{}/hook", receiver.url()),
        "event_type": "payout.updated",
        "headers": { "X-Api-Key": "my-secret-token" },
        "basic_auth_user": "me",
        "basic_auth_password": "secret",
    });
    let mirrored = api.post("/company/webhooks/test", body).expect(200);
    assert_eq!(mirrored, json!({ "status": 418, "body": "short and stout" }));
    let received = &receiver.received()[0];
    assert_eq!(received.header("x-event-type"), Some("payout.updated"));
    assert_eq!(received.header("x-api-key"), Some("my-secret-token"));
    assert_eq!(received.header("authorization"), Some("Basic bWU6c2VjcmV0"));
    assert_eq!(received.header("x-webhook-signature").map(str::len), Some(64));
    let sent = received.json();
    assert_eq!((&sent["data"], &sent["entity_id"]), (&json!({ "test": true }), &Value::Null));
    assert_eq!((&sent["event_type"], &sent["action"]), (&json!("payout.updated"), &json!("updated")));
    assert_eq!(received.header("x-event-id"), sent["event_id"].as_str());
    assert_eq!(api.admin("GET", "/deliveries", Value::Null).expect(200)["meta"]["total"], 0);
}

#[test]
fn the_test_call_follows_no_redirect() {
    let (api, elsewhere) = (Api::start(), Receiver::start());
    let location = vec![("location", elsewhere.url().to_owned())];
    let receiver = Receiver::scripted(vec![Behaviour::AnswerWith(302, location, "there".into())]);
    let body = json!({ "url": receiver.url(), "event_type": "payout.updated" });
    let mirrored = api.post("/company/webhooks/test", body).expect(200);
    assert_eq!(mirrored, json!({ "status": 302, "body": "there" }));
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn the_test_call_refuses_urls_that_may_not_be_called() {
    let settings = Settings { private_urls: false, ..Settings::default() };
    let api = Api::with(Mock::builder().webhooks(settings));
    for url in ["not a url", "http://127.0.0.1:9/", "http://localhost/", "gopher://example.com/"] {
        let refused =
            api.post("/company/webhooks/test", json!({ "url": url, "event_type": "payout.updated" }));
        assert_eq!(refused.expect(400)["code"], "invalid_params", "{url}");
    }
    let open = Api::start();
    let refused =
        open.post("/company/webhooks/test", json!({ "url": "nonsense", "event_type": "payout.updated" }));
    assert_eq!(refused.expect(400)["code"], "invalid_params");
    let no_type = open.post("/company/webhooks/test", json!({ "url": URL, "event_type": "payout.exploded" }));
    assert_eq!(no_type.expect(422)["code"], "invalid_params");
    for (body, name) in
        [(json!({ "event_type": "payout.updated" }), "url"), (json!({ "url": URL }), "event_type")]
    {
        let refused = open.post("/company/webhooks/test", body).expect(422);
        assert_eq!(refused["message"], format!("param is missing or the value is empty or invalid: {name}"));
    }
}

#[test]
fn the_test_call_says_when_nobody_listens() {
    let api = Api::start();
    let url = Receiver::start().url().to_owned();
    let refused = api.post("/company/webhooks/test", json!({ "url": url, "event_type": "payout.updated" }));
    let refused = refused.expect(422);
    assert_eq!(refused["code"], "operation_failed");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("connection refused")), "{refused}");
}

#[test]
fn an_account_is_served_while_a_test_call_waits_for_its_receiver() {
    let api = crate::webhooks::impatient();
    let receiver = Receiver::scripted(vec![Behaviour::Hang]);
    let body = json!({ "url": receiver.url(), "event_type": "payout.updated" });
    std::thread::scope(|scope| {
        let test = scope.spawn(|| api.post("/company/webhooks/test", body));
        receiver.wait_for(1);
        made(&api, wish());
        let refused = test.join().expect("no panic").expect(422);
        assert_eq!(refused["message"], "timed out after 30 s");
    });
}
