//! Which commissions a list is about, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::facts::Test;
use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment};
use super::search::{self, Search};
use super::{groups, handful, names, near};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, CommissionId, EnrolmentId, PayoutId, PlanId, PromoterId};
use crate::domain::lookup::holds;
use crate::domain::money::Amount;
use crate::domain::named::named_values;
use crate::domain::payout::{DueCalendar, DuePeriod};
use crate::domain::referral::{FraudCheck, Referral};
use crate::domain::span::Span;
use crate::domain::state::State;

/// What commissions must be to be listed; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// In lower case: part of the event id or of the referral's e-mail address or uid.
    pub q: Option<String>,
    /// One of these.
    pub ids: Option<Vec<CommissionId>>,
    /// How it stands.
    pub statuses: Vec<CommissionStatus>,
    /// Monetary, and paid or not.
    pub is_paid: Option<bool>,
    /// Not monetary, and fulfilled or not.
    pub is_fulfilled: Option<bool>,
    /// The sale's amount.
    pub sale_amount: Span<Amount>,
    /// Its own amount.
    pub amount: Span<Amount>,
    /// When it was made.
    pub created_at: Span<Timestamp>,
    /// In which campaigns.
    pub campaigns: Vec<CampaignId>,
    /// In which payouts.
    pub payouts: Vec<PayoutId>,
    /// On which pile of unpaid payouts.
    pub due_periods: Vec<DuePeriod>,
    /// Whose it is.
    pub promoter: Option<PromoterId>,
    /// Under which enrolment (v1).
    pub enrolment: Option<EnrolmentId>,
    /// Whether it was earned by its referral's first sale.
    pub is_first: Option<bool>,
    /// Whether a refund took something of it back.
    pub is_refunded: Option<bool>,
    /// What looks wrong about its referral.
    pub fraud_checks: Vec<FraudCheck>,
    /// For which plans.
    pub plans: Vec<PlanId>,
}

named_values! {
    /// What commissions can be sorted by.
    ///
    /// Evidence: published v2 contract (`CommissionSorting`).
    SortBy {
        /// The sale's amount.
        SaleAmount = "sale_amount",
        /// Its own amount.
        Amount = "amount",
        /// When it was made.
        CreatedAt = "created_at",
        /// The referral's e-mail address, or uid without one.
        Referral = "referral",
    }
}

/// One criterion of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// By what.
    pub by: SortBy,
    /// Whether the largest comes first.
    pub is_descending: bool,
}

/// Commissions in some order.
type Rows<'a> = Box<dyn Iterator<Item = &'a Commission> + 'a>;

/// The commissions that fit, the newest first or as sorted, found as far as they are asked for: few by the
/// index that leads to them, many by their facts, sorted ones by orders if [`arrange`](super::arrange) made them.
///
/// Evidence: published v2 commissions document (the filters and what `q` searches); chosen (the order without
/// sorting; what has no value comes last; among equals the newest first).
pub fn select<'a>(state: &'a State, now: Timestamp, wanted: &'a Selection, sorting: &[Sorting]) -> Rows<'a> {
    let told = if has_few(state, wanted) { None } else { Test::of(state, now, wanted) };
    let index = state.commissions.index();
    match told {
        Some(test) if sorting.is_empty() => {
            let part = line_of(wanted).filter(|_| !test.knows_mentions());
            let mut search = part.map(|part| Search::of(state, part));
            Box::new(state.commissions.rows(index.facets.newest(move |block, places| {
                test.narrow(block, places);
                search.iter_mut().for_each(|search| search.keep(block, places));
            })))
        }
        Some(test) if sorting.iter().all(|criterion| index.orders.by(criterion.by).is_some()) => {
            let rows = match test.knows_mentions() {
                true => picked(state, &test, sorting),
                false => near::walked(state, now, wanted, sorting).map(|rows| Box::new(rows) as Rows<'a>),
            };
            rows.unwrap_or_else(|| one_by_one(state, now, wanted, sorting))
        }
        _ => one_by_one(state, now, wanted, sorting),
    }
}

/// Of the orders, if all are there, the rows that pass a test. If few do, only those are put in order.
fn picked<'a>(state: &'a State, test: &Test<'_>, sorting: &[Sorting]) -> Option<Rows<'a>> {
    let (table, facets) = (&state.commissions, &state.commissions.index().facets);
    if test.is_passed_by_all() {
        return Some(Box::new(table.rows(groups::sorted(state, None, sorting)?)));
    }
    let sieve = facets.sieve(|block, places| test.narrow(block, places));
    if sieve.count > FEW {
        if let Some(ids) = handful::sorted(state, &sieve, sorting) {
            return Some(Box::new(table.rows(ids)));
        }
        // Where all pass, as they often do, pages are found without going through those before.
        let sieve = Some(sieve).filter(|sieve| sieve.count < table.len());
        return Some(Box::new(table.rows(groups::sorted(state, sieve, sorting)?)));
    }
    let few: Vec<u64> = sieve.passed.iter().collect();
    let mut rows: Vec<&Commission> = table.rows(few.into_iter().rev()).collect();
    sorting.iter().rev().for_each(|criterion| sort(state, &mut rows, *criterion));
    Some(Box::new(rows.into_iter()))
}

/// The commissions that fit, found by looking at them.
pub(super) fn one_by_one<'a>(
    state: &'a State,
    now: Timestamp,
    wanted: &'a Selection,
    sorting: &[Sorting],
) -> Rows<'a> {
    let calendar = DueCalendar::of(state, now);
    let fitting = candidates(state, wanted).filter(move |row| fits(state, &calendar, wanted, row));
    if sorting.is_empty() {
        return Box::new(fitting);
    }
    let mut rows: Vec<&Commission> = fitting.collect();
    rows.sort_by_key(|row| Reverse(row.id));
    for criterion in sorting.iter().rev() {
        sort(state, &mut rows, *criterion);
    }
    Box::new(rows.into_iter())
}

