//! What the columns say.

use serde_json::{Value, json};

use super::{ALL, BLOG, PRICING, column, report, three_months};
use crate::kit::Api;

#[test]
fn every_column_of_the_overview_follows_from_what_happened() {
    let api = three_months();
    let months = report(&api, "overview", &ALL, "month");
    assert_eq!(
        Value::Array(months),
        json!([
            { "period": "Nov 2024", "id": "2024-11", "data": {
                "active_customers": 2, "monthly_churn": 0.0, "clicks_count": 4, "net_revenue_amount": 12_000,
                "revenue_amount": 15_000, "referrals_count": 3, "customers_count": 2, "sales_count": 2,
                "refunds_count": 0, "cancelled_customers_count": 0, "promoter_earnings_amount": 3_000,
                "non_link_customers": 0, "referrals_to_customers_cr": 66.67, "3m_epc": 750.0, "6m_epc": 750.0,
                "clicks_to_customers_cr": 50.0, "clicks_to_referrals_cr": 75.0, "promoter_paid_amount": 0,
                "signups_count": 3,
            } },
            // Earned 2,000 + 800 - 500; one of the two active and the one new customer is lost.
            { "period": "Dec 2024", "id": "2024-12", "data": {
                "active_customers": 2, "monthly_churn": 33.33, "clicks_count": 1, "net_revenue_amount": 9_200,
                "revenue_amount": 11_500, "referrals_count": 0, "customers_count": 1, "sales_count": 2,
                "refunds_count": 1, "cancelled_customers_count": 1, "promoter_earnings_amount": 2_300,
                "non_link_customers": 0, "referrals_to_customers_cr": 0.0, "3m_epc": 1_060.0, "6m_epc": 1_060.0,
                "clicks_to_customers_cr": 100.0, "clicks_to_referrals_cr": 0.0, "promoter_paid_amount": 0,
                "signups_count": 0,
            } },
            // Eve's commission is not approved.
            { "period": "Jan 2025", "id": "2025-01", "data": {
                "active_customers": 4, "monthly_churn": 0.0, "clicks_count": 0, "net_revenue_amount": 3_800,
                "revenue_amount": 4_000, "referrals_count": 2, "customers_count": 2, "sales_count": 2,
                "refunds_count": 0, "cancelled_customers_count": 0, "promoter_earnings_amount": 200,
                "non_link_customers": 1, "referrals_to_customers_cr": 100.0, "3m_epc": 1_100.0,
                "6m_epc": 1_100.0, "clicks_to_customers_cr": 0.0, "clicks_to_referrals_cr": 0.0,
                "promoter_paid_amount": 2_000, "signups_count": 1,
            } },
        ])
    );
}

#[test]
fn the_year_sums_what_can_be_summed_and_divides_anew() {
    let api = three_months();
    let years = report(&api, "overview", &ALL, "year");
    assert_eq!(column(&years, "revenue_amount"), [26_500, 4_000]);
    assert_eq!(column(&years, "active_customers"), [2, 4]);
    // One of the three customers of two months.
    assert_eq!(column(&years, "monthly_churn"), [16.67, 0.0]);
    assert_eq!(column(&years, "referrals_to_customers_cr"), [100.0, 100.0]);
    assert_eq!(column(&years, "3m_epc"), [1_060.0, 1_100.0]);
}

#[test]
fn campaigns_have_the_whole_time_and_every_period() {
    let api = three_months();
    let columns = ["revenue_amount", "promoter_earnings_amount", "active_customers"];
    let data = |revenue: i64, earnings: i64, active: i64| {
        json!({
            "revenue_amount": revenue, "promoter_earnings_amount": earnings, "active_customers": active,
        })
    };
    let month = |period: &str, id: &str, data: Value| json!({ "period": period, "id": id, "data": data });
    assert_eq!(
        Value::Array(report(&api, "campaigns", &columns, "month")),
        json!([
            {
                "campaign": { "id": 13202, "name": "Main Campaign", "color": "#42a5f5" },
                "id": 13202,
                "data": data(27_500, 5_500, 3),
                "sub_data": [
                    month("Nov 2024", "2024-11", data(15_000, 3_000, 2)),
                    month("Dec 2024", "2024-12", data(11_500, 2_300, 2)),
                    month("Jan 2025", "2025-01", data(1_000, 200, 3)),
                ],
            },
            {
                "campaign": { "id": 5399, "name": "Partner Program", "color": "#42a5f5" },
                "id": 5399,
                "data": data(3_000, 0, 1),
                "sub_data": [
                    month("Nov 2024", "2024-11", data(0, 0, 0)),
                    month("Dec 2024", "2024-12", data(0, 0, 0)),
                    month("Jan 2025", "2025-01", data(3_000, 0, 1)),
                ],
            },
        ])
    );
}

#[test]
fn promoters_have_what_their_enrolments_have_together() {
    let api = three_months();
    let columns = ["clicks_count", "revenue_amount", "promoter_paid_amount", "signups_count"];
    let promoters = report(&api, "promoters", &columns, "year");
    let names: Vec<&Value> = promoters.iter().map(|row| &row["promoter"]).collect();
    // Cleo and Dora never referred anybody.
    assert_eq!(
        names,
        [
            &json!({ "id": 500_001, "email": "jane@example.com", "name": "Jane Doe" }),
            &json!({ "id": 500_002, "email": "bob@example.com", "name": "Bob Meyer" }),
        ]
    );
    assert_eq!(column(&promoters, "clicks_count"), [3, 2]);
    assert_eq!(column(&promoters, "revenue_amount"), [24_500, 6_000]);
    assert_eq!(column(&promoters, "promoter_paid_amount"), [2_000, 0]);
    assert_eq!(column(&promoters, "signups_count"), [3, 1]);
    let jane = promoters[0]["sub_data"].as_array().expect("periods");
    assert_eq!(column(jane, "revenue_amount"), [21_500, 3_000]);
    assert_eq!(promoters[0]["id"], 500_001);
}

