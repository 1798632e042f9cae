//! The five reports as tables of figures: lines by subject, and each of them by period.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::column::{Column, Figure};
use super::counters::Series;
use super::figures::{Figures, Window, figures};
use crate::clock::timestamp::Timestamp;
use crate::domain::calendar::Grain;
use crate::domain::campaign::Campaign;
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::lookup::{folded, holds};
use crate::domain::promoter::Promoter;
use crate::domain::state::State;

/// What a report is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// The length of the periods.
    pub grain: Grain,
    /// Part of the subject's name, whatever the case.
    pub q: Option<String>,
    /// The order of the lines; `None`: the report's own.
    pub order: Option<OrderBy>,
}

/// By what, and whether the largest figure comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// By what.
    pub key: OrderKey,
    /// Whether the largest, or the latest, comes first.
    pub is_descending: bool,
}

/// What the lines of a report are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKey {
    /// A column, whether or not the report shows it.
    Column(Column),
    /// The period; leaves lines alone that are about the same one.
    Period,
}

impl OrderKey {
    fn rank(self, window: &Window, of: &Figures) -> Figure {
        match self {
            Self::Column(column) => column.figure(of),
            Self::Period => Figure::Whole(Timestamp::start_of(window.first).millis()),
        }
    }
}

/// A report: lines of figures, the columns of each in the order asked for.
#[derive(Clone, Debug)]
pub struct Report<'a, S> {
    /// The periods, oldest first.
    pub periods: Vec<Window>,
    /// The lines, in order.
    pub lines: Vec<Line<S>>,
    series: Vec<&'a Series>,
    width: usize,
}

/// A line of a report.
#[derive(Clone, Debug)]
pub struct Line<S> {
    /// What it is about.
    pub subject: S,
    /// The whole time.
    pub total: Vec<Figure>,
    by_period: Vec<Figure>,
    rank: Figure,
}

impl<S> Report<'_, S> {
    /// A line by period, oldest first.
    pub fn by_period<'l>(&'l self, line: &'l Line<S>) -> impl Iterator<Item = (&'l Window, &'l [Figure])> {
        self.periods.iter().zip(line.by_period.chunks_exact(self.width.max(1)))
    }

    /// All lines together over the whole time.
    pub fn totals(&self, query: &Query) -> Vec<Figure> {
        let (mut totals, whole) = (Vec::new(), [Window::new(query.from, query.to)]);
        figures(&self.series, &whole, query.looks_back(), |all| totals = query.row(&all));
        totals
    }
}

/// The largest revenue comes first.
///
/// Evidence: service help pages.
const LARGEST_REVENUE: OrderBy = OrderBy { key: OrderKey::Column(Column::Revenue), is_descending: true };

/// The oldest period comes first.
///
/// Evidence: chosen.
const OLDEST_FIRST: OrderBy = OrderBy { key: OrderKey::Period, is_descending: false };

/// The account as a whole: one line for each period, oldest first. `q` leaves only what promoters and campaigns
/// of that name did.
///
/// Evidence: published v2 reports document; the order and what `q` searches are chosen.
pub fn overview<'a>(state: &'a State, query: &Query) -> Report<'a, Window> {
    let series: Vec<&'a Series> = match query.q.as_deref().map(folded) {
        None => state.rollup.campaigns().collect(),
        Some(q) => named_enrolments(state, &q).filter_map(|id| state.rollup.enrolment(id)).collect(),
    };
    let windows = Window::split(query.from, query.to, query.grain);
    let order = query.order.unwrap_or(OLDEST_FIRST);
    let (mut lines, mut ahead) = (Vec::new(), windows.iter());
    figures(&series, &windows, query.looks_back(), |figures| {
        let Some(&subject) = ahead.next() else { return };
        let rank = order.key.rank(&subject, &figures);
        lines.push(Line { subject, total: query.row(&figures), by_period: Vec::new(), rank });
    });
    let lines = sorted(lines, order);
    Report { periods: windows, lines, series, width: query.columns.len() }
}

/// Every campaign. `q` is part of its name.
///
/// Evidence: published v2 reports document; what `q` searches is chosen.
pub fn campaigns<'a>(state: &'a State, query: &Query) -> Report<'a, &'a Campaign> {
    let q = query.q.as_deref().map(folded);
    let fitting = state.campaigns.iter().filter(|row| q.as_ref().is_none_or(|q| holds(&row.name, q)));
    query.report(fitting.map(|row| (row, state.rollup.campaign(row.id).into_iter().collect())))
}

/// Which promoters a report is about.
#[derive(Clone, Copy, Debug)]
pub enum Promoters<'a> {
    /// All that ever referred anybody.
    ///
    /// Evidence: service help pages.
    WithReferrals,
    /// Every one.
    All,
    /// Those named.
    These(&'a [PromoterId]),
}

