//! What lists of commissions are filtered and sorted by.

use super::firsts::firsts;
use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment};
use super::search;
use super::selection::{Selection, SortBy, line_of};
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Places, Series, ShortIds, Spanned, Text, columns, short};
use crate::domain::ids::EnrolmentId;
use crate::domain::members::Members;
use crate::domain::money::Amount;
use crate::domain::payout::{DueCalendar, Payout};
use crate::domain::referral::{FraudCheck, lower};
use crate::domain::span::Span;
use crate::domain::state::State;

columns! {
    /// Facts of one commission.
    Facts,
    /// Facts of commissions.
    FactColumns {
        created_at: Timestamp => Spanned<Timestamp>,
        amount: i32,
        sale_amount: i32,
        enrolment: u32,
        referral: u32 => Series,
        plan: u32,
        payout: u32,
        status: CommissionStatus,
        fraud_check: FraudCheck,
        flags: u8,
    }
}

/// The bits of `flags`.
const IS_SALE: u8 = 1;
const IS_MONETARY: u8 = 2;
const IS_PAID: u8 = 4;
const IS_FULFILLED: u8 = 8;

fn flag(bit: u8, is_set: bool) -> u8 {
    if is_set { bit } else { 0 }
}

impl Facts {
    /// Those of a row.
    pub fn of(row: &Commission) -> Self {
        Self {
            created_at: row.created_at,
            amount: clamped(row.amount),
            sale_amount: clamped(row.sale_amount),
            enrolment: short(row.enrolment_id.number()),
            referral: row.referral_id.map_or(0, |id| short(id.number())),
            plan: row.plan_id.map_or(0, |id| short(id.number())),
            payout: row.settlement.payout_id().map_or(0, |id| short(id.number())),
            status: row.status,
            fraud_check: row.fraud_check,
            flags: flag(IS_SALE, row.kind == CommissionKind::Sale)
                | flag(IS_MONETARY, row.unit.is_monetary())
                | flag(IS_PAID, row.is_paid())
                | flag(IS_FULFILLED, matches!(row.fulfilment, Fulfilment::Fulfilled { .. })),
        }
    }

    /// What a row is searched for by: its event id.
    pub fn text(row: &Commission) -> Text<'_> {
        Text { lines: lower(row.event_id.as_deref().unwrap_or_default()), ..Text::default() }
    }
}

/// The number that a row is sorted by, if it has one and the order is one of numbers.
pub fn number(row: &Commission, by: SortBy) -> Option<i64> {
    match by {
        SortBy::Amount => Some(row.amount),
        SortBy::SaleAmount => (row.kind == CommissionKind::Sale).then_some(row.sale_amount),
        SortBy::CreatedAt => Some(row.created_at.millis()),
        SortBy::Referral => None,
    }
}

/// Whether a row's amounts, or its id, are beyond what facts and orders hold.
pub fn is_beyond(row: &Commission) -> bool {
    let amounts = [row.amount, row.sale_amount];
    amounts.iter().any(|amount| i64::from(clamped(*amount)) != *amount) || !is_short(row.id.number())
}

