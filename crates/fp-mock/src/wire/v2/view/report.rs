//! Reports as v2 shows them.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::reference;
use crate::domain::calendar::Grain;
use crate::domain::campaign::Campaign;
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::promoter::Promoter;
use crate::domain::report::{Column, Figure, Line, Query, Report, Window};

/// A period by its name for people and by its id, which sorts as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub(super) period: String,
    id: String,
}

impl Period {
    /// `15 Jan 2025`, `13 Jan 2025 - 19 Jan 2025`, `Jan 2025`, `2025`; with the ids `2025-01-15`, `2025-W03`,
    /// `2025-01`, `2025`. A period that is cut keeps the name of the whole.
    ///
    /// Evidence: v1 reference (the name of a month); the rest is chosen.
    pub(super) fn of(grain: Grain, window: &Window) -> Self {
        let (first, last) = (grain.first(window.first), grain.last(window.first));
        let (period, id) = match grain {
            Grain::Day => (first.strftime("%d %b %Y").to_string(), first.to_string()),
            Grain::Week => (
                format!("{} - {}", first.strftime("%d %b %Y"), last.strftime("%d %b %Y")),
                first.strftime("%G-W%V").to_string(),
            ),
            Grain::Month => (first.strftime("%b %Y").to_string(), first.strftime("%Y-%m").to_string()),
            Grain::Year => (first.strftime("%Y").to_string(), first.strftime("%Y").to_string()),
        };
        Self { period, id }
    }
}

/// The columns asked for, with their figures.
struct Data<'a> {
    columns: &'a [Column],
    figures: &'a [Figure],
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, figure) in self.columns.iter().zip(self.figures) {
            map.serialize_key(column.name())?;
            match figure {
                Figure::Whole(number) => map.serialize_value(number)?,
                Figure::Hundredths(number) => map.serialize_value(&(*number as f64 / 100.0))?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct PeriodRow<'a> {
    period: &'a str,
    id: &'a str,
    data: Data<'a>,
}

/// The overview: a line for each period.
#[derive(Debug)]
pub struct Overview<'a> {
    query: &'a Query,
    report: &'a Report<'a, Window>,
}

impl<'a> Overview<'a> {
    /// Shows an overview.
    pub fn of(query: &'a Query, report: &'a Report<'a, Window>) -> Self {
        Self { query, report }
    }
}

impl Serialize for Overview<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.report.lines.len()))?;
        for line in &self.report.lines {
            let Period { period, id } = &Period::of(self.query.grain, &line.subject);
            let data = Data { columns: &self.query.columns, figures: &line.total };
            rows.serialize_element(&PeriodRow { period, id, data })?;
        }
        rows.end()
    }
}

/// A report with a line for each subject, and in it one for each period.
#[derive(Debug)]
pub struct BySubject<'a, S, N> {
    query: &'a Query,
    report: &'a Report<'a, S>,
    periods: Vec<Period>,
    name: fn(&S) -> N,
}

/// By campaign.
pub fn campaigns<'a>(
    query: &'a Query,
    report: &'a Report<'a, &'a Campaign>,
) -> BySubject<'a, &'a Campaign, CampaignName<'a>> {
    BySubject::of(query, report, |campaign| CampaignName {
        campaign: reference::Campaign::of(campaign),
        id: campaign.id,
    })
}

/// By promoter.
pub fn promoters<'a>(
    query: &'a Query,
    report: &'a Report<'a, &'a Promoter>,
) -> BySubject<'a, &'a Promoter, PromoterName<'a>> {
    BySubject::of(query, report, |promoter| PromoterName {
        promoter: reference::Promoter::of(promoter),
        id: promoter.id,
    })
}

/// By traffic source.
pub fn traffic_sources<'a>(
    query: &'a Query,
    report: &'a Report<'a, &'a str>,
) -> BySubject<'a, &'a str, SourceName<'a>> {
    BySubject::of(query, report, |source| SourceName { source, id: source })
}

/// By URL.
pub fn urls<'a>(query: &'a Query, report: &'a Report<'a, &'a str>) -> BySubject<'a, &'a str, UrlName<'a>> {
    BySubject::of(query, report, |url| UrlName { url, id: url })
}

impl<'a, S, N> BySubject<'a, S, N> {
    fn of(query: &'a Query, report: &'a Report<'a, S>, name: fn(&S) -> N) -> Self {
        let periods = report.periods.iter().map(|window| Period::of(query.grain, window)).collect();
        Self { query, report, periods, name }
    }
}

impl<S, N: Serialize> Serialize for BySubject<'_, S, N> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        serializer.collect_seq(self.report.lines.iter().map(|line| Row {
            name: (self.name)(&line.subject),
            data: Data { columns: &self.query.columns, figures: &line.total },
            sub_data: SubData { whole: self, line },
        }))
    }
}

#[derive(Serialize)]
#[serde(bound = "N: Serialize")]
struct Row<'a, S, N> {
    #[serde(flatten)]
    name: N,
    data: Data<'a>,
    sub_data: SubData<'a, S, N>,
}

/// The periods of one line, written without collecting them.
struct SubData<'a, S, N> {
    whole: &'a BySubject<'a, S, N>,
    line: &'a Line<S>,
}

impl<S, N> Serialize for SubData<'_, S, N> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let figures = self.whole.report.by_period(self.line).map(|(_, figures)| figures);
        serializer.collect_seq(self.whole.periods.iter().zip(figures).map(|(period, figures)| PeriodRow {
            period: &period.period,
            id: &period.id,
            data: Data { columns: &self.whole.query.columns, figures },
        }))
    }
}

/// A campaign as the subject of a line.
#[derive(Debug, Serialize)]
pub struct CampaignName<'a> {
    campaign: reference::Campaign<'a>,
    id: CampaignId,
}

/// A promoter as the subject of a line.
#[derive(Debug, Serialize)]
pub struct PromoterName<'a> {
    promoter: reference::Promoter<'a>,
    id: PromoterId,
}

/// A traffic source as the subject of a line; its id is its name.
///
/// Evidence: chosen (the id).
#[derive(Debug, Serialize)]
pub struct SourceName<'a> {
    source: &'a str,
    id: &'a str,
}

/// A page as the subject of a line; its id is its URL.
///
/// Evidence: chosen (the id).
#[derive(Debug, Serialize)]
pub struct UrlName<'a> {
    url: &'a str,
    id: &'a str,
}
