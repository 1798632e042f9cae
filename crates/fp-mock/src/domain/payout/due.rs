//! Periods of payouts and the days on which they are due.

use std::ops::Bound;

use jiff::civil::Date;

use super::record::{Payout, Schedule};
use crate::clock::timestamp::Timestamp;
use crate::domain::calendar::{self, Grain};
use crate::domain::commission::Commission;
use crate::domain::company::{PayoutCycle, PayoutTerms};
use crate::domain::named::named_values;
use crate::domain::state::State;

named_values! {
    /// Which pile of unpaid payouts one lies on.
    ///
    /// Evidence: published v2 payouts document (`filters[due_period]`).
    DuePeriod {
        /// Due on the next day on which any are, today included.
        Next = "next",
        /// The day has passed.
        Overdue = "overdue",
        /// Made by hand, outside the cycle.
        Custom = "custom",
    }
}

/// The first moment and the last millisecond of the payout period that `at` lies in.
///
/// Evidence: service behaviour notes (the period); published v2 payouts document (`payout_cycle`).
pub fn period_around(cycle: PayoutCycle, at: Timestamp) -> (Timestamp, Timestamp) {
    match cycle {
        PayoutCycle::Monthly => Grain::Month.around(at),
        PayoutCycle::Weekly => Grain::Week.around(at),
    }
}

/// The day on which a payout is due: so many days after its period as the terms say.
///
/// Evidence: published v2 payouts document (`net_payout_days`); service help pages (counted from the period's
/// end).
pub fn due_date(terms: &PayoutTerms, payout: &Payout) -> Date {
    calendar::days_later(payout.period_end.date(), terms.net_payout_days)
}

/// What is due when, as of one day.
#[derive(Clone, Copy, Debug)]
pub struct DueCalendar {
    first_due: Timestamp,
    next: Option<Timestamp>,
}

impl DueCalendar {
    /// As of the day of `now`.
    pub fn of(state: &State, now: Timestamp) -> Self {
        let days = state.company.payouts.net_payout_days;
        let first_due = Timestamp::start_of(calendar::days_later(now.date(), -days));
        let ahead = (Bound::Included(first_due), Bound::Unbounded);
        Self { first_due, next: state.payouts.index().unpaid_by_period_end.first_key_in(ahead) }
    }

    /// The pile on which an unpaid payout lies. `None` for those that are over, and for those due later than
    /// the next day on which any are due.
    ///
    /// Evidence: published v2 payouts document (the piles); service help pages (next and overdue); what is due
    /// later lies on none is chosen.
    pub fn pile_of(&self, payout: &Payout) -> Option<DuePeriod> {
        match payout.schedule {
            _ if !payout.is_unpaid() => None,
            Schedule::Custom => Some(DuePeriod::Custom),
            Schedule::Cycle if payout.period_end < self.first_due => Some(DuePeriod::Overdue),
            Schedule::Cycle => (Some(payout.period_end) == self.next).then_some(DuePeriod::Next),
        }
    }

    /// The pile of the payout that a commission is in.
    ///
    /// Evidence: published v2 commissions document (`filters[due_period]`); that commissions in no payout lie
    /// on no pile is chosen.
    pub fn pile_of_commission(&self, state: &State, commission: &Commission) -> Option<DuePeriod> {
        let payout = commission.settlement.payout_id().and_then(|id| state.payouts.get(id))?;
        self.pile_of(payout)
    }

    /// The end of the period that is due next.
    pub fn next_period_end(&self) -> Option<Date> {
        self.next.map(Timestamp::date)
    }
}
