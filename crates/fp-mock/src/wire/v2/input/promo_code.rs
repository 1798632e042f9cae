//! Parameters of promo codes.

use crate::domain::ids::{EnrolmentId, RewardId};
use crate::domain::promo_code::{NewPromoCode, PromoCodeChange};
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// A new promo code.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
pub fn create(fields: &Fields<'_>) -> Result<NewPromoCode, Refusal> {
    Ok(NewPromoCode {
        code: fields.required_text("code")?,
        reward_id: RewardId::new(fields.required_id("reward_id")?),
        enrolment_id: EnrolmentId::new(fields.required_id("promoter_campaign_id")?),
        description: fields.text("description")?,
        metadata: fields.object("metadata")?.unwrap_or_default(),
        details: fields.object("details")?.unwrap_or_default(),
    })
}

/// What is to change; a blank description empties it, null data too.
///
/// # Errors
/// [`Refusal::MissingParam`] for a blank code, [`Refusal::InvalidParam`].
pub fn update(fields: &Fields<'_>) -> Result<PromoCodeChange, Refusal> {
    let data =
        |name| if fields.has(name) { Ok(Some(fields.object(name)?.unwrap_or_default())) } else { Ok(None) };
    Ok(PromoCodeChange {
        code: if fields.has("code") { Some(fields.required_text("code")?) } else { None },
        enrolment_id: fields.id("promoter_campaign_id")?.map(EnrolmentId::new),
        description: if fields.has("description") { Some(fields.text("description")?) } else { None },
        metadata: data("metadata")?,
        details: data("details")?,
    })
}
