//! Referrals.

use fp_mock::Mock;
use serde_json::{Value, json};

use super::{JANE_MAIN, PARTNERS, about, id};
use crate::kit::Api;
use crate::webhooks::Hooks;
use crate::webhooks::receiver::Receiver;

pub const TESTED: &[&str] = &["referral.created", "referral.updated", "referral.deleted", "referral.moved"];

#[test]
fn a_signup_is_told_with_the_documented_members() {
    let hooks = Hooks::to(&["referral.created"]);
    let body = json!({ "email": "lea@example.com", "uid": "u1", "ref_id": "jane89" });
    let signup = hooks.api.post("/track/signup", body).expect(200);
    let event = hooks.only();
    let referral = id(&signup["referral"]);
    assert_eq!(about(&event), ("referral.created", "created", "referral", referral));
    let expected = json!({
        "id": referral,
        "state": "signup",
        "email": "lea@example.com",
        "uid": "u1",
        "customer_since": null,
        "fraud_check": "no_suspicion",
        "created_at": "2025-01-15T10:30:00.000Z",
    });
    assert_eq!(event["data"], expected);
}

#[test]
fn a_first_sale_and_a_cancellation_update_the_referral() {
    let hooks = Hooks::to(&["referral.updated"]);
    hooks.sale("lea@example.com", "evt_1", 5_000);
    let event = hooks.only();
    assert_eq!(event["changes"]["state"], json!(["signup", "active"]));
    assert_eq!(event["changes"]["customer_since"], json!([null, "2025-01-15T10:30:00.000Z"]));
    hooks.api.post("/track/cancellation", json!({ "email": "lea@example.com" })).expect(200);
    assert_eq!(hooks.events()[1]["changes"], json!({ "state": ["active", "cancelled"] }));
}

#[test]
fn a_move_by_hand_is_an_update_and_no_move() {
    let hooks = Hooks::to(&["referral.updated", "referral.moved"]);
    hooks.sign_up("lea@example.com");
    let referral = id(&hooks.api.get("/company/referrals")[0]);
    let bob = hooks.promoter("bob@example.com");
    let to = bob["promoter_campaigns"][0]["id"].clone();
    let body = json!({ "ids": [referral], "promoter_campaign_id": to });
    hooks.api.post("/company/referrals/move_to_promoter", body).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("referral.updated", "updated", "referral", referral));
    let ids: Vec<&Value> = event["changes"]["promoter_campaign"]
        .as_array()
        .expect("a pair")
        .iter()
        .map(|campaign| &campaign["id"])
        .collect();
    assert_eq!(ids, [&json!(JANE_MAIN), &to]);
}

#[test]
fn deleted_referrals_are_told_one_by_one() {
    let hooks = Hooks::to(&["referral.deleted"]);
    for n in 0..3 {
        hooks.sign_up(&format!("lead{n}@example.com"));
    }
    let rows = hooks.api.get("/company/referrals");
    let ids: Vec<u64> = rows.as_array().expect("a list").iter().map(id).collect();
    hooks.api.delete("/company/referrals", json!({ "ids": ids })).expect(200);
    let events = hooks.events();
    assert_eq!(events.iter().map(|event| about(event).3).collect::<Vec<_>>(), ids);
    assert_eq!(events[0]["data"]["email"], "lead2@example.com");
    assert_eq!(about(&events[0]).1, "deleted");
}

/// The main campaign, from which a promoter with two customers moves on to the partners' with his referrals.
fn threshold() -> Api {
    let starter = include_str!("../../../../../../fixtures/scenarios/starter.yaml");
    let rule = "    threshold: { customers: 2, to_campaign: 5399, moves_referrals: true }\n";
    let landing = "    landing_url: https://www.example.com\n";
    let scenario = starter.replacen(landing, &format!("{landing}{rule}"), 1);
    assert_ne!(scenario, starter, "the starter scenario begins with the main campaign");
    let api = Api::with(Mock::builder());
    let headers = vec![("account-id".to_owned(), "1".to_owned())];
    api.send("PUT", "/__admin/scenario", &headers, scenario.as_bytes()).expect(200);
    api
}

#[test]
fn a_threshold_moves_every_referral_with_its_promoter() {
    let wish = json!({ "event_types": ["referral.moved"] });
    let hooks = Hooks::with(threshold(), Receiver::start(), wish);
    hooks.sign_up("only-a-lead@example.com");
    hooks.sale("first@example.com", "evt_1", 5_000);
    assert_eq!(hooks.events(), [] as [Value; 0]);
    hooks.sale("second@example.com", "evt_2", 5_000);
    let events = hooks.events();
    assert_eq!(events.len(), 3);
    for event in &events {
        assert_eq!((about(event).0, about(event).1), ("referral.moved", "updated"));
        let pair = event["changes"]["promoter_campaign"].as_array().expect("a pair");
        assert_eq!((&pair[0]["id"], &pair[1]["campaign_id"]), (&json!(JANE_MAIN), &json!(PARTNERS)));
    }
}
