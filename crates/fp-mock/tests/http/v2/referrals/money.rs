//! What becomes of a referral's sales and commissions.

use serde_json::{Value, json};

use super::{BOB, CLEO, CLEO_CUSTOMERS, JANE, emails, partners, referral_id, show};
use crate::kit::Api;

const JANE_PROMOTER: u64 = 500_001;
const BOB_PROMOTER: u64 = 500_002;

#[track_caller]
fn sale(api: &Api, email: &str, event_id: &str, more: Value) -> Value {
    let mut body = json!({ "email": email, "event_id": event_id, "amount": 10_000 });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    api.post("/track/sale", body).expect(200)
}

/// The commissions of a promoter, the oldest first: amount and referral's address.
#[track_caller]
fn commissions(api: &Api, promoter: u64) -> Vec<(i64, Value)> {
    let page = api.get(&format!("/company/commissions?filters[promoter_id]={promoter}"));
    let rows = page.as_array().expect("a list").iter().rev();
    rows.map(|row| (row["amount"].as_i64().expect("a number"), row["referral"]["email"].clone())).collect()
}

#[track_caller]
fn earnings(api: &Api, promoter: u64) -> Value {
    api.get(&format!("/company/promoters/{promoter}"))["balances"]["cash"].clone()
}

#[track_caller]
fn revenue(api: &Api, promoter: u64) -> Value {
    api.get(&format!("/company/promoters/{promoter}"))["stats"]["revenue_amount"].clone()
}

#[track_caller]
fn move_to(api: &Api, id: u64, to: u64, with_commissions: bool) {
    let body =
        json!({ "promoter_campaign_id": to, "ids": [id], "move_associated_commissions": with_commissions });
    let batch = api.post("/company/referrals/move_to_promoter", body).expect(200);
    assert_eq!(batch["failed_count"], 0, "{batch}");
}

#[test]
fn a_deleted_referral_takes_open_commissions_and_sales_along() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    sale(&api, "lead@example.com", "e1", json!({}));
    assert_eq!(earnings(&api, JANE_PROMOTER), 2_000);
    api.delete("/company/referrals", json!({ "ids": [id] })).expect(200);
    assert_eq!(commissions(&api, JANE_PROMOTER), []);
    assert_eq!(revenue(&api, JANE_PROMOTER), 0);
    referral_id(&api, JANE, "lead@example.com");
    sale(&api, "lead@example.com", "e1", json!({}));
    assert_eq!(earnings(&api, JANE_PROMOTER), 2_000);
}

#[test]
fn commissions_in_a_payout_outlive_their_referral() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    let commission = sale(&api, "lead@example.com", "e1", json!({}))["commissions"][0]["id"].clone();
    let batch = api.post("/company/commissions/generate_payouts", json!({ "ids": [commission] })).expect(200);
    assert_eq!(batch["failed_count"], 0, "{batch}");
    sale(&api, "lead@example.com", "e2", json!({}));
    api.delete("/company/referrals", json!({ "ids": [id] })).expect(200);
    assert_eq!(commissions(&api, JANE_PROMOTER), [(2_000, Value::Null)]);
    assert_eq!(earnings(&api, JANE_PROMOTER), 2_000);
    let payouts = api.get("/company/payouts");
    assert_eq!(payouts[0]["amount"], 2_000, "{payouts}");
}

#[test]
fn what_was_handed_over_neither_moves_nor_goes_with_its_referral() {
    let api = partners();
    let id = referral_id(&api, CLEO_CUSTOMERS, "lead@example.com");
    let commission = sale(&api, "lead@example.com", "e1", json!({}))["commissions"][0]["id"].clone();
    let batch = api.post("/company/commissions/mark_fulfilled", json!({ "ids": [commission] })).expect(200);
    assert_eq!(batch["failed_count"], 0, "{batch}");
    move_to(&api, id, JANE, true);
    assert_eq!(commissions(&api, 500_003), [(3, json!("lead@example.com"))]);
    api.delete("/company/referrals", json!({ "ids": [id] })).expect(200);
    assert_eq!(commissions(&api, 500_003), [(3, Value::Null)]);
}

