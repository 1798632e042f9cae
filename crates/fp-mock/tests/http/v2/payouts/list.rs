//! `/company/payouts`.

use serde_json::json;

use super::{BOB, CLEO, DORA, JANE, JANE_PARTNER, act, ids, payout, terms};
use crate::kit::Api;
use crate::v2::shop;

/// Jane in two campaigns in December, Bob in November and January, Cleo and Dora in December; made in this order
/// with the ids from 700001.
fn six() -> Api {
    let api = terms();
    for (who, amount, day) in [
        (JANE, 6_000, "2024-12-05"),
        (JANE_PARTNER, 300, "2024-12-06"),
        (BOB, 9_000, "2024-11-07"),
        (BOB, 8_000, "2025-01-08"),
        (CLEO, 7_000, "2024-12-09"),
        (DORA, 4_999, "2024-12-10"),
    ] {
        payout(&api, who, amount, day);
    }
    api
}

#[test]
fn payouts_come_newest_first_in_pages() {
    let api = six();
    assert_eq!(ids(&api, ""), [700_006, 700_005, 700_004, 700_003, 700_002, 700_001]);
    assert_eq!(ids(&api, "page=2&per_page=4"), [700_002, 700_001]);
    assert_eq!(ids(&api, "page=9"), [0u64; 0]);
    assert_eq!(api.try_get("/company/payouts?page=0").expect(422)["code"], "invalid_params");
}

#[test]
fn payouts_are_filtered_by_what_they_are() {
    let api = six();
    act(&api, "mark_as_paid", &[700_003]);
    for (query, expected) in [
        ("filters[status]=completed", vec![700_003]),
        ("filters[campaign_id]=5399", vec![700_002]),
        ("filters[campaign_id][]=5399&filters[campaign_id][]=13202&per_page=2", vec![700_006, 700_005]),
        ("filters[promoter_id]=500001", vec![700_002, 700_001]),
        ("ids[]=700001&ids[]=700004&ids[]=1", vec![700_004, 700_001]),
        ("filters[period_start][from]=2025-01-01", vec![700_004]),
        ("filters[period_start][to]=2024-11-01", vec![700_003]),
        ("filters[period_end][from]=2024-11-30&filters[period_end][to]=2024-11-30", vec![700_003]),
        ("filters[period_end][to]=2024-11-29", vec![]),
        ("filters[payout_method]=paypal", vec![700_004, 700_003, 700_002, 700_001]),
        ("filters[payout_method]=bank", vec![700_006]),
        ("filters[payout_method]=not_set", vec![700_005]),
        ("filters[status]=pending&filters[promoter_id]=500002", vec![700_004]),
        ("filters[payments_batch_id]=80001", vec![]),
    ] {
        assert_eq!(ids(&api, query), expected, "{query}");
    }
}

#[test]
fn q_searches_the_promoters_names_and_address() {
    let api = six();
    for (q, expected) in [
        ("MEYER", vec![700_004, 700_003]),
        ("jan", vec![700_002, 700_001]),
        ("dora@", vec![700_006]),
        ("example.com", vec![700_006, 700_005, 700_004, 700_003, 700_002, 700_001]),
        ("13202", vec![]),
    ] {
        assert_eq!(ids(&api, &format!("q={q}")), expected, "{q}");
    }
}

#[test]
fn unpaid_payouts_lie_on_three_piles() {
    let api = six();
    // On 15 January those of December are due today, that of November was in December; January is far.
    assert_eq!(ids(&api, "filters[due_period]=next"), [700_006, 700_005, 700_002, 700_001]);
    assert_eq!(ids(&api, "filters[due_period]=overdue"), [700_003]);
    assert_eq!(ids(&api, "filters[due_period]=custom"), [0u64; 0]);
    act(&api, "mark_as_paid", &[700_001]);
    api.advance("1d");
    assert_eq!(ids(&api, "filters[due_period]=next"), [700_004]);
    assert_eq!(ids(&api, "filters[due_period]=overdue"), [700_006, 700_005, 700_003, 700_002]);
    assert_eq!(
        api.get("/company/commissions?filters[due_period]=next")[0]["amount"],
        8_000,
        "commissions lie on the pile of their payout"
    );
}

#[test]
fn only_what_nothing_holds_back_is_payable() {
    let api = six();
    // Cleo has no method, Dora is below the minimum; Jane's two payouts count together.
    assert_eq!(ids(&api, "filters[only_payable]=true"), [700_004, 700_003, 700_002, 700_001]);
    assert_eq!(ids(&api, "filters[only_payable]=false").len(), 6);
    act(&api, "mark_as_paid", &[700_001]);
    assert_eq!(
        ids(&api, "filters[only_payable]=true"),
        [700_004, 700_003],
        "Jane's rest is below the minimum"
    );
    let blocked = json!({ "ids": [500_002], "campaign_id": 13202 });
    api.post("/company/promoters/block", blocked).expect(200);
    assert_eq!(ids(&api, "filters[only_payable]=true"), [0u64; 0]);
}

#[test]
fn an_archived_promoter_is_not_payable() {
    let api = six();
    api.post("/company/promoters/archive", json!({ "ids": [500_001, 500_002] })).expect(200);
    assert_eq!(ids(&api, "filters[only_payable]=true"), [0u64; 0]);
}

#[test]
fn fraud_suspicions_are_those_of_the_promoters_referrals() {
    let api = six();
    shop::sign_up(&api, "dora@example.com", "dora");
    assert_eq!(ids(&api, "filters[fraud_suspicions][]=same_promoter_email"), [700_006]);
    assert_eq!(
        ids(&api, "filters[fraud_suspicions][]=no_suspicion"),
        [700_005, 700_004, 700_003, 700_002, 700_001]
    );
    assert_eq!(ids(&api, "filters[fraud_suspicions][]=ad_source"), [0u64; 0]);
    let both = "filters[fraud_suspicions][]=same_promoter_email&filters[fraud_suspicions][]=no_suspicion";
    assert_eq!(ids(&api, both).len(), 6);
}

#[test]
fn payouts_are_sorted_and_equal_ones_stay_newest_first() {
    let api = six();
    assert_eq!(ids(&api, "sorting[amount]=desc"), [700_003, 700_004, 700_005, 700_001, 700_006, 700_002]);
    assert_eq!(ids(&api, "sorting[amount]=asc&per_page=2"), [700_002, 700_006]);
    assert_eq!(
        ids(&api, "sorting[period_start]=asc"),
        [700_003, 700_006, 700_005, 700_002, 700_001, 700_004]
    );
    assert_eq!(ids(&api, "sorting[period_end]=desc"), [700_004, 700_006, 700_005, 700_002, 700_001, 700_003]);
}

#[test]
fn filters_that_cannot_be_read_are_refused() {
    let api = terms();
    for query in [
        "filters[status]=gone",
        "filters[campaign_id]=all",
        "filters[due_period]=soon",
        "filters[period_start][from]=yesterday",
        "filters[payout_method]=cheque",
        "filters[only_payable]=perhaps",
        "filters[fraud_suspicions][]=none",
        "sorting[amount]=up",
    ] {
        let refused = api.try_get(&format!("/company/payouts?{query}")).expect(422);
        let name = query.split('=').next().expect("a name").trim_end_matches("[]");
        assert!(refused["message"].as_str().is_some_and(|text| text.contains(name)), "{query}: {refused}");
    }
}
