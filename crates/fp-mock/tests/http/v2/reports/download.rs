//! `/company/reports/download`.

use serde_json::{Value, json};

use super::{asking, click, three_months};
use crate::kit::Api;

#[track_caller]
fn file(api: &Api, report_type: &str, columns: &[&str], more: &str) -> String {
    let query = asking(columns, "month");
    let seen = api.try_get(&format!("/company/reports/download?report_type={report_type}&{query}{more}"));
    assert_eq!(seen.header("content-type"), Some("text/csv"));
    assert_eq!(
        seen.header("content-disposition"),
        Some(format!("attachment; filename=\"{report_type}-2024-11-01-2025-01-31.csv\"").as_str())
    );
    match seen.expect(200) {
        Value::String(text) => text,
        other => panic!("a file was meant: {other}"),
    }
}

#[test]
fn the_overview_is_a_line_for_each_period() {
    let api = three_months();
    let columns = ["revenue_amount", "monthly_churn"];
    assert_eq!(
        file(&api, "overview", &columns, ""),
        "period,revenue_amount,monthly_churn\nNov 2024,15000,0\nDec 2024,11500,33.33\nJan 2025,4000,0\n"
    );
    // One of the five customers in three months.
    assert!(
        file(&api, "overview", &columns, "&totals=true").ends_with("Jan 2025,4000,0\nTotal,30500,6.67\n")
    );
}

#[test]
fn campaigns_have_a_line_for_each_period_and_totals_if_asked_for() {
    let api = three_months();
    let columns = ["sales_count"];
    assert_eq!(
        file(&api, "campaigns", &columns, "&totals=true"),
        "campaign_id,campaign,period,sales_count\n\
         13202,Main Campaign,Nov 2024,2\n\
         13202,Main Campaign,Dec 2024,2\n\
         13202,Main Campaign,Jan 2025,1\n\
         13202,Main Campaign,Total,5\n\
         5399,Partner Program,Nov 2024,0\n\
         5399,Partner Program,Dec 2024,0\n\
         5399,Partner Program,Jan 2025,1\n\
         5399,Partner Program,Total,1\n\
         ,,Total,6\n"
    );
    assert!(!file(&api, "campaigns", &columns, "&totals=false").contains("Total"));
}

#[test]
fn promoters_have_their_id_address_and_name() {
    let api = three_months();
    let text = file(&api, "promoters", &["clicks_to_customers_cr"], "");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("promoter_id,promoter_email,promoter,period,clicks_to_customers_cr"));
    assert_eq!(lines.next(), Some("500001,jane@example.com,Jane Doe,Nov 2024,33.33"));
    assert_eq!(lines.count(), 5);
}

#[test]
fn traffic_is_named_in_the_first_column_and_quoted_where_it_must_be() {
    let api = three_months();
    click(
        &api,
        json!({ "ref_token": "bob", "source": "say \"hi\", friend", "url": "https://x.example/a,b" }),
    );
    let sources = file(&api, "traffic_sources", &["clicks_count"], "");
    assert!(sources.starts_with("source,period,clicks_count\nblog.example.org,Nov 2024,3\n"), "{sources}");
    assert!(sources.contains("\n\"say \"\"hi\"\", friend\",Jan 2025,1\n"), "{sources}");
    let urls = file(&api, "urls", &["url", "clicks_count"], "");
    assert!(urls.starts_with("url,period,clicks_count\n"), "{urls}");
    assert!(urls.contains("\n\"https://x.example/a,b\",Jan 2025,1\n"), "{urls}");
}

#[test]
fn a_file_has_whichever_columns_one_likes() {
    let api = three_months();
    let text =
        file(&api, "traffic_sources", &["net_revenue_amount", "revenue_amount", "active_customers"], "");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("source,period,net_revenue_amount,revenue_amount,active_customers"));
    assert_eq!(lines.next(), Some("blog.example.org,Nov 2024,8000,10000,1"));
    let query = asking(&["active_customers"], "month");
    api.try_get(&format!("/company/reports/traffic_sources?{query}")).expect(422);
    api.try_get(&format!("/company/reports/download?report_type=urls&{}", asking(&["mood"], "month")))
        .expect(422);
}

#[test]
fn a_download_is_of_one_of_five_reports() {
    let api = Api::start();
    let query = asking(&["clicks_count"], "month");
    let absent = api.try_get(&format!("/company/reports/download?{query}")).expect(422);
    assert_eq!(absent["message"], "param is missing or the value is empty: report_type");
    let unknown = api.try_get(&format!("/company/reports/download?report_type=weather&{query}")).expect(422);
    assert!(unknown["message"].as_str().is_some_and(|text| text.contains("traffic_sources")), "{unknown}");
}
