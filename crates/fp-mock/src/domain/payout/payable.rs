//! What a payout amounts to, and whether it can be paid.

use std::collections::BTreeMap;

use super::record::{Payout, PayoutStatus};
use crate::domain::enrolment::EnrolmentState;
use crate::domain::ids::{PayoutId, PromoterId};
use crate::domain::money::{Amount, BasisPoints};
use crate::domain::payout_method::{self, Method, PayoutMethod};
use crate::domain::promoter::{ProfileField, Promoter};
use crate::domain::state::State;

/// The sum of its commissions.
pub fn amount(state: &State, id: PayoutId) -> Amount {
    state.commissions.index().payout_amounts.get(&id).copied().unwrap_or(0)
}

/// The sum with tax.
///
/// Evidence: published v2 payouts document (`total_incl_tax`); that tax is added on top is chosen.
pub fn total_incl_tax(state: &State, payout: &Payout) -> Amount {
    with_tax(state, payout, amount(state, payout.id))
}

/// The sum with tax, of a payout that amounts to so much.
pub(super) fn with_tax(state: &State, payout: &Payout, amount: Amount) -> Amount {
    amount + tax_rate_of(state, payout).map_or(0, |rate| rate.of(amount))
}

/// The tax rate: what it was paid with, or else that of the promoter's country today.
///
/// Evidence: published v2 payouts document (`tax_rate`); that the promoter's country decides is chosen.
pub fn tax_rate_of(state: &State, payout: &Payout) -> Option<BasisPoints> {
    if let Some(paid_with) = payout.paid_with {
        return paid_with.tax_rate;
    }
    let country = state.promoters.get(payout.promoter_id)?.profile.value(ProfileField::Country)?;
    state.company.payouts.tax_rates.get(country).copied().map(BasisPoints)
}

/// The payout method: what it was paid with, or else the one that the promoter has selected today.
pub fn method_of<'a>(state: &'a State, payout: &Payout) -> Option<&'a PayoutMethod> {
    match payout.paid_with {
        Some(paid_with) => paid_with.method.and_then(|id| state.payout_methods.get(id)),
        None => payout_method::selected(state, payout.promoter_id),
    }
}

/// Why a payout cannot be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is paid, being paid, failed or called off.
    NotPending(PayoutStatus),
    /// A payments batch has it.
    InPaymentsBatch,
    /// The promoter has selected no payout method.
    NoMethod,
    /// The selected payout method cannot be used.
    MethodDisabled(Method),
    /// The promoter is archived or gone.
    PromoterArchived,
    /// The promoter is blocked in the campaign.
    PromoterBlocked,
    /// The promoter has too few paying customers.
    TooFewCustomers,
    /// What the promoter is to be paid in all is not enough.
    BelowMinimum(Amount),
}

impl Obstacle {
    /// The obstacle in words.
    pub fn text(self) -> String {
        match self {
            Self::NotPending(status) => format!("The payout is {}", status.name()),
            Self::InPaymentsBatch => "The payout is in a payments batch".into(),
            Self::NoMethod => "The promoter has selected no payout method".into(),
            Self::MethodDisabled(method) => format!("The payout method {} is disabled", method.name()),
            Self::PromoterArchived => "The promoter is archived".into(),
            Self::PromoterBlocked => "The promoter is blocked".into(),
            Self::TooFewCustomers => "The promoter has too few paying customers".into(),
            Self::BelowMinimum(least) => format!("The promoter's unpaid amount is below {least}"),
        }
    }
}

/// What keeps a payout from being paid, `None` if nothing does. Amounts count by promoter: all his pending
/// payouts that nothing else holds back, refunds included, must reach the minimum and be more than nothing.
///
/// Evidence: published v2 payouts document (`min_payment`, `min_paying_customers`, `is_disabled`); the rest of
/// the list, and counting by promoter, are chosen.
pub fn obstacle(state: &State, payout: &Payout) -> Option<Obstacle> {
    Payable::default().obstacle(state, payout)
}

/// What promoters are to be paid, found once for all their payouts.
#[derive(Clone, Debug, Default)]
pub(super) struct Payable(BTreeMap<PromoterId, Amount>);

impl Payable {
    /// What keeps a payout from being paid; see [`obstacle`].
    pub fn obstacle(&mut self, state: &State, payout: &Payout) -> Option<Obstacle> {
        own_obstacle(state, payout).or_else(|| {
            let least = state.company.payouts.min_payment.max(1);
            let promoter = payout.promoter_id;
            let sum = self.0.entry(promoter).or_insert_with(|| payable_sum(state, promoter));
            (*sum < least).then_some(Obstacle::BelowMinimum(least))
        })
    }
}

/// What all payouts of a promoter that nothing but the minimum holds back amount to.
fn payable_sum(state: &State, promoter_id: PromoterId) -> Amount {
    let payouts = state.payouts.index().by_promoter.of(&promoter_id);
    let payouts = payouts.filter_map(|id| state.payouts.get(id));
    payouts
        .filter(|payout| own_obstacle(state, payout).is_none())
        .map(|payout| amount(state, payout.id))
        .sum()
}

/// What keeps a payout from being paid, whatever it amounts to.
fn own_obstacle(state: &State, payout: &Payout) -> Option<Obstacle> {
    if payout.status != PayoutStatus::Pending {
        return Some(Obstacle::NotPending(payout.status));
    }
    if payout.payments_batch_id.is_some() {
        return Some(Obstacle::InPaymentsBatch);
    }
    match method_of(state, payout) {
        None => return Some(Obstacle::NoMethod),
        Some(method) if method.is_disabled => return Some(Obstacle::MethodDisabled(method.method)),
        Some(_) => {}
    }
    let promoter = state.promoters.get(payout.promoter_id).filter(|promoter| promoter.archived_at.is_none());
    let Some(promoter) = promoter else { return Some(Obstacle::PromoterArchived) };
    if is_blocked(state, payout) {
        return Some(Obstacle::PromoterBlocked);
    }
    let too_few = paying_customers(state, promoter) < u64::from(state.company.payouts.min_paying_customers);
    too_few.then_some(Obstacle::TooFewCustomers)
}

fn is_blocked(state: &State, payout: &Payout) -> bool {
    let enrolments = state.enrolments.index().by_promoter.of(&payout.promoter_id);
    let mut in_campaign = enrolments
        .filter_map(|id| state.enrolments.get(id))
        .filter(|enrolment| enrolment.campaign_id == payout.campaign_id);
    in_campaign.any(|enrolment| enrolment.state == EnrolmentState::Blocked)
}

fn paying_customers(state: &State, promoter: &Promoter) -> u64 {
    let enrolments = state.enrolments.index().by_promoter.of(&promoter.id);
    let counts = enrolments.filter_map(|id| state.referrals.index().counts.get(&id));
    counts.map(|counts| counts.active_customers).sum()
}