/// Commissions are looked at one by one, and sorted, up to this number.
pub(super) const FEW: usize = if cfg!(test) { 4 } else { 1_000 };

/// Whether an index leads to no more than a few commissions among which all that are wanted are.
fn has_few(state: &State, wanted: &Selection) -> bool {
    let index = state.commissions.index();
    let of_payouts = || wanted.payouts.iter().map(|id| index.by_payout.count(id)).sum::<usize>();
    wanted.ids.is_some()
        || (!wanted.payouts.is_empty() && of_payouts() <= FEW)
        || wanted.enrolment.is_some_and(|id| index.by_enrolment.count(&id) <= FEW)
        || wanted.promoter.is_some_and(|id| index.by_promoter.count(&id) <= FEW)
        || (wanted.is_refunded == Some(true) && index.by_refunded.iter().left() <= FEW)
}

/// All commissions, the newest first.
pub fn newest(state: &State) -> impl Iterator<Item = &Commission> {
    state.commissions.rows(state.commissions.index().facets.newest(|_, _| {}))
}

/// Sorts by one criterion and leaves the order among equals; what has no value comes last either way.
pub(super) fn sort(state: &State, rows: &mut [&Commission], sorting: Sorting) {
    let number = |row: &Commission| match sorting.by {
        SortBy::SaleAmount => sale_amount(row),
        SortBy::Amount => Some(row.amount),
        SortBy::CreatedAt => Some(row.created_at.millis()),
        SortBy::Referral => None,
    };
    let name = |row: &Commission| names::name(state, row);
    fn absent_last<K, D>(key: Option<K>, directed: fn(Option<K>) -> D) -> (bool, D) {
        (key.is_none(), directed(key))
    }
    match (sorting.by, sorting.is_descending) {
        (SortBy::Referral, false) => rows.sort_by_cached_key(|row| absent_last(name(row), |key| key)),
        (SortBy::Referral, true) => rows.sort_by_cached_key(|row| absent_last(name(row), Reverse)),
        (_, false) => rows.sort_by_key(|row| absent_last(number(row), |key| key)),
        (_, true) => rows.sort_by_key(|row| absent_last(number(row), Reverse)),
    }
}

