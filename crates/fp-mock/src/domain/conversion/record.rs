//! The record of a conversion and the sums that follow from conversions.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::timestamp::Timestamp;
use crate::domain::by_text::ByText;
use crate::domain::campaign::Billing;
use crate::domain::commission::ASTRAY_MAX;
use crate::domain::ids::{ConversionId, EnrolmentId, PlanId, ReferralId};
use crate::domain::lookup::Many;
use crate::domain::money::{Amount, Currency};
use crate::domain::named::named_values;
use crate::domain::pairs::Pairs;
use crate::domain::state::State;
use crate::domain::table::{Index, Row};

named_values! {
    /// What happened. On the wire: `etype` (v2), `type` (v1).
    ///
    /// Evidence: v1 reference.
    ConversionKind {
        /// Signed up.
        Signup = "signup",
        /// Bought.
        Sale = "sale",
        /// Got money back.
        Refund = "refund",
        /// Cancelled.
        Cancellation = "cancellation",
        /// Left an address without signing up (v1).
        Subscriber = "subscriber",
    }
}

/// A tracked event on a referral.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// Its id.
    pub id: ConversionId,
    /// What happened.
    pub kind: ConversionKind,
    /// To whom.
    pub referral_id: ReferralId,
    /// Whose referral it was then; moves with the referral when its commissions move.
    pub enrolment_id: EnrolmentId,
    /// The customer's own id of the event; unique for sales and for refunds.
    pub event_id: Option<Arc<str>>,
    /// Amount in the account's currency, minor units; negative for refunds, 0 without money.
    pub amount: Amount,
    /// Amount as sent.
    pub original_amount: Amount,
    /// Currency as sent; `None`: the account's.
    pub original_currency: Option<Currency>,
    /// Number of items.
    pub quantity: i64,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// How the plan is billed.
    pub billing: Option<Billing>,
    /// The sale that a refund is for.
    pub sale_id: Option<ConversionId>,
    /// When.
    pub created_at: Timestamp,
}

impl Conversion {
    /// An event in which no money moves.
    pub(in crate::domain) fn without_money(
        id: ConversionId,
        kind: ConversionKind,
        (referral_id, enrolment_id): (ReferralId, EnrolmentId),
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            kind,
            referral_id,
            enrolment_id,
            event_id: None,
            amount: 0,
            original_amount: 0,
            original_currency: None,
            quantity: 1,
            plan_id: None,
            billing: None,
            sale_id: None,
            created_at,
        }
    }
}

/// Finds conversions by event id and by referral; sums sales by enrolment.
#[derive(Clone, Debug, Default)]
pub struct ConversionIndex {
    /// By event id.
    pub by_event: ByText<ConversionId>,
    /// By referral.
    pub by_referral: Pairs<ReferralId, ConversionId>,
    /// Sales by referral, in the order in which they happened.
    pub sales_by_referral: Sales,
    /// Sales that became the first of their referrals, or no longer are it, if somebody wants to know.
    pub first_changed: Option<Vec<ConversionId>>,
    /// What was refunded of each sale so far, in minor units, positive.
    pub refunded: BTreeMap<ConversionId, Amount>,
    /// By the enrolment whose referral it was.
    pub by_enrolment: Many<EnrolmentId, ConversionId>,
    /// Sums by enrolment.
    pub totals: BTreeMap<EnrolmentId, ConversionTotals>,
}

/// The event of this kind that has the customer's own id.
pub fn of_event(state: &State, kind: ConversionKind, event_id: &str) -> Option<ConversionId> {
    let has = |row: &Conversion| row.kind == kind && row.event_id.as_deref() == Some(event_id);
    state.conversions.index().by_event.first(event_id, |id| state.conversions.get(*id).is_some_and(has))
}

/// The events of any kind that have the customer's own id, in no order.
pub fn all_of_event(state: &State, event_id: &str) -> impl Iterator<Item = ConversionId> {
    let has = |row: &Conversion| row.event_id.as_deref() == Some(event_id);
    state.conversions.index().by_event.all(event_id, move |id| state.conversions.get(*id).is_some_and(has))
}

