//! What lists of commissions are filtered and sorted by.

use super::record::{Commission, CommissionKind, CommissionStatus, Fulfilment};
use super::selection::{Selection, SortBy};
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Members, short};
use crate::domain::money::Amount;
use crate::domain::referral::FraudCheck;

/// Facts of one commission.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    created_at: Timestamp,
    amount: Amount,
    sale_amount: Amount,
    enrolment: u32,
    plan: u32,
    payout: u32,
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
            payout: row.settlement.payout_id().map_or(0, |id| short(id.0)),
            status: row.status,
            fraud_check: row.fraud_check,
            is_sale: row.kind == CommissionKind::Sale,
            is_monetary: row.unit.is_monetary(),
            is_paid: row.is_paid(),
            is_fulfilled: matches!(row.fulfilment, Fulfilment::Fulfilled { .. }),
        }
    }

    fn sale_amount(&self) -> Option<Amount> {
        self.is_sale.then_some(self.sale_amount)
    }

    /// Whether they are what is wanted, as far as they tell.
    pub fn fit(&self, wanted: &Selection, enrolments: Option<&Members>) -> bool {
        fn any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
            wanted.is_empty() || wanted.contains(value)
        }
        any(&wanted.statuses, &self.status)
            && any(&wanted.fraud_checks, &self.fraud_check)
            && (wanted.plans.is_empty() || wanted.plans.iter().any(|id| short(id.0) == self.plan))
            && (wanted.payouts.is_empty() || wanted.payouts.iter().any(|id| short(id.0) == self.payout))
            && enrolments.is_none_or(|enrolments| enrolments.has(self.enrolment))
            && wanted.is_paid.is_none_or(|paid| self.is_monetary && self.is_paid == paid)
            && wanted.is_fulfilled.is_none_or(|done| !self.is_monetary && self.is_fulfilled == done)
            && wanted.sale_amount.holds_some(self.sale_amount().as_ref())
            && wanted.amount.holds(&self.amount)
            && wanted.created_at.holds(&self.created_at)
    }

    /// The number to sort by, so that the lowest comes first and what has none last; `None` if the order is not one
    /// of numbers.
    pub fn key(&self, by: SortBy, is_descending: bool) -> Option<i64> {
        let number = match by {
            SortBy::Amount => Some(self.amount),
            SortBy::SaleAmount => self.sale_amount(),
            SortBy::CreatedAt => Some(self.created_at.millis()),
            SortBy::Referral => return None,
        };
        let directed = |number: i64| if is_descending { number.saturating_neg() } else { number };
        Some(number.map_or(i64::MAX, directed))
    }
}
