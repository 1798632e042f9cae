//! Which lines reports have, and in which order.

use serde_json::{Value, json};

use super::{BLOG, asking, column, report, rows, three_months};
use crate::kit::Api;

fn texts(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].as_str().expect("text").to_owned()).collect()
}

#[test]
fn every_period_is_there_even_if_nothing_happened() {
    let api = three_months();
    let days = report(&api, "overview", &["sales_count"], "day");
    assert_eq!(days.len(), 30 + 31 + 31);
    assert_eq!(days[4], json!({ "period": "05 Nov 2024", "id": "2024-11-05", "data": { "sales_count": 2 } }));
    assert_eq!(days[5], json!({ "period": "06 Nov 2024", "id": "2024-11-06", "data": { "sales_count": 0 } }));
    let campaigns = report(&api, "campaigns", &["sales_count"], "day");
    assert!(campaigns.iter().all(|row| row["sub_data"].as_array().map(Vec::len) == Some(92)));
}

#[test]
fn weeks_run_from_monday_and_carry_their_iso_number() {
    let api = three_months();
    let target = "overview?columns[]=revenue_amount&group_by=week&start_date=2024-12-10T00:00:00Z&end_date=2025-01-05T00:00:00Z";
    let weeks = rows(&api, target);
    assert_eq!(
        weeks[0],
        json!({ "period": "09 Dec 2024 - 15 Dec 2024", "id": "2024-W50", "data": { "revenue_amount": 11_500 } })
    );
    assert_eq!(texts(&weeks, "id"), ["2024-W50", "2024-W51", "2024-W52", "2025-W01"]);
}

#[test]
fn both_dates_are_included_and_cut_the_periods() {
    let api = three_months();
    let revenue = |from: &str, to: &str| {
        let target = format!(
            "overview?columns[]=revenue_amount&group_by=month&start_date={from}T00:00:00Z&end_date={to}T23:00:00Z"
        );
        column(&rows(&api, &target), "revenue_amount")
    };
    assert_eq!(revenue("2024-11-05", "2024-12-10"), [15_000, 11_500]);
    assert_eq!(revenue("2024-11-06", "2024-12-09"), [0, 0]);
    let backwards = "start_date=2024-12-10T23:00:00Z&end_date=2024-12-10T01:00:00Z";
    let target = format!("overview?columns[]=revenue_amount&group_by=month&{backwards}");
    assert_eq!(column(&rows(&api, &target), "revenue_amount"), [11_500], "whole days count");
}

#[test]
fn lines_come_with_the_largest_revenue_first_unless_sorted() {
    let api = three_months();
    let names = |query: &str| {
        let lines = rows(&api, &format!("promoters?{}&{query}", asking(&["clicks_count"], "year")));
        let names = lines.iter().map(|row| row["promoter"]["name"].as_str().expect("a name").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["Jane Doe", "Bob Meyer"]);
    assert_eq!(names("sorting[revenue_amount]=asc"), ["Bob Meyer", "Jane Doe"]);
    assert_eq!(names("sorting[non_link_customers]=desc"), ["Bob Meyer", "Jane Doe"]);
    assert_eq!(names("sorting[monthly_churn]=desc"), ["Bob Meyer", "Jane Doe"]);
    assert_eq!(names("sorting[clicks_count]=desc"), ["Jane Doe", "Bob Meyer"]);
}

#[test]
fn the_overview_is_sorted_by_period_or_column() {
    let api = three_months();
    let periods = |query: &str| {
        let lines = rows(&api, &format!("overview?{}&{query}", asking(&["clicks_count"], "month")));
        texts(&lines, "id")
    };
    assert_eq!(periods(""), ["2024-11", "2024-12", "2025-01"]);
    assert_eq!(periods("sorting[period]=desc"), ["2025-01", "2024-12", "2024-11"]);
    assert_eq!(periods("sorting[revenue_amount]=asc"), ["2025-01", "2024-12", "2024-11"]);
    assert_eq!(periods("sorting[cancelled_customers_count]=desc"), ["2024-12", "2024-11", "2025-01"]);
}

#[test]
fn q_leaves_what_has_the_name() {
    let api = three_months();
    let count = |name: &str, q: &str| {
        rows(&api, &format!("{name}?{}&q={q}", asking(&["clicks_count"], "year"))).len()
    };
    for (name, q, expected) in [
        ("campaigns", "partner", 1),
        ("campaigns", "nothing", 0),
        ("promoters", "MEYER", 1),
        ("promoters", "jane@", 1),
        ("traffic_sources", "blog", 1),
        ("traffic_sources", "", 3),
        ("urls", "pricing", 1),
    ] {
        assert_eq!(count(name, q), expected, "{name} {q}");
    }
}

#[test]
fn q_narrows_the_overview_to_promoters_and_campaigns_of_the_name() {
    let api = three_months();
    let revenue = |q: &str| {
        let query = asking(&["revenue_amount"], "year");
        column(&rows(&api, &format!("overview?{query}&q={q}")), "revenue_amount")
    };
    assert_eq!(revenue("bob"), [5_000, 1_000]);
    assert_eq!(revenue("partner+program"), [0, 3_000]);
    assert_eq!(revenue("nobody"), [0, 0]);
}

#[test]
fn columns_come_in_the_order_asked_for_and_once() {
    let api = three_months();
    let query = "group_by=year&start_date=2025-01-01T00:00:00Z&end_date=2025-01-31T00:00:00Z";
    let columns = "columns[]=sales_count&columns[]=clicks_count&columns[]=sales_count";
    let seen = api.try_get(&format!("/company/reports/overview?{columns}&{query}"));
    let text = String::from_utf8(seen.bytes).expect("text");
    assert!(text.contains(r#""data":{"sales_count":2,"clicks_count":0}"#), "{text}");
}

#[test]
fn only_traffic_that_did_something_in_the_time_is_listed() {
    let api = three_months();
    let sources = |from: &str, to: &str| {
        let target = format!(
            "traffic_sources?columns[]=clicks_count&group_by=day&start_date={from}T00:00:00Z&end_date={to}T23:00:00Z"
        );
        texts(&rows(&api, &target), "source")
    };
    assert_eq!(sources("2024-12-01", "2024-12-31"), [BLOG, "newsletter"]);
    assert_eq!(sources("2024-12-11", "2024-12-31"), [""; 0]);
}

#[test]
fn an_account_without_anything_reports_zeros() {
    let api = Api::start();
    let months = report(&api, "overview", &super::ALL, "month");
    assert_eq!(months.len(), 3);
    let is_zero = |row: &Value| {
        let data = row["data"].as_object().expect("an object");
        data.len() == 19 && data.values().all(|figure| figure.as_f64() == Some(0.0))
    };
    assert!(months.iter().all(is_zero), "{months:?}");
    assert_eq!(report(&api, "promoters", &["clicks_count"], "month").len(), 0);
    assert_eq!(report(&api, "campaigns", &["clicks_count"], "month").len(), 3);
    assert_eq!(report(&api, "urls", &["clicks_count"], "month").len(), 0);
}
