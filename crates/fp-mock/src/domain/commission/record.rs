//! The record of a commission and the sums that follow from commissions.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::facts::{FactColumns, Facts, is_beyond};
use super::firsts::Firsts;
use super::orders::Orders;
use crate::clock::timestamp::Timestamp;
use crate::domain::by_text::ByText;
use crate::domain::campaign::Billing;
use crate::domain::conversion;
use crate::domain::enrolment::Enrolment;
use crate::domain::facets::Facets;
use crate::domain::ids::{
    CommissionId, ConversionId, EnrolmentId, PayoutId, PlanId, PromoterId, ReferralId, RewardId,
};
use crate::domain::json::Attachment;
use crate::domain::lookup::Many;
use crate::domain::money::{Amount, Currency, Unit};
use crate::domain::named::named_values;
use crate::domain::pairs::Pairs;
use crate::domain::rare::{Nothing, Rare};
use crate::domain::referral::FraudCheck;
use crate::domain::searched::Searched;
use crate::domain::state::State;
use crate::domain::table::{Index, Row};

named_values! {
    /// Whether the company agrees to a commission.
    ///
    /// Evidence: published v2 contract (`Commission.status`).
    CommissionStatus {
        /// Not decided.
        Pending = "pending",
        /// Agreed.
        Approved = "approved",
        /// Refused.
        Denied = "denied",
    }
}

named_values! {
    /// Where a commission comes from.
    ///
    /// Evidence: published v2 contract (`Commission.commission_type`).
    CommissionKind {
        /// From a sale (or its refund).
        Sale = "sale",
        /// Made by hand.
        Custom = "custom",
    }
}

/// Where a monetary commission is on its way to the promoter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// In no payout.
    Open,
    /// In a payout that is pending or processing.
    Due(PayoutId),
    /// In a payout that failed or was cancelled.
    Stuck(PayoutId),
    /// In a completed payout.
    Paid(PayoutId),
}

impl Settlement {
    /// The payout, if it is in one.
    pub fn payout_id(self) -> Option<PayoutId> {
        match self {
            Self::Open => None,
            Self::Due(id) | Self::Stuck(id) | Self::Paid(id) => Some(id),
        }
    }
}

/// Whether a non-monetary commission was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// Not yet, or monetary.
    Unfulfilled,
    /// Yes.
    Fulfilled {
        /// When.
        at: Timestamp,
    },
    /// The company's endpoint failed as often as it was asked.
    HasIssues,
}

/// A commission.
#[derive(Clone, Debug)]
pub struct Commission {
    /// Its id.
    pub id: CommissionId,
    /// Whether the company agrees.
    pub status: CommissionStatus,
    /// Where it comes from.
    pub kind: CommissionKind,
    /// Who earns it, and in which campaign.
    pub enrolment_id: EnrolmentId,
    /// Who earns it; always the enrolment's promoter.
    pub promoter_id: PromoterId,
    /// Whose sale it was; `None` for those made by hand for an enrolment.
    pub referral_id: Option<ReferralId>,
    /// The sale or refund.
    pub conversion_id: Option<ConversionId>,
    /// The reward it was computed by.
    pub reward_id: Option<RewardId>,
    /// The commission that this one takes back.
    pub refund_of: Option<CommissionId>,
    /// What it is paid in.
    pub unit: Unit,
    /// How much; negative for refunds.
    pub amount: Amount,
    /// The sale's amount in the account's currency, minor units; negative for refunds, 0 for custom ones.
    pub sale_amount: Amount,
    /// The sale's amount as sent.
    pub original_sale_amount: Amount,
    /// The sale's currency as sent.
    pub original_sale_currency: Option<Currency>,
    /// The customer's own id of the event.
    pub event_id: Option<Arc<str>>,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// How the plan is billed.
    pub billing: Option<Billing>,
    /// 1 for the promoter himself, 2 for his parent, and so on.
    pub tier: u8,
    /// Whether the promoter referred himself.
    pub is_self_referral: bool,
    /// What looked wrong about the referral.
    pub fraud_check: FraudCheck,
    /// What few have.
    pub details: Rare<CommissionDetails>,
    /// On its way to the promoter.
    pub settlement: Settlement,
    /// Handed over.
    pub fulfilment: Fulfilment,
    /// When its sale or refund happened.
    pub created_at: Timestamp,
    /// When the company last decided on it.
    pub status_updated_at: Option<Timestamp>,
}

