//! Commissions and balances.

use serde_json::{Value, json};

use super::{JANE, JANE_MAIN, about, id};
use crate::webhooks::Hooks;

pub const TESTED: &[&str] =
    &["commission.created", "commission.updated", "commission.deleted", "promoter.balance.updated"];

/// The newest commission.
#[track_caller]
fn commission(hooks: &Hooks) -> u64 {
    id(&hooks.api.get("/company/commissions")[0])
}

#[test]
fn a_sale_tells_of_its_commission() {
    let hooks = Hooks::to(&["commission.created"]);
    let sale = hooks.sale("lea@example.com", "evt_1", 10_000);
    let event = hooks.only();
    let commission = id(&sale["commissions"][0]);
    assert_eq!(about(&event), ("commission.created", "created", "commission", commission));
    let expected = json!({
        "id": commission,
        "status": "approved",
        "amount": 2_000,
        "unit": "cash",
        "referral": { "id": sale["referral"]["id"], "email": "lea@example.com", "uid": null },
        "created_at": "2025-01-15T10:30:00.000Z",
    });
    assert_eq!(event["data"], expected);
}

#[test]
fn a_commission_made_by_hand_has_no_referral() {
    let hooks = Hooks::to(&["commission.created"]);
    let body = json!({
        "commission_type": "custom",
        "promoter_campaign_id": JANE_MAIN,
        "amount": 700,
        "unit": "points",
    });
    hooks.api.post("/company/commissions", body).expect(200);
    let event = hooks.only();
    assert_eq!((&event["data"]["referral"], &event["data"]["unit"]), (&Value::Null, &json!("points")));
}

#[test]
fn denying_a_commission_is_an_update_of_its_status() {
    let hooks = Hooks::to(&["commission.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    hooks.api.advance("1h");
    let ids = json!({ "ids": [commission(&hooks)] });
    hooks.api.post("/company/commissions/deny", ids).expect(200);
    let event = hooks.only();
    assert_eq!(event["changes"]["status"], json!(["approved", "denied"]));
    assert_eq!(event["changes"]["status_updated_at"][1], "2025-01-15T11:30:00.000Z");
    assert_eq!(event["data"]["status"], "denied");
}

#[test]
fn a_note_is_a_change_too() {
    let hooks = Hooks::to(&["commission.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let path = format!("/company/commissions/{}", commission(&hooks));
    hooks.api.put(&path, json!({ "internal_note": "checked" })).expect(200);
    assert_eq!(hooks.only()["changes"], json!({ "internal_note": [null, "checked"] }));
}

#[test]
fn a_deleted_commission_is_told_as_it_was() {
    let hooks = Hooks::to(&["commission.deleted"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let commission = commission(&hooks);
    hooks.api.delete("/company/commissions/destroy", json!({ "ids": [commission] })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("commission.deleted", "deleted", "commission", commission));
    assert_eq!((&event["data"]["amount"], &event["changes"]), (&json!(2_000), &json!({})));
}

#[test]
fn a_batch_tells_of_each_commission_at_its_moment() {
    let hooks = Hooks::to(&["commission.updated"]);
    for n in 0..7 {
        hooks.sale(&format!("lead{n}@example.com"), &format!("evt_{n}"), 10_000);
    }
    let rows = hooks.api.get("/company/commissions");
    let ids: Vec<u64> = rows.as_array().expect("a list").iter().map(id).collect();
    hooks.api.post("/company/commissions/deny", json!({ "ids": ids })).expect(202);
    assert_eq!(hooks.events(), [] as [Value; 0]);
    hooks.api.advance("3s");
    assert_eq!(hooks.events().len(), 3);
    hooks.api.advance("1m");
    let events = hooks.events();
    assert_eq!(events.iter().map(|event| about(event).3).collect::<Vec<_>>(), ids);
    assert_eq!(events[6]["timestamp"], "2025-01-15T10:30:07.000Z");
}

#[test]
fn every_change_of_a_balance_is_told_with_old_and_new() {
    let hooks = Hooks::to(&["promoter.balance.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let event = hooks.only();
    assert_eq!(about(&event), ("promoter.balance.updated", "updated", "promoter", JANE));
    let earned = json!({ "cash": 2_000 });
    let changes = json!({ "earnings_balance": [null, earned], "current_balance": [null, earned] });
    assert_eq!(event["changes"], changes);
    assert_eq!(event["data"]["balances"], earned);
    hooks.sale("leo@example.com", "evt_2", 5_000);
    assert_eq!(
        hooks.events()[1]["changes"]["current_balance"],
        json!([{ "cash": 2_000 }, { "cash": 3_000 }])
    );
}

#[test]
fn a_balance_goes_through_payout_and_payment() {
    let hooks = Hooks::to(&["promoter.balance.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let ids = json!({ "ids": [commission(&hooks)] });
    hooks.api.post("/company/commissions/generate_payouts", ids).expect(200);
    let earned = json!({ "cash": 2_000 });
    assert_eq!(hooks.events()[1]["changes"], json!({ "pending_balance": [null, earned] }));
    let payout = id(&hooks.api.get("/company/payouts")[0]);
    hooks.api.post("/company/payouts/mark_as_paid", json!({ "ids": [payout] })).expect(200);
    let paid = json!({
        "current_balance": [earned, null],
        "paid_balance": [null, earned],
        "pending_balance": [earned, null],
    });
    assert_eq!(hooks.events()[2]["changes"], paid);
}

#[test]
fn units_that_stay_are_shown_on_both_sides() {
    let hooks = Hooks::to(&["promoter.balance.updated"]);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let points = json!({
        "commission_type": "custom", "promoter_campaign_id": JANE_MAIN, "amount": 700, "unit": "points",
    });
    hooks.api.post("/company/commissions", points).expect(200);
    let changes = hooks.events()[1]["changes"]["earnings_balance"].clone();
    assert_eq!(changes, json!([{ "cash": 2_000 }, { "cash": 2_000, "points": 700 }]));
}