#[test]
fn traffic_sources_have_what_their_visitors_did() {
    let api = three_months();
    let columns = [
        "clicks_count",
        "revenue_amount",
        "promoter_earnings_amount",
        "referrals_count",
        "customers_count",
        "sales_count",
        "refunds_count",
        "cancelled_customers_count",
        "referrals_to_customers_cr",
        "clicks_to_customers_cr",
        "clicks_to_referrals_cr",
    ];
    let sources = report(&api, "traffic_sources", &columns, "year");
    assert_eq!(
        sources[0]["data"],
        json!({
            "clicks_count": 3, "revenue_amount": 21_500, "promoter_earnings_amount": 4_300,
            "referrals_count": 2, "customers_count": 2, "sales_count": 3, "refunds_count": 1,
            "cancelled_customers_count": 0, "referrals_to_customers_cr": 100.0,
            "clicks_to_customers_cr": 66.67, "clicks_to_referrals_cr": 66.67,
        })
    );
    let names: Vec<&Value> = sources.iter().map(|row| &row["source"]).collect();
    assert_eq!(names, [BLOG, "direct", "newsletter"]);
    assert_eq!(column(&sources, "clicks_count"), [3, 1, 1]);
    assert_eq!(sources[0]["id"], BLOG);
    let years = sources[0]["sub_data"].as_array().expect("periods");
    assert_eq!(column(years, "revenue_amount"), [21_500, 0]);
}

#[test]
fn urls_have_what_their_visitors_did() {
    let api = three_months();
    let urls = report(&api, "urls", &["url", "clicks_count", "revenue_amount"], "year");
    let names: Vec<&Value> = urls.iter().map(|row| &row["url"]).collect();
    // Visits whose page is not known went to the campaign's landing page.
    assert_eq!(names, [PRICING, "https://www.example.com"]);
    assert_eq!(urls[0]["id"], PRICING);
    assert_eq!(urls[0]["data"], json!({ "clicks_count": 2, "revenue_amount": 21_500 }));
    assert_eq!(column(&urls, "clicks_count"), [2, 3]);
    let only_name = report(&api, "urls", &["url"], "year");
    assert_eq!(only_name[0]["data"], json!({}));
}

#[test]
fn a_decision_changes_the_day_of_the_commission_and_not_its_own() {
    let api = three_months();
    let earned = |api: &Api| {
        column(&report(api, "overview", &["promoter_earnings_amount"], "month"), "promoter_earnings_amount")
    };
    let anna = api.get("/company/commissions?q=ben")[0]["id"].clone();
    api.post("/company/commissions/deny", json!({ "ids": [anna] })).expect(200);
    assert_eq!(earned(&api), [3_000, 1_500, 200]);
    let eve = api.get("/company/commissions?q=eve")[0]["id"].clone();
    api.post("/company/commissions/approve", json!({ "ids": [eve] })).expect(200);
    assert_eq!(earned(&api), [3_000, 1_500, 800]);
}

#[test]
fn what_is_paid_counts_on_the_day_of_payment_until_it_is_taken_back() {
    let api = three_months();
    let paid = |api: &Api| {
        let from_to = "columns[]=promoter_paid_amount&group_by=day&start_date=2025-01-14T00:00:00Z&end_date=2025-01-16T00:00:00Z";
        column(&super::rows(api, &format!("overview?{from_to}")), "promoter_paid_amount")
    };
    assert_eq!(paid(&api), [0, 2_000, 0]);
    api.post("/company/payouts/mark_as_unpaid", json!({ "ids": [700_001] })).expect(200);
    assert_eq!(paid(&api), [0, 0, 0]);
    api.advance("1d");
    api.post("/company/payouts/mark_as_paid", json!({ "ids": [700_001] })).expect(200);
    assert_eq!(paid(&api), [0, 0, 2_000]);
    api.delete("/company/payouts/destroy", json!({ "ids": [700_001] })).expect(200);
    assert_eq!(paid(&api), [0, 0, 0]);
}

#[test]
fn a_moved_referral_counts_where_it_went() {
    let api = three_months();
    let anna = api.get("/company/referrals?q=anna")[0]["id"].clone();
    let revenue = |api: &Api| {
        column(&report(api, "promoters", &["revenue_amount", "referrals_count"], "year"), "revenue_amount")
    };
    assert_eq!(revenue(&api), [24_500, 6_000]);
    let to_bob =
        json!({ "ids": [anna], "promoter_campaign_id": 600_003, "move_associated_commissions": true });
    api.post("/company/referrals/move_to_promoter", to_bob).expect(200);
    // Anna bought for 20,000 and got 2,500 back.
    assert_eq!(revenue(&api), [23_500, 7_000]);
}

#[test]
fn a_sale_entered_late_counts_on_its_own_day() {
    let api = three_months();
    let ben = api.get("/company/referrals?q=ben")[0]["id"].clone();
    let sale = json!({
        "commission_type": "sale", "referral_id": ben, "sale_amount": 700, "event_date": "2024-11-20",
    });
    api.post("/company/commissions", sale).expect(200);
    let revenue = column(&report(&api, "overview", &["revenue_amount"], "month"), "revenue_amount");
    assert_eq!(revenue, [15_700, 11_500, 4_000]);
}
