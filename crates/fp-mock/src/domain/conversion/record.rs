//! The record of a conversion and the sums that follow from conversions.

use std::collections::BTreeMap;

use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Billing;
use crate::domain::ids::{ConversionId, EnrolmentId, PlanId, ReferralId};
use crate::domain::lookup::Many;
use crate::domain::money::{Amount, Currency};
use crate::domain::named::named_values;
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
    pub event_id: Option<String>,
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
    pub(super) fn without_money(
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
    /// By kind and event id.
    pub by_event: BTreeMap<(ConversionKind, String), ConversionId>,
    /// By referral.
    pub by_referral: Many<ReferralId, ConversionId>,
    /// Sales by referral, in the order in which they happened.
    pub sales_by_referral: Many<ReferralId, (Timestamp, ConversionId)>,
    /// What was refunded of each sale so far, in minor units, positive.
    pub refunded: BTreeMap<ConversionId, Amount>,
    /// By the enrolment whose referral it was.
    pub by_enrolment: Many<EnrolmentId, ConversionId>,
    /// Sums by enrolment.
    pub totals: BTreeMap<EnrolmentId, ConversionTotals>,
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
}

impl ConversionTotals {
    fn apply(&mut self, row: &Conversion, sign: i64) {
        match row.kind {
            ConversionKind::Sale => {
                self.sales += sign;
                self.sales_amount += sign * row.amount;
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

impl Index<Conversion> for ConversionIndex {
    fn add(&mut self, row: &Conversion) {
        if let Some(event_id) = &row.event_id {
            self.by_event.insert((row.kind, event_id.clone()), row.id);
        }
        self.by_referral.add(row.referral_id, row.id);
        if row.kind == ConversionKind::Sale {
            self.sales_by_referral.add(row.referral_id, (row.created_at, row.id));
        }
        if let Some(sale_id) = row.sale_id {
            *self.refunded.entry(sale_id).or_default() -= row.amount;
        }
        self.by_enrolment.add(row.enrolment_id, row.id);
        self.totals.entry(row.enrolment_id).or_default().apply(row, 1);
    }

    fn remove(&mut self, row: &Conversion) {
        if let Some(event_id) = &row.event_id {
            self.by_event.remove(&(row.kind, event_id.clone()));
        }
        self.by_referral.remove(&row.referral_id, row.id);
        if row.kind == ConversionKind::Sale {
            self.sales_by_referral.remove(&row.referral_id, (row.created_at, row.id));
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
