//! The `demo` scenario over HTTP: everything that can be listed, judged by the contract.

use serde_json::{Value, json};

use crate::kit::Api;

#[track_caller]
fn pages(api: &Api, path: &str, pages: usize) -> Vec<Value> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let page = |number| {
        let answer = api.get(&format!("{path}{joint}per_page=100&page={number}"));
        let rows = answer.as_array().or_else(|| answer["data"].as_array()).cloned();
        rows.unwrap_or_else(|| panic!("{path} is no list: {answer}"))
    };
    (1..=pages).flat_map(page).collect()
}

#[test]
fn a_year_of_life_can_be_listed_filtered_and_charted() {
    let api = Api::start();
    api.admin("PUT", "/scenario", json!({ "name": "demo" })).expect(200);

    let promoters = pages(&api, "/company/promoters", 4);
    assert!((250..=301).contains(&promoters.len()), "{} promoters", promoters.len());
    let with = |field: &str| promoters.iter().filter(|row| !row[field].is_null()).count();
    for (field, at_least) in
        [("balances", 100), ("selected_payout_method", 150), ("last_login_at", 150), ("cust_id", 20)]
    {
        assert!(with(field) >= at_least, "{} promoters have {field}", with(field));
    }
    let suspicious = "/company/promoters?filters[fraud_suspicions][]=same_ip_suspicion";
    assert!(!pages(&api, suspicious, 1).is_empty());

    assert_eq!(pages(&api, "/company/referrals", 20).len(), 2_000, "thousands of referrals");
    assert_eq!(pages(&api, "/company/commissions", 20).len(), 2_000, "thousands of commissions");
    for status in ["pending", "completed"] {
        let payouts = pages(&api, &format!("/company/payouts?filters[status]={status}"), 1);
        assert_eq!(payouts.len(), 100, "hundreds of {status} payouts");
    }
    assert!(!pages(&api, "/company/promo_codes", 1).is_empty());
    assert_eq!(pages(&api, "/company/promoter_campaigns", 3).len(), 300);

    let best = &pages(&api, "/company/promoters?sorting[revenue_amount]=desc", 1)[0];
    let query = "period_from=2024-01-15&period_to=2025-01-15&selection=revenue";
    let chart = api.get(&format!("/company/promoters/{}/chart_data?{query}", best["id"]));
    let items = chart["selection_items"].as_array().expect("a list");
    let drawn: i64 = items.iter().filter_map(|item| item[1].as_i64()).sum();
    assert_eq!(drawn, best["stats"]["revenue_amount"].as_i64().expect("a sum"));
    assert!(drawn > 100_000);
}