/// Promoters. `q` is part of their name or e-mail address.
///
/// Evidence: published v2 reports document; what `q` searches is chosen.
pub fn promoters<'a>(state: &'a State, query: &Query, which: Promoters<'_>) -> Report<'a, &'a Promoter> {
    let q = query.q.as_deref().map(folded);
    let is_wanted = |promoter: &&Promoter| match which {
        Promoters::WithReferrals => has_referrals(state, promoter.id),
        Promoters::All => true,
        Promoters::These(ids) => ids.contains(&promoter.id),
    };
    let fitting = state.promoters.iter().filter(is_wanted);
    let fitting = fitting.filter(|row| q.as_ref().is_none_or(|q| is_named(row, q)));
    query.report(fitting.map(|row| {
        let enrolments = state.enrolments.index().by_promoter.of(&row.id);
        (row, enrolments.filter_map(|id| state.rollup.enrolment(id)).collect())
    }))
}

/// Where visitors came from, as far as anything happened in the time. `q` is part of it.
///
/// Evidence: published v2 reports document; what `q` searches is chosen.
pub fn traffic_sources<'a>(state: &'a State, query: &Query) -> Report<'a, &'a str> {
    query.traffic(state.rollup.sources())
}

/// Which pages visitors came to, as far as anything happened in the time. `q` is part of the URL.
///
/// Evidence: published v2 reports document; what `q` searches is chosen.
pub fn urls<'a>(state: &'a State, query: &Query) -> Report<'a, &'a str> {
    query.traffic(state.rollup.urls())
}

impl Query {
    fn row(&self, of: &Figures) -> Vec<Figure> {
        self.columns.iter().map(|column| column.figure(of)).collect()
    }

    fn looks_back(&self) -> bool {
        let order = self.order.and_then(|order| match order.key {
            OrderKey::Column(column) => Some(column),
            OrderKey::Period => None,
        });
        self.columns.iter().copied().chain(order).any(Column::looks_back)
    }

    fn traffic<'a>(&self, subjects: impl Iterator<Item = (&'a str, &'a Series)>) -> Report<'a, &'a str> {
        let (q, whole) = (self.q.as_deref().map(folded), Window::new(self.from, self.to));
        let fitting = subjects.filter(|(name, _)| q.as_ref().is_none_or(|q| holds(name, q)));
        let fitting = fitting.filter(|(_, series)| whole.is_active(series));
        self.report(fitting.map(|(name, series)| (name, vec![series])))
    }

    fn report<'a, S>(&self, subjects: impl Iterator<Item = (S, Vec<&'a Series>)>) -> Report<'a, S> {
        let order = self.order.unwrap_or(LARGEST_REVENUE);
        let (whole, looks_back) = ([Window::new(self.from, self.to)], self.looks_back());
        let periods = Window::split(self.from, self.to, self.grain);
        let (mut lines, mut every) = (Vec::new(), Vec::new());
        for (subject, series) in subjects {
            let (mut total, mut rank) = (Vec::new(), Figure::Whole(0));
            figures(&series, &whole, looks_back, |all| {
                total = self.row(&all);
                rank = order.key.rank(&whole[0], &all);
            });
            let mut by_period = Vec::with_capacity(periods.len() * self.columns.len());
            figures(&series, &periods, looks_back, |figures| {
                by_period.extend(self.columns.iter().map(|column| column.figure(&figures)));
            });
            lines.push(Line { subject, total, by_period, rank });
            every.extend(series);
        }
        let lines = sorted(lines, order);
        Report { periods, lines, series: every, width: self.columns.len() }
    }
}

/// Lines that are equal stay as they are.
fn sorted<S>(lines: Vec<Line<S>>, order: OrderBy) -> Vec<Line<S>> {
    let places = places(&lines.iter().map(|line| line.rank).collect::<Vec<_>>(), order);
    let mut lines: Vec<Option<Line<S>>> = lines.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| lines[place].take()).collect()
}

/// In which order lines of these ranks come: one sort for lines about whatever.
fn places(ranks: &[Figure], order: OrderBy) -> Vec<usize> {
    let mut places: Vec<usize> = (0..ranks.len()).collect();
    places.sort_by(|one, other| match ranks[*one].compare(ranks[*other]) {
        Ordering::Equal => Ordering::Equal,
        ordering if order.is_descending => ordering.reverse(),
        ordering => ordering,
    });
    places
}

fn has_referrals(state: &State, id: PromoterId) -> bool {
    let counts = &state.referrals.index().counts;
    let mut enrolments = state.enrolments.index().by_promoter.of(&id);
    enrolments.any(|id| counts.get(&id).is_some_and(|counts| counts.referrals > 0))
}

fn is_named(promoter: &Promoter, q: &str) -> bool {
    holds(&promoter.email, q) || holds(&promoter.name(), q)
}

fn named_enrolments<'a>(state: &'a State, q: &'a str) -> impl Iterator<Item = EnrolmentId> + 'a {
    let is_meant = |promoter: PromoterId| state.promoters.get(promoter).is_some_and(|row| is_named(row, q));
    let rows = state.enrolments.iter().filter(move |row| {
        is_meant(row.promoter_id)
            || state.campaigns.get(row.campaign_id).is_some_and(|campaign| holds(&campaign.name, q))
    });
    rows.map(|row| row.id)
}
