//! `/company/payouts/group_by_promoters`.

use serde_json::{Value, json};

use super::{BOB, CLEO, JANE, JANE_PARTNER, act, payout, show, terms};
use crate::kit::Api;
use crate::v2::shop;

fn four() -> Api {
    let api = terms();
    payout(&api, JANE, 4_000, "2024-12-10");
    payout(&api, JANE_PARTNER, 1_000, "2024-12-10");
    payout(&api, BOB, 4_999, "2025-01-10");
    payout(&api, CLEO, 70, "2024-11-10");
    api
}

fn promoters(api: &Api, query: &str) -> Vec<String> {
    let reply = api.get(&format!("/company/payouts/group_by_promoters?{query}"));
    let groups = reply["data"].as_array().expect("a list").iter();
    groups.map(|group| group["promoter"]["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_group_holds_the_payouts_of_one_promoter() {
    let api = four();
    shop::sign_up(&api, "jane@example.com", "jane");
    let reply = api.get("/company/payouts/group_by_promoters?q=jane");
    let payouts = [show(&api, 700_002), show(&api, 700_001)];
    assert_eq!(
        reply,
        json!({
            "data": [{
                "promoter": {
                    "id": 500_001, "email": "jane@example.com", "name": "Jane Doe",
                    "invoice_details_status": "not_submitted",
                    "fraud_suspicions": ["same_promoter_email"],
                    "profile": { "invoice_details_validation_errors": null },
                },
                "payout_method": {
                    "id": 90_001, "method": "paypal", "date_added": "2025-01-15T10:30:00.000Z",
                    "is_disabled": false, "meta": {}, "is_selected": true, "managed_payouts": false,
                },
                "payouts": payouts,
                "is_amount_payable": true,
                "payout_ids": [700_002, 700_001],
                "amount": 5_000,
                "total_incl_tax": 5_000,
            }],
            "meta": {
                "total": 5_000, "promoters_count": 1, "total_incl_tax": 5_000,
                "due_date": "2025-01-15", "period_end": "2024-12-31",
            },
        })
    );
}

#[test]
fn the_details_of_the_method_come_on_request() {
    let api = four();
    let reply = api.get("/company/payouts/group_by_promoters?include_payout_method_details=true");
    let method = |at: usize| &reply["data"][at]["payout_method"];
    assert_eq!(method(0), &Value::Null, "Cleo has selected none");
    assert_eq!(method(1)["details"], json!({}));
}

#[test]
fn the_totals_are_those_of_all_pages() {
    let api = four();
    let page = api.get("/company/payouts/group_by_promoters?per_page=1&page=2");
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["data"][0]["promoter"]["name"], "Bob Meyer");
    assert_eq!(page["data"][0]["is_amount_payable"], false, "one below the minimum");
    assert_eq!(page["meta"]["total"], 10_069);
    assert_eq!(page["meta"]["promoters_count"], 3);
    // 19% of 4,999 is 949.81.
    assert_eq!(page["meta"]["total_incl_tax"], 11_019);
}

#[test]
fn groups_are_filtered_by_their_payouts_and_by_their_amount() {
    let api = four();
    assert_eq!(promoters(&api, ""), ["Cleo", "Bob Meyer", "Jane Doe"]);
    assert_eq!(promoters(&api, "filters[campaign_id]=5399"), ["Jane Doe"]);
    assert_eq!(promoters(&api, "filters[min_payment]=4999"), ["Bob Meyer", "Jane Doe"]);
    assert_eq!(promoters(&api, "filters[min_payment]=5000"), ["Jane Doe"]);
    assert_eq!(promoters(&api, "filters[invoiceable]=not_set").len(), 3);
    assert_eq!(promoters(&api, "filters[invoiceable]=true"), [""; 0]);
    assert_eq!(promoters(&api, "filters[invoiceable]=false"), [""; 0]);
    act(&api, "mark_as_paid", &[700_001]);
    assert_eq!(promoters(&api, "filters[status]=completed"), ["Jane Doe"]);
    let paid = api.get("/company/payouts/group_by_promoters?filters[status]=completed");
    assert_eq!(paid["data"][0]["payout_ids"], json!([700_001]));
    let refused = api.try_get("/company/payouts/group_by_promoters?filters[invoiceable]=yes").expect(422);
    assert_eq!(refused["code"], "invalid_params");
}

#[test]
fn without_payouts_there_is_no_group_and_nothing_due() {
    let api = terms();
    assert_eq!(
        api.get("/company/payouts/group_by_promoters"),
        json!({
            "data": [],
            "meta": {
                "total": 0, "promoters_count": 0, "total_incl_tax": 0, "due_date": null, "period_end": null,
            },
        })
    );
}
