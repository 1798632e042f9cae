//! `/reports`.

use serde_json::{Value, json};

use super::client::V1;
use crate::documented::Likeness::{Fields, Order};
use crate::documented::assert_like;

const FIGURES: [&str; 18] = [
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
];

/// Jane: four visits and two leads; one buys for $13,500.72 in November and $50.00 in January and gets $10.00
/// back, the other cancels. Bob in the campaign 17476: one lead, $900.00 in December.
fn busy() -> V1 {
    let v1 = V1::start();
    for _ in 0..4 {
        v1.api.admin("POST", "/clicks", json!({ "ref_token": "jane89" })).expect(201);
    }
    let bob =
        [("email", "bob@example.com"), ("ref_id", "bob"), ("campaign_id", "17476"), ("first_name", "Bob")];
    v1.post("/promoters/create", &bob).expect(200);
    v1.post("/promoters/create", &[("email", "idle@example.com")]).expect(200);
    let signup = |uid: &str, ref_id: &str, at: &str| {
        v1.post("/track/signup", &[("uid", uid), ("ref_id", ref_id), ("created_at", at)]).expect(200);
    };
    let sale = |uid: &str, event: &str, amount: &str, at: &str| {
        let pairs = [("uid", uid), ("event_id", event), ("amount", amount), ("created_at", at)];
        v1.post("/track/sale", &pairs).expect(200);
    };
    signup("u1", "jane89", "2024-11-01");
    signup("u2", "jane89", "2025-01-02");
    signup("u3", "bob", "2024-12-03");
    sale("u1", "e1", "1350072", "2024-11-05T12:00:00Z");
    sale("u1", "e2", "5000", "2025-01-06T12:00:00Z");
    sale("u2", "e3", "2000", "2025-01-07T12:00:00Z");
    sale("u3", "e4", "90000", "2024-12-08T12:00:00Z");
    let refund = [("uid", "u1"), ("event_id", "r1"), ("sale_event_id", "e2"), ("amount", "1000")];
    v1.post("/track/refund", &refund).expect(200);
    v1.post("/track/cancellation", &[("uid", "u2")]).expect(200);
    v1
}

fn periods(rows: &Value) -> Vec<&str> {
    rows.as_array().expect("a list").iter().filter_map(|row| row["period"].as_str()).collect()
}

