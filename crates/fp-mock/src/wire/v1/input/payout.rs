//! What v1 calls say about payouts.

use crate::domain::payout::PayoutStatus;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// The status that is asked for.
///
/// # Errors
/// [`Refusal::InvalidParam`] for any but three.
///
/// Evidence: v1 reference.
pub fn status(fields: &Fields<'_>) -> Result<Option<PayoutStatus>, Refusal> {
    let parse = |name: &str| match name {
        "pending" => Some(PayoutStatus::Pending),
        "processing" => Some(PayoutStatus::Processing),
        "completed" => Some(PayoutStatus::Completed),
        _ => None,
    };
    fields.named("status", parse, &["pending", "processing", "completed"])
}
