//! `POST /company/commissions`: both forms.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{cash, give_parent, listed, listed_amounts, refund, rewards, sell, share, sign_up};

const LEAD: &str = "lead@customers.example";

/// A lead of `ref_id`: its id.
#[track_caller]
fn lead(api: &Api, ref_id: &str) -> Value {
    sign_up(api, LEAD, ref_id)["referral"]["id"].clone()
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body
}

#[test]
fn a_sale_by_hand_makes_every_commission_it_earns() {
    let api = rewards();
    let referral = lead(&api, "child");
    share(&api, &referral, &[(600_012, 25)]);
    give_parent(&api, "child@shop.example", "parent@shop.example");
    let sale = json!({
        "commission_type": "sale", "referral_id": referral, "sale_amount": 10_000, "event_id": "inv-1",
        "event_date": "2025-01-02", "plan_id": 3002, "internal_note": "by phone", "external_note": "thanks"
    });
    let made = api.post("/company/commissions", sale).expect(200);
    let made = made.as_array().expect("a list");
    assert_eq!(
        made.iter().map(|row| row["amount"].as_i64()).collect::<Vec<_>>(),
        [Some(1500), Some(500), Some(500)]
    );
    for row in made {
        assert_eq!((&row["commission_type"], &row["event_id"]), (&json!("sale"), &json!("inv-1")));
        assert_eq!((&row["internal_note"], &row["external_note"]), (&json!("by phone"), &json!("thanks")));
        assert_eq!(row["created_by_user_email"], "admin@example.com");
        assert_eq!(row["created_by_user_at"], "2025-01-15T10:30:00.000Z");
        assert_eq!(row["created_at"], "2025-01-02T00:00:00.000Z");
        assert_eq!((&row["plan_id"], &row["sale_amount"]), (&json!("yearly-pro"), &json!(10_000)));
        assert_eq!(row["status"], "approved");
    }
    let shown = api.get(&format!("/company/referrals/{referral}"));
    assert_eq!((&shown["state"], &shown["customer_since"]), (&json!("active"), &made[0]["created_at"]));
}

#[test]
fn a_sale_by_hand_is_a_sale_like_any_other() {
    let api = rewards();
    let referral = lead(&api, "once");
    let sale = json!({
        "commission_type": "sale", "referral_id": referral, "sale_amount": 1000, "event_id": "inv-1"
    });
    api.post("/company/commissions", sale).expect(200);
    let tracked = json!({ "email": LEAD, "event_id": "inv-1", "amount": 1000 });
    api.post("/track/sale", tracked).expect(409);
    assert_eq!(sell(&api, LEAD, "inv-2", 1000)["commissions"], json!([]), "the first sale was by hand");
    assert_eq!(refund(&api, LEAD, "r1", "inv-1", 500)["reward"]["amount"], -150);
}

#[test]
fn the_billing_period_decides_unless_the_plan_does() {
    let api = rewards();
    let referral = lead(&api, "plans");
    let sale = json!({ "commission_type": "sale", "referral_id": referral, "sale_amount": 10_000 });
    let amount = |more: Value| {
        api.post("/company/commissions", with(sale.clone(), more)).expect(200)[0]["amount"].clone()
    };
    assert_eq!(amount(json!({})), 2000);
    assert_eq!(amount(json!({ "billing_period": "yearly" })), 4000);
    assert_eq!(amount(json!({ "plan_id": 3002 })), 4000);
    assert_eq!(amount(json!({ "plan_id": 3002, "billing_period": "monthly" })), 2000);
    assert_eq!(amount(json!({ "plan_id": 3004 })), 100);
}

#[test]
fn a_unit_picks_the_rewards_that_pay_in_it() {
    let api = rewards();
    let referral = lead(&api, "gifts");
    let sale = json!({
        "commission_type": "sale", "referral_id": referral, "sale_amount": 100, "unit": "points"
    });
    let made = api.post("/company/commissions", sale.clone()).expect(200);
    assert_eq!((made.as_array().map(Vec::len), &made[0]["amount"]), (Some(1), &json!(100)));
    let refused = api.post("/company/commissions", with(sale, json!({ "unit": "cash" }))).expect(422);
    assert_eq!(refused["code"], "operation_failed");
    assert_eq!(listed(&api, "").len(), 1, "the sale left no trace");
}

