//! Payments batches as v2 shows them.

use serde::Serialize;

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{PaymentsBatchId, PayoutId, PromoterId};
use crate::domain::money::Amount;
use crate::domain::payments_batch;
use crate::domain::payout::{Obstacle, Sum};
use crate::domain::state::State;

/// A payments batch.
#[derive(Debug, Serialize)]
pub struct PaymentsBatch<'a> {
    id: PaymentsBatchId,
    status: &'static str,
    ext_reference: Option<&'a str>,
    ext_id: Option<&'a str>,
    scheduled_at: Option<Timestamp>,
    processing_started_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    is_payable: bool,
    is_retriable: bool,
    is_payment_otp_required: bool,
    total: Amount,
    promoters_count: usize,
    error: Option<&'a str>,
}

impl<'a> PaymentsBatch<'a> {
    /// Shows a payments batch; its total is what its payouts amount to, with tax. The mock has no payment
    /// provider that could ask for a one-time password.
    ///
    /// Evidence: published v2 payouts document; chosen (that the total includes tax).
    pub fn of(state: &State, row: &'a payments_batch::PaymentsBatch) -> Self {
        let payouts = state.payouts.index().by_payments_batch.of(&row.id);
        let sum = Sum::of(state, payouts.filter_map(|id| state.payouts.get(id)));
        Self {
            id: row.id,
            status: row.status.name(),
            ext_reference: row.ext_reference.as_deref(),
            ext_id: row.ext_id.as_deref(),
            scheduled_at: row.scheduled_at,
            processing_started_at: row.processing_started_at,
            completed_at: row.completed_at,
            is_payable: row.is_payable(),
            is_retriable: row.is_retriable(),
            is_payment_otp_required: false,
            total: sum.total_incl_tax,
            promoters_count: sum.promoters.len(),
            error: row.error.as_deref(),
        }
    }
}

/// A new payments batch, and what it had to leave out.
#[derive(Debug, Serialize)]
pub struct Created<'a> {
    data: PaymentsBatch<'a>,
    meta: LeftOut,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    failed: Vec<Failed>,
}

/// A payout that could not be taken.
///
/// Evidence: published v2 payouts document (a list of objects); chosen (what they say).
#[derive(Debug, Serialize)]
struct Failed {
    payout_id: PayoutId,
    promoter_id: Option<PromoterId>,
    error: String,
}

impl<'a> Created<'a> {
    /// Shows what making a batch led to.
    pub fn of(
        state: &'a State,
        row: &'a payments_batch::PaymentsBatch,
        left_out: &[(PayoutId, Obstacle)],
    ) -> Self {
        let failed = left_out.iter().map(|(payout_id, obstacle)| Failed {
            payout_id: *payout_id,
            promoter_id: state.payouts.get(*payout_id).map(|payout| payout.promoter_id),
            error: obstacle.text(),
        });
        Self { data: PaymentsBatch::of(state, row), meta: LeftOut { failed: failed.collect() } }
    }
}