fn candidates<'a>(state: &'a State, wanted: &'a Selection) -> Box<dyn Iterator<Item = &'a Commission> + 'a> {
    let index = state.commissions.index();
    let row = |id| state.commissions.get(id);
    if let Some(ids) = &wanted.ids {
        let distinct: BTreeSet<CommissionId> = ids.iter().copied().collect();
        return Box::new(distinct.into_iter().rev().filter_map(row));
    }
    if wanted.is_refunded == Some(true) {
        let mut last = None;
        let ids = index.by_refunded.iter().rev().map(|(id, _)| id);
        let each_once = ids.filter(move |id| last.replace(*id) != Some(*id));
        return Box::new(each_once.filter_map(row));
    }
    if !wanted.payouts.is_empty() {
        return Box::new(index.by_payout.newest(&wanted.payouts).filter_map(row));
    }
    if let Some(enrolment) = &wanted.enrolment {
        return Box::new(index.by_enrolment.of(enrolment).rev().filter_map(row));
    }
    if let Some(promoter) = &wanted.promoter {
        return Box::new(index.by_promoter.of(promoter).rev().filter_map(row));
    }
    let in_statuses = || wanted.statuses.iter().map(|status| index.by_status.count(status)).sum::<usize>();
    if let Some(ids) = search::mentioning(state, wanted) {
        return Box::new(ids.into_iter().rev().filter_map(row));
    }
    let all = if wanted.statuses.is_empty() { state.commissions.len() } else { in_statuses() };
    if !wanted.campaigns.is_empty() {
        let enrolments: Vec<EnrolmentId> =
            wanted.campaigns.iter().flat_map(|id| state.enrolments.index().by_campaign.of(id)).collect();
        if enrolments.iter().map(|id| index.by_enrolment.count(id)).sum::<usize>() <= all {
            return Box::new(index.by_enrolment.newest(&enrolments).filter_map(row));
        }
    }
    if wanted.statuses.is_empty() {
        return Box::new(state.commissions.iter().rev());
    }
    Box::new(index.by_status.newest(&wanted.statuses).filter_map(row))
}

/// What is searched for, if it can stand in one line.
pub(super) fn line_of(wanted: &Selection) -> Option<&str> {
    wanted.q.as_deref().filter(|part| !part.is_empty() && !part.contains('\n'))
}

pub(super) fn fits(state: &State, calendar: &DueCalendar, wanted: &Selection, row: &Commission) -> bool {
    fn any<T: PartialEq>(wanted: &[T], value: Option<T>) -> bool {
        wanted.is_empty() || value.is_some_and(|value| wanted.contains(&value))
    }
    let campaign = || state.enrolments.get(row.enrolment_id).map(|enrolment| enrolment.campaign_id);
    any(&wanted.statuses, Some(row.status))
        && wanted.is_paid.is_none_or(|paid| row.unit.is_monetary() && row.is_paid() == paid)
        && wanted.is_fulfilled.is_none_or(|done| !row.unit.is_monetary() && is_fulfilled(row) == done)
        && wanted.sale_amount.holds_some(sale_amount(row).as_ref())
        && wanted.amount.holds(&row.amount)
        && wanted.created_at.holds(&row.created_at)
        && wanted.promoter.is_none_or(|promoter| row.promoter_id == promoter)
        && wanted.enrolment.is_none_or(|enrolment| row.enrolment_id == enrolment)
        && any(&wanted.fraud_checks, Some(row.fraud_check))
        && any(&wanted.plans, row.plan_id)
        && any(&wanted.payouts, row.settlement.payout_id())
        && (wanted.campaigns.is_empty() || any(&wanted.campaigns, campaign()))
        && (wanted.due_periods.is_empty()
            || any(&wanted.due_periods, calendar.pile_of_commission(state, row)))
        && wanted.is_first.is_none_or(|first| is_first(state, row) == first)
        && wanted.is_refunded.is_none_or(|refunded| is_refunded(state, row) == refunded)
        && wanted.q.as_deref().is_none_or(|part| mentions(state, row, part))
}

fn is_fulfilled(row: &Commission) -> bool {
    matches!(row.fulfilment, Fulfilment::Fulfilled { .. })
}

fn sale_amount(row: &Commission) -> Option<Amount> {
    (row.kind == CommissionKind::Sale).then_some(row.sale_amount)
}

/// Evidence: published v2 commissions document (`first_commission`); which ones are first is chosen: what the
/// referral's earliest sale earned anybody.
pub(super) fn is_first(state: &State, row: &Commission) -> bool {
    let first = row.referral_id.and_then(|id| state.conversions.index().sales_by_referral.first(&id));
    first.is_some_and(|(_, sale)| row.conversion_id == Some(sale))
}

/// Evidence: published v2 commissions document (`refunded`); that the taking back itself is not one is chosen.
fn is_refunded(state: &State, row: &Commission) -> bool {
    state.commissions.index().by_refunded.first(&row.id).is_some()
}

fn mentions(state: &State, row: &Commission, part: &str) -> bool {
    let referral = referral(state, row);
    let texts = [&row.event_id, referral.map_or(&None, |r| &r.email), referral.map_or(&None, |r| &r.uid)];
    texts.into_iter().flatten().any(|text| holds(text, part))
}

fn referral<'a>(state: &'a State, row: &Commission) -> Option<&'a Referral> {
    row.referral_id.and_then(|id| state.referrals.get(id))
}