/// What few commissions have.
#[derive(Clone, Debug, Default)]
pub struct CommissionDetails {
    /// The share in per cent, if the commission is split.
    pub split_percentage: Option<u32>,
    /// Seen by the company only.
    pub internal_note: Option<Arc<str>>,
    /// Seen by the promoter too.
    pub external_note: Option<Arc<str>>,
    /// The customer's own data.
    pub metadata: Attachment,
    /// Who made it by hand.
    pub created_by_user_email: Option<Arc<str>>,
    /// When it was made by hand; `created_at` is then the day of the event it is for.
    pub created_by_user_at: Option<Timestamp>,
}

impl Nothing for CommissionDetails {
    fn nothing() -> &'static Self {
        static NOTHING: LazyLock<CommissionDetails> = LazyLock::new(CommissionDetails::default);
        &NOTHING
    }
}

impl Commission {
    /// Whether it was paid out.
    pub fn is_paid(&self) -> bool {
        matches!(self.settlement, Settlement::Paid(_))
    }

    /// Whether it can go into a payout: approved, money, in none yet.
    ///
    /// Evidence: service behaviour notes.
    pub fn is_payable(&self) -> bool {
        self.status == CommissionStatus::Approved
            && self.unit.is_monetary()
            && self.settlement == Settlement::Open
    }

    /// The customer's own id of an event that is none of ours.
    fn own_event(&self) -> Option<&str> {
        self.event_id.as_deref().filter(|_| self.conversion_id.is_none())
    }

    /// Takes it over to another enrolment and its promoter.
    pub fn assign_to(&mut self, enrolment: &Enrolment) {
        self.enrolment_id = enrolment.id;
        self.promoter_id = enrolment.promoter_id;
    }

    /// Whether it can be fulfilled: approved and not money.
    ///
    /// Evidence: service behaviour notes.
    pub fn is_fulfillable(&self) -> bool {
        self.status == CommissionStatus::Approved && !self.unit.is_monetary()
    }
}

/// The balances of one promoter in one unit.
///
/// Evidence: chosen (consistent with every documented example).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// All approved commissions.
    pub earnings: Amount,
    /// Those in completed payouts.
    pub paid: Amount,
    /// Those in pending or processing payouts.
    pub pending: Amount,
}

impl Balance {
    /// What is earned and not paid.
    pub fn current(self) -> Amount {
        self.earnings - self.paid
    }

    /// Adds or (with -1) takes away what one commission contributes.
    pub fn apply(&mut self, row: &Commission, sign: i64) {
        if row.status != CommissionStatus::Approved {
            return;
        }
        let amount = sign * row.amount;
        self.earnings += amount;
        match row.settlement {
            Settlement::Paid(_) => self.paid += amount,
            Settlement::Due(_) => self.pending += amount,
            Settlement::Open | Settlement::Stuck(_) => {}
        }
    }
}

/// Finds commissions and keeps the sums that follow from them.
#[derive(Clone, Debug, Default)]
pub struct CommissionIndex {
    /// By referral.
    pub by_referral: Pairs<ReferralId, CommissionId>,
    /// By the event that made them.
    pub by_conversion: Pairs<ConversionId, CommissionId>,
    /// By the enrolment that earns them.
    pub by_enrolment: Many<EnrolmentId, CommissionId>,
    /// By promoter.
    pub by_promoter: Many<PromoterId, CommissionId>,
    /// By payout.
    pub by_payout: Many<PayoutId, CommissionId>,
    /// By status.
    pub by_status: Many<CommissionStatus, CommissionId>,
    /// Those that no event made, by the customer's own id of one; the others have their event's.
    pub by_own_event: ByText<CommissionId>,
    /// By the commission they take back.
    pub by_refunded: Pairs<CommissionId, CommissionId>,
    /// What lists are filtered by.
    pub facets: Facets<FactColumns>,
    /// How many have amounts or ids beyond what facts hold.
    pub beyond_facts: usize,
    /// The orders that lists have asked for.
    pub orders: Orders,
    /// What lists searched for last.
    pub searched: Searched,
    /// Those that first sales earned, if lists have asked for them.
    pub firsts: Firsts,
    /// Balances by promoter and unit; an entry exists as long as there are approved commissions.
    pub balances: BTreeMap<(PromoterId, Unit), (Balance, usize)>,
    /// Sums by payout.
    pub payout_amounts: BTreeMap<PayoutId, Amount>,
}

