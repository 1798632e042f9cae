//! Charts as v2 shows them: points as objects for promoter campaigns, as pairs for promoters.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::chart::{Chart, Figure, Period};
use crate::domain::money::Amount;

/// A chart with points of the form `P`.
#[derive(Debug, Serialize)]
pub struct ChartData<P> {
    period_from: String,
    period_to: String,
    selection: &'static str,
    selection_items: Vec<P>,
    group_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<Totals>,
}

/// A point of a promoter campaign's chart.
#[derive(Debug, Serialize)]
pub struct Point {
    date: String,
    value: Amount,
}

/// A point of a promoter's chart.
pub type Pair = (String, Amount);

/// Every figure over the whole period.
#[derive(Debug, Serialize)]
pub struct Totals {
    revenue: Amount,
    clicks: Amount,
    referrals: Amount,
    customers: Amount,
    cancellations: Amount,
}

impl Totals {
    /// Collects the figures.
    pub fn of(total: impl Fn(Figure) -> Amount) -> Self {
        Self {
            revenue: total(Figure::Revenue),
            clicks: total(Figure::Clicks),
            referrals: total(Figure::Referrals),
            customers: total(Figure::Customers),
            cancellations: total(Figure::Cancellations),
        }
    }
}

impl ChartData<Point> {
    /// Shows the chart of a promoter campaign.
    ///
    /// Evidence: published v2 promoter campaigns document; the form of the totals is chosen.
    pub fn of_promoter_campaign(
        chart: Chart,
        figure: Figure,
        period: Period,
        totals: Option<Totals>,
    ) -> Self {
        Self::with(chart, figure, period, totals, |(date, value)| Point { date: date.to_string(), value })
    }
}

impl ChartData<Pair> {
    /// Shows the chart of a promoter.
    ///
    /// Evidence: published v2 promoters document.
    pub fn of_promoter(chart: Chart, figure: Figure, period: Period) -> Self {
        Self::with(chart, figure, period, None, |(date, value)| (date.to_string(), value))
    }
}

impl<P> ChartData<P> {
    fn with(
        chart: Chart,
        figure: Figure,
        period: Period,
        totals: Option<Totals>,
        point: fn((Date, Amount)) -> P,
    ) -> Self {
        Self {
            period_from: period.from.to_string(),
            period_to: period.to.to_string(),
            selection: figure.name(),
            selection_items: chart.points.into_iter().map(point).collect(),
            group_by: chart.grain.name(),
            totals,
        }
    }
}
