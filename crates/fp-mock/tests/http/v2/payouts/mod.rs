//! `/company/payouts` and `/company/commissions/generate_payouts`.

mod generate;
mod groups;
mod list;
mod marking;
mod payments_batches;
mod stats;

use fp_mock::Mock;
use serde_json::{Value, json};

use crate::kit::Api;

/// Enrolments of the scenario `terms.yaml`: everybody in 13202, Jane in 5399 too.
const JANE: u64 = 600_001;
const JANE_PARTNER: u64 = 600_002;
const BOB: u64 = 600_003;
const CLEO: u64 = 600_004;
const DORA: u64 = 600_005;

/// Jane herself.
const JANE_ID: u64 = 500_001;

/// The scenario `terms.yaml`, on 15 January 2025: monthly payouts, due 15 days after the month, so that those of
/// December are due today.
fn terms() -> Api {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/v2/payouts/terms.yaml");
    Api::with(Mock::builder().scenario(file).expect("a scenario"))
}

/// Makes an approved commission of a day by hand and answers its id.
#[track_caller]
fn commission(api: &Api, enrolment: u64, amount: i64, day: &str) -> u64 {
    let body = json!({
        "commission_type": "custom", "promoter_campaign_id": enrolment, "amount": amount, "event_date": day,
    });
    let made = api.post("/company/commissions", body).expect(200);
    made[0]["id"].as_u64().expect("an id")
}

/// Generates payouts of up to five commissions, which all must succeed.
#[track_caller]
fn generate(api: &Api, commissions: &[u64]) {
    let batch = api.post("/company/commissions/generate_payouts", json!({ "ids": commissions })).expect(200);
    assert_eq!(batch["failed_count"], 0, "{batch}");
}

/// Makes a commission of a day and the payout of it; answers the payout's id.
#[track_caller]
fn payout(api: &Api, enrolment: u64, amount: i64, day: &str) -> u64 {
    generate(api, &[commission(api, enrolment, amount, day)]);
    newest(api)["id"].as_u64().expect("an id")
}

/// The payout that was made last.
#[track_caller]
fn newest(api: &Api) -> Value {
    api.get("/company/payouts?per_page=1")[0].clone()
}

/// One payout.
#[track_caller]
fn show(api: &Api, id: u64) -> Value {
    api.get(&format!("/company/payouts?ids[]={id}"))[0].clone()
}

/// The ids on a page of payouts.
#[track_caller]
fn ids(api: &Api, query: &str) -> Vec<u64> {
    let page = api.get(&format!("/company/payouts?{query}"));
    page.as_array().expect("a list").iter().map(|row| row["id"].as_u64().expect("an id")).collect()
}

/// An action on up to five payouts, answering its whole reply.
#[track_caller]
fn act(api: &Api, action: &str, payouts: &[u64]) -> Value {
    let path = format!("/company/payouts/{action}");
    let body = json!({ "ids": payouts });
    if action == "destroy" { api.delete(&path, body) } else { api.post(&path, body) }.expect(200)
}
