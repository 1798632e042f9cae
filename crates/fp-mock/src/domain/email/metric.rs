//! What is counted for an enrolment, and when it last happened.

use std::collections::BTreeMap;

use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::Enrolment;
use crate::domain::ids::EnrolmentId;
use crate::domain::named::named_values;
use crate::domain::referral::Referral;
use crate::domain::state::{Changes, State};
use crate::domain::table::{Change, Row};

named_values! {
    /// What is counted.
    ///
    /// Evidence: published v2 emails document.
    Metric {
        /// Visits.
        Clicks = "clicks",
        /// Referrals.
        Referrals = "referrals",
        /// Referrals that bought.
        Customers = "customers",
        /// Referrals that cancelled.
        Cancellations = "cancellations",
    }
}

impl Metric {
    /// How many there are now.
    pub(super) fn count(self, state: &State, enrolment: EnrolmentId) -> i64 {
        if self == Self::Clicks {
            return state.clicks.index().by_enrolment.count(&enrolment) as i64;
        }
        let counts = state.referrals.index().counts.get(&enrolment).copied().unwrap_or_default();
        match self {
            Self::Customers => counts.customers as i64,
            Self::Cancellations => counts.cancelled as i64,
            Self::Clicks | Self::Referrals => counts.referrals as i64,
        }
    }

    /// How many more there are than before a transaction, by enrolment.
    pub(super) fn growth(self, changes: &Changes) -> BTreeMap<EnrolmentId, i64> {
        match self {
            Self::Clicks => growth(&changes.clicks, |click| Some(click.enrolment_id)),
            Self::Referrals | Self::Customers | Self::Cancellations => {
                growth(&changes.referrals, |referral| self.moment(referral).map(|_| referral.enrolment_id))
            }
        }
    }

    /// When it last happened in an enrolment; when the promoter joined, if it never did.
    pub(super) fn last(self, state: &State, enrolment: &Enrolment) -> Timestamp {
        let last = if self == Self::Clicks {
            let id = state.clicks.index().by_enrolment.of(&enrolment.id).next_back();
            id.and_then(|id| state.clicks.get(id)).map(|click| click.created_at)
        } else {
            self.last_of_referrals(state, enrolment.id)
        };
        last.map_or(enrolment.created_at, |last| last.max(enrolment.created_at))
    }

    /// When it last happened to a referral of an enrolment. The newest ones are looked at first, until one is found
    /// after which the counts know of none.
    fn last_of_referrals(self, state: &State, enrolment: EnrolmentId) -> Option<Timestamp> {
        let counts = state.referrals.index().counts.get(&enrolment)?;
        let none_after = match self {
            Self::Customers => counts.no_customer_after?,
            Self::Cancellations if counts.cancelled == 0 => return None,
            Self::Cancellations => Timestamp::from_millis(i64::MAX),
            Self::Clicks | Self::Referrals => counts.none_after?,
        };
        let newest = state.referrals.index().by_enrolment.of(&enrolment).rev();
        let mut last = None;
        for moment in newest.filter_map(|id| self.moment(state.referrals.get(id)?)) {
            last = last.max(Some(moment));
            if moment >= none_after {
                break;
            }
        }
        last
    }

    /// When a referral came to count; `None` if it does not.
    fn moment(self, referral: &Referral) -> Option<Timestamp> {
        match self {
            Self::Customers => referral.customer_since,
            Self::Cancellations => referral.cancelled_at,
            Self::Clicks | Self::Referrals => Some(referral.created_at),
        }
    }
}

fn growth<R: Row>(
    changes: &[Change<R>],
    counts_for: impl Fn(&R) -> Option<EnrolmentId>,
) -> BTreeMap<EnrolmentId, i64> {
    let mut growth = BTreeMap::new();
    for change in changes {
        for (row, by) in [(&change.before, -1), (&change.after, 1)] {
            if let Some(enrolment) = row.as_deref().and_then(&counts_for) {
                *growth.entry(enrolment).or_default() += by;
            }
        }
    }
    growth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::timestamp::DAY_MS;
    use crate::domain::referral::{EntrySource, NewReferral, create, samples};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_last_time_is_found_as_if_each_referral_was_looked_at(
            steps in proptest::collection::vec((0u8..6, any::<prop::sample::Index>(), 0i64..9), 0..40),
        ) {
            let (mut state, enrolments) = samples::two_campaigns();
            for (what, at, on) in steps {
                let day = samples::NOW.plus_ms(on * DAY_MS);
                let ids: Vec<_> = state.referrals.iter().map(|row| row.id).collect();
                if what < 2 || ids.is_empty() {
                    let uid = Some(format!("u{}", state.ids.token(9)));
                    let new = NewReferral { uid, ..NewReferral::of(enrolments[at.index(2)], EntrySource::Api) };
                    create(&mut state, day, new).expect("a referral");
                    continue;
                }
                let id = *at.get(&ids);
                match what {
                    2 => drop(state.referrals.update(id, |row| row.customer_since = Some(day))),
                    3 => drop(state.referrals.update(id, |row| row.cancelled_at = Some(day))),
                    4 => drop(state.referrals.update(id, |row| row.created_at = day)),
                    _ => drop(state.referrals.delete(id)),
                }
            }
            for enrolment in state.enrolments.iter() {
                let of = || state.referrals.iter().filter(|row| row.enrolment_id == enrolment.id);
                for metric in [Metric::Referrals, Metric::Customers, Metric::Cancellations] {
                    let last = of().filter_map(|row| metric.moment(row)).max();
                    let expected = last.map_or(enrolment.created_at, |last| last.max(enrolment.created_at));
                    prop_assert_eq!(metric.last(&state, enrolment), expected, "{:?}", metric);
                }
            }
        }
    }
}
