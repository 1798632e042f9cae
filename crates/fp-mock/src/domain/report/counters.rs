//! Counters of one day, and the days of one subject in a row.

use jiff::civil::Date;

use crate::clock::timestamp::{DAY_MS, Timestamp};
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
    /// The day after.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
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

impl std::ops::Sub for Counters {
    type Output = Self;
    fn sub(mut self, other: Self) -> Self {
        self -= other;
        self
    }
}

/// The days of one subject on which something happened, ascending. Days on which everything was taken back
/// again are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series(Vec<(Day, Counters)>);

impl Series {
    /// Adds to a day.
    pub fn add(&mut self, day: Day, counters: Counters) {
        self.change(day, |sum| *sum += counters);
    }

    /// Takes away from a day what was added to it before.
    pub fn subtract(&mut self, day: Day, counters: Counters) {
        self.change(day, |sum| *sum -= counters);
    }

    fn change(&mut self, day: Day, change: impl FnOnce(&mut Counters)) {
        // Most of what happens happens on the last day there is.
        let at = match self.0.last() {
            Some((last, _)) if *last == day => Ok(self.0.len() - 1),
            Some((last, _)) if *last < day => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&day, |(day, _)| *day),
        };
        let at = at.unwrap_or_else(|at| {
            self.0.insert(at, (day, Counters::default()));
            at
        });
        change(&mut self.0[at].1);
        if self.0[at].1 == Counters::default() {
            self.0.remove(at);
        }
    }

    /// Whether nothing happened on any day.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every day with its counters, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (Day, Counters)> + '_ {
        self.0.iter().copied()
    }

    /// Whether anything happened from `first` to the day before `end`.
    pub fn is_active_between(&self, first: Day, end: Day) -> bool {
        let at = self.0.partition_point(|(day, _)| *day < first);
        self.0.get(at).is_some_and(|(day, _)| *day < end)
    }

    /// Sums that grow day by day, from the first day on or after `from`.
    pub(super) fn running(&self, from: Option<Day>) -> Running<'_> {
        let skipped = from.map_or(0, |from| self.0.partition_point(|(day, _)| *day < from));
        Running { ahead: &self.0[skipped..], sum: Counters::default() }
    }
}

/// A sum over the days of a series up to a point that only moves forward.
#[derive(Clone, Debug)]
pub(super) struct Running<'a> {
    ahead: &'a [(Day, Counters)],
    sum: Counters,
}

impl Running<'_> {
    /// Everything before `day`, which must not lie before the day asked for last.
    pub(super) fn before(&mut self, day: Day) -> Counters {
        while let [(next, counters), rest @ ..] = self.ahead {
            if *next >= day {
                break;
            }
            self.sum += *counters;
            self.ahead = rest;
        }
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clicks(clicks: i32) -> Counters {
        Counters { clicks, ..Counters::default() }
    }

    proptest! {
        #[test]
        fn a_running_sum_is_the_sum_of_the_days_before(
            entries in proptest::collection::vec((0i32..20, 1i32..5), 0..30),
            days in proptest::collection::btree_set(0i32..22, 0..6),
        ) {
            let mut series = Series::default();
            for (day, count) in &entries {
                series.add(Day(*day), clicks(*count));
            }
            let mut running = series.running(None);
            for day in days {
                let expected: i32 = entries.iter().filter(|(at, _)| *at < day).map(|(_, count)| count).sum();
                prop_assert_eq!(running.before(Day(day)).clicks, expected);
            }
        }

        #[test]
        fn what_is_taken_away_leaves_no_trace(
            kept in proptest::collection::vec((0i32..9, 1i32..5), 0..9),
            passing in proptest::collection::vec((0i32..9, 1i32..5), 0..9),
        ) {
            let mut series = Series::default();
            kept.iter().for_each(|(day, count)| series.add(Day(*day), clicks(*count)));
            let before = series.clone();
            passing.iter().for_each(|(day, count)| series.add(Day(*day), clicks(*count)));
            passing.iter().for_each(|(day, count)| series.subtract(Day(*day), clicks(*count)));
            prop_assert_eq!(series, before);
        }
    }
}
