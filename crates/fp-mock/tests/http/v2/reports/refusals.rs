//! What reports refuse.

use serde_json::json;

use crate::kit::Api;

const REPORTS: [&str; 5] = ["overview", "campaigns", "promoters", "traffic_sources", "urls"];

#[test]
fn a_report_needs_columns_grouping_and_dates() {
    let api = Api::start();
    let all = [
        "columns[]=clicks_count",
        "group_by=month",
        "start_date=2025-01-01T00:00:00Z",
        "end_date=2025-01-31T00:00:00Z",
    ];
    for report in REPORTS {
        for (at, name) in ["columns", "group_by", "start_date", "end_date"].into_iter().enumerate() {
            let mut given = all.to_vec();
            given.remove(at);
            let refused = api.try_get(&format!("/company/reports/{report}?{}", given.join("&"))).expect(422);
            assert_eq!(
                refused,
                json!({
                    "message": format!("param is missing or the value is empty: {name}"),
                    "code": "invalid_params",
                })
            );
        }
    }
}

#[test]
fn parameters_that_cannot_be_used_are_named() {
    let api = Api::start();
    let days = "start_date=2025-01-01T00:00:00Z&end_date=2025-01-31T00:00:00Z";
    for (report, query, name) in [
        ("overview", format!("columns[]=weather&group_by=month&{days}"), "columns"),
        ("overview", format!("columns[]=url&group_by=month&{days}"), "columns"),
        ("urls", format!("columns[]=active_customers&group_by=month&{days}"), "columns"),
        ("traffic_sources", format!("columns[]=signups_count&group_by=month&{days}"), "columns"),
        ("overview", format!("columns[]=clicks_count&group_by=hour&{days}"), "group_by"),
        (
            "overview",
            "columns[]=clicks_count&group_by=day&start_date=soon&end_date=2025-01-01T00:00:00Z".into(),
            "start_date",
        ),
        (
            "overview",
            "columns[]=clicks_count&group_by=day&start_date=2025-01-02T00:00:00Z&end_date=2025-01-01T00:00:00Z".into(),
            "end_date",
        ),
        (
            "overview",
            "columns[]=clicks_count&group_by=day&start_date=1970-01-01T00:00:00Z&end_date=9998-12-31T00:00:00Z".into(),
            "end_date",
        ),
        (
            "campaigns",
            format!("columns[]=clicks_count&group_by=day&{days}&sorting[period]=asc"),
            "sorting[period]",
        ),
        (
            "urls",
            format!("columns[]=clicks_count&group_by=day&{days}&sorting[3m_epc]=asc"),
            "sorting[3m_epc]",
        ),
        (
            "urls",
            format!("columns[]=clicks_count&group_by=day&{days}&sorting[clicks_count]=up"),
            "sorting[clicks_count]",
        ),
    ] {
        let refused = api.try_get(&format!("/company/reports/{report}?{query}")).expect(422);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains(name)), "{query}: {refused}");
        assert_eq!(refused["code"], "invalid_params");
    }
}

#[test]
fn a_long_time_in_long_periods_is_fine() {
    let api = Api::start();
    let query =
        "columns[]=clicks_count&group_by=year&start_date=1970-01-01T00:00:00Z&end_date=2399-12-31T00:00:00Z";
    let years = api.get(&format!("/company/reports/overview?{query}"));
    assert_eq!(years.as_array().map(Vec::len), Some(430));
}
