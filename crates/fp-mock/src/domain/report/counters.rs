//! Counters of one day, and the days of one subject in a row.

use jiff::civil::Date;

use crate::clock::timestamp::{DAY_MS, Timestamp, civil_date};
use crate::domain::money::Amount;

/// A day in UTC, as its number since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

impl From<Timestamp> for Day {
    fn from(at: Timestamp) -> Self {
        Self(at.millis().div_euclid(DAY_MS) as i32)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Timestamp::start_of(date).into()
    }
}

impl Day {
    /// The first day of its month.
    fn month(self) -> Self {
        let (_, _, day_of_month) = civil_date(self.0.into());
        Self(self.0 - day_of_month as i32 + 1)
    }
}

/// The begin of a day, as an end of what is summed, with the first day of its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    day: Day,
    month: Day,
}

impl From<Date> for Cut {
    fn from(date: Date) -> Self {
        Self { day: date.into(), month: date.first_of_month().into() }
    }
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident: $number:ty,)*) => {
        /// What happened on one day, or on several together. Amounts are in minor units of the account's
        /// currency.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Counters { $($(#[$doc])* pub $name: $number,)* }

        impl std::ops::AddAssign for Counters {
            fn add_assign(&mut self, other: Self) {
                $(self.$name += other.$name;)*
            }
        }

        impl std::ops::SubAssign for Counters {
            fn sub_assign(&mut self, other: Self) {
                $(self.$name -= other.$name;)*
            }
        }
    };
}

counters! {
    /// Visits.
    clicks: i32,
    /// Referrals that came in.
    referrals: i32,
    /// Referrals whose signup was tracked.
    signups: i32,
    /// Referrals that became customers.
    customers: i32,
    /// Those of them that did not come by a link.
    non_link_customers: i32,
    /// Customers that cancelled.
    cancelled: i32,
    /// Customers that have been active since that day.
    activated: i32,
    /// Customers that have been active until that day.
    deactivated: i32,
    /// Sales.
    sales: i32,
    /// Refunds.
    refunds: i32,
    /// Sum of the sales.
    sold: Amount,
    /// Sum of the refunds, positive.
    refunded: Amount,
    /// Approved monetary commissions.
    earned: Amount,
    /// Monetary commissions that were paid out.
    paid: Amount,
}

impl std::ops::Neg for Counters {
    type Output = Self;
    fn neg(self) -> Self {
        Self::default() - self
    }
}

impl std::ops::Sub for Counters {
    type Output = Self;
    fn sub(mut self, other: Self) -> Self {
        self -= other;
        self
    }
}

/// The days of one subject on which something happened, and the months they add up to, both ascending. Where
/// everything was taken back again nothing is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    days: Vec<(Day, Counters)>,
    months: Vec<(Day, Counters)>,
}

impl Series {
    /// Adds to a day; what was added before is taken away as its negative.
    pub fn add(&mut self, day: Day, counters: Counters) {
        if counters == Counters::default() {
            return;
        }
        change(&mut self.days, day, counters);
        change(&mut self.months, day.month(), counters);
    }

    /// Whether nothing happened on any day.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Every day with its counters, ascending.
    pub fn days(&self) -> impl Iterator<Item = (Day, Counters)> + '_ {
        self.days.iter().copied()
    }

    /// Whether anything happened from one cut to another.
    pub(super) fn is_active_between(&self, from: Cut, to: Cut) -> bool {
        let first = self.days.partition_point(|(day, _)| *day < from.day);
        self.days.get(first).is_some_and(|(day, _)| *day < to.day)
    }

    /// Sums of everything up to cuts that follow each other.
    pub(super) fn running(&self) -> Running<'_> {
        let (months, days) = (self.months.as_slice(), self.days.as_slice());
        Running { days, ahead: months, sum: Counters::default(), month: None, begun: Counters::default() }
    }
}