/// The first commission of the event with the customer's own id.
pub fn of_event(state: &State, event_id: &str) -> Option<CommissionId> {
    let index = state.commissions.index();
    let has = |row: &Commission| row.event_id.as_deref() == Some(event_id);
    let own = index.by_own_event.first(event_id, |id| state.commissions.get(*id).is_some_and(has));
    let made =
        conversion::all_of_event(state, event_id).filter_map(|event| index.by_conversion.first(&event));
    own.into_iter().chain(made).min()
}

impl CommissionIndex {
    fn count_in(&mut self, row: &Commission, sign: i64) {
        if row.status == CommissionStatus::Approved {
            let key = (row.promoter_id, row.unit);
            let (balance, count) = self.balances.entry(key).or_default();
            balance.apply(row, sign);
            *count = count.wrapping_add_signed(sign as isize);
            if *count == 0 {
                self.balances.remove(&key);
            }
        }
        if let Some(payout_id) = row.settlement.payout_id() {
            *self.payout_amounts.entry(payout_id).or_default() += sign * row.amount;
        }
    }
}

impl CommissionIndex {
    /// Whether two versions of a row are found by the same keys, whatever payouts they are in.
    fn is_found_alike(one: &Commission, other: &Commission) -> bool {
        one.referral_id == other.referral_id
            && one.conversion_id == other.conversion_id
            && one.refund_of == other.refund_of
            && one.event_id == other.event_id
            && one.enrolment_id == other.enrolment_id
            && one.promoter_id == other.promoter_id
    }
}

impl Index<Commission> for CommissionIndex {
    fn add(&mut self, row: &Commission) {
        if let Some(id) = row.referral_id {
            self.by_referral.add(id, row.id);
        }
        if let Some(id) = row.conversion_id {
            self.by_conversion.add(id, row.id);
        }
        if let Some(id) = row.settlement.payout_id() {
            self.by_payout.add(id, row.id);
        }
        if let Some(id) = row.refund_of {
            self.by_refunded.add(id, row.id);
        }
        if let Some(event_id) = row.own_event() {
            self.by_own_event.add(event_id, row.id);
        }
        self.by_enrolment.add(row.enrolment_id, row.id);
        self.by_promoter.add(row.promoter_id, row.id);
        self.by_status.add(row.status, row.id);
        self.facets.put(row.id.number(), Facts::of(row), &Facts::text(row));
        self.orders.add(row);
        self.firsts.follow(None, Some(row));
        self.beyond_facts += usize::from(is_beyond(row));
        self.count_in(row, 1);
    }

    fn remove(&mut self, row: &Commission) {
        if let Some(id) = row.referral_id {
            self.by_referral.remove(&id, row.id);
        }
        if let Some(id) = row.conversion_id {
            self.by_conversion.remove(&id, row.id);
        }
        if let Some(id) = row.settlement.payout_id() {
            self.by_payout.remove(&id, row.id);
        }
        if let Some(id) = row.refund_of {
            self.by_refunded.remove(&id, row.id);
        }
        if let Some(event_id) = row.own_event() {
            self.by_own_event.remove(event_id, row.id);
        }
        self.by_enrolment.remove(&row.enrolment_id, row.id);
        self.by_promoter.remove(&row.promoter_id, row.id);
        self.by_status.remove(&row.status, row.id);
        self.facets.remove(row.id.number());
        self.orders.remove(row);
        self.firsts.follow(Some(row), None);
        self.beyond_facts -= usize::from(is_beyond(row));
        self.count_in(row, -1);
    }

    fn change(&mut self, before: &Commission, after: &Commission) {
        if !Self::is_found_alike(before, after) {
            self.remove(before);
            self.add(after);
            return;
        }
        let payouts = (before.settlement.payout_id(), after.settlement.payout_id());
        if payouts.0 != payouts.1 {
            payouts.0.into_iter().for_each(|payout| self.by_payout.remove(&payout, before.id));
            payouts.1.into_iter().for_each(|payout| self.by_payout.add(payout, after.id));
        }
        if before.status != after.status {
            self.by_status.remove(&before.status, before.id);
            self.by_status.add(after.status, after.id);
        }
        self.facets.change(after.id.number(), Facts::of(after));
        self.orders.change(before, after);
        self.beyond_facts += usize::from(is_beyond(after));
        self.beyond_facts -= usize::from(is_beyond(before));
        self.count_in(before, -1);
        self.count_in(after, 1);
    }
}

impl Row for Commission {
    type Id = CommissionId;
    type Index = CommissionIndex;
    fn id(&self) -> CommissionId {
        self.id
    }
}
