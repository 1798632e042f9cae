//! Parameters of reports.

use jiff::civil::Date;

use crate::domain::calendar::Grain;
use crate::domain::named::named_values;
use crate::domain::refusal::Refusal;
use crate::domain::report::{Column, OrderBy, OrderKey, Query};
use crate::wire::fields::Fields;

named_values! {
    /// Which report.
    ///
    /// Evidence: published v2 reports document (`report_type`).
    ReportType {
        /// The account as a whole.
        Overview = "overview",
        /// By campaign.
        Campaigns = "campaigns",
        /// By promoter.
        Promoters = "promoters",
        /// By where visitors came from.
        TrafficSources = "traffic_sources",
        /// By the page visitors came to.
        Urls = "urls",
    }
}

impl ReportType {
    /// The columns it can show.
    ///
    /// Evidence: published v2 reports document.
    fn columns(self) -> &'static [Column] {
        match self {
            Self::Overview | Self::Campaigns | Self::Promoters => Column::ALL,
            Self::TrafficSources | Self::Urls => &Column::OF_TRAFFIC,
        }
    }
}

/// How many periods a report has at most: ten years of days and some.
///
/// Evidence: chosen.
const PERIODS_MAX: usize = 4_000;

/// Which report is to be downloaded.
///
/// # Errors
/// [`Refusal::MissingReportParam`], [`Refusal::InvalidParam`].
pub fn report_type(fields: &Fields<'_>) -> Result<ReportType, Refusal> {
    let found = fields.named("report_type", ReportType::named, ReportType::NAMES)?;
    found.ok_or(Refusal::MissingReportParam("report_type"))
}

/// What a report is asked for.
///
/// # Errors
/// [`Refusal::MissingReportParam`] for columns, grouping or dates that are absent, [`Refusal::InvalidParam`] for
/// those that cannot be used.
pub fn query(fields: &Fields<'_>, report: ReportType) -> Result<Query, Refusal> {
    read(fields, report, report.columns())
}

/// What a report in a file is asked for: as for [`query`], but a file has whichever columns one likes.
///
/// # Errors
/// As for [`query`].
///
/// Evidence: published v2 reports document (names no columns of files); that any report has them all is chosen.
pub fn download(fields: &Fields<'_>, report: ReportType) -> Result<Query, Refusal> {
    read(fields, report, Column::ALL)
}

fn read(fields: &Fields<'_>, report: ReportType, known: &[Column]) -> Result<Query, Refusal> {
    let columns = columns(fields, report, known)?;
    let grain = fields.named("group_by", Grain::named, Grain::NAMES)?;
    let grain = grain.ok_or(Refusal::MissingReportParam("group_by"))?;
    let from = fields.date("start_date")?.ok_or(Refusal::MissingReportParam("start_date"))?;
    let to = fields.date("end_date")?.ok_or(Refusal::MissingReportParam("end_date"))?;
    check_length(fields, from, to, grain)?;
    let (q, order) = (fields.text("q")?, order(fields, report, known)?);
    Ok(Query { columns, from, to, grain, q, order })
}

fn check_length(fields: &Fields<'_>, from: Date, to: Date, grain: Grain) -> Result<(), Refusal> {
    if to < from {
        return Err(fields.invalid("end_date", "a day that is not before start_date"));
    }
    if grain.spans(from, to).take(PERIODS_MAX + 1).count() > PERIODS_MAX {
        let expected = format!("a day that makes at most {PERIODS_MAX} periods; hint: use a longer group_by");
        return Err(fields.invalid("end_date", expected));
    }
    Ok(())
}

/// Doubled ones count once. The column `url` is the line's own name and adds no figure.
///
/// Evidence: published v2 reports document (the columns of each report); chosen (doubles, `url`).
fn columns(fields: &Fields<'_>, report: ReportType, known: &[Column]) -> Result<Vec<Column>, Refusal> {
    let names = fields.texts("columns")?;
    if names.is_empty() {
        return Err(Refusal::MissingReportParam("columns"));
    }
    let mut columns = Vec::new();
    for name in &names {
        match column(name, known) {
            Some(column) if columns.contains(&column) => {}
            Some(column) => columns.push(column),
            None if name == "url" && report == ReportType::Urls => {}
            None => {
                let known: Vec<&str> = known.iter().map(|column| column.name()).collect();
                return Err(fields.invalid("columns", format!("some of {}", known.join(", "))));
            }
        }
    }
    Ok(columns)
}

fn column(name: &str, known: &[Column]) -> Option<Column> {
    Column::named(name).filter(|column| known.contains(column))
}

/// By one column of the report, or the overview by its period; of several the first counts.
///
/// Evidence: published v2 reports document (`sorting`); what it can name is chosen.
fn order(fields: &Fields<'_>, report: ReportType, known: &[Column]) -> Result<Option<OrderBy>, Refusal> {
    let sorting = fields.nested("sorting")?;
    let Some(name) = sorting.names().next() else { return Ok(None) };
    let key = match column(name, known) {
        Some(column) => OrderKey::Column(column),
        None if name == "period" && report == ReportType::Overview => OrderKey::Period,
        None => return Err(sorting.invalid(name, "a column of the report to sort by")),
    };
    let directions = |text: &str| match text {
        "asc" => Some(false),
        "desc" => Some(true),
        _ => None,
    };
    let is_descending = sorting.named(name, directions, &["asc", "desc"])?;
    Ok(is_descending.map(|is_descending| OrderBy { key, is_descending }))
}
