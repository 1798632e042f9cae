//! Importing past sales.

use serde_json::{Value, json};

use super::{JANE, partners, referral_id, show};
use crate::kit::Api;

#[track_caller]
fn bill(api: &Api, sales: Value) -> Value {
    api.admin("POST", "/past_sales", json!({ "sales": sales })).expect(201)
}

/// Imports the past sales of a referral and answers the batch when it is over.
#[track_caller]
fn import(api: &Api, path: &str) -> Value {
    let batch = api.post(&format!("/company/referrals/{path}"), Value::Null).expect(202);
    assert_eq!((&batch["status"], &batch["total"]), (&json!("pending"), &json!(1)));
    assert_eq!(batch["action_label"], "referral/import_events");
    api.advance("1s");
    api.get(&format!("/company/batch_processes/{}", batch["id"]))
}

#[test]
fn past_sales_are_imported_as_of_their_day_and_only_once() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    bill(
        &api,
        json!([
            { "email": "LEAD@example.com", "event_id": "ch_2", "amount": 5000, "happened_at": "2024-12-24T18:00:00Z" },
            { "email": "lead@example.com", "amount": 10000, "plan": "monthly-starter", "happened_at": "2024-11-24" },
            { "email": "lead@example.com", "amount": 77, "happened_at": "2025-02-01" },
            { "email": "other@example.com", "amount": 99, "happened_at": "2024-11-24" },
        ]),
    );
    let batch = import(&api, &format!("{id}/import_events"));
    assert_eq!((&batch["status"], &batch["failed_count"]), (&json!("completed"), &json!(0)), "{batch}");
    let referral = show(&api, id);
    assert_eq!(
        (&referral["state"], &referral["customer_since"]),
        (&json!("active"), &json!("2024-11-24T00:00:00.000Z"))
    );
    let commissions = || api.get("/company/commissions");
    assert_eq!(commissions().as_array().map(Vec::len), Some(2));
    assert_eq!(commissions()[0]["amount"], 1_000);
    assert_eq!(commissions()[1]["amount"], 2_000);
    assert_eq!(import(&api, &format!("{id}/import_events"))["status"], "completed");
    assert_eq!(commissions().as_array().map(Vec::len), Some(2));
}

#[test]
fn a_sale_that_was_tracked_is_not_imported_again() {
    let api = partners();
    referral_id(&api, JANE, "lead@example.com");
    let sale = json!({ "email": "lead@example.com", "event_id": "ch_1", "amount": 5000 });
    api.post("/track/sale", sale).expect(200);
    bill(
        &api,
        json!([{ "email": "lead@example.com", "event_id": "ch_1", "amount": 5000, "happened_at": "2025-01-01" }]),
    );
    let batch = import(&api, "lead%40example.com/import_events?find_by=email");
    assert_eq!(batch["status"], "completed");
    assert_eq!(api.get("/company/commissions").as_array().map(Vec::len), Some(1));
}

#[test]
fn without_past_sales_the_import_fails_and_says_why() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    let batch = import(&api, &format!("{id}/import_events"));
    assert_eq!((&batch["status"], &batch["failed_count"]), (&json!("failed"), &json!(1)));
    let why = format!("{id}: the billing provider knows no past sales of this referral");
    assert_eq!(batch["processing_errors"], json!([why]));
}

#[test]
fn an_import_of_an_unknown_referral_is_refused() {
    let api = partners();
    assert_eq!(api.post("/company/referrals/77/import_events", Value::Null).expect(404)["code"], "not_found");
    let path = "/company/referrals/u1/import_events?find_by=uid";
    assert_eq!(api.post(path, Value::Null).expect(422)["message"], "Cannot find referral by uid");
}

#[test]
fn past_sales_that_make_no_sense_are_refused_all_together() {
    let api = partners();
    let good = json!({ "email": "lead@example.com", "amount": 1, "happened_at": "2025-01-01" });
    for (bad, status) in [
        (json!({ "amount": 1, "happened_at": "2025-01-01" }), 422),
        (json!({ "uid": "u1", "amount": 0, "happened_at": "2025-01-01" }), 422),
        (json!({ "uid": "u1", "amount": 1, "happened_at": "soon" }), 400),
        (json!({ "uid": "u1", "amount": 1, "happened_at": "2025-01-01", "color": "red" }), 400),
    ] {
        let answer = api.admin("POST", "/past_sales", json!({ "sales": [good, bad] })).expect(status);
        assert!(answer["hint"].is_string(), "{answer}");
    }
    let id = referral_id(&api, JANE, "lead@example.com");
    assert_eq!(import(&api, &format!("{id}/import_events"))["status"], "failed");
}

#[test]
fn a_scenario_can_list_past_sales() {
    let api = partners();
    let scenario = json!({
        "name": "imports",
        "campaigns": [{ "id": 2000, "name": "One", "landing_url": "https://www.example.com" }],
        "promoters": [{ "email": "jane@example.com", "campaigns": [{ "campaign": 2000 }] }],
        "past_sales": [{ "uid": "u1", "amount": 4900, "happened_at": "2024-12-01" }],
    });
    api.admin("PUT", "/scenario", scenario).expect(200);
    api.post("/company/referrals", json!({ "promoter_campaign_id": JANE, "uid": "u1" })).expect(200);
    assert_eq!(import(&api, "u1/import_events?find_by=uid")["status"], "completed");
    assert_eq!(api.get("/company/referrals/u1?find_by=uid")["customer_since"], "2024-12-01T00:00:00.000Z");
}
