//! `/company/referrals`.

mod actions;
mod import;
mod list;
mod money;
mod records;

use fp_mock::Mock;
use serde_json::{Value, json};

use crate::kit::Api;

/// Enrolments of the scenario `partners.yaml`: Jane and Bob in 13202, Bob and Cleo in 5399, Cleo in 17476.
const JANE: u64 = 600_001;
const BOB: u64 = 600_002;
const BOB_PARTNER: u64 = 600_003;
const CLEO: u64 = 600_004;
const CLEO_CUSTOMERS: u64 = 600_005;

fn partners() -> Api {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/v2/referrals/partners.yaml");
    Api::with(Mock::builder().scenario(file).expect("a scenario"))
}

/// Makes a referral of an enrolment and answers it.
#[track_caller]
fn referral(api: &Api, enrolment: u64, email: &str) -> Value {
    let body = json!({ "promoter_campaign_id": enrolment, "email": email });
    api.post("/company/referrals", body).expect(200)
}

/// The same, answering the id.
#[track_caller]
fn referral_id(api: &Api, enrolment: u64, email: &str) -> u64 {
    referral(api, enrolment, email)["id"].as_u64().expect("an id")
}

/// A referral by its id.
#[track_caller]
fn show(api: &Api, id: u64) -> Value {
    api.get(&format!("/company/referrals/{id}"))
}

/// The e-mail addresses on a page of referrals.
#[track_caller]
fn emails(api: &Api, query: &str) -> Vec<String> {
    let page = api.get(&format!("/company/referrals?{query}"));
    let rows = page.as_array().expect("a list").iter();
    rows.map(|row| row["email"].as_str().unwrap_or_default().to_owned()).collect()
}
