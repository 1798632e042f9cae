//! What happened over a period, for drawing.

use jiff::civil::Date;

use super::calendar::Grain;
use super::conversion::ConversionKind;
use super::ids::EnrolmentId;
use super::money::Amount;
use super::named::named_values;
use super::state::State;
use crate::clock::timestamp::Timestamp;

named_values! {
    /// What is drawn.
    ///
    /// Evidence: published v2 contract (`selection` of the charts).
    Figure {
        /// What referrals bought less what they got back, each on its day, in minor units.
        ///
        /// Evidence: service help pages (revenue in reports); that it means the same here is chosen.
        Revenue = "revenue",
        /// Visits.
        Clicks = "clicks",
        /// New referrals.
        Referrals = "referrals",
        /// Referrals that bought for the first time.
        Customers = "customers",
        /// Cancellations.
        Cancellations = "cancellations",
    }
}

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A figure over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What its points stand for.
    pub grain: Grain,
    /// The first day of each span within the period, and the figure there.
    pub points: Vec<(Date, Amount)>,
}

/// Up to so many days are drawn day by day.
const DAYS_BY_DAY: i32 = 31;
/// Up to so many days are drawn week by week.
const DAYS_BY_WEEK: i32 = 180;
/// Up to so many days are drawn month by month; more, year by year.
const DAYS_BY_MONTH: i32 = 3 * 366;

impl Period {
    /// What the points of a chart of this period stand for.
    ///
    /// Evidence: published v2 promoters document (day, week, month, year); where one ends and the next begins is
    /// chosen.
    pub fn grain(self) -> Grain {
        let longest = [(DAYS_BY_DAY, Grain::Day), (DAYS_BY_WEEK, Grain::Week), (DAYS_BY_MONTH, Grain::Month)];
        let fitting = longest.into_iter().find(|(days, _)| self.days() <= *days);
        fitting.map_or(Grain::Year, |(_, grain)| grain)
    }

    fn days(self) -> i32 {
        (self.to - self.from).get_days() + 1
    }
}

/// Draws a figure of some enrolments together.
pub fn draw(state: &State, enrolments: &[EnrolmentId], figure: Figure, period: Period) -> Chart {
    let grain = period.grain();
    let mut points: Vec<(Date, Amount)> =
        grain.spans(period.from, period.to).map(|(first, _)| (first, 0)).collect();
    for (at, amount) in happenings(state, enrolments, figure, period) {
        let after = points.partition_point(|(first, _)| *first <= at.date());
        if let Some((_, value)) = after.checked_sub(1).and_then(|at| points.get_mut(at)) {
            *value += amount;
        }
    }
    Chart { grain, points }
}

/// A figure of some enrolments over the whole period.
pub fn total(state: &State, enrolments: &[EnrolmentId], figure: Figure, period: Period) -> Amount {
    happenings(state, enrolments, figure, period).map(|(_, amount)| amount).sum()
}

/// When it happened within the period, and how much it counts.
fn happenings<'a>(
    state: &'a State,
    enrolments: &'a [EnrolmentId],
    figure: Figure,
    period: Period,
) -> impl Iterator<Item = (Timestamp, Amount)> + 'a {
    let (from, to) = (Timestamp::start_of(period.from), Timestamp::end_of(period.to));
    let within = move |(at, _): &(Timestamp, Amount)| (from..=to).contains(at);
    enrolments.iter().flat_map(move |id| of_enrolment(state, *id, figure)).filter(within)
}

fn of_enrolment(
    state: &State,
    id: EnrolmentId,
    figure: Figure,
) -> Box<dyn Iterator<Item = (Timestamp, Amount)> + '_> {
    let referrals = || state.referrals.index().by_enrolment.of(&id).filter_map(|id| state.referrals.get(id));
    let conversions = |kinds: &'static [ConversionKind]| {
        let rows = state.conversions.index().by_enrolment.of(&id).filter_map(|id| state.conversions.get(id));
        rows.filter(move |row| kinds.contains(&row.kind))
    };
    match figure {
        Figure::Revenue => {
            let rows = conversions(&[ConversionKind::Sale, ConversionKind::Refund]);
            Box::new(rows.map(|row| (row.created_at, row.amount)))
        }
        Figure::Cancellations => {
            Box::new(conversions(&[ConversionKind::Cancellation]).map(|row| (row.created_at, 1)))
        }
        Figure::Referrals => Box::new(referrals().map(|row| (row.created_at, 1))),
        Figure::Customers => Box::new(referrals().filter_map(|row| Some((row.customer_since?, 1)))),
        Figure::Clicks => {
            let clicks = state.clicks.index().by_enrolment.of(&id).filter_map(|id| state.clicks.get(id));
            Box::new(clicks.map(|row| (row.created_at, 1)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn longer_periods_are_drawn_in_longer_spans() {
        let grain = |to| Period { from: date(2025, 1, 1), to }.grain();
        assert_eq!(grain(date(2025, 1, 1)), Grain::Day);
        assert_eq!(grain(date(2025, 1, 31)), Grain::Day);
        assert_eq!(grain(date(2025, 2, 1)), Grain::Week);
        assert_eq!(grain(date(2025, 6, 29)), Grain::Week);
        assert_eq!(grain(date(2025, 6, 30)), Grain::Month);
        assert_eq!(grain(date(2027, 12, 31)), Grain::Month);
        assert_eq!(grain(date(2029, 1, 1)), Grain::Year);
    }
}
