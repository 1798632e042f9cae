//! Commissions on their way to the promoter: in payouts, paid, and refunded after that.

use serde_json::json;

use crate::kit::Api;
use crate::v2::shop::{cash, commission, listed_amounts, refund, sell, sign_up};

const LEAD: &str = "lead@example.com";
const JANE: &str = "jane@example.com";

/// Jane's commission of 12 dollars in a payout: both ids.
fn in_payout() -> (Api, serde_json::Value, serde_json::Value) {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    let id = sell(&api, LEAD, "s1", 6000)["commissions"][0]["id"].clone();
    api.post("/company/commissions/generate_payouts", json!({ "ids": [id] })).expect(200);
    let payout = api.get("/company/payouts")[0]["id"].clone();
    (api, id, payout)
}

#[test]
fn a_commission_in_a_payout_is_neither_denied_nor_deleted() {
    let (api, id, payout) = in_payout();
    assert_eq!(listed_amounts(&api, &format!("filters[payout_id]={payout}")), [1200]);
    let denied = api.post("/company/commissions/deny", json!({ "ids": [id] })).expect(200);
    assert_eq!(denied["failed_count"], 1);
    assert!(denied["processing_errors"][0].as_str().is_some_and(|e| e.contains("is in payout")), "{denied}");
    let deleted = api.delete("/company/commissions/destroy", json!({ "ids": [id] })).expect(200);
    assert_eq!(deleted["failed_count"], 1);
    assert_eq!(
        api.post("/company/commissions/approve", json!({ "ids": [id] })).expect(200)["failed_count"],
        0
    );
}

#[test]
fn a_paid_commission_is_paid_for_good() {
    let (api, id, payout) = in_payout();
    api.post("/company/payouts/mark_as_paid", json!({ "ids": [payout] })).expect(200);
    assert_eq!(commission(&api, &id)["is_paid"], true);
    assert_eq!(listed_amounts(&api, "filters[paid]=yes"), [1200]);
    assert_eq!(cash(&api, JANE), (1200, 0, 1200));
    let denied = api.post("/company/commissions/deny", json!({ "ids": [id] })).expect(200);
    assert!(denied["processing_errors"][0].as_str().is_some_and(|e| e.contains("was paid")), "{denied}");
}

#[test]
fn a_refund_after_the_payout_leaves_a_debt_that_the_next_payout_nets() {
    let (api, _, payout) = in_payout();
    api.post("/company/payouts/mark_as_paid", json!({ "ids": [payout] })).expect(200);
    refund(&api, LEAD, "r1", "s1", 6000);
    assert_eq!(cash(&api, JANE), (0, -1200, 1200), "what was paid is owed back");
    sell(&api, LEAD, "s2", 10_000);
    assert_eq!(cash(&api, JANE), (2000, 800, 1200));
    let open: Vec<_> = api.get("/company/commissions?filters[paid]=no").as_array().expect("a list").clone();
    let ids: Vec<_> = open.iter().map(|row| row["id"].clone()).collect();
    api.post("/company/commissions/generate_payouts", json!({ "ids": ids })).expect(200);
    let payouts = api.get("/company/payouts?filters[status]=pending");
    assert_eq!(payouts[0]["amount"], 800);
    let next = payouts[0]["id"].clone();
    api.post("/company/payouts/mark_as_paid", json!({ "ids": [next] })).expect(200);
    assert_eq!(cash(&api, JANE), (2000, 0, 2000));
}
