//! What lists of commissions are filtered and sorted by.

use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment};
use super::selection::{Selection, SortBy, line_of};
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Places, short};
use crate::domain::ids::EnrolmentId;
use crate::domain::members::Members;
use crate::domain::money::Amount;
use crate::domain::payout::{DueCalendar, Payout};
use crate::domain::referral::FraudCheck;
use crate::domain::state::State;

/// Facts of one commission.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    created_at: Timestamp,
    amount: Amount,
    sale_amount: Amount,
    enrolment: u32,
    plan: u32,
    payout: u32,
    conversion: u32,
    status: CommissionStatus,
    fraud_check: FraudCheck,
    is_sale: bool,
    is_monetary: bool,
    is_paid: bool,
    is_fulfilled: bool,
}

impl Facts {
    /// Those of a row.
    pub fn of(row: &Commission) -> Self {
        Self {
            created_at: row.created_at,
            amount: row.amount,
            sale_amount: row.sale_amount,
            enrolment: short(row.enrolment_id.0),
            plan: row.plan_id.map_or(0, |id| short(id.0)),
            conversion: row.conversion_id.map_or(0, |id| short(id.0)),
            payout: row.settlement.payout_id().map_or(0, |id| short(id.0)),
            status: row.status,
            fraud_check: row.fraud_check,
            is_sale: row.kind == CommissionKind::Sale,
            is_monetary: row.unit.is_monetary(),
            is_paid: row.is_paid(),
            is_fulfilled: matches!(row.fulfilment, Fulfilment::Fulfilled { .. }),
        }
    }

    /// The number to sort by, if it has one and the order is one of numbers.
    pub fn number(&self, by: SortBy) -> Option<i64> {
        match by {
            SortBy::Amount => Some(self.amount),
            SortBy::SaleAmount => self.sale_amount(),
            SortBy::CreatedAt => Some(self.created_at.millis()),
            SortBy::Referral => None,
        }
    }

    fn sale_amount(&self) -> Option<Amount> {
        self.is_sale.then_some(self.sale_amount)
    }
}

/// What facts are held against: what is wanted, and those of other records that have to do with it.
#[derive(Clone, Debug)]
pub struct Test<'a> {
    wanted: &'a Selection,
    mentioning: Option<&'a Members>,
    enrolments: Option<Members>,
    payouts: Option<Members>,
    /// What a sale earned is its referral's, so that the sale tells whether it was the first.
    first_sales: Option<(&'a Members, bool)>,
    refunded: Option<(Members, bool)>,
}

impl<'a> Test<'a> {
    /// The test for what is wanted, as of `now`; `None` if facts alone do not decide: they know no texts, and no ids
    /// beyond 32 bits.
    pub fn of(state: &'a State, now: Timestamp, wanted: &'a Selection) -> Option<Self> {
        let mentioning = match line_of(wanted) {
            Some(part) => Some(state.commissions.index().orders.mentioning(state, part)?),
            None => None,
        };
        let is_told = wanted.q.is_none() || mentioning.is_some();
        let is_told = is_told && wanted.ids.is_none() && has_short_ids(state);
        let is_told = is_told && wanted.plans.iter().all(|id| is_short(id.0));
        let first_sales = match wanted.is_first {
            Some(is_first) => Some((state.conversions.index().first_sales.as_ref()?, is_first)),
            None => None,
        };
        let refunded = |is_refunded| {
            let ids = state.commissions.index().by_refunded.iter().map(|(id, _)| id.0);
            (Members::of(ids), is_refunded)
        };
        is_told.then(|| Self {
            wanted,
            mentioning,
            enrolments: enrolments(state, wanted),
            payouts: payouts(state, now, wanted),
            first_sales,
            refunded: wanted.is_refunded.map(refunded),
        })
    }

    /// Whether nothing is asked for.
    pub fn is_passed_by_all(&self) -> bool {
        *self.wanted == Selection::default()
    }

