//! A shop whose sales are tracked: what tests of money start from.

use fp_mock::Mock;
use fp_mock::domain::commission::balances;
use fp_mock::domain::promoter::{self, FindBy};
use serde_json::{Value, json};

use crate::kit::Api;

/// The scenario `rewards.yaml`: campaigns named by what they pay.
pub fn rewards() -> Api {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/v2/rewards.yaml");
    Api::with(Mock::builder().scenario(file).expect("a scenario"))
}

/// Signs a lead of `ref_id` up.
#[track_caller]
pub fn sign_up(api: &Api, email: &str, ref_id: &str) -> Value {
    api.post("/track/signup", json!({ "email": email, "ref_id": ref_id })).expect(200)
}

/// Tracks a sale with whatever else is in `more`.
#[track_caller]
pub fn sell_with(api: &Api, email: &str, event_id: &str, amount: i64, more: Value) -> Value {
    let mut sale = json!({ "email": email, "event_id": event_id, "amount": amount });
    if let (Value::Object(sale), Value::Object(more)) = (&mut sale, more) {
        sale.extend(more);
    }
    api.post("/track/sale", sale).expect(200)
}

/// Tracks a sale.
#[track_caller]
pub fn sell(api: &Api, email: &str, event_id: &str, amount: i64) -> Value {
    sell_with(api, email, event_id, amount, json!({}))
}

/// Tracks a refund of a sale.
#[track_caller]
pub fn refund(api: &Api, email: &str, event_id: &str, sale_event_id: &str, amount: i64) -> Value {
    let refund =
        json!({ "email": email, "event_id": event_id, "sale_event_id": sale_event_id, "amount": amount });
    api.post("/track/refund", refund).expect(200)
}

/// What a sale earned: promoter's address, amount and unit of each commission, in their order.
pub fn earned(event: &Value) -> Vec<(String, i64, String)> {
    let rows = event["commissions"].as_array().expect("a list").iter();
    rows.map(|row| {
        let promoter = &row["promoter_campaign"]["promoter"]["email"];
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        (text(promoter), row["amount"].as_i64().expect("a number"), text(&row["unit"]))
    })
    .collect()
}

/// The amounts of what a sale earned.
pub fn amounts(event: &Value) -> Vec<i64> {
    earned(event).into_iter().map(|(_, amount, _)| amount).collect()
}

/// The commissions of a list call.
#[track_caller]
pub fn listed(api: &Api, query: &str) -> Vec<Value> {
    match api.get(&format!("/company/commissions?{query}")) {
        Value::Array(rows) => rows,
        other => panic!("a list was meant: {other}"),
    }
}

/// The amounts on a page of commissions.
#[track_caller]
pub fn listed_amounts(api: &Api, query: &str) -> Vec<i64> {
    listed(api, query).iter().map(|row| row["amount"].as_i64().expect("a number")).collect()
}

/// One commission by its id.
#[track_caller]
pub fn commission(api: &Api, id: &Value) -> Value {
    let mut rows = listed(api, &format!("ids[]={id}"));
    assert_eq!(rows.len(), 1, "commission {id}");
    rows.remove(0)
}

/// A promoter's id.
#[track_caller]
pub fn promoter_id(api: &Api, email: &str) -> u64 {
    let id = &api.get(&format!("/company/promoters/{email}?find_by=email"))["id"];
    id.as_u64().expect("a promoter of this address")
}

/// A promoter's earnings, unpaid and paid balance of cash; zero where none is shown.
#[track_caller]
pub fn cash(api: &Api, promoter: &str) -> (i64, i64, i64) {
    let account = api.mock().world().account("1");
    let ledger = account.lock();
    let id = promoter::find(&ledger.state, FindBy::Email, promoter).expect("a promoter of this address");
    let balance = balances(&ledger.state, id).find(|(unit, _)| unit.is_monetary());
    balance.map_or((0, 0, 0), |(_, balance)| (balance.earnings, balance.current(), balance.paid))
}

/// Makes one promoter the parent of another.
#[track_caller]
pub fn give_parent(api: &Api, child: &str, parent: &str) {
    let (child, parent) = (promoter_id(api, child), promoter_id(api, parent));
    let body = json!({ "ids": [child], "parent_promoter_id": parent });
    assert_eq!(api.post("/company/promoters/assign_parent", body).expect(200)["failed_count"], 0);
}

/// Archives a promoter.
#[track_caller]
pub fn archive(api: &Api, promoter: &str) {
    let body = json!({ "ids": [promoter_id(api, promoter)] });
    assert_eq!(api.post("/company/promoters/archive", body).expect(200)["failed_count"], 0);
}

/// Shares a referral with partners: enrolments and their percentages.
#[track_caller]
pub fn share(api: &Api, referral: &Value, partners: &[(u64, u32)]) {
    let shares: Vec<Value> = partners
        .iter()
        .map(|(enrolment, percentage)| json!({ "promoter_campaign_id": enrolment, "percentage": percentage }))
        .collect();
    let path = format!("/company/referrals/{referral}");
    api.put(&path, json!({ "split_details": shares })).expect(200);
}
