//! What happened in one period, and in the months before its end.

use jiff::civil::Date;

use super::counters::{Counters, Cut, Running, Series};
use crate::domain::calendar::{self, Grain};

/// A period, in the days between which its figures lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first date.
    pub first: Date,
    /// Its last date.
    pub last: Date,
    begin: Cut,
    end: Cut,
    three_months: Cut,
    six_months: Cut,
    months: i64,
}

impl Window {
    /// The period from one date to another, both included.
    pub fn new(first: Date, last: Date) -> Self {
        let after = calendar::tomorrow(last);
        let years = i64::from(last.year()) - i64::from(first.year());
        Self {
            first,
            last,
            begin: first.into(),
            end: after.into(),
            three_months: calendar::months_earlier(after, 3).into(),
            six_months: calendar::months_earlier(after, 6).into(),
            months: years * 12 + i64::from(last.month()) - i64::from(first.month()) + 1,
        }
    }

    /// The periods that the days from `from` to `to` lie in; the first and the last are cut to those days.
    pub fn split(from: Date, to: Date, grain: Grain) -> Vec<Self> {
        grain.spans(from, to).map(|(first, last)| Self::new(first, last)).collect()
    }

    /// Whether anything happened within.
    pub(super) fn is_active(&self, series: &Series) -> bool {
        series.is_active_between(self.begin, self.end)
    }
}

/// What happened in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figures {
    /// In the period itself.
    pub within: Counters,
    /// In everything before it.
    pub before: Counters,
    /// In the three months up to its end, if they are wanted.
    pub three_months: Counters,
    /// In the six months up to its end, if they are wanted.
    pub six_months: Counters,
    /// Calendar months that the period touches.
    pub months: i64,
}

/// The figures of some series together, for each of some periods in ascending order; with what happened in the
/// three and six months up to their ends if `with_months`.
pub(super) fn figures(
    series: &[&Series],
    windows: &[Window],
    with_months: bool,
    mut each: impl FnMut(Figures),
) {
    let mut main = Together::of(series);
    let far = if with_months { series } else { &[] };
    let [mut to_end, mut to_three, mut to_six] = std::array::from_fn(|_| Together::of(far));
    for window in windows {
        let before = main.before(window.begin);
        let within = main.before(window.end) - before;
        let until_end = to_end.before(window.end);
        each(Figures {
            within,
            before,
            three_months: until_end - to_three.before(window.three_months),
            six_months: until_end - to_six.before(window.six_months),
            months: window.months,
        });
    }
}

/// Running sums of several series at once.
struct Together<'a>(Vec<Running<'a>>);

impl<'a> Together<'a> {
    fn of(series: &[&'a Series]) -> Self {
        Self(series.iter().map(|series| series.running()).collect())
    }

    fn before(&mut self, cut: Cut) -> Counters {
        let mut sum = Counters::default();
        for running in &mut self.0 {
            sum += running.before(cut);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn clicks(clicks: i32) -> Counters {
        Counters { clicks, ..Counters::default() }
    }

    #[test]
    fn periods_have_what_lies_within_before_and_in_the_months_up_to_their_end() {
        let mut one = Series::default();
        for (day, count) in [
            (date(2024, 6, 30), 1),
            (date(2024, 7, 1), 10),
            (date(2024, 10, 31), 100),
            (date(2024, 11, 1), 1_000),
            (date(2025, 1, 15), 10_000),
            (date(2025, 2, 28), 100_000),
        ] {
            one.add(day.into(), clicks(count));
        }
        let mut other = Series::default();
        other.add(date(2025, 1, 16).into(), clicks(5));
        let windows = Window::split(date(2025, 1, 1), date(2025, 2, 28), Grain::Month);
        let mut seen = Vec::new();
        figures(&[&one, &other], &windows, true, |found| {
            let clicks = |counters: Counters| counters.clicks;
            seen.push((
                clicks(found.before),
                clicks(found.within),
                clicks(found.three_months),
                clicks(found.six_months),
                found.months,
            ));
        });
        assert_eq!(
            seen,
            // The three months to the end of January begin on 1 November, the six on 1 August.
            [(1_111, 10_005, 11_005, 11_105, 1), (11_116, 100_000, 110_005, 111_105, 1)]
        );
    }

    #[test]
    fn a_period_of_several_months_counts_those_it_touches() {
        assert_eq!(Window::new(date(2024, 12, 31), date(2025, 2, 1)).months, 3);
        assert_eq!(Window::new(date(2025, 1, 1), date(2025, 1, 1)).months, 1);
    }
}