    /// Leaves of a block what is wanted.
    pub fn narrow(&self, block: &Block<'_, Facts>, places: &mut Places) {
        let wanted = self.wanted;
        if let Some(mentioning) = self.mentioning {
            block.keep_ids(places, |id| mentioning.has(id));
        }
        if !wanted.statuses.is_empty() {
            let mask = CommissionStatus::mask(&wanted.statuses);
            block.keep(places, |facts| mask & facts.status.bit() != 0);
        }
        if !wanted.fraud_checks.is_empty() {
            let mask = FraudCheck::mask(&wanted.fraud_checks);
            block.keep(places, |facts| mask & facts.fraud_check.bit() != 0);
        }
        if !wanted.plans.is_empty() {
            block.keep(places, |facts| wanted.plans.iter().any(|id| id.0 == u64::from(facts.plan)));
        }
        if let Some(enrolments) = &self.enrolments {
            block.keep(places, |facts| enrolments.has(facts.enrolment.into()));
        }
        if let Some(payouts) = &self.payouts {
            block.keep(places, |facts| payouts.has(facts.payout.into()));
        }
        if let Some(paid) = wanted.is_paid {
            block.keep(places, |facts| facts.is_monetary && facts.is_paid == paid);
        }
        if let Some(done) = wanted.is_fulfilled {
            block.keep(places, |facts| !facts.is_monetary && facts.is_fulfilled == done);
        }
        self.narrow_by_numbers(block, places);
        if let Some((sales, is_first)) = self.first_sales {
            block.keep(places, |facts| sales.has(facts.conversion.into()) == is_first);
        }
        if let Some((refunded, is_refunded)) = &self.refunded {
            block.keep_ids(places, |id| refunded.has(id) == *is_refunded);
        }
    }

    fn narrow_by_numbers(&self, block: &Block<'_, Facts>, places: &mut Places) {
        let wanted = self.wanted;
        if !wanted.sale_amount.is_open() {
            block.keep(places, |facts| wanted.sale_amount.holds_some(facts.sale_amount().as_ref()));
        }
        if !wanted.amount.is_open() {
            block.keep(places, |facts| wanted.amount.holds(&facts.amount));
        }
        if !wanted.created_at.is_open() {
            block.keep(places, |facts| wanted.created_at.holds(&facts.created_at));
        }
    }
}

/// The enrolments that are asked for, be it by themselves, their promoter or their campaigns.
fn enrolments(state: &State, wanted: &Selection) -> Option<Members> {
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
    Some(Members::of(asked.filter(fits).map(|id| id.0)))
}

/// The payouts that are asked for, be it by themselves or by the piles on which they lie.
fn payouts(state: &State, now: Timestamp, wanted: &Selection) -> Option<Members> {
    let (ids, piles) = (&wanted.payouts, &wanted.due_periods);
    if piles.is_empty() {
        return (!ids.is_empty()).then(|| Members::of(ids.iter().map(|id| id.0)));
    }
    let calendar = DueCalendar::of(state, now);
    let is_on_pile = |row: &&Payout| calendar.pile_of(row).is_some_and(|pile| piles.contains(&pile));
    let on_pile = state.payouts.index().unpaid().filter_map(|id| state.payouts.get(id)).filter(is_on_pile);
    let asked = on_pile.filter(|row| ids.is_empty() || ids.contains(&row.id));
    Some(Members::of(asked.map(|row| row.id.0)))
}

fn is_short(id: u64) -> bool {
    short(id) != u32::MAX
}

/// Whether all records that facts name have ids of at most 32 bits.
fn has_short_ids(state: &State) -> bool {
    state.enrolments.iter().next_back().is_none_or(|row| is_short(row.id.0))
        && state.payouts.iter().next_back().is_none_or(|row| is_short(row.id.0))
        && state.conversions.iter().next_back().is_none_or(|row| is_short(row.id.0))
}
