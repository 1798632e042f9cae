//! Which payouts a list, its sums or its groups are about.

use super::due::{DueCalendar, DuePeriod};
use super::payable::{self, Payable};
use super::record::{Payout, PayoutStatus};
use crate::clock::timestamp::Timestamp;
use crate::domain::id_set::IdSet;
use crate::domain::ids::{CampaignId, PaymentsBatchId, PayoutId, PromoterId};
use crate::domain::lookup::{folded, holds};
use crate::domain::named::named_values;
use crate::domain::payout_method::Method;
use crate::domain::promoter::{self, ProfileField};
use crate::domain::referral::FraudCheck;
use crate::domain::span::Span;
use crate::domain::state::State;

/// What payouts must be; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the promoter's first name, last name or e-mail address, whatever the case.
    pub q: Option<String>,
    /// One of these.
    pub ids: Vec<PayoutId>,
    /// How they stand.
    pub status: Option<PayoutStatus>,
    /// For one of these campaigns.
    pub campaigns: Vec<CampaignId>,
    /// In one of these payments batches.
    pub payments_batches: Vec<PaymentsBatchId>,
    /// On which pile they lie.
    pub due_period: Option<DuePeriod>,
    /// When their period begins.
    pub period_start: Span<Timestamp>,
    /// When their period ends.
    pub period_end: Span<Timestamp>,
    /// With which method they are or were paid; the inner `None`: with none.
    pub method: Option<Option<Method>>,
    /// Who is paid.
    pub promoter: Option<PromoterId>,
    /// Whether only those count that nothing keeps from being paid.
    pub only_payable: bool,
    /// The reference of the payments batch they were paid together in.
    pub group_ref: Option<String>,
    /// What looks wrong about the promoter's referrals: one of these.
    pub suspicions: Vec<FraudCheck>,
}

named_values! {
    /// What payouts are sorted by.
    ///
    /// Evidence: published v2 contract (`sorting`).
    SortKey {
        /// Their amount.
        Amount = "amount",
        /// The begin of their period.
        PeriodStart = "period_start",
        /// The end of their period.
        PeriodEnd = "period_end",
    }
}

/// By what, and whether the largest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub key: SortKey,
    /// Whether the largest, or the latest, comes first.
    pub is_descending: bool,
}

/// The payouts that fit, newest first, found as far as they are asked for.
///
/// Evidence: published v2 payouts document (the filters and what `q` searches); chosen (newest first).
pub fn search<'a>(
    state: &'a State,
    now: Timestamp,
    filter: &'a Filter,
) -> impl Iterator<Item = &'a Payout> + 'a {
    let due = DueCalendar::of(state, now);
    let q = filter.q.as_deref().map(folded);
    let mut payable = Payable::default();
    let rows = candidates(state, filter).filter_map(|id| state.payouts.get(id));
    rows.filter(move |payout| {
        fits(filter, payout)
            && filter.due_period.is_none_or(|pile| due.pile_of(payout) == Some(pile))
            && q.as_deref().is_none_or(|q| names(state, payout, q))
            && fits_derived(state, filter, payout)
            && (!filter.only_payable || payable.obstacle(state, payout).is_none())
    })
}

/// The payouts that fit, in an order; those that are equal in it newest first.
pub fn sorted<'a>(
    state: &'a State,
    now: Timestamp,
    filter: &'a Filter,
    order: Order,
) -> impl Iterator<Item = &'a Payout> + 'a {
    let value = |payout: &Payout| match order.key {
        SortKey::Amount => payable::amount(state, payout.id),
        SortKey::PeriodStart => payout.period_start.millis(),
        SortKey::PeriodEnd => payout.period_end.millis(),
    };
    let mut keys: Vec<(i64, PayoutId)> =
        search(state, now, filter).map(|payout| (value(payout), payout.id)).collect();
    keys.sort_unstable_by(|one, other| {
        let by_value = if order.is_descending { other.0.cmp(&one.0) } else { one.0.cmp(&other.0) };
        by_value.then(other.1.cmp(&one.1))
    });
    keys.into_iter().filter_map(|(_, id)| state.payouts.get(id))
}

/// Ids newest first, from the index that leaves the fewest.
fn candidates<'a>(state: &'a State, filter: &'a Filter) -> Box<dyn Iterator<Item = PayoutId> + 'a> {
    let index = state.payouts.index();
    if !filter.ids.is_empty() {
        let ids: IdSet<PayoutId> = filter.ids.iter().copied().collect();
        Box::new(ids.into_iter().rev())
    } else if let Some(promoter) = &filter.promoter {
        Box::new(index.by_promoter.of(promoter).rev())
    } else if !filter.payments_batches.is_empty() {
        Box::new(index.by_payments_batch.newest(&filter.payments_batches))
    } else if let Some(status) = &filter.status {
        Box::new(index.by_status.of(status).rev())
    } else if !filter.campaigns.is_empty() {
        Box::new(index.by_campaign.newest(&filter.campaigns))
    } else {
        Box::new(state.payouts.iter().rev().map(|payout| payout.id))
    }
}

/// What the row itself tells.
fn fits(filter: &Filter, payout: &Payout) -> bool {
    let batch = payout.payments_batch_id;
    filter.status.is_none_or(|status| payout.status == status)
        && filter.promoter.is_none_or(|promoter| payout.promoter_id == promoter)
        && (filter.campaigns.is_empty() || filter.campaigns.contains(&payout.campaign_id))
        && (filter.payments_batches.is_empty()
            || batch.is_some_and(|batch| filter.payments_batches.contains(&batch)))
        && filter.period_start.holds(&payout.period_start)
        && filter.period_end.holds(&payout.period_end)
}

/// What other records tell.
fn fits_derived(state: &State, filter: &Filter, payout: &Payout) -> bool {
    let is_in_group = |reference: &String| {
        let batch = payout.payments_batch_id.and_then(|id| state.payments_batches.get(id));
        batch.is_some_and(|batch| batch.ext_reference.as_ref() == Some(reference))
    };
    let method = || payable::method_of(state, payout).map(|method| method.method);
    filter.method.is_none_or(|wanted| method() == wanted)
        && filter.group_ref.as_ref().is_none_or(is_in_group)
        && (filter.suspicions.is_empty() || is_suspicious(state, filter, payout))
}

/// Evidence: published v2 payouts document (`no_suspicion` stands for promoters without any).
fn is_suspicious(state: &State, filter: &Filter, payout: &Payout) -> bool {
    let found = promoter::fraud_suspicions(state, payout.promoter_id);
    filter.suspicions.iter().any(|wanted| match wanted {
        FraudCheck::NoSuspicion => found.is_empty(),
        wanted => found.contains(wanted),
    })
}

fn names(state: &State, payout: &Payout, q: &str) -> bool {
    state.promoters.get(payout.promoter_id).is_some_and(|promoter| {
        let names = [ProfileField::FirstName, ProfileField::LastName];
        let mut names = names.into_iter().filter_map(|part| promoter.profile.value(part));
        holds(&promoter.email, q) || names.any(|name| holds(name, q))
    })
}
