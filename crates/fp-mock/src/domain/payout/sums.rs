//! What many payouts amount to, in all, by kind, and by promoter.

use std::collections::{BTreeMap, BTreeSet};

use super::due::{DueCalendar, DuePeriod};
use super::payable;
use super::record::Payout;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::PromoterId;
use crate::domain::money::{Amount, Unit};
use crate::domain::promoter::{InvoiceDetails, Promoter};
use crate::domain::state::State;

/// What some payouts amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// By unit, as far as there are any.
    pub amounts: BTreeMap<Unit, Amount>,
    /// All of it with tax.
    pub total_incl_tax: Amount,
    /// Who is paid.
    pub promoters: BTreeSet<PromoterId>,
}

impl Sum {
    /// Of these payouts.
    pub fn of<'a>(state: &State, payouts: impl IntoIterator<Item = &'a Payout>) -> Self {
        let mut sum = Self::default();
        for payout in payouts {
            sum.add(state, payout);
        }
        sum
    }

    /// All of it without tax.
    pub fn total(&self) -> Amount {
        self.amounts.values().sum()
    }

    fn add(&mut self, state: &State, payout: &Payout) {
        let amount = payable::amount(state, payout.id);
        *self.amounts.entry(payout.unit).or_default() += amount;
        self.total_incl_tax += payable::with_tax(state, payout, amount);
        self.promoters.insert(payout.promoter_id);
    }
}

/// What payouts amount to by a key; those without one are left out.
pub fn sums_by<'a, K: Ord>(
    state: &State,
    payouts: impl IntoIterator<Item = &'a Payout>,
    key: impl Fn(&Payout) -> Option<K>,
) -> BTreeMap<K, Sum> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for payout in payouts {
        if let Some(key) = key(payout) {
            sums.entry(key).or_default().add(state, payout);
        }
    }
    sums
}

/// A pile of unpaid payouts.
#[derive(Clone, Debug, Default)]
pub struct Pile {
    /// What they amount to.
    pub sum: Sum,
    /// The end of the earliest period on it, which is due first.
    pub first_period_end: Option<Timestamp>,
}

/// The piles on which payouts lie; a pile without any is absent.
pub fn piles<'a>(
    state: &State,
    now: Timestamp,
    payouts: impl IntoIterator<Item = &'a Payout>,
) -> BTreeMap<DuePeriod, Pile> {
    let due = DueCalendar::of(state, now);
    let mut piles: BTreeMap<DuePeriod, Pile> = BTreeMap::new();
    for payout in payouts {
        let Some(period) = due.pile_of(payout) else { continue };
        let pile = piles.entry(period).or_default();
        pile.sum.add(state, payout);
        let earliest = pile.first_period_end.map_or(payout.period_end, |end| end.min(payout.period_end));
        pile.first_period_end = Some(earliest);
    }
    piles
}

/// The payouts of one promoter.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Who is paid.
    pub promoter: &'a Promoter,
    /// The payouts, in the order given.
    pub payouts: Vec<&'a Payout>,
    /// What they amount to.
    pub sum: Sum,
}

/// Which groups are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct GroupFilter {
    /// Those that amount to so much at least.
    pub min_payment: Option<Amount>,
    /// By how the promoter's invoice details stand.
    pub invoiceable: Option<Invoiceable>,
}

crate::domain::named::named_values! {
    /// Whether a promoter can be invoiced.
    ///
    /// Evidence: published v2 payouts document (`filters[invoiceable]`); which status means which is chosen.
    Invoiceable {
        /// His invoice details are approved.
        Yes = "true",
        /// They are not.
        No = "false",
        /// He submitted none.
        NotSet = "not_set",
    }
}

impl Invoiceable {
    /// Of a promoter whose invoice details stand so.
    pub fn of(details: InvoiceDetails) -> Self {
        match details {
            InvoiceDetails::Approved => Self::Yes,
            InvoiceDetails::Pending | InvoiceDetails::Denied => Self::No,
            InvoiceDetails::NotSubmitted => Self::NotSet,
        }
    }
}

impl Group<'_> {
    /// Whether it amounts to what is paid at least.
    ///
    /// Evidence: published v2 payouts document (`is_amount_payable`); that it follows the company's minimum is
    /// chosen.
    pub fn is_amount_payable(&self, state: &State) -> bool {
        self.sum.total() >= state.company.payouts.min_payment.max(1)
    }
}

/// Payouts by promoter, the newest promoter first.
///
/// Evidence: published v2 payouts document (the grouping and its filters); chosen (the order).
pub fn group_by_promoters<'a>(
    state: &'a State,
    payouts: impl IntoIterator<Item = &'a Payout>,
    filter: GroupFilter,
) -> Vec<Group<'a>> {
    let mut of_promoter: BTreeMap<PromoterId, Vec<&Payout>> = BTreeMap::new();
    for payout in payouts {
        of_promoter.entry(payout.promoter_id).or_default().push(payout);
    }
    let known = of_promoter.into_iter().rev().filter_map(|(id, payouts)| {
        let promoter = state.promoters.get(id)?;
        Some(Group { promoter, sum: Sum::of(state, payouts.iter().copied()), payouts })
    });
    let is_invoiceable =
        |group: &Group<'_>, wanted| Invoiceable::of(group.promoter.invoice_details) == wanted;
    known
        .filter(|group| filter.min_payment.is_none_or(|least| group.sum.total() >= least))
        .filter(|group| filter.invoiceable.is_none_or(|wanted| is_invoiceable(group, wanted)))
        .collect()
}
