//! Who gets what: event types, campaigns, several subscriptions.

use serde_json::{Value, json};

use super::{JANE, MAIN, PARTNERS, about};
use crate::kit::Api;
use crate::webhooks::Hooks;
use crate::webhooks::receiver::Receiver;

#[test]
fn a_subscription_gets_the_types_it_names_in_the_fixed_order() {
    let hooks = Hooks::to(&["commission.created", "promoter.balance.updated", "referral.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let told: Vec<String> = hooks.events().iter().map(|event| about(event).0.to_owned()).collect();
    assert_eq!(told, ["promoter.balance.updated", "referral.updated", "commission.created"]);
}

#[test]
fn subscriptions_get_the_same_event_each_signed_with_its_own_secret() {
    let hooks = Hooks::to(&["referral.created"]);
    let other = Receiver::start();
    let body = json!({ "url": other.url(), "event_types": ["referral.created"] });
    let second = hooks.api.post("/company/webhooks", body).expect(201);
    assert_ne!(second["secret_key"], hooks.subscription["secret_key"]);
    hooks.sign_up("lea@example.com");
    let first = &hooks.received()[0];
    let second = &other.received()[0];
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("x-event-id"), second.header("x-event-id"));
    assert_ne!(first.header("x-webhook-signature"), second.header("x-webhook-signature"));
}

#[test]
fn a_campaign_filter_lets_only_its_campaigns_through() {
    let kinds = ["referral.created", "promoter.updated", "promoter_campaign.created"];
    let wish = json!({ "event_types": kinds, "campaign_ids": [PARTNERS] });
    let hooks = Hooks::with(Api::start(), Receiver::start(), wish);
    hooks.sign_up("lea@example.com");
    hooks.api.put(&format!("/company/promoters/{JANE}"), json!({ "cust_id": "cus_1" })).expect(200);
    assert_eq!(hooks.events(), [] as [Value; 0]);
    let body = json!({ "ids": [JANE], "campaign_id": PARTNERS });
    hooks.api.post("/company/promoters/add_to_campaign", body).expect(200);
    hooks.api.put(&format!("/company/promoters/{JANE}"), json!({ "cust_id": "cus_2" })).expect(200);
    let told: Vec<String> = hooks.events().iter().map(|event| about(event).0.to_owned()).collect();
    assert_eq!(told, ["promoter_campaign.created", "promoter.updated"]);
}

#[test]
fn one_stands_for_all_campaigns() {
    let wish = json!({ "event_types": ["referral.created"], "campaign_ids": [1] });
    let hooks = Hooks::with(Api::start(), Receiver::start(), wish);
    hooks.sign_up("lea@example.com");
    assert_eq!(hooks.events().len(), 1);
    hooks.api.put(&hooks.path(), json!({ "campaign_ids": [MAIN] })).expect(200);
    hooks.sign_up("leo@example.com");
    assert_eq!(hooks.events().len(), 2);
    hooks.api.put(&hooks.path(), json!({ "campaign_ids": [PARTNERS] })).expect(200);
    hooks.sign_up("lou@example.com");
    assert_eq!(hooks.events().len(), 2);
}

#[test]
fn custom_headers_and_basic_auth_go_out_but_replace_none_of_the_services_own() {
    let wish = json!({
        "event_types": ["referral.created"],
        "headers": { "X-Team": "blue", "x-event-type": "forged", "Content-Type": "text/plain" },
        "basic_auth_user": "me",
        "basic_auth_password": "secret",
    });
    let hooks = Hooks::with(Api::start(), Receiver::start(), wish);
    hooks.sign_up("lea@example.com");
    let request = &hooks.received()[0];
    assert_eq!(request.header("x-team"), Some("blue"));
    assert_eq!(request.header("authorization"), Some("Basic bWU6c2VjcmV0"));
    assert_eq!(request.header("x-event-type"), Some("referral.created"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-event-type")).count(),
        1
    );
}

#[test]
fn without_signatures_the_header_is_missing() {
    let settings = fp_mock::webhooks::Settings { signs: false, ..fp_mock::webhooks::Settings::default() };
    let api = Api::with(fp_mock::Mock::builder().webhooks(settings));
    let hooks = Hooks::with(api, Receiver::start(), json!({ "event_types": ["referral.created"] }));
    hooks.sign_up("lea@example.com");
    hooks.api.advance("0s");
    assert_eq!(hooks.receiver.received()[0].header("x-webhook-signature"), None);
}

#[test]
fn both_apis_make_the_same_events() {
    let hooks = Hooks::to(&["referral.created"]);
    let body = json!({ "email": "lea@example.com", "ref_id": "jane89" });
    hooks.api.call("POST", "/api/v1/track/signup", &body).expect(200);
    assert_eq!(hooks.only()["data"]["email"], "lea@example.com");
}
