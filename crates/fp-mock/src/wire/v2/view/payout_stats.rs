//! Sums of payouts as v2 shows them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::clock::timestamp::Timestamp;
use crate::domain::calendar;
use crate::domain::company::PayoutTerms;
use crate::domain::json::JsonObject;
use crate::domain::money::Amount;
use crate::domain::payout::{DuePeriod, PayoutStatus, Pile, Sum};
use crate::domain::payout_method::Method;
use crate::domain::state::State;

/// Sums beside the terms of payment.
#[derive(Debug, Serialize)]
pub struct WithTerms<'a, D> {
    meta: Terms<'a>,
    data: D,
}

impl<'a, D> WithTerms<'a, D> {
    /// Shows sums with the account's terms.
    pub fn of(state: &'a State, data: D) -> Self {
        Self { meta: Terms::of(&state.company.payouts), data }
    }
}

#[derive(Debug, Serialize)]
struct Terms<'a> {
    net_payout_days: i64,
    payout_cycle: &'static str,
    min_payment: Amount,
    min_paying_customers: u32,
    terms_description: &'a str,
    selected_payout_methods: &'a [String],
    payout_method_options: &'a JsonObject,
    managed_payouts: bool,
}

impl<'a> Terms<'a> {
    fn of(terms: &'a PayoutTerms) -> Self {
        Self {
            net_payout_days: terms.net_payout_days,
            payout_cycle: terms.cycle.name(),
            min_payment: terms.min_payment,
            min_paying_customers: terms.min_paying_customers,
            terms_description: &terms.terms_description,
            selected_payout_methods: &terms.methods,
            payout_method_options: &terms.method_options,
            managed_payouts: terms.managed,
        }
    }
}

/// What some payouts amount to.
#[derive(Debug, Serialize)]
pub struct Amounts {
    promoters_count: usize,
    amounts: BTreeMap<&'static str, Amount>,
    total_incl_tax: Amount,
}

impl Amounts {
    fn of(sum: &Sum) -> Self {
        Self {
            promoters_count: sum.promoters.len(),
            amounts: sum.amounts.iter().map(|(unit, amount)| (unit.name(), *amount)).collect(),
            total_incl_tax: sum.total_incl_tax,
        }
    }
}

/// The sums that were asked for.
#[derive(Debug, Default, Serialize)]
pub struct Stats {
    #[serde(skip_serializing_if = "Option::is_none")]
    by_paid_period: Option<Vec<PaidPeriod>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_status: Option<BTreeMap<&'static str, Amounts>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_payout_method: Option<BTreeMap<&'static str, Amounts>>,
}

#[derive(Debug, Serialize)]
struct PaidPeriod {
    period_start: Timestamp,
    period_end: Timestamp,
    #[serde(flatten)]
    amounts: Amounts,
}

impl Stats {
    /// The same with sums by period, the newest first.
    ///
    /// Evidence: chosen (the order).
    #[must_use]
    pub fn by_paid_period(mut self, sums: &BTreeMap<(Timestamp, Timestamp), Sum>) -> Self {
        let period = |(&(period_start, period_end), sum)| {
            let amounts = Amounts::of(sum);
            PaidPeriod { period_start, period_end, amounts }
        };
        self.by_paid_period = Some(sums.iter().rev().map(period).collect());
        self
    }

    /// The same with sums by status: the four documented ones always, cancelled ones if there are any.
    ///
    /// Evidence: published v2 payouts document (the four); that they come without payouts too is chosen.
    #[must_use]
    pub fn by_status(mut self, sums: &BTreeMap<PayoutStatus, Sum>) -> Self {
        let nothing = Sum::default();
        let shown = PayoutStatus::ALL
            .iter()
            .filter(|status| **status != PayoutStatus::Cancelled || sums.contains_key(status));
        let sum = |status: &PayoutStatus| (status.name(), Amounts::of(sums.get(status).unwrap_or(&nothing)));
        self.by_status = Some(shown.map(sum).collect());
        self
    }

    /// The same with sums by payout method, `not_set` for none.
    #[must_use]
    pub fn by_payout_method(mut self, sums: &BTreeMap<Option<Method>, Sum>) -> Self {
        let name = |method: Option<Method>| method.map_or("not_set", Method::name);
        let sum = |(method, sum): (&Option<Method>, &Sum)| (name(*method), Amounts::of(sum));
        self.by_payout_method = Some(sums.iter().map(sum).collect());
        self
    }
}

/// The three piles of unpaid payouts.
#[derive(Debug, Serialize)]
pub struct DueStats {
    next: DuePile,
    overdue: DuePile,
    custom: Amounts,
}

/// A pile with the day on which its earliest payouts are due; the dates are null on an empty one.
#[derive(Debug, Serialize)]
struct DuePile {
    #[serde(flatten)]
    amounts: Amounts,
    #[serde(serialize_with = "date")]
    due_date: Option<Date>,
    #[serde(serialize_with = "date")]
    period_end: Option<Date>,
}

impl DueStats {
    /// Shows the piles under an account's terms.
    ///
    /// Evidence: published v2 payouts document; that an overdue pile shows its earliest day is chosen.
    pub fn of(terms: &PayoutTerms, piles: &BTreeMap<DuePeriod, Pile>) -> Self {
        let nothing = Pile::default();
        let pile = |period| piles.get(&period).unwrap_or(&nothing);
        let due = |period| {
            let pile = pile(period);
            let period_end = pile.first_period_end.map(Timestamp::date);
            DuePile { amounts: Amounts::of(&pile.sum), due_date: due_date(terms, period_end), period_end }
        };
        Self {
            next: due(DuePeriod::Next),
            overdue: due(DuePeriod::Overdue),
            custom: Amounts::of(&pile(DuePeriod::Custom).sum),
        }
    }
}

/// The sums over all groups, and what is due next.
#[derive(Debug, Serialize)]
pub struct GroupTotals {
    total: Amount,
    promoters_count: usize,
    total_incl_tax: Amount,
    #[serde(serialize_with = "date")]
    due_date: Option<Date>,
    #[serde(serialize_with = "date")]
    period_end: Option<Date>,
}

impl GroupTotals {
    /// Of sums, with the end of the period that is due next.
    pub fn of<'s>(
        terms: &PayoutTerms,
        sums: impl Iterator<Item = &'s Sum>,
        period_end: Option<Date>,
    ) -> Self {
        let mut totals = Self {
            total: 0,
            promoters_count: 0,
            total_incl_tax: 0,
            due_date: due_date(terms, period_end),
            period_end,
        };
        for sum in sums {
            totals.total += sum.total();
            totals.total_incl_tax += sum.total_incl_tax;
            totals.promoters_count += sum.promoters.len();
        }
        totals
    }
}

/// What the payouts amount to that an action is about.
#[derive(Debug, Serialize)]
pub struct ActionTotals {
    total: Amount,
    promoters_count: usize,
    total_incl_tax: Amount,
    all_promoters_count: usize,
}

impl ActionTotals {
    /// Of the payouts named; beside them stands the number of all promoters.
    ///
    /// Evidence: published v2 payouts document (the names); corrected contract (their meaning).
    pub fn of(state: &State, sum: &Sum) -> Self {
        Self {
            total: sum.total(),
            promoters_count: sum.promoters.len(),
            total_incl_tax: sum.total_incl_tax,
            all_promoters_count: state.promoters.len(),
        }
    }
}

fn due_date(terms: &PayoutTerms, period_end: Option<Date>) -> Option<Date> {
    period_end.map(|end| calendar::days_later(end, terms.net_payout_days))
}

fn date<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
