//! Payouts: the sum of a promoter's commissions of one campaign, unit and period.

use super::ids::{CampaignId, PaymentsBatchId, PayoutId, PayoutMethodId, PromoterId};
use super::lookup::Many;
use super::money::Unit;
use super::named::named_values;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

named_values! {
    /// How a payout stands.
    ///
    /// Evidence: published v2 contract (`Payout.status`).
    PayoutStatus {
        /// To be paid.
        Pending = "pending",
        /// Paid.
        Completed = "completed",
        /// Could not be paid.
        Failed = "failed",
        /// Being paid.
        Processing = "processing",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// A payout. Its amount is the sum of its commissions (`CommissionIndex::payout_amounts`).
#[derive(Clone, Debug)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// How it stands.
    pub status: PayoutStatus,
    /// Who is paid.
    pub promoter_id: PromoterId,
    /// For which campaign.
    pub campaign_id: CampaignId,
    /// In what.
    pub unit: Unit,
    /// Begin of the period.
    pub period_start: Timestamp,
    /// End of the period.
    pub period_end: Timestamp,
    /// How he is paid; `None`: not chosen yet.
    pub payout_method_id: Option<PayoutMethodId>,
    /// The payments batch it is in.
    pub payments_batch_id: Option<PaymentsBatchId>,
    /// What it was paid with and for: filters can ask for it.
    pub group_ref: Option<String>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// When paying began.
    pub processing_started_at: Option<Timestamp>,
    /// When paying failed.
    pub failed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Finds payouts.
#[derive(Clone, Debug, Default)]
pub struct PayoutIndex {
    /// By promoter.
    pub by_promoter: Many<PromoterId, PayoutId>,
    /// By status.
    pub by_status: Many<PayoutStatus, PayoutId>,
    /// By payments batch.
    pub by_payments_batch: Many<PaymentsBatchId, PayoutId>,
}

impl Index<Payout> for PayoutIndex {
    fn add(&mut self, row: &Payout) {
        self.by_promoter.add(row.promoter_id, row.id);
        self.by_status.add(row.status, row.id);
        if let Some(batch) = row.payments_batch_id {
            self.by_payments_batch.add(batch, row.id);
        }
    }

    fn remove(&mut self, row: &Payout) {
        self.by_promoter.remove(&row.promoter_id, row.id);
        self.by_status.remove(&row.status, row.id);
        if let Some(batch) = row.payments_batch_id {
            self.by_payments_batch.remove(&batch, row.id);
        }
    }
}

impl Row for Payout {
    type Id = PayoutId;
    type Index = PayoutIndex;
    fn id(&self) -> PayoutId {
        self.id
    }
}

// STUBS: to be replaced by the business rules.
/// Stub.
pub fn mark_as_paid(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PayoutId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Payout, "not written yet"))
}

/// Stub.
pub fn mark_as_unpaid(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PayoutId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Payout, "not written yet"))
}

/// Stub.
pub fn delete(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: PayoutId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Payout, "not written yet"))
}

/// Stub.
pub fn generate(
    _state: &mut super::state::State,
    _now: Timestamp,
    _id: super::ids::CommissionId,
) -> Result<(), super::refusal::Refusal> {
    Err(super::refusal::Refusal::wrong_state(super::refusal::Entity::Payout, "not written yet"))
}
