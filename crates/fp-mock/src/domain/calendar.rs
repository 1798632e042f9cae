//! Spans of the calendar: the day, week, month or year that a date lies in.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::named::named_values;
use crate::clock::timestamp::Timestamp;

named_values! {
    /// A length of calendar time.
    ///
    /// Evidence: published v2 contract (`group_by` of reports and charts); that weeks begin on Monday is chosen.
    Grain {
        /// A day.
        Day = "day",
        /// A week from Monday to Sunday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A calendar year.
        Year = "year",
    }
}

impl Grain {
    /// The first day of the span that `date` lies in.
    pub fn first(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days()),
            Self::Month => date.first_of_month(),
            Self::Year => date.first_of_year(),
        }
    }

    /// The last day of the span that `date` lies in.
    pub fn last(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => self.first(date).saturating_add(6.days()),
            Self::Month => date.last_of_month(),
            Self::Year => date.last_of_year(),
        }
    }

    /// The first moment and the last millisecond of the span that `at` lies in, in UTC.
    pub fn around(self, at: Timestamp) -> (Timestamp, Timestamp) {
        let date = at.date();
        (Timestamp::start_of(self.first(date)), Timestamp::end_of(self.last(date)))
    }

    /// The spans that the days from `from` to `to` lie in, in order, the first and the last cut to those days.
    /// None if `to` lies before `from`.
    pub fn spans(self, from: Date, to: Date) -> impl Iterator<Item = (Date, Date)> {
        let mut next = (from <= to).then_some(from);
        std::iter::from_fn(move || {
            let first = next?;
            let last = self.last(first).min(to);
            next = (last < to).then(|| tomorrow(last));
            Some((first, last))
        })
    }
}

/// The day after.
pub fn tomorrow(date: Date) -> Date {
    date.saturating_add(1.days())
}

/// So many days later; a negative number goes back.
pub fn days_later(date: Date, days: i64) -> Date {
    Span::new().try_days(days).map_or(date, |span| date.saturating_add(span))
}

/// So many months earlier: the same day of that month, or its last.
pub fn months_earlier(date: Date, months: i64) -> Date {
    date.saturating_sub(months.months())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spans_begin_on_monday_the_first_and_new_year() {
        let day = date(2024, 2, 29);
        let shown = |grain: Grain| (grain.first(day), grain.last(day));
        assert_eq!(shown(Grain::Day), (day, day));
        assert_eq!(shown(Grain::Week), (date(2024, 2, 26), date(2024, 3, 3)));
        assert_eq!(shown(Grain::Month), (date(2024, 2, 1), day));
        assert_eq!(shown(Grain::Year), (date(2024, 1, 1), date(2024, 12, 31)));
    }

    #[test]
    fn spans_cover_every_day_once_and_are_cut_at_both_ends() {
        let months: Vec<_> = Grain::Month.spans(date(2025, 1, 10), date(2025, 3, 5)).collect();
        assert_eq!(
            months,
            [
                (date(2025, 1, 10), date(2025, 1, 31)),
                (date(2025, 2, 1), date(2025, 2, 28)),
                (date(2025, 3, 1), date(2025, 3, 5)),
            ]
        );
        assert_eq!(Grain::Day.spans(date(2025, 1, 1), date(2025, 12, 31)).count(), 365);
        assert_eq!(Grain::Week.spans(date(2025, 1, 6), date(2025, 1, 12)).count(), 1);
        assert_eq!(Grain::Year.spans(date(2025, 1, 2), date(2025, 1, 1)).count(), 0);
    }
}