#[test]
fn a_sale_by_hand_that_cannot_be_is_refused() {
    let api = rewards();
    let referral = lead(&api, "plain");
    sell(&api, LEAD, "e1", 1000);
    let sale = json!({ "commission_type": "sale", "referral_id": referral, "sale_amount": 1000 });
    for (more, status, code) in [
        (json!({ "referral_id": 1 }), 404, "not_found"),
        (json!({ "referral_id": Value::Null }), 422, "invalid_params"),
        (json!({ "referral_id": "x" }), 422, "invalid_params"),
        (json!({ "plan_id": 1 }), 404, "not_found"),
        (json!({ "sale_amount": Value::Null }), 422, "invalid_params"),
        (json!({ "sale_amount": 0 }), 422, "invalid_record"),
        (json!({ "sale_amount": -5 }), 422, "invalid_record"),
        (json!({ "sale_amount": 1_000_000_000_000_i64 }), 422, "invalid_record"),
        (json!({ "event_id": "e1" }), 422, "invalid_record"),
        (json!({ "event_date": "someday" }), 422, "invalid_params"),
        (json!({ "unit": "gold" }), 422, "invalid_params"),
        (json!({ "billing_period": "daily" }), 422, "invalid_params"),
        (json!({ "commission_type": "gift" }), 422, "invalid_params"),
        (json!({ "commission_type": Value::Null }), 422, "invalid_params"),
    ] {
        let refused = api.post("/company/commissions", with(sale.clone(), more.clone())).expect(status);
        assert_eq!(refused["code"], code, "{more}: {refused}");
    }
    let taken = api.post("/company/commissions", with(sale, json!({ "event_id": "e1" }))).expect(422);
    assert_eq!(taken["errors"], json!({ "event_id": ["has already been taken"] }));
    assert_eq!(listed_amounts(&api, ""), [200]);
}

#[test]
fn a_custom_commission_is_the_companys_word() {
    let api = rewards();
    let bonus = json!({
        "commission_type": "custom", "promoter_campaign_id": 600_012, "amount": 2500, "event_id": "bonus",
        "event_date": "2025-01-10", "internal_note": "for the talk", "notify_promoter": true
    });
    let made = api.post("/company/commissions", bonus).expect(200);
    assert_eq!(made.as_array().map(Vec::len), Some(1));
    let made = &made[0];
    assert_eq!(
        (&made["amount"], &made["unit"], &made["status"]),
        (&json!(2500), &json!("cash"), &json!("approved"))
    );
    for absent in ["sale_amount", "original_sale_amount", "referral", "reward", "plan_id", "split_details"] {
        assert_eq!(made[absent], Value::Null, "{absent}");
    }
    assert_eq!(made["promoter_campaign"]["promoter"]["email"], "bob@shop.example");
    assert_eq!(made["created_at"], "2025-01-10T00:00:00.000Z");
    assert_eq!(cash(&api, "bob@shop.example"), (2500, 2500, 0));
    let months = json!({
        "commission_type": "custom", "promoter_campaign_id": 600_012, "amount": 2, "unit": "free_months"
    });
    assert_eq!(api.post("/company/commissions", months).status, 200);
    assert_eq!(listed_amounts(&api, "filters[fulfilled]=no"), [2]);
}

#[test]
fn a_custom_commission_that_cannot_be_is_refused() {
    let api = rewards();
    let bonus = json!({ "commission_type": "custom", "promoter_campaign_id": 600_012, "amount": 100 });
    for (more, status, code) in [
        (json!({ "promoter_campaign_id": 1 }), 404, "not_found"),
        (json!({ "promoter_campaign_id": Value::Null }), 422, "invalid_params"),
        (json!({ "amount": Value::Null }), 422, "invalid_params"),
        (json!({ "amount": "much" }), 422, "invalid_params"),
        (json!({ "amount": 0 }), 422, "invalid_record"),
        (json!({ "amount": -100 }), 422, "invalid_record"),
        (json!({ "amount": 1_000_000_000_000_i64 }), 422, "invalid_record"),
        (json!({ "internal_note": { "a": 1 } }), 422, "invalid_params"),
        (json!({ "notify_promoter": "perhaps" }), 422, "invalid_params"),
    ] {
        let refused = api.post("/company/commissions", with(bonus.clone(), more.clone())).expect(status);
        assert_eq!(refused["code"], code, "{more}: {refused}");
    }
    assert_eq!(listed(&api, ""), Vec::<Value>::new());
}
