//! Payments batches: payouts of one method that are paid together.

use super::ids::PaymentsBatchId;
use super::named::named_values;
use super::payout_method::Method;
use super::table::{NoIndex, Row};
use crate::clock::timestamp::Timestamp;

named_values! {
    /// How a payments batch stands.
    ///
    /// Evidence: published v2 contract (`PaymentsBatch.status`); their order is chosen.
    PaymentsBatchStatus {
        /// Made, waits for the company's word.
        AwaitingConfirmation = "awaiting_confirmation",
        /// Confirmed.
        Pending = "pending",
        /// Being paid.
        Processing = "processing",
        /// Paid.
        Completed = "completed",
        /// Could not be paid.
        Failed = "failed",
    }
}

/// A payments batch.
#[derive(Clone, Debug)]
pub struct PaymentsBatch {
    /// Its id.
    pub id: PaymentsBatchId,
    /// How it stands.
    pub status: PaymentsBatchStatus,
    /// How it pays.
    pub method: Method,
    /// The payment provider's reference.
    pub ext_reference: Option<String>,
    /// The payment provider's id.
    pub ext_id: Option<String>,
    /// When paying is to begin.
    pub scheduled_at: Option<Timestamp>,
    /// When paying began.
    pub processing_started_at: Option<Timestamp>,
    /// When it ended well.
    pub completed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Row for PaymentsBatch {
    type Id = PaymentsBatchId;
    type Index = NoIndex;
    fn id(&self) -> PaymentsBatchId {
        self.id
    }
}
