//! `/company/reports`: what happened, in figures.

use crate::api::operation::{Call, Route, routes};
use crate::domain::refusal::Refusal;
use crate::domain::report::{self, Promoters, Query};
use crate::domain::state::State;
use crate::wire::reply::Reply;
use crate::wire::v2::input::report::{self as input, ReportType};
use crate::wire::v2::view::{report as view, report_file as file};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/reports/overview" => overview,
    Get "/company/reports/campaigns" => campaigns,
    Get "/company/reports/promoters" => promoters,
    Get "/company/reports/traffic_sources" => traffic_sources,
    Get "/company/reports/urls" => urls,
    Get "/company/reports/download" => download,
];

fn overview(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), ReportType::Overview)?;
    let report = report::overview(call.state, &query);
    Ok(Reply::ok(&view::Overview::of(&query, &report)))
}

fn campaigns(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), ReportType::Campaigns)?;
    let report = report::campaigns(call.state, &query);
    Ok(Reply::ok(&view::campaigns(&query, &report)))
}

fn promoters(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), ReportType::Promoters)?;
    let report = report::promoters(call.state, &query, Promoters::WithReferrals);
    Ok(Reply::ok(&view::promoters(&query, &report)))
}

fn traffic_sources(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), ReportType::TrafficSources)?;
    let report = report::traffic_sources(call.state, &query);
    Ok(Reply::ok(&view::traffic_sources(&query, &report)))
}

fn urls(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), ReportType::Urls)?;
    let report = report::urls(call.state, &query);
    Ok(Reply::ok(&view::urls(&query, &report)))
}

/// Answers the file at once: the mock has no report that takes long, so the documented 202 never comes.
///
/// Evidence: published v2 reports document (200 with the file, or 202); chosen (the file's name).
fn download(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let report_type = input::report_type(&fields)?;
    let query = input::download(&fields, report_type)?;
    let text = written(call.state, report_type, &query, fields.flag("totals")?.unwrap_or(false));
    let name = format!("{}-{}-{}.csv", report_type.name(), query.from, query.to);
    Ok(Reply::bytes(200, "text/csv", text.into_bytes())
        .with_header("content-disposition", format!("attachment; filename=\"{name}\"")))
}

fn written(state: &State, report_type: ReportType, query: &Query, totals: bool) -> String {
    match report_type {
        ReportType::Overview => file::overview(query, &report::overview(state, query), totals),
        ReportType::Campaigns => file::campaigns(query, &report::campaigns(state, query), totals),
        ReportType::Promoters => {
            file::promoters(query, &report::promoters(state, query, Promoters::WithReferrals), totals)
        }
        ReportType::TrafficSources => {
            file::traffic(query, &report::traffic_sources(state, query), totals, "source")
        }
        ReportType::Urls => file::traffic(query, &report::urls(state, query), totals, "url"),
    }
}
