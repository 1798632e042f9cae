//! What one record contributes to the counters, and to which day.
//!
//! Here the columns of the reports get their meaning; `column` only divides and subtracts.

use super::counters::{Counters, Day};
use crate::domain::commission::{Commission, CommissionStatus};
use crate::domain::conversion::{Conversion, ConversionKind};
use crate::domain::money::Unit;
use crate::domain::referral::{EntrySource, Referral, ReferralState};

/// Takes what a record contributes to a day.
pub(super) type Sink<'a> = &'a mut dyn FnMut(Day, Counters);

const NOTHING: Counters = Counters {
    clicks: 0,
    referrals: 0,
    signups: 0,
    customers: 0,
    non_link_customers: 0,
    cancelled: 0,
    activated: 0,
    deactivated: 0,
    sales: 0,
    refunds: 0,
    sold: 0,
    refunded: 0,
    earned: 0,
    paid: 0,
};

/// A visit, on its day.
///
/// Evidence: service help pages (unique visitors; each recorded visit is a visitor of its own here).
pub(super) const OF_CLICK: Counters = Counters { clicks: 1, ..NOTHING };

/// A referral counts when it came in, when its signup was tracked, when it became a customer and when it last
/// cancelled as one.
///
/// It is an active customer from its first sale to its last cancellation. One that was refunded, denied or moved
/// away never was, so that the active customers of today are those whose state says so.
///
/// Evidence: service help pages (anybody tracked is a referral; the last cancellation counts); that customers
/// by promo code or made by hand are those without a link, and what becomes of refunded and denied ones, is
/// chosen.
pub(super) fn of_referral(row: &Referral, sink: Sink<'_>) {
    sink(row.created_at.into(), Counters { referrals: 1, ..NOTHING });
    if let Some(at) = row.signed_up_at {
        sink(at.into(), Counters { signups: 1, ..NOTHING });
    }
    if let Some(since) = row.customer_since {
        let non_link_customers = i32::from(!came_by_link(row.entry_source));
        sink(since.into(), Counters { customers: 1, non_link_customers, ..NOTHING });
        if let Some(at) = row.cancelled_at {
            sink(at.into(), Counters { cancelled: 1, ..NOTHING });
        }
    }
    let activated = Counters { activated: 1, ..NOTHING };
    match (row.state, row.customer_since, row.cancelled_at) {
        (ReferralState::Active, since, _) => sink(since.unwrap_or(row.created_at).into(), activated),
        (ReferralState::Cancelled, Some(since), Some(until)) => {
            sink(since.into(), activated);
            sink(until.into(), Counters { deactivated: 1, ..NOTHING });
        }
        _ => {}
    }
}

/// Whether two versions of a referral, from the same visit, contribute the same to the same place.
pub(super) fn is_same_referral(one: &Referral, other: &Referral) -> bool {
    one.enrolment_id == other.enrolment_id
        && one.created_at == other.created_at
        && one.signed_up_at == other.signed_up_at
        && one.customer_since == other.customer_since
        && one.cancelled_at == other.cancelled_at
        && one.state == other.state
        && one.entry_source == other.entry_source
}

/// Whether two versions of a commission contribute the same to the same place.
pub(super) fn is_same_commission(one: &Commission, other: &Commission) -> bool {
    one.enrolment_id == other.enrolment_id
        && one.referral_id == other.referral_id
        && one.created_at == other.created_at
        && one.status == other.status
        && one.settlement == other.settlement
        && one.unit == other.unit
        && one.amount == other.amount
}

fn came_by_link(source: EntrySource) -> bool {
    match source {
        EntrySource::Cookie | EntrySource::Api => true,
        EntrySource::Coupon | EntrySource::ManualAdmin | EntrySource::ManualAffiliate => false,
    }
}

/// A sale or a refund, on its day, whatever it earned.
///
/// Evidence: service help pages (every charge of a customer counts, refunds are taken off).
pub(super) fn of_conversion(row: &Conversion, sink: Sink<'_>) {
    let counters = match row.kind {
        ConversionKind::Sale => Counters { sales: 1, sold: row.amount, ..NOTHING },
        ConversionKind::Refund => Counters { refunds: 1, refunded: -row.amount, ..NOTHING },
        ConversionKind::Signup | ConversionKind::Subscriber | ConversionKind::Cancellation => return,
    };
    sink(row.created_at.into(), counters);
}

/// A monetary commission: earned on its day once it is approved, paid on the day its payout was completed.
///
/// Evidence: service help pages (what promoters earned in the period); chosen (money only, approved only, and
/// the day of payment).
pub(super) fn of_commission(row: &Commission, paid_on: Option<Day>, sink: Sink<'_>) {
    if row.unit != Unit::Cash {
        return;
    }
    if row.status == CommissionStatus::Approved {
        sink(row.created_at.into(), Counters { earned: row.amount, ..NOTHING });
    }
    if let Some(day) = paid_on {
        sink(day, Counters { paid: row.amount, ..NOTHING });
    }
}
