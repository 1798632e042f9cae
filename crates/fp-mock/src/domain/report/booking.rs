//! What a transaction did, booked under what it is counted by.

use super::counters::{Counters, Day};
use super::rollup::{Origin, Records, Rollup};
use super::share;
use crate::domain::click::Click;
use crate::domain::commission::{Commission, Settlement};
use crate::domain::conversion::Conversion;
use crate::domain::ids::{EnrolmentId, PayoutId, ReferralId};
use crate::domain::referral::Referral;
use crate::domain::state::Changes;
use crate::domain::table::{Change, Row};

/// A record that reports count.
#[derive(Clone, Copy)]
pub(super) enum Entry<'a> {
    Click(&'a Click),
    Referral(&'a Referral),
    Conversion(&'a Conversion),
    Commission(&'a Commission),
}

/// Whether an entry comes in or goes out.
#[derive(Clone, Copy)]
pub(super) enum Way {
    In,
    Out,
}

/// What an entry is counted under.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub enrolment: EnrolmentId,
    pub origin: Option<Origin>,
    pub day: Day,
}

/// Books entries one way. What goes to one place in a row is added up first: most of what a transaction does
/// happens in one enrolment on one day.
pub(super) struct Books<'a> {
    rollup: &'a mut Rollup,
    records: &'a Records<'a>,
    way: Way,
    open: Option<(Place, Counters)>,
    /// The referral of the entry before, and where it came from: mostly the next is about the same.
    referral: Option<(ReferralId, Option<Origin>)>,
}

impl<'a> Books<'a> {
    /// Books of what goes one way.
    pub fn of(rollup: &'a mut Rollup, records: &'a Records<'a>, way: Way) -> Self {
        Self { rollup, records, way, open: None, referral: None }
    }
}

impl Books<'_> {
    /// Books the rows of a transaction as they were, to go out, or as they are, to come in, and rows that stayed as
    /// they are. If nothing moved, `is_plain`, those are left out that count the same before and after.
    pub fn book_all(&mut self, changes: &Changes, staying: &[Entry<'_>], is_plain: bool) {
        let way = self.way;
        let referrals = is_plain.then_some(share::is_same_referral as IsSame<Referral>);
        let commissions = is_plain.then_some(share::is_same_commission as IsSame<Commission>);
        side(&changes.clicks, way, None).for_each(|row| self.book(Entry::Click(row)));
        side(&changes.referrals, way, referrals).for_each(|row| self.book(Entry::Referral(row)));
        side(&changes.conversions, way, None).for_each(|row| self.book(Entry::Conversion(row)));
        side(&changes.commissions, way, commissions).for_each(|row| self.book(Entry::Commission(row)));
        staying.iter().for_each(|entry| self.book(*entry));
        self.close();
    }

    fn book(&mut self, entry: Entry<'_>) {
        match entry {
            Entry::Click(row) => {
                let origin = self.rollup.origin(self.records, row);
                self.put(row.enrolment_id, Some(&origin), row.created_at.into(), share::OF_CLICK);
            }
            Entry::Referral(row) => {
                let origin = self.origin_of(row.id);
                share::of_referral(row, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters);
                });
            }
            Entry::Conversion(row) => {
                let origin = self.origin_of(row.referral_id);
                share::of_conversion(row, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters);
                });
            }
            Entry::Commission(row) => {
                let origin = row.referral_id.and_then(|id| self.origin_of(id));
                let paid_on = paid_by(row).and_then(|id| self.rollup.paid_on(id));
                share::of_commission(row, paid_on, &mut |day, counters| {
                    self.put(row.enrolment_id, origin.as_ref(), day, counters);
                });
            }
        }
    }

    fn origin_of(&mut self, id: ReferralId) -> Option<Origin> {
        if let Some((known, origin)) = &self.referral
            && *known == id
        {
            return origin.clone();
        }
        let origin = self.rollup.origin_of(id);
        self.referral = Some((id, origin.clone()));
        origin
    }

    fn put(&mut self, enrolment: EnrolmentId, origin: Option<&Origin>, day: Day, counters: Counters) {
        let counters = match self.way {
            Way::In => counters,
            Way::Out => -counters,
        };
        match &mut self.open {
            Some((place, sum))
                if place.enrolment == enrolment && place.day == day && place.origin.as_ref() == origin =>
            {
                *sum += counters;
            }
            _ => {
                self.close();
                self.open = Some((Place { enrolment, origin: origin.cloned(), day }, counters));
            }
        }
    }

    fn close(&mut self) {
        if let Some((place, sum)) = self.open.take() {
            self.rollup.put(&place, sum);
        }
    }
}

type IsSame<R> = fn(&R, &R) -> bool;

/// Changed rows as they were, to go out, or as they are, to come in; those left out that are the same in both.
fn side<R: Row>(changes: &[Change<R>], way: Way, is_same: Option<IsSame<R>>) -> impl Iterator<Item = &R> {
    let counts = move |change: &&Change<R>| match (&change.before, &change.after, is_same) {
        (Some(before), Some(after), Some(is_same)) => !is_same(before, after),
        _ => true,
    };
    changes.iter().filter(counts).filter_map(move |change| match way {
        Way::Out => change.before.as_deref(),
        Way::In => change.after.as_deref(),
    })
}

fn paid_by(row: &Commission) -> Option<PayoutId> {
    match row.settlement {
        Settlement::Paid(id) => Some(id),
        Settlement::Open | Settlement::Due(_) | Settlement::Stuck(_) => None,
    }
}
