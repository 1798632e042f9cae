//! Reports as files of comma-separated values: a heading, then a line for each subject and period.
//!
//! Evidence: published v2 reports document (that it is CSV, that totals are optional); chosen (everything in it).

use std::fmt::Write as _;

use super::report::Period;
use crate::domain::campaign::Campaign;
use crate::domain::promoter::Promoter;
use crate::domain::report::{Figure, Query, Report, Window};

/// What stands in the place of the period in lines over the whole time.
const TOTAL: &str = "Total";

/// The overview; with totals a last line over the whole time.
pub fn overview(query: &Query, report: &Report<'_, Window>, with_totals: bool) -> String {
    let mut file = File::begin(&[], query);
    for line in &report.lines {
        file.line(&[], &Period::of(query.grain, &line.subject).period, &line.total);
    }
    if with_totals {
        file.line(&[], TOTAL, &report.totals(query));
    }
    file.0
}

/// By campaign; with totals a line over the whole time for each, and a last one over all of them.
pub fn campaigns(query: &Query, report: &Report<'_, &Campaign>, with_totals: bool) -> String {
    let cells = |campaign: &&Campaign| vec![campaign.id.to_string(), campaign.name.clone()];
    by_subject(query, report, with_totals, &["campaign_id", "campaign"], cells)
}

/// By promoter; with totals as for campaigns.
pub fn promoters(query: &Query, report: &Report<'_, &Promoter>, with_totals: bool) -> String {
    let cells = |promoter: &&Promoter| vec![promoter.id.to_string(), promoter.email.clone(), promoter.name()];
    by_subject(query, report, with_totals, &["promoter_id", "promoter_email", "promoter"], cells)
}

/// By traffic source or URL, as the heading says; with totals as for campaigns.
pub fn traffic(query: &Query, report: &Report<'_, &str>, with_totals: bool, heading: &str) -> String {
    by_subject(query, report, with_totals, &[heading], |name| vec![(*name).to_owned()])
}

fn by_subject<S>(
    query: &Query,
    report: &Report<'_, S>,
    with_totals: bool,
    headings: &[&str],
    cells: impl Fn(&S) -> Vec<String>,
) -> String {
    let mut file = File::begin(headings, query);
    let periods: Vec<Period> = report.periods.iter().map(|window| Period::of(query.grain, window)).collect();
    for line in &report.lines {
        let subject = cells(&line.subject);
        for (period, (_, figures)) in periods.iter().zip(report.by_period(line)) {
            file.line(&subject, &period.period, figures);
        }
        if with_totals {
            file.line(&subject, TOTAL, &line.total);
        }
    }
    if with_totals {
        let nobody = vec![String::new(); headings.len()];
        file.line(&nobody, TOTAL, &report.totals(query));
    }
    file.0
}

/// A file as far as it is written.
struct File(String);

impl File {
    fn begin(headings: &[&str], query: &Query) -> Self {
        let columns = query.columns.iter().map(|column| column.name());
        let names: Vec<&str> = headings.iter().copied().chain(["period"]).chain(columns).collect();
        Self(names.join(",") + "\n")
    }

    fn line(&mut self, subject: &[String], period: &str, figures: &[Figure]) {
        for cell in subject {
            self.cell(cell);
            self.0.push(',');
        }
        self.cell(period);
        for figure in figures {
            // Writing to text cannot fail.
            let _ = match figure {
                Figure::Whole(number) => write!(self.0, ",{number}"),
                Figure::Hundredths(number) => write!(self.0, ",{}", *number as f64 / 100.0),
            };
        }
        self.0.push('\n');
    }

    /// Quoted where it holds what separates cells and lines.
    fn cell(&mut self, text: &str) {
        if text.contains([',', '"', '\n', '\r']) {
            self.0.push('"');
            self.0.push_str(&text.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(text);
        }
    }
}