/// The nearest amount that facts hold: they are gone through at half the cost of whole amounts.
fn clamped(amount: Amount) -> i32 {
    amount.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// Leaves of `places` those whose amount lies within a span, if no row is beyond what facts hold.
fn keep_amounts(places: &mut Places, amounts: &[i32], span: &Span<Amount>) {
    let is_out_of_reach = span.from.is_some_and(|from| from > i32::MAX.into())
        || span.to.is_some_and(|to| to < i32::MIN.into());
    if is_out_of_reach {
        *places = Places::default();
    }
    match (span.from.map(clamped), span.to.map(clamped)) {
        (Some(from), Some(to)) if from == to => places.keep(amounts, |amount| *amount == from),
        (from, to) => places.keep_within(amounts, &Span { from, to }),
    }
}

impl FactColumns {
    /// The numbers of all rows to sort by, as `number` reads them.
    pub fn numbers(
        &self,
        by: SortBy,
    ) -> impl DoubleEndedIterator<Item = Option<i64>> + ExactSizeIterator + '_ {
        (0..self.flags.len()).map(move |at| self.number(by, at))
    }

    /// The number of the row in this place, as `number` reads it.
    pub fn number(&self, by: SortBy, at: usize) -> Option<i64> {
        match by {
            SortBy::Amount => Some(self.amount[at].into()),
            SortBy::SaleAmount => (self.flags[at] & IS_SALE != 0).then(|| self.sale_amount[at].into()),
            SortBy::CreatedAt => Some(self.created_at[at].millis()),
            SortBy::Referral => None,
        }
    }

    /// Leaves of `places` those whose number to sort by is this one.
    pub fn keep_number(&self, by: SortBy, number: Option<i64>, places: &mut Places) {
        let alone = |amount: i64| Span { from: Some(amount), to: Some(amount) };
        match (by, number) {
            (SortBy::Amount, Some(amount)) => keep_amounts(places, &self.amount, &alone(amount)),
            (SortBy::SaleAmount, Some(amount)) => {
                keep_amounts(places, &self.sale_amount, &alone(amount));
                places.keep(&self.flags, |flags| flags & IS_SALE != 0);
            }
            (SortBy::CreatedAt, Some(number)) => {
                let at = Some(Timestamp::from_millis(number));
                self.created_at.keep_within(places, &Span { from: at, to: at });
            }
            // Only what was not earned by a sale lacks one.
            (SortBy::SaleAmount, None) => places.keep(&self.flags, |flags| flags & IS_SALE == 0),
            (SortBy::Referral, None) => {}
            (SortBy::Amount | SortBy::CreatedAt, None) | (SortBy::Referral, Some(_)) => {
                *places = Places::default();
            }
        }
    }
}

/// What facts are held against: what is wanted, and those of other records that have to do with it.
#[derive(Clone, Debug)]
pub struct Test<'a> {
    wanted: &'a Selection,
    mentioning: Option<&'a Members>,
    plans: Option<ShortIds>,
    enrolments: Option<ShortIds>,
    payouts: Option<ShortIds>,
    firsts: Option<(&'a Members, bool)>,
    refunded: Option<(Members, bool)>,
}

impl<'a> Test<'a> {
    /// The test for what is wanted, as of `now`; `None` if facts alone do not decide: they know no texts, and no ids
    /// and amounts beyond 32 bits; of ids 0 stands for none.
    pub fn of(state: &'a State, now: Timestamp, wanted: &'a Selection) -> Option<Self> {
        let mentioning = line_of(wanted).and_then(|part| search::kept(state, part));
        let is_told = wanted.q.is_none() || line_of(wanted).is_some();
        let is_told = is_told && wanted.ids.is_none() && has_short_ids(state);
        let is_told = is_told && state.commissions.index().beyond_facts == 0;
        let is_told = is_told && wanted.plans.iter().all(|id| id.number() != 0 && is_short(id.number()));
        let firsts = match wanted.is_first {
            Some(is_first) => Some((firsts(state)?, is_first)),
            None => None,
        };
        let refunded = |is_refunded| {
            let ids = state.commissions.index().by_refunded.iter().map(|(id, _)| id.number());
            (Members::of(ids), is_refunded)
        };
        is_told.then(|| Self {
            wanted,
            mentioning,
            plans: (!wanted.plans.is_empty())
                .then(|| ShortIds::of(wanted.plans.iter().map(|id| id.number()))),
            enrolments: enrolments(state, wanted),
            payouts: payouts(state, now, wanted),
            firsts,
            refunded: wanted.is_refunded.map(refunded),
        })
    }

    /// Whether nothing is asked for.
    pub fn is_passed_by_all(&self) -> bool {
        *self.wanted == Selection::default()
    }

    /// Whether it knows what mentions what is searched for; if not, it leaves what does not mention it, too.
    pub fn knows_mentions(&self) -> bool {
        self.wanted.q.is_none() || self.mentioning.is_some()
    }

