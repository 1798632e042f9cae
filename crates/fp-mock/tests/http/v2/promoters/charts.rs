//! Charts of promoters and of promoter campaigns.

use serde_json::{Value, json};

use crate::kit::Api;

/// Jane in two campaigns: two visits, a referral that buys twice and cancels, and one in the other campaign.
const PAST: &str = r#"
name: charts
campaigns:
  - { id: 2001, name: Main, default: true, landing_url: "https://a.example", approves_promoters: true }
  - { id: 2002, name: Partners, landing_url: "https://b.example" }
promoters:
  - email: jane@example.com
    joined: 2024-12-01
    campaigns: [{ campaign: 2001, ref_token: jane }, { campaign: 2002, ref_token: jane2, state: accepted }]
history:
  - { at: 2024-12-31T23:59:59Z, click: { ref_token: jane } }
  - { at: 2025-01-01T00:00:00Z, click: { ref_token: jane } }
  - { at: 2025-01-01T12:00:00Z, signup: { uid: c1, ref_token: jane } }
  - { at: 2025-01-02T12:00:00Z, sale: { uid: c1, amount: 1000 } }
  - { at: 2025-01-02T13:00:00Z, sale: { uid: c1, amount: 500 } }
  - { at: 2025-01-03T23:59:59Z, refund: { uid: c1, amount: 500 } }
  - { at: 2025-01-03T23:59:59Z, cancellation: { uid: c1 } }
  - { at: 2025-01-03T23:59:59Z, sale: { uid: c2, ref_token: jane2, amount: 200 } }
"#;

struct Jane {
    api: Api,
    promoter: Value,
    enrolment: Value,
}

fn jane() -> Jane {
    let api = Api::start();
    api.load(PAST);
    let record = api.get("/company/promoters/jane?find_by=ref_token");
    Jane { promoter: record["id"].clone(), enrolment: record["promoter_campaigns"][0]["id"].clone(), api }
}

impl Jane {
    #[track_caller]
    fn chart(&self, selection: &str, from: &str, to: &str) -> Value {
        let query = format!("period_from={from}&period_to={to}&selection={selection}");
        self.api.get(&format!("/company/promoters/{}/chart_data?{query}", self.promoter))
    }

    #[track_caller]
    fn campaign_chart(&self, selection: &str, more: &str) -> Value {
        let query = format!("period_from=2025-01-01&period_to=2025-01-03&selection={selection}{more}");
        self.api.get(&format!("/company/promoter_campaigns/{}/chart_data?{query}", self.enrolment))
    }
}

#[test]
fn a_promoters_chart_adds_up_his_campaigns_day_by_day() {
    let jane = jane();
    for (selection, values) in [
        ("revenue", [0, 1500, -300]),
        ("clicks", [1, 0, 0]),
        ("referrals", [1, 0, 1]),
        ("customers", [0, 1, 1]),
        ("cancellations", [0, 0, 1]),
    ] {
        let chart = jane.chart(selection, "2025-01-01", "2025-01-03");
        let days = ["2025-01-01", "2025-01-02", "2025-01-03"];
        let items: Vec<_> = days.into_iter().zip(values).map(|(day, value)| json!([day, value])).collect();
        assert_eq!(
            chart,
            json!({
                "period_from": "2025-01-01", "period_to": "2025-01-03", "selection": selection,
                "selection_items": items, "group_by": "day",
            })
        );
    }
}

#[test]
fn revenue_means_the_same_in_charts_figures_lists_and_reports() {
    let Jane { api, promoter, .. } = jane();
    let stats = &api.get(&format!("/company/promoters/{promoter}"))["stats"];
    assert_eq!((&stats["revenue_amount"], &stats["sales_count"]), (&json!(1200), &json!(3)));
    let listed =
        |to: u64| api.get(&format!("/company/promoters?filters[revenue_amount][to]={to}"))["data"].clone();
    assert_eq!((listed(1199), &listed(1200)[0]["id"]), (json!([]), &promoter));
    let report = api.get(
        "/company/reports/overview?columns[]=revenue_amount&group_by=year&start_date=2025-01-01T00:00:00Z&end_date=2025-01-31T00:00:00Z",
    );
    assert_eq!(report[0]["data"]["revenue_amount"], 1200);
}

#[test]
fn longer_periods_are_drawn_by_week_month_and_year() {
    let jane = jane();
    let weeks = jane.chart("clicks", "2024-12-01", "2025-01-10");
    assert_eq!(weeks["group_by"], "week");
    assert_eq!(weeks["selection_items"][0], json!(["2024-12-01", 0]), "the first week is cut");
    assert_eq!(weeks["selection_items"][5], json!(["2024-12-30", 2]), "weeks begin on Monday");
    let months = jane.chart("clicks", "2024-06-15", "2025-01-10");
    assert_eq!(months["group_by"], "month");
    let items = months["selection_items"].as_array().expect("a list");
    assert_eq!(items[items.len() - 2..], [json!(["2024-12-01", 1]), json!(["2025-01-01", 1])]);
    let years = jane.chart("revenue", "2020-01-01", "2025-12-31");
    assert_eq!(years["group_by"], "year");
    assert_eq!(years["selection_items"][5], json!(["2025-01-01", 1200]));
}

#[test]
fn a_promoter_campaigns_chart_is_its_own_and_has_totals_on_request() {
    let jane = jane();
    let chart = jane.campaign_chart("revenue", "");
    assert_eq!(
        chart["selection_items"],
        json!([
            { "date": "2025-01-01", "value": 0 },
            { "date": "2025-01-02", "value": 1500 },
            { "date": "2025-01-03", "value": -500 },
        ])
    );
    assert!(chart.get("totals").is_none());
    let totals = &jane.campaign_chart("clicks", "&with_totals=true")["totals"];
    assert_eq!(
        *totals,
        json!({ "revenue": 1000, "clicks": 1, "referrals": 1, "customers": 1, "cancellations": 1 })
    );
}

#[test]
fn charts_need_a_period_and_a_selection_that_make_sense() {
    let jane = jane();
    for base in [
        format!("/company/promoters/{}/chart_data", jane.promoter),
        format!("/company/promoter_campaigns/{}/chart_data", jane.enrolment),
    ] {
        let message = |query: &str| {
            let refused = jane.api.try_get(&format!("{base}?{query}")).expect(422);
            assert_eq!(refused["code"], "invalid_params");
            refused["message"].as_str().unwrap_or_default().to_owned()
        };
        let period = "period_from=2025-01-01&period_to=2025-01-03";
        assert!(message("period_to=2025-01-03&selection=clicks").ends_with("invalid: period_from"));
        assert!(message("period_from=2025-01-01&selection=clicks").ends_with("invalid: period_to"));
        assert!(message(period).ends_with("invalid: selection"));
        assert!(message(&format!("{period}&selection=sleep")).contains("cancellations"));
        assert!(
            message("period_from=2025-01-04&period_to=2025-01-03&selection=clicks").contains("period_to")
        );
        assert!(message("period_from=soon&period_to=2025-01-03&selection=clicks").contains("period_from"));
    }
    for base in ["/company/promoters/9/chart_data", "/company/promoter_campaigns/9/chart_data"] {
        let query = "period_from=2025-01-01&period_to=2025-01-03&selection=clicks";
        assert_eq!(jane.api.try_get(&format!("{base}?{query}")).expect(404)["code"], "not_found");
    }
}