#[test]
fn a_move_with_commissions_takes_earnings_and_revenue_along() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    sale(&api, "lead@example.com", "e1", json!({}));
    move_to(&api, id, BOB, true);
    assert_eq!(commissions(&api, JANE_PROMOTER), []);
    assert_eq!(commissions(&api, BOB_PROMOTER), [(2_000, json!("lead@example.com"))]);
    assert_eq!((revenue(&api, JANE_PROMOTER), revenue(&api, BOB_PROMOTER)), (json!(0), json!(10_000)));
    sale(&api, "lead@example.com", "e2", json!({}));
    assert_eq!(commissions(&api, BOB_PROMOTER).len(), 2);
}

#[test]
fn a_move_without_commissions_leaves_them_and_new_ones_go_to_the_new_promoter() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    sale(&api, "lead@example.com", "e1", json!({}));
    move_to(&api, id, BOB, false);
    sale(&api, "lead@example.com", "e2", json!({}));
    assert_eq!(commissions(&api, JANE_PROMOTER), [(2_000, json!("lead@example.com"))]);
    assert_eq!(commissions(&api, BOB_PROMOTER), [(2_000, json!("lead@example.com"))]);
    assert_eq!((revenue(&api, JANE_PROMOTER), revenue(&api, BOB_PROMOTER)), (json!(10_000), json!(10_000)));
}

#[test]
fn shares_of_partners_and_what_is_in_a_payout_do_not_move() {
    let api = partners();
    let split = json!([{ "promoter_campaign_id": CLEO, "percentage": 25 }]);
    let body = json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "split_details": split });
    let id = api.post("/company/referrals", body).expect(200)["id"].as_u64().expect("an id");
    let first = sale(&api, "lead@example.com", "e1", json!({}));
    let owners = |event: &Value| -> Vec<Value> {
        let rows = event["commissions"].as_array().expect("a list").iter();
        rows.filter(|row| row["promoter_campaign"]["id"] == JANE).map(|row| row["id"].clone()).collect()
    };
    api.post("/company/commissions/generate_payouts", json!({ "ids": owners(&first) })).expect(200);
    sale(&api, "lead@example.com", "e2", json!({}));
    let amounts = |promoter| -> Vec<i64> { commissions(&api, promoter).iter().map(|row| row.0).collect() };
    assert_eq!((amounts(JANE_PROMOTER), amounts(500_003)), (vec![1_500, 1_500], vec![500, 500]));
    move_to(&api, id, BOB, true);
    assert_eq!((amounts(JANE_PROMOTER), amounts(BOB_PROMOTER)), (vec![1_500], vec![1_500]));
    assert_eq!(amounts(500_003), [500, 500]);
}

#[test]
fn a_disabled_referral_keeps_what_it_earned() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    sale(&api, "lead@example.com", "e1", json!({}));
    api.post("/company/referrals/disable", json!({ "ids": [id] })).expect(200);
    assert_eq!(earnings(&api, JANE_PROMOTER), 2_000);
    api.post("/company/referrals/enable", json!({ "ids": [id] })).expect(200);
    assert_eq!(show(&api, id)["state"], "active");
}

#[test]
fn customers_plans_sources_and_cancellations_narrow() {
    let api = partners();
    referral_id(&api, JANE, "lead@example.com");
    api.post("/track/signup", json!({ "email": "buyer@example.com", "ref_id": "jane89" })).expect(200);
    api.advance("1d");
    sale(&api, "buyer@example.com", "e1", json!({ "plan": "yearly-pro" }));
    assert_eq!(emails(&api, "filters[type]=customer"), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[type]=lead"), ["lead@example.com"]);
    assert_eq!(emails(&api, "filters[state]=active"), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[plan_id]=3002"), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[plan_id][]=3001&filters[plan_id][]=3002"), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[plan_id]=3001"), [""; 0]);
    assert_eq!(emails(&api, "filters[entry_source][]=api"), ["buyer@example.com"]);
    let since = "filters[customer_since][from]=2025-01-16&filters[customer_since][to]=2025-01-16";
    assert_eq!(emails(&api, since), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[customer_since][to]=2025-01-15"), [""; 0]);
    api.advance("1d");
    api.post("/track/cancellation", json!({ "email": "buyer@example.com" })).expect(200);
    assert_eq!(emails(&api, "filters[cancelled_at][from]=2025-01-17"), ["buyer@example.com"]);
    assert_eq!(emails(&api, "filters[cancelled_at][to]=2025-01-16"), [""; 0]);
}