    /// Leaves of a block what is wanted.
    pub fn narrow(&self, block: &Block<'_, FactColumns>, places: &mut Places) {
        let (wanted, facts) = (self.wanted, block.facts);
        if let Some(mentioning) = self.mentioning {
            block.keep_ids(places, mentioning, true);
        }
        if let Some((firsts, is_first)) = self.firsts {
            block.keep_ids(places, firsts, is_first);
        }
        if let Some((refunded, is_refunded)) = &self.refunded {
            block.keep_ids(places, refunded, *is_refunded);
        }
        if !wanted.statuses.is_empty() {
            let mask = CommissionStatus::mask(&wanted.statuses);
            places.keep(&facts.status, |status| mask & status.bit() != 0);
        }
        if !wanted.fraud_checks.is_empty() {
            let mask = FraudCheck::mask(&wanted.fraud_checks);
            places.keep(&facts.fraud_check, |check| mask & check.bit() != 0);
        }
        if let Some(paid) = wanted.is_paid {
            let flags = IS_MONETARY | flag(IS_PAID, paid);
            places.keep(&facts.flags, |set| set & (IS_MONETARY | IS_PAID) == flags);
        }
        if let Some(done) = wanted.is_fulfilled {
            let flags = flag(IS_FULFILLED, done);
            places.keep(&facts.flags, |set| set & (IS_MONETARY | IS_FULFILLED) == flags);
        }
        self.narrow_by_records(facts, places);
        if !wanted.sale_amount.is_open() {
            places.keep(&facts.flags, |set| set & IS_SALE != 0);
            keep_amounts(places, &facts.sale_amount, &wanted.sale_amount);
        }
        keep_amounts(places, &facts.amount, &wanted.amount);
        facts.created_at.keep_within(places, &wanted.created_at);
    }

    /// The same by the records that commissions have to do with.
    fn narrow_by_records(&self, facts: &FactColumns, places: &mut Places) {
        let asked = [
            (&self.plans, &facts.plan),
            (&self.enrolments, &facts.enrolment),
            (&self.payouts, &facts.payout),
        ];
        for (ids, column) in asked {
            ids.iter().for_each(|ids| ids.keep(places, column));
        }
    }
}

/// The enrolments that are asked for, be it by themselves, their promoter or their campaigns.
fn enrolments(state: &State, wanted: &Selection) -> Option<ShortIds> {
    let index = state.enrolments.index();
    if wanted.enrolment.is_none() && wanted.promoter.is_none() && wanted.campaigns.is_empty() {
        return None;
    }
    let asked: Box<dyn Iterator<Item = EnrolmentId>> = match (wanted.enrolment, &wanted.promoter) {
        (Some(id), _) => Box::new(std::iter::once(id)),
        (None, Some(promoter)) => Box::new(index.by_promoter.of(promoter)),
        (None, None) => Box::new(wanted.campaigns.iter().flat_map(|campaign| index.by_campaign.of(campaign))),
    };
    let fits = |id: &EnrolmentId| {
        let row = state.enrolments.get(*id);
        row.is_some_and(|row| {
            wanted.promoter.is_none_or(|promoter| row.promoter_id == promoter)
                && (wanted.campaigns.is_empty() || wanted.campaigns.contains(&row.campaign_id))
        })
    };
    Some(ShortIds::of(asked.filter(fits).map(|id| id.number())))
}

/// The payouts that are asked for, be it by themselves or by the piles on which they lie.
fn payouts(state: &State, now: Timestamp, wanted: &Selection) -> Option<ShortIds> {
    let (ids, piles) = (&wanted.payouts, &wanted.due_periods);
    if piles.is_empty() {
        return (!ids.is_empty()).then(|| ShortIds::of(ids.iter().map(|id| id.number())));
    }
    let calendar = DueCalendar::of(state, now);
    let is_on_pile = |row: &&Payout| calendar.pile_of(row).is_some_and(|pile| piles.contains(&pile));
    let on_pile = state.payouts.index().unpaid().filter_map(|id| state.payouts.get(id)).filter(is_on_pile);
    let asked = on_pile.filter(|row| ids.is_empty() || ids.contains(&row.id));
    Some(ShortIds::of(asked.map(|row| row.id.number())))
}

fn is_short(id: u64) -> bool {
    short(id) != u32::MAX
}

/// Whether all records that facts name have ids of at most 32 bits.
fn has_short_ids(state: &State) -> bool {
    state.enrolments.iter().next_back().is_none_or(|row| is_short(row.id.number()))
        && state.referrals.iter().next_back().is_none_or(|row| is_short(row.id.number()))
        && state.payouts.iter().next_back().is_none_or(|row| is_short(row.id.number()))
}
