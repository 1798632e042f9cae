//! `/company/reports`.

mod download;
mod figures;
mod lines;
mod refusals;

use fp_mock::Mock;
use fp_mock::clock::timestamp::Timestamp;
use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{refund, sell, sign_up};

/// Every column, in the contract's order.
const ALL: [&str; 19] = [
    "active_customers",
    "monthly_churn",
    "clicks_count",
    "net_revenue_amount",
    "revenue_amount",
    "referrals_count",
    "customers_count",
    "sales_count",
    "refunds_count",
    "cancelled_customers_count",
    "promoter_earnings_amount",
    "non_link_customers",
    "referrals_to_customers_cr",
    "3m_epc",
    "6m_epc",
    "clicks_to_customers_cr",
    "clicks_to_referrals_cr",
    "promoter_paid_amount",
    "signups_count",
];

const BLOG: &str = "blog.example.org";
const PRICING: &str = "https://www.example.com/pricing";

/// Three months of a small shop; every commission is 20% of a sale. The numbers of the tests follow from it.
fn three_months() -> Api {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/v2/payouts/terms.yaml");
    let start = Timestamp::parse("2024-11-05T12:00:00Z").expect("a moment");
    let api = Api::with(Mock::builder().scenario(file).expect("a scenario").start_at(start));
    november(&api);
    api.admin("POST", "/clock/advance", json!({ "to": "2024-12-10T12:00:00Z" })).expect(200);
    december(&api);
    api.admin("POST", "/clock/advance", json!({ "to": "2025-01-15T12:00:00Z" })).expect(200);
    january(&api);
    api
}

/// 5 November: four visits; Anna and Ben come by Jane's link, Chris by Bob's; Anna and Chris buy.
fn november(api: &Api) {
    let anna = click(api, json!({ "ref_token": "jane", "source": BLOG, "url": PRICING }));
    let ben = click(api, json!({ "ref_token": "jane", "source": BLOG, "url": PRICING }));
    click(api, json!({ "ref_token": "jane", "source": BLOG }));
    click(api, json!({ "ref_token": "bob" }));
    api.post("/track/signup", json!({ "email": "anna@example.com", "tid": anna })).expect(200);
    api.post("/track/signup", json!({ "email": "ben@example.com", "tid": ben })).expect(200);
    sign_up(api, "chris@example.com", "bob");
    sell(api, "anna@example.com", "anna-1", 10_000);
    sell(api, "chris@example.com", "chris-1", 5_000);
}

/// 10 December: another visit; Anna buys again and gets a quarter back, Ben buys, Chris cancels.
fn december(api: &Api) {
    click(api, json!({ "ref_token": "bob", "source": "newsletter" }));
    sell(api, "anna@example.com", "anna-2", 10_000);
    refund(api, "anna@example.com", "back-1", "anna-2", 2_500);
    sell(api, "ben@example.com", "ben-1", 4_000);
    api.post("/track/cancellation", json!({ "email": "chris@example.com" })).expect(200);
}

/// 15 January: Dan was entered by hand for Bob and buys; Eve comes by Jane's link in the other campaign, where
/// commissions wait for approval, and buys; Jane is paid for November.
fn january(api: &Api) {
    let dan = json!({ "promoter_campaign_id": 600_003, "email": "dan@example.com" });
    api.post("/company/referrals", dan).expect(200);
    sell(api, "dan@example.com", "dan-1", 1_000);
    sign_up(api, "eve@example.com", "jane-p");
    sell(api, "eve@example.com", "eve-1", 3_000);
    let first = api.get("/company/commissions?q=anna&sorting[created_at]=asc")[0]["id"].clone();
    api.post("/company/commissions/generate_payouts", json!({ "ids": [first] })).expect(200);
    api.post("/company/payouts/mark_as_paid", json!({ "ids": [700_001] })).expect(200);
}

#[track_caller]
fn click(api: &Api, visit: Value) -> String {
    let made = api.admin("POST", "/clicks", visit).expect(201);
    made["tid"].as_str().expect("a tracking id").to_owned()
}

/// The query of a report over the three months.
fn asking(columns: &[&str], group_by: &str) -> String {
    let columns: String = columns.iter().map(|column| format!("columns[]={column}&")).collect();
    format!("{columns}group_by={group_by}&start_date=2024-11-01T00:00:00Z&end_date=2025-01-31T00:00:00Z")
}

/// A report over the three months.
#[track_caller]
fn report(api: &Api, name: &str, columns: &[&str], group_by: &str) -> Vec<Value> {
    rows(api, &format!("{name}?{}", asking(columns, group_by)))
}

/// The rows of a report.
#[track_caller]
fn rows(api: &Api, target: &str) -> Vec<Value> {
    match api.get(&format!("/company/reports/{target}")) {
        Value::Array(rows) => rows,
        other => panic!("a list was meant: {other}"),
    }
}

/// The figures of a column, row by row.
fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row["data"][name].clone()).collect()
}