/// What an enrolment's referrals bought and returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConversionTotals {
    /// Number of sales.
    pub sales: i64,
    /// Their sum in minor units.
    pub sales_amount: Amount,
    /// Number of refunds.
    pub refunds: i64,
    /// Their sum in minor units, positive.
    pub refunds_amount: Amount,
    /// Number of cancellations.
    pub cancellations: i64,
    /// After this moment there was no sale: that of the last one, or later if that one went away.
    pub no_sale_after: Option<Timestamp>,
}

impl ConversionTotals {
    fn apply(&mut self, row: &Conversion, sign: i64) {
        match row.kind {
            ConversionKind::Sale => {
                self.sales += sign;
                self.sales_amount += sign * row.amount;
                self.no_sale_after = self.no_sale_after.max(Some(row.created_at));
            }
            ConversionKind::Refund => {
                self.refunds += sign;
                self.refunds_amount -= sign * row.amount;
            }
            ConversionKind::Cancellation => self.cancellations += sign,
            ConversionKind::Signup | ConversionKind::Subscriber => {}
        }
    }
}

/// From referrals to their sales, in the order in which they happened.
type Sales = Pairs<ReferralId, (Timestamp, ConversionId)>;

impl ConversionIndex {
    /// Adds a sale, and takes note if it is the first of its referral.
    fn add_sale(&mut self, row: &Conversion) {
        let sale = (row.created_at, row.id);
        if self.first_changed.is_some() {
            let first = self.sales_by_referral.first(&row.referral_id);
            if first.is_none_or(|first| sale < first) {
                self.note_first(first.into_iter().chain([sale]));
            }
        }
        self.sales_by_referral.add(row.referral_id, sale);
    }

    /// Takes a sale out, and takes note if another one is the first of its referral then.
    fn remove_sale(&mut self, row: &Conversion) {
        let sale = (row.created_at, row.id);
        let was_first =
            self.first_changed.is_some() && self.sales_by_referral.first(&row.referral_id) == Some(sale);
        self.sales_by_referral.remove(&row.referral_id, sale);
        if was_first {
            let next = self.sales_by_referral.first(&row.referral_id);
            self.note_first(next.into_iter().chain([sale]));
        }
    }

    /// If many first sales changed, nobody wants to know any more.
    fn note_first(&mut self, sales: impl Iterator<Item = (Timestamp, ConversionId)>) {
        if let Some(changed) = &mut self.first_changed {
            changed.extend(sales.map(|(_, id)| id));
            if changed.len() > ASTRAY_MAX {
                self.first_changed = None;
            }
        }
    }
}

impl Index<Conversion> for ConversionIndex {
    fn add(&mut self, row: &Conversion) {
        if let Some(event_id) = &row.event_id {
            self.by_event.add(event_id, row.id);
        }
        self.by_referral.add(row.referral_id, row.id);
        if row.kind == ConversionKind::Sale {
            self.add_sale(row);
        }
        if let Some(sale_id) = row.sale_id {
            *self.refunded.entry(sale_id).or_default() -= row.amount;
        }
        self.by_enrolment.add(row.enrolment_id, row.id);
        self.totals.entry(row.enrolment_id).or_default().apply(row, 1);
    }

    fn remove(&mut self, row: &Conversion) {
        if let Some(event_id) = &row.event_id {
            self.by_event.remove(event_id, row.id);
        }
        self.by_referral.remove(&row.referral_id, row.id);
        if row.kind == ConversionKind::Sale {
            self.remove_sale(row);
        }
        if let Some(sale_id) = row.sale_id {
            *self.refunded.entry(sale_id).or_default() += row.amount;
        }
        self.by_enrolment.remove(&row.enrolment_id, row.id);
        self.totals.entry(row.enrolment_id).or_default().apply(row, -1);
    }
}

impl Row for Conversion {
    type Id = ConversionId;
    type Index = ConversionIndex;
    fn id(&self) -> ConversionId {
        self.id
    }
}
