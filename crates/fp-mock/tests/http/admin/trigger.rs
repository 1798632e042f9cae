//! `/__admin/trigger/{event_type}`.

use serde_json::{Value, json};

use crate::kit::Api;

const LEGACY: [&str; 8] = [
    "lead_signup",
    "lead_becomes_referral",
    "new_customer",
    "lead_cancelled",
    "promoter_signed_up",
    "promoter_accepted",
    "reward_created",
    "fulfilment_pending",
];

/// The starter scenario in which every campaign tells the built-in inbox `hooks`.
fn telling() -> Api {
    let api = Api::start();
    let inbox = format!("{}/__admin/inbox/hooks", api.mock().url());
    let starter = include_str!("../../../../../fixtures/scenarios/starter.yaml");
    let urls = format!("    default_webhook_url: {inbox}\n    fulfilment_url: {inbox}\n    landing_url");
    let headers = vec![("account-id".to_owned(), "1".to_owned())];
    let scenario = starter.replace("    landing_url", &urls);
    api.send("PUT", "/__admin/scenario", &headers, scenario.as_bytes()).expect(200);
    api
}

#[track_caller]
fn event_types(api: &Api) -> Vec<String> {
    let listed = api.get("/company/webhooks/event_types");
    let names = listed["data"].as_array().expect("a list").iter();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[track_caller]
fn trigger(api: &Api, kind: &str, body: Value) -> Value {
    api.admin("POST", &format!("/trigger/{kind}"), body).expect(200)
}

/// Nothing was sent that the contract has something against.
#[track_caller]
fn assert_no_violations(api: &Api) {
    let found = api.admin("GET", "/violations?side=response", Value::Null).expect(200);
    assert_eq!(found["violations"], json!([]));
}

#[test]
fn every_event_of_the_current_system_can_be_triggered_and_is_sent_as_answered() {
    let api = Api::start();
    for kind in event_types(&api) {
        let url = format!("{}/__admin/inbox/{kind}", api.mock().url());
        api.post("/company/webhooks", json!({ "url": url, "event_types": [kind] })).expect(201);
        let answer = trigger(&api, &kind, Value::Null);
        assert_eq!(answer["payload"]["event_type"], json!(kind));
        assert!(!answer["records"].as_object().expect("an object").is_empty(), "{kind}: {answer}");
        api.advance("0s");
        let inbox = api.admin("GET", &format!("/inbox/{kind}"), Value::Null).expect(200);
        let received = inbox["received"].as_array().expect("a list");
        assert!(received.iter().any(|request| request["json"] == answer["payload"]), "{kind}: {answer}");
        let delivery = api.admin("GET", &format!("/deliveries/{}", answer["deliveries"][0]), Value::Null);
        assert_eq!(delivery.expect(200)["payload"], answer["payload"], "{kind}");
    }
    assert_no_violations(&api);
}

#[test]
fn every_legacy_event_can_be_triggered_and_is_sent_as_answered() {
    for kind in LEGACY {
        let api = telling();
        let answer = trigger(&api, kind, Value::Null);
        assert_eq!(answer["payload"]["event"]["type"], kind);
        api.advance("0s");
        let inbox = api.admin("GET", "/inbox/hooks", Value::Null).expect(200);
        let received = inbox["received"].as_array().expect("a list");
        assert!(received.iter().any(|request| request["json"] == answer["payload"]), "{kind}: {answer}");
        assert_no_violations(&api);
    }
}

#[test]
fn an_event_that_nobody_wants_is_shown_all_the_same() {
    let api = Api::start();
    for kind in event_types(&api).iter().map(String::as_str).chain(LEGACY) {
        let answer = trigger(&api, kind, Value::Null);
        assert_eq!(answer["deliveries"], json!([]), "{kind}");
        assert!(answer["payload"].is_object(), "{kind}");
    }
    assert_eq!(api.admin("GET", "/deliveries", Value::Null).expect(200)["meta"]["total"], 0);
}

#[test]
fn the_records_are_the_business_own() {
    let api = Api::start();
    let answer = trigger(&api, "payout.updated", Value::Null);
    let payout = &api.get("/company/payouts")[0];
    assert_eq!((&payout["id"], &payout["status"]), (&answer["records"]["payout"], &json!("completed")));
    assert_eq!(&answer["payload"]["data"], payout);
    let commission = &api.get("/company/commissions")[0];
    assert_eq!((&commission["id"], &commission["is_paid"]), (&answer["records"]["commission"], &json!(true)));
}

#[test]
fn overrides_choose_and_shape_the_records() {
    let api = Api::start();
    let wish = json!({
        "promoter_email": "jane@example.com", "email": "lea@example.com", "uid": "u1", "amount": 12_345,
        "event_id": "evt_mine",
    });
    let answer = trigger(&api, "commission.created", json!({ "override": wish }));
    assert_eq!(answer["records"]["promoter"], 500_001);
    assert_eq!(answer["payload"]["data"]["amount"], 2_469);
    assert_eq!(answer["payload"]["data"]["referral"]["uid"], "u1");
    let row = &api.get("/company/commissions")[0];
    assert_eq!(
        (&row["event_id"], &row["referral"]["email"]),
        (&json!("evt_mine"), &json!("lea@example.com"))
    );
    let in_campaign = json!({ "override": { "campaign_id": 5_399 } });
    let joined = trigger(&api, "promoter_campaign.created", in_campaign);
    assert_eq!(joined["payload"]["data"]["campaign"]["id"], 5_399);
    let points = json!({ "override": { "unit": "points", "amount": 7 } });
    let asked = trigger(&api, "fulfilment_pending", points);
    assert_eq!(
        (&asked["payload"]["data"]["unit"], &asked["payload"]["data"]["amount"]),
        (&json!("points"), &json!(7))
    );
}

#[test]
fn a_threshold_made_for_a_trigger_is_gone_afterwards() {
    let api = Api::start();
    let moved = trigger(&api, "referral.moved", Value::Null);
    assert_eq!(moved["payload"]["changes"]["promoter_campaign"][0]["campaign_id"], 13_202);
    let jane = json!({ "email": "lea@example.com", "ref_id": "jane89" });
    api.post("/track/signup", jane).expect(200);
    let sale = json!({ "email": "lea@example.com", "event_id": "evt_1", "amount": 100 });
    let sold = api.post("/track/sale", sale).expect(200);
    assert_eq!(sold["commissions"][0]["promoter_campaign"]["campaign_id"], 13_202);
}

#[test]
fn what_cannot_happen_is_refused_and_leaves_nothing() {
    let api = Api::start();
    for (kind, wish, status) in [
        ("promoter.exploded", json!({}), 404),
        ("promoter.created", json!({ "colour": "red" }), 400),
        ("commission.created", json!({ "promoter_id": 77 }), 422),
        ("commission.created", json!({ "campaign_id": 77 }), 422),
        ("promoter.created", json!({ "promoter_email": "jane@example.com" }), 422),
        ("fulfilment_pending", json!({ "unit": "bananas" }), 422),
        ("payout_method.created", json!({ "method": "shells" }), 422),
    ] {
        let refused =
            api.admin("POST", &format!("/trigger/{kind}"), json!({ "override": wish })).expect(status);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{kind}: {refused}");
    }
    assert_eq!(api.get("/company/commissions"), json!([]));
}
