//! The record of a payments batch.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::PaymentsBatchId;
use crate::domain::lookup::Many;
use crate::domain::named::named_values;
use crate::domain::payout_method::Method;
use crate::domain::table::{Index, Row};

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

/// A payments batch. What it pays are the payouts that name it (`PayoutIndex::by_payments_batch`).
#[derive(Clone, Debug)]
pub struct PaymentsBatch {
    /// Its id.
    pub id: PaymentsBatchId,
    /// How it stands.
    pub status: PaymentsBatchStatus,
    /// How it pays.
    pub method: Method,
    /// The reference under which it is handed to the payment provider.
    pub ext_reference: Option<String>,
    /// The payment provider's id, known once paying began.
    pub ext_id: Option<String>,
    /// When paying is to begin.
    pub scheduled_at: Option<Timestamp>,
    /// When paying began.
    pub processing_started_at: Option<Timestamp>,
    /// When it ended well.
    pub completed_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it goes on by itself; `None` once it is over.
    pub next_stage_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl PaymentsBatch {
    /// Whether it will go on.
    pub fn is_running(&self) -> bool {
        !matches!(self.status, PaymentsBatchStatus::Completed | PaymentsBatchStatus::Failed)
    }

    /// Whether it can still be confirmed: paying has not begun.
    ///
    /// Evidence: published v2 payouts document (`is_payable`); its meaning is chosen.
    pub fn is_payable(&self) -> bool {
        matches!(self.status, PaymentsBatchStatus::AwaitingConfirmation | PaymentsBatchStatus::Pending)
    }

    /// Whether it makes sense to try again.
    ///
    /// Evidence: published v2 payouts document (`is_retriable`); its meaning is chosen.
    pub fn is_retriable(&self) -> bool {
        self.status == PaymentsBatchStatus::Failed
    }
}

/// Finds payments batches by their reference.
#[derive(Clone, Debug, Default)]
pub struct PaymentsBatchIndex {
    /// By reference.
    pub by_reference: Many<String, PaymentsBatchId>,
}

impl Index<PaymentsBatch> for PaymentsBatchIndex {
    fn add(&mut self, row: &PaymentsBatch) {
        if let Some(reference) = &row.ext_reference {
            self.by_reference.add(reference.clone(), row.id);
        }
    }

    fn remove(&mut self, row: &PaymentsBatch) {
        if let Some(reference) = &row.ext_reference {
            self.by_reference.remove(reference, row.id);
        }
    }
}

impl Row for PaymentsBatch {
    type Id = PaymentsBatchId;
    type Index = PaymentsBatchIndex;
    fn id(&self) -> PaymentsBatchId {
        self.id
    }
}
