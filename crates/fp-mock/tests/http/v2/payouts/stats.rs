//! `/company/payouts/stats` and `/company/payouts/due_stats`.

use serde_json::{Value, json};

use super::{BOB, CLEO, JANE, JANE_PARTNER, act, payout, terms};
use crate::kit::Api;

fn terms_of_payment() -> Value {
    json!({
        "net_payout_days": 15,
        "payout_cycle": "monthly",
        "min_payment": 5_000,
        "min_paying_customers": 0,
        "terms_description": "Paid 15 days after the end of the month",
        "selected_payout_methods": ["paypal", "bank", "wise", "crypto", "custom", "dots"],
        "payout_method_options": {},
        "managed_payouts": false,
    })
}

/// Payouts of November, December (three) and January; that of November and Jane's of December are paid.
fn five() -> Api {
    let api = terms();
    payout(&api, BOB, 1_000, "2024-11-10");
    payout(&api, JANE, 2_000, "2024-12-10");
    payout(&api, BOB, 100, "2024-12-10");
    payout(&api, JANE_PARTNER, 300, "2024-12-10");
    payout(&api, CLEO, 50, "2025-01-10");
    act(&api, "mark_as_paid", &[700_001, 700_002]);
    api
}

fn sum(cash: i64, incl_tax: i64, promoters: usize) -> Value {
    json!({ "promoters_count": promoters, "amounts": { "cash": cash }, "total_incl_tax": incl_tax })
}

fn nothing() -> Value {
    json!({ "promoters_count": 0, "amounts": {}, "total_incl_tax": 0 })
}

#[test]
fn stats_come_only_as_they_are_asked_for() {
    let api = five();
    assert_eq!(api.get("/company/payouts/stats"), json!({ "meta": terms_of_payment(), "data": {} }));
    let all = "stats_by[paid_period]=true&stats_by[status]=true&stats_by[payout_method]=true";
    assert_eq!(
        api.get(&format!("/company/payouts/stats?{all}"))["data"],
        json!({
            "by_paid_period": [
                {
                    "period_start": "2024-12-01T00:00:00.000Z", "period_end": "2024-12-31T23:59:59.999Z",
                    "promoters_count": 1, "amounts": { "cash": 2_000 }, "total_incl_tax": 2_000,
                },
                {
                    "period_start": "2024-11-01T00:00:00.000Z", "period_end": "2024-11-30T23:59:59.999Z",
                    "promoters_count": 1, "amounts": { "cash": 1_000 }, "total_incl_tax": 1_190,
                },
            ],
            "by_status": {
                "pending": sum(450, 469, 3),
                "completed": sum(3_000, 3_190, 2),
                "processing": nothing(),
                "failed": nothing(),
            },
            "by_payout_method": { "paypal": sum(3_400, 3_609, 2), "not_set": sum(50, 50, 1) },
        })
    );
}

#[test]
fn stats_are_filtered() {
    let api = five();
    let by_status = |query: &str| {
        let stats = api.get(&format!("/company/payouts/stats?stats_by[status]=true&{query}"));
        stats["data"]["by_status"].clone()
    };
    assert_eq!(by_status("filters[campaign_id]=5399")["pending"], sum(300, 300, 1));
    assert_eq!(by_status("filters[campaign_id]=5399")["completed"], nothing());
    assert_eq!(by_status("filters[status]=completed")["pending"], nothing());
    assert_eq!(by_status("filters[status]=completed")["completed"], sum(3_000, 3_190, 2));
    assert_eq!(
        api.try_get("/company/payouts/stats?stats_by[status]=maybe").expect(422)["code"],
        "invalid_params"
    );
}

#[test]
fn due_stats_tell_what_is_due_next_and_what_is_late() {
    let api = terms();
    assert_eq!(
        api.get("/company/payouts/due_stats"),
        json!({
            "meta": terms_of_payment(),
            "data": {
                "next": with_dates(nothing(), None),
                "overdue": with_dates(nothing(), None),
                "custom": nothing(),
            },
        })
    );
    let api = five();
    payout(&api, JANE, 7, "2024-09-30");
    payout(&api, JANE, 8, "2024-10-01");
    let data = |query: &str| api.get(&format!("/company/payouts/due_stats?{query}"))["data"].clone();
    assert_eq!(data("")["next"], with_dates(sum(400, 419, 2), Some(("2025-01-15", "2024-12-31"))));
    assert_eq!(data("")["overdue"], with_dates(sum(15, 15, 1), Some(("2024-10-15", "2024-09-30"))));
    assert_eq!(data("")["custom"], nothing());
    assert_eq!(data("q=meyer")["next"], with_dates(sum(100, 119, 1), Some(("2025-01-15", "2024-12-31"))));
    assert_eq!(data("q=meyer")["overdue"], with_dates(nothing(), None));
    let other = with_dates(sum(300, 300, 1), Some(("2025-01-15", "2024-12-31")));
    assert_eq!(data("filters[campaign_id]=5399")["next"], other);
    assert_eq!(data("filters[status]=completed")["next"], with_dates(nothing(), None));
}

fn with_dates(mut sum: Value, dates: Option<(&str, &str)>) -> Value {
    sum["due_date"] = json!(dates.map(|(due, _)| due));
    sum["period_end"] = json!(dates.map(|(_, end)| end));
    sum
}

#[test]
fn weekly_payouts_run_from_monday_to_sunday() {
    let api = terms();
    let weekly = json!({
        "name": "weekly",
        "company": { "payout_cycle": "weekly", "net_payout_days": 3 },
        "campaigns": [{
            "id": 13202, "name": "Main", "landing_url": "https://www.example.com", "approves_promoters": true,
        }],
        "promoters": [{ "email": "jane@example.com", "campaigns": [{ "campaign": 13202 }] }],
    });
    api.admin("PUT", "/scenario", weekly).expect(200);
    // 15 January 2025 is a Wednesday.
    let id = payout(&api, JANE, 5_000, "2025-01-12");
    let shown = super::show(&api, id);
    assert_eq!(shown["period_start"], "2025-01-06T00:00:00.000Z");
    assert_eq!(shown["period_end"], "2025-01-12T23:59:59.999Z");
    let stats = api.get("/company/payouts/due_stats");
    assert_eq!(stats["meta"]["payout_cycle"], "weekly");
    assert_eq!(stats["data"]["next"], with_dates(sum(5_000, 5_000, 1), Some(("2025-01-15", "2025-01-12"))));
}
