//! `/track`: promoters who do not take part fully, and referrals that look suspicious.

use fp_mock::domain::enrolment::EnrolmentState;
use fp_mock::domain::ids::PromoterId;
use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{amounts, archive, promoter_id, sell, sell_with, sign_up};

/// Lets Jane's enrolment stand otherwise.
fn stand(api: &Api, standing: EnrolmentState) {
    let jane = PromoterId::new(promoter_id(api, "jane@example.com"));
    let account = api.mock().world().account("1");
    let outcome = account.lock().transact(|state, _| {
        let id = state.enrolments.index().by_promoter.first(&jane).expect("an enrolment");
        state.enrolments.update(id, |row| row.state = standing);
        Ok(())
    });
    outcome.expect("a change");
}

/// What a signup, a visit, a sale to a known lead and one to a newcomer answer.
fn statuses(api: &Api) -> [u16; 4] {
    let signup = json!({ "email": "new@example.com", "ref_id": "jane89" });
    let sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": 1000 });
    let newcomer = json!({ "email": "n@example.com", "event_id": "e2", "amount": 5, "ref_id": "jane89" });
    [
        api.post("/track/signup", signup).status,
        api.admin("POST", "/clicks", json!({ "ref_token": "jane89" })).status,
        api.post("/track/sale", sale).status,
        api.post("/track/sale", newcomer).status,
    ]
}

#[test]
fn blocked_and_rejected_promoters_track_nothing() {
    for standing in [EnrolmentState::Blocked, EnrolmentState::Rejected] {
        let api = Api::start();
        sign_up(&api, "lead@example.com", "jane89");
        stand(&api, standing);
        assert_eq!(statuses(&api), [404, 422, 404, 404], "{standing:?}");
    }
}

#[test]
fn an_archived_promoter_tracks_nothing() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    archive(&api, "jane@example.com");
    assert_eq!(statuses(&api), [404, 422, 404, 404]);
}

#[test]
fn an_inactive_promoter_earns_on_what_he_has_and_gets_nothing_new() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    stand(&api, EnrolmentState::Inactive);
    assert_eq!(statuses(&api), [404, 422, 200, 404]);
}

#[test]
fn what_a_pending_promoter_earns_waits() {
    let api = Api::start();
    stand(&api, EnrolmentState::Pending);
    sign_up(&api, "lead@example.com", "jane89");
    let event = sell(&api, "lead@example.com", "e1", 1000);
    assert_eq!((amounts(&event), &event["commissions"][0]["status"]), (vec![200], &json!("pending")));
}

#[test]
fn a_promoter_who_buys_for_himself_waits_for_the_company() {
    let api = Api::start();
    sign_up(&api, "Jane@Example.com", "jane89");
    let event = sell(&api, "jane@example.com", "e1", 1000);
    let commission = &event["commissions"][0];
    assert_eq!(commission["is_self_referral"], true);
    assert_eq!(commission["fraud_check"], "same_promoter_email");
    assert_eq!(commission["status"], "pending");
}

#[test]
fn a_referral_from_an_ad_waits_until_the_company_clears_it() {
    let api = Api::start();
    let click = api.admin("POST", "/clicks", json!({ "ref_token": "jane89", "ad": true })).expect(201);
    let event = sell_with(&api, "ad@example.com", "e1", 1000, json!({ "tid": click["tid"] }));
    let commission = &event["commissions"][0];
    assert_eq!((&commission["fraud_check"], &commission["status"]), (&json!("ad_source"), &json!("pending")));
    let path = format!("/company/referrals/{}", event["referral"]["id"]);
    api.put(&path, json!({ "fraud_check": "no_suspicion" })).expect(200);
    let cleared = sell(&api, "ad@example.com", "e2", 1000);
    assert_eq!(cleared["commissions"][0]["status"], "approved");
}

#[test]
fn a_disabled_referral_earns_nothing_and_is_a_customer_once_enabled() {
    let api = Api::start();
    let id = sign_up(&api, "lead@example.com", "jane89")["referral"]["id"].clone();
    let state = || api.get(&format!("/company/referrals/{id}"))["state"].clone();
    api.post("/company/referrals/disable", json!({ "ids": [id] })).expect(200);
    let event = sell(&api, "lead@example.com", "e1", 1000);
    assert_eq!((amounts(&event), state()), (vec![], json!("denied")));
    api.post("/company/referrals/enable", json!({ "ids": [id] })).expect(200);
    assert_eq!(state(), json!("active"));
}

#[test]
fn a_visit_needs_a_promoters_token() {
    let api = Api::start();
    let refused = api.admin("POST", "/clicks", json!({ "ref_token": "nobody" })).expect(404);
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("nobody")), "{refused}");
    for bad in [json!({}), json!({ "ref_token": 7 }), json!({ "ref_token": "jane89", "color": "red" })] {
        let refused = api.admin("POST", "/clicks", bad).expect(400);
        assert!(refused["hint"].is_string() && refused["message"] != Value::Null, "{refused}");
    }
}
