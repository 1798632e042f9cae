//! Payouts as v2 shows them.

use serde::Serialize;

use super::reference;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{PaymentsBatchId, PayoutId, PayoutMethodId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::money::Amount;
use crate::domain::payout::{self, Group};
use crate::domain::payout_method;
use crate::domain::promoter::fraud_suspicions;
use crate::domain::state::State;

/// A payout.
#[derive(Debug, Serialize)]
pub struct Payout<'a> {
    id: PayoutId,
    status: &'static str,
    amount: Amount,
    payments_batch_id: Option<PaymentsBatchId>,
    tax_rate: Option<f64>,
    unit: &'static str,
    period_start: Timestamp,
    period_end: Timestamp,
    paid_at: Option<Timestamp>,
    processing_started_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
    error: Option<&'a str>,
    total_incl_tax: Amount,
    created_at: Timestamp,
    payout_method: Option<PayoutMethod<'a>>,
    promoter: Option<reference::Promoter<'a>>,
    campaign: Option<reference::Campaign<'a>>,
}

impl<'a> Payout<'a> {
    /// Shows a payout; its tax rate is in per cent.
    ///
    /// Evidence: published v2 payouts document; the unit of the tax rate is chosen.
    pub fn of(state: &'a State, row: &'a payout::Payout) -> Self {
        let method = payout::method_of(state, row);
        Self {
            id: row.id,
            status: row.status.name(),
            amount: payout::amount(state, row.id),
            payments_batch_id: row.payments_batch_id,
            tax_rate: payout::tax_rate_of(state, row).map(|rate| f64::from(rate.0) / 100.0),
            unit: row.unit.name(),
            period_start: row.period_start,
            period_end: row.period_end,
            paid_at: row.paid_at,
            processing_started_at: row.processing_started_at,
            failed_at: row.failed_at,
            error: row.error.as_deref(),
            total_incl_tax: payout::total_incl_tax(state, row),
            created_at: row.created_at,
            payout_method: method.map(|method| PayoutMethod::of(state, method, true)),
            promoter: state.promoters.get(row.promoter_id).map(reference::Promoter::of),
            campaign: state.campaigns.get(row.campaign_id).map(reference::Campaign::of),
        }
    }
}

/// The payout method that a payout is or was paid with.
#[derive(Debug, Serialize)]
pub struct PayoutMethod<'a> {
    id: PayoutMethodId,
    method: &'static str,
    date_added: Timestamp,
    is_disabled: bool,
    meta: &'a JsonObject,
    is_selected: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a JsonObject>,
    managed_payouts: bool,
}

impl<'a> PayoutMethod<'a> {
    /// Shows a payout method with its details.
    pub fn whole(state: &State, row: &'a payout_method::PayoutMethod) -> Self {
        Self::of(state, row, true)
    }

    /// Shows a payout method, its details only if they are wanted.
    ///
    /// Evidence: published v2 payouts document (`include_payout_method_details`).
    fn of(state: &State, row: &'a payout_method::PayoutMethod, with_details: bool) -> Self {
        Self {
            id: row.id,
            method: row.method.name(),
            date_added: row.date_added,
            is_disabled: row.is_disabled,
            meta: &row.meta,
            is_selected: row.is_selected,
            details: with_details.then_some(&row.details),
            managed_payouts: state.company.payouts.managed,
        }
    }
}

/// The payouts of one promoter.
#[derive(Debug, Serialize)]
pub struct PayoutGroup<'a> {
    promoter: PaidPromoter<'a>,
    payout_method: Option<PayoutMethod<'a>>,
    payouts: Vec<Payout<'a>>,
    is_amount_payable: bool,
    payout_ids: Vec<PayoutId>,
    amount: Amount,
    total_incl_tax: Amount,
}

#[derive(Debug, Serialize)]
struct PaidPromoter<'a> {
    id: PromoterId,
    email: &'a str,
    name: String,
    invoice_details_status: &'static str,
    fraud_suspicions: Vec<&'static str>,
    profile: InvoiceProfile,
}

/// Nothing checks invoice details, so there never are errors in them.
///
/// Evidence: chosen.
#[derive(Debug, Serialize)]
struct InvoiceProfile {
    invoice_details_validation_errors: Option<JsonObject>,
}

impl<'a> PayoutGroup<'a> {
    /// Shows a group; its payout method is the one that the promoter has selected.
    pub fn of(state: &'a State, group: &Group<'a>, with_details: bool) -> Self {
        let promoter = group.promoter;
        let method = payout_method::selected(state, promoter.id);
        Self {
            promoter: PaidPromoter {
                id: promoter.id,
                email: &promoter.email,
                name: promoter.name(),
                invoice_details_status: promoter.invoice_details.name(),
                fraud_suspicions: fraud_suspicions(state, promoter.id)
                    .into_iter()
                    .map(|suspicion| suspicion.name())
                    .collect(),
                profile: InvoiceProfile { invoice_details_validation_errors: None },
            },
            payout_method: method.map(|method| PayoutMethod::of(state, method, with_details)),
            payouts: group.payouts.iter().map(|row| Payout::of(state, row)).collect(),
            is_amount_payable: group.is_amount_payable(state),
            payout_ids: group.payouts.iter().map(|row| row.id).collect(),
            amount: group.sum.total(),
            total_incl_tax: group.sum.total_incl_tax,
        }
    }
}