#[test]
fn the_overview_has_a_row_for_each_month_the_first_figure_deciding_the_order() {
    let v1 = busy();
    let span = [("start_date", "01-11-2024"), ("end_date", "15-01-2025"), ("group_by", "month")];
    let overview = v1.get("/reports/overview", &span).expect(200);
    assert_like("v1/reports/overview", Order, &overview);
    assert_like("v1-published/reports/overview", Order, &overview);
    assert_eq!(periods(&overview), ["Nov 2024", "Dec 2024", "Jan 2025"]);
    let november = json!({ "revenue_amount": "$13,500.72", "clicks_count": 0, "referrals_count": 1,
                           "customers_count": 1, "period": "Nov 2024" });
    assert_eq!(overview[0], november);
    let january = json!({ "revenue_amount": "$60.00", "clicks_count": 4, "referrals_count": 1,
                          "customers_count": 1, "period": "Jan 2025" });
    assert_eq!(overview[2], january);
    let sorted = |sort: &[(&str, &str)]| {
        let rows = v1.get("/reports/overview", &[&span[..], sort].concat()).expect(200);
        periods(&rows).iter().map(|period| (*period).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sorted(&[("sort", "clicks_count")])[0], "Jan 2025");
    assert_eq!(sorted(&[("sort_dir", "asc")]), ["Jan 2025", "Dec 2024", "Nov 2024"]);
    assert_eq!(sorted(&[("selected_fields[]", "clicks_count"), ("sort", "revenue_amount")])[0], "Nov 2024");
}

#[test]
fn all_eighteen_figures_can_be_selected() {
    let v1 = busy();
    let selected: Vec<(&str, &str)> = FIGURES.iter().map(|figure| ("selected_fields[]", *figure)).collect();
    let span = [("start_date", "2025-01-01"), ("end_date", "2025-01-31")];
    let rows = v1.get("/reports/overview", &[&selected[..], &span].concat()).expect(200);
    let january = rows[0].as_object().expect("a row");
    assert_eq!(january.keys().map(String::as_str).collect::<Vec<_>>(), [&FIGURES[..], &["period"]].concat());
    // 20% of $70.00 less $10.00, which three months of four visits and $13,500.72 and $60.00 brought in.
    for (figure, value) in [
        ("revenue_amount", json!("$60.00")),
        ("net_revenue_amount", json!("$48.00")),
        ("promoter_earnings_amount", json!("$12.00")),
        ("promoter_paid_amount", json!("$0.00")),
        ("3m_epc", json!("$678.04")),
        ("sales_count", json!(2)),
        ("refunds_count", json!(1)),
        ("cancelled_customers_count", json!(1)),
        ("active_customers", json!(2)),
        ("non_link_customers", json!(0)),
        ("referrals_to_customers_cr", json!(100.0)),
        ("clicks_to_customers_cr", json!(25.0)),
        ("clicks_to_referrals_cr", json!(25.0)),
        ("monthly_churn", json!(33.33)),
    ] {
        assert_eq!(january[figure], value, "{figure}");
    }
}

#[test]
fn campaigns_have_their_periods_newest_first_and_their_totals() {
    let v1 = busy();
    let span = [("start_date", "01-11-2024"), ("end_date", "15-01-2025")];
    let report = v1.get("/reports/campaigns", &span).expect(200);
    assert_like("v1/reports/campaigns", Order, &report);
    assert_like("v1-published/reports/campaigns", Order, &report);
    let main = &report[0];
    assert_eq!((&main["campaign_name"], &main["campaign_id"]), (&json!("Main Campaign"), &json!(13202)));
    assert_eq!((&main["revenue_amount"], &main["customers_count"]), (&json!("$13,560.72"), &json!(2)));
    assert_eq!(periods(&main["items"]), ["Jan 2025", "Dec 2024", "Nov 2024"]);
    assert_eq!((&report[1]["campaign_id"], &report[1]["revenue_amount"]), (&json!(17476), &json!("$900.00")));
    assert_eq!(report.as_array().map(Vec::len), Some(3), "a campaign in which nothing happened is there too");
}

#[test]
fn without_a_page_the_promoters_with_the_highest_figure_come_first() {
    let v1 = busy();
    let report = v1.get("/reports/promoters", &[("start_date", "01-11-2024")]).expect(200);
    assert_like("v1/reports/promoters", Order, &report);
    assert_like("v1-published/reports/promoters", Order, &report);
    let names = |report: &Value| {
        let rows = report.as_array().expect("a list").iter();
        rows.map(|row| row["promoter_name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&report), ["Jane Doe", "Bob", "idle@example.com"]);
    let december = [("start_date", "01-12-2024"), ("end_date", "31-12-2024")];
    assert_eq!(names(&v1.get("/reports/promoters", &december).expect(200))[0], "Bob");
    let by_clicks = [&december[..1], &[("top_50", "clicks_count")]].concat();
    assert_eq!(names(&v1.get("/reports/promoters", &by_clicks).expect(200))[0], "Jane Doe");
    let chosen = [("promoter_ids[]", "500002"), ("promoter_ids[]", "77")];
    assert_eq!(names(&v1.get("/reports/promoters", &chosen).expect(200)), ["Bob"]);
}

#[test]
fn with_a_page_the_promoters_come_by_their_total_revenue() {
    let v1 = busy();
    let page = |number: &str| {
        let pairs =
            [("page", number), ("per_page", "2"), ("start_date", "01-12-2024"), ("end_date", "31-12-2024")];
        v1.get("/reports/promoters", &pairs)
    };
    let first = page("1");
    let rows = first.expect(200);
    assert_eq!(
        (&rows[0]["promoter_name"], &rows[0]["revenue_amount"]),
        (&json!("Jane Doe"), &json!("$0.00"))
    );
    assert_eq!((&rows[1]["promoter_name"], &rows[1]["revenue_amount"]), (&json!("Bob"), &json!("$900.00")));
    assert!(first.header("link").is_some_and(|links| links.contains("page=2>; rel=\"next\"")));
    assert_eq!(first.header("total"), Some("3"));
    assert_eq!(page("2").expect(200)[0]["promoter_name"], "idle@example.com");
    assert_eq!(page("3").expect(200), json!([]));
}

#[test]
fn no_more_than_fifty_promoters_head_the_list() {
    let v1 = V1::start();
    for number in 0..51 {
        let email = format!("p{number}@example.com");
        v1.post("/promoters/create", &[("email", &email)]).expect(200);
    }
    let head = v1.get("/reports/promoters", &[]).expect(200);
    assert_eq!(head.as_array().map(Vec::len), Some(50));
}

#[test]
fn periods_are_days_months_or_years() {
    let v1 = busy();
    let rows = |group_by: &str| {
        let pairs = [("group_by", group_by), ("start_date", "05-11-2024"), ("end_date", "06-01-2025")];
        v1.get("/reports/overview", &pairs).expect(200)
    };
    assert_eq!(
        rows("year")[0],
        json!({ "revenue_amount": "$14,400.72", "clicks_count": 0, "referrals_count": 1,
                                       "customers_count": 2, "period": "2024" })
    );
    assert_eq!(periods(&rows("day"))[0], "05 Nov 2024");
    assert_eq!(rows("day").as_array().map(Vec::len), Some(63));
    assert_eq!(v1.get("/reports/overview", &[]).expect(200).as_array().map(Vec::len), Some(13));
}

#[test]
fn report_calls_that_cannot_be_are_refused_in_the_documents_words() {
    let v1 = V1::start();
    let unknown = json!({ "message": "Selected Fields invalid !", "code": "invalid_params" });
    for path in ["/reports/overview", "/reports/campaigns", "/reports/promoters"] {
        for name in ["signups_count", "revenue"] {
            let refused = v1.get(path, &[("selected_fields[]", "clicks_count"), ("selected_fields[]", name)]);
            assert_eq!(refused.expect(422), unknown, "{path} {name}");
        }
        for pairs in [
            &[("group_by", "week")][..],
            &[("start_date", "31-02-2025")],
            &[("start_date", "02-01-2025"), ("end_date", "01-01-2025")],
            &[("group_by", "day"), ("start_date", "01-01-2024"), ("end_date", "31-03-2024")],
        ] {
            let refused = v1.get(path, pairs).expect(422);
            assert_eq!(refused["code"], "invalid_params", "{path} {pairs:?}");
        }
    }
    assert_eq!(v1.get("/reports/overview", &[("sort", "gold")]).expect(422), unknown);
    assert_eq!(v1.get("/reports/promoters", &[("top_50", "gold")]).expect(422), unknown);
    assert!(v1.get("/reports/overview", &[("sort_dir", "up")]).expect(422)["message"].is_string());
    assert_like("v1/reports/overview", Fields, &v1.get("/reports/overview", &[]).expect(200));
}