fn change(entries: &mut Vec<(Day, Counters)>, day: Day, by: Counters) {
    // Most of what happens happens on the last day there is.
    let at = match entries.last() {
        Some((last, _)) if *last == day => Ok(entries.len() - 1),
        Some((last, _)) if *last < day => Err(entries.len()),
        _ => entries.binary_search_by_key(&day, |(day, _)| *day),
    };
    let at = at.unwrap_or_else(|at| {
        entries.insert(at, (day, Counters::default()));
        at
    });
    entries[at].1 += by;
    if entries[at].1 == Counters::default() {
        entries.remove(at);
    }
}

/// A sum of everything before a cut that only moves forward: whole months, and the days of the one begun.
#[derive(Clone, Debug)]
pub(super) struct Running<'a> {
    ahead: &'a [(Day, Counters)],
    sum: Counters,
    days: &'a [(Day, Counters)],
    month: Option<Day>,
    begun: Counters,
}

impl Running<'_> {
    /// Everything before `cut`, which must not lie before the one asked for last.
    pub(super) fn before(&mut self, cut: Cut) -> Counters {
        (self.ahead, self.sum) = add_until(self.ahead, cut.month, self.sum);
        if cut.day == cut.month {
            return self.sum;
        }
        if self.month != Some(cut.month) {
            self.month = Some(cut.month);
            self.begun = Counters::default();
            self.days = &self.days[self.days.partition_point(|(day, _)| *day < cut.month)..];
        }
        (self.days, self.begun) = add_until(self.days, cut.day, self.begun);
        let mut sum = self.sum;
        sum += self.begun;
        sum
    }
}

/// Adds the entries before `end` to `sum`; answers those left and the sum.
fn add_until(mut entries: &[(Day, Counters)], end: Day, mut sum: Counters) -> (&[(Day, Counters)], Counters) {
    while let [(day, counters), rest @ ..] = entries
        && *day < end
    {
        sum += *counters;
        entries = rest;
    }
    (entries, sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clicks(clicks: i32) -> Counters {
        Counters { clicks, ..Counters::default() }
    }

    fn days_from(start: i32, at: impl IntoIterator<Item = i32>) -> Vec<Date> {
        let date = |day: i32| Timestamp::from_millis(i64::from(start + day) * DAY_MS).date();
        at.into_iter().map(date).collect()
    }

    proptest! {
        #[test]
        fn a_day_knows_the_first_of_its_month(day in 0i32..200_000) {
            let date = Timestamp::from_millis(i64::from(day) * DAY_MS).date();
            prop_assert_eq!(Day(day).month(), date.first_of_month().into());
        }

        #[test]
        fn a_running_sum_is_the_sum_of_the_days_before(
            start in 19_000i32..21_000,
            entries in proptest::collection::vec((0i32..90, 1i32..5), 0..30),
            cuts in proptest::collection::btree_set(0i32..95, 0..6),
        ) {
            let mut series = Series::default();
            for (day, count) in &entries {
                series.add(Day(start + day), clicks(*count));
            }
            let mut running = series.running();
            for (cut, date) in cuts.iter().zip(days_from(start, cuts.iter().copied())) {
                let expected: i32 = entries.iter().filter(|(at, _)| at < cut).map(|(_, count)| count).sum();
                prop_assert_eq!(running.before(date.into()).clicks, expected);
            }
        }

        #[test]
        fn what_is_taken_away_leaves_no_trace(
            kept in proptest::collection::vec((0i32..50, 1i32..5), 0..9),
            passing in proptest::collection::vec((0i32..50, 1i32..5), 0..9),
        ) {
            let mut series = Series::default();
            kept.iter().for_each(|(day, count)| series.add(Day(*day), clicks(*count)));
            let before = series.clone();
            passing.iter().for_each(|(day, count)| series.add(Day(*day), clicks(*count)));
            passing.iter().for_each(|(day, count)| series.add(Day(*day), -clicks(*count)));
            prop_assert_eq!(series, before);
        }
    }
}
