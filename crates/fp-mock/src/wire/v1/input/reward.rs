//! What v1 calls say about rewards.

use crate::domain::commission::{CommissionStatus, CustomCommission};
use crate::domain::ids::{EnrolmentId, ReferralId};
use crate::domain::money::Unit;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// Whom a new reward is for.
#[derive(Clone, Copy, Debug)]
pub struct Earner {
    /// The promotion that gets it.
    pub enrolment: EnrolmentId,
    /// The lead that it is for, if it is for one.
    pub referral: Option<ReferralId>,
}

/// The kinds of reward; the fixed discount has another name in replies.
///
/// Evidence: v1 reference.
const TYPES: [&str; 6] = ["cash", "points", "credits", "free_months", "discount_per", "discount_mon"];

/// A reward to be made by the user `user_email`.
///
/// # Errors
/// [`Refusal::MissingParam`] without type or amount, [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference.
pub fn create(fields: &Fields<'_>, earner: Earner, user_email: &str) -> Result<CustomCommission, Refusal> {
    let parse = |name: &str| TYPES.contains(&name).then(|| Unit::named(name)).flatten();
    let unit = fields.named("reward_type", parse, &TYPES)?;
    Ok(CustomCommission {
        enrolment_id: earner.enrolment,
        referral_id: earner.referral,
        unit: unit.ok_or(Refusal::MissingParam("reward_type"))?,
        amount: fields.required_int("amount")?,
        status: status(fields)?.unwrap_or(CommissionStatus::Approved),
        event_id: None,
        happened_at: None,
        billing: None,
        internal_note: None,
        external_note: None,
        user_email: user_email.to_owned(),
    })
}

/// The status that is asked for.
///
/// # Errors
/// [`Refusal::InvalidParam`] naming those there are.
///
/// Evidence: v1 reference.
pub fn status(fields: &Fields<'_>) -> Result<Option<CommissionStatus>, Refusal> {
    fields.named("status", CommissionStatus::named, CommissionStatus::NAMES)
}
