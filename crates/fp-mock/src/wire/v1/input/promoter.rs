//! What v1 calls say about promoters.

use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{ChangeEnrolment, EnrolmentState, Wish};
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::promoter::{
    AddToCampaign, ChangePromoter, CreatePromoter, MoveToCampaign, ProfileField, ProfileValues,
};
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::fields::Fields;

/// What v1 calls the fields of a profile.
///
/// Evidence: v1 reference and published v1 promoters document.
const PROFILE: [(&str, ProfileField); 14] = [
    ("first_name", ProfileField::FirstName),
    ("last_name", ProfileField::LastName),
    ("website", ProfileField::Website),
    ("company_name", ProfileField::CompanyName),
    ("phone_number", ProfileField::PhoneNumber),
    ("address", ProfileField::Address),
    ("country", ProfileField::Country),
    ("avatar_url", ProfileField::Avatar),
    ("paypal_email", ProfileField::PaypalEmail),
    ("linkedin_url", ProfileField::Linkedin),
    ("twitter_url", ProfileField::Twitter),
    ("facebook_url", ProfileField::Facebook),
    ("instagram_url", ProfileField::Instagram),
    ("youtube_url", ProfileField::Youtube),
];

/// A promoter to be made, recruited by `parent`, and the moment at which he is said to have joined.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference, published v1 promoters document.
pub fn create(
    fields: &Fields<'_>,
    parent: Option<PromoterId>,
) -> Result<(CreatePromoter, Option<Timestamp>), Refusal> {
    let is_approved = fields.flag("always_approve")?.unwrap_or(false);
    let input = CreatePromoter {
        email: fields.text("email")?.unwrap_or_default(),
        cust_id: fields.text("cust_id")?,
        profile: profile(fields)?,
        campaign: fields.id("campaign_id")?.map(CampaignId::new),
        wish: Wish {
            ref_token: fields.text("ref_id")?,
            coupon: fields.text("promo_code")?,
            customer_promo_code: fields.text("customer_promo_code")?,
            direct_url: fields.text("landing_url")?,
            url_tracking: fields.flag("url_tracking")?.unwrap_or(false),
            state: is_approved.then_some(EnrolmentState::Accepted),
            ..Wish::default()
        },
        parent,
        note: fields.text("note")?,
        temp_password: fields.text("temp_password")?,
        ..CreatePromoter::default()
    };
    Ok((input, fields.moment("created_at")?))
}

/// What is to change of a promoter himself; `by_email` if it was his address that named him.
///
/// A blank value empties what may be empty.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference, published v1 promoters document; that blank values empty is chosen.
pub fn change(
    fields: &Fields<'_>,
    parent: Option<PromoterId>,
    by_email: bool,
) -> Result<ChangePromoter, Refusal> {
    Ok(ChangePromoter {
        email: if by_email { None } else { given(fields, "email")?.map(Option::unwrap_or_default) },
        cust_id: given(fields, "new_cust_id")?,
        profile: profile(fields)?,
        note: given(fields, "note")?,
        temp_password: given(fields, "temp_password")?,
        parent,
        ..ChangePromoter::default()
    })
}

/// What is to change of the promotion that a call about a promoter means.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference, published v1 promoters document; that a blank referral id changes nothing is chosen.
pub fn change_promotion(fields: &Fields<'_>) -> Result<ChangeEnrolment, Refusal> {
    Ok(ChangeEnrolment {
        ref_token: fields.text("new_ref_id")?,
        coupon: given(fields, "promo_code")?,
        customer_promo_code: given(fields, "customer_promo_code")?,
        direct_url: given(fields, "landing_url")?,
        url_tracking: fields.flag("url_tracking")?,
        ..ChangeEnrolment::default()
    })
}

/// A text that was sent: `Some(None)` if it is blank.
fn given(fields: &Fields<'_>, name: &str) -> Result<Option<Option<String>>, Refusal> {
    fields.has(name).then(|| fields.text(name)).transpose()
}

/// Where a promoter is to move; his referrals stay with the promotion he leaves.
///
/// # Errors
/// [`Refusal::NotFound`] without a destination, [`Refusal::InvalidParam`] for unusable ids.
///
/// Evidence: v1 reference; published v1 promoters document (its example: the referrals stay).
pub fn move_to_campaign(fields: &Fields<'_>, drip_emails: bool) -> Result<MoveToCampaign, Refusal> {
    let to = fields.id("destination_campaign_id")?.ok_or(Refusal::NotFound(Entity::Campaign))?;
    Ok(MoveToCampaign {
        from: fields.id("source_campaign_id")?.map(CampaignId::new),
        to: CampaignId::new(to),
        drip_emails,
        soft_move_referrals: false,
    })
}

/// Which further campaign a promoter is to join.
///
/// # Errors
/// [`Refusal::NotFound`] without one, [`Refusal::InvalidParam`] for an unusable id.
///
/// Evidence: v1 reference.
pub fn add_to_campaign(fields: &Fields<'_>, drip_emails: bool) -> Result<AddToCampaign, Refusal> {
    let campaign = fields.id("campaign_id")?.ok_or(Refusal::NotFound(Entity::Campaign))?;
    Ok(AddToCampaign { campaign: CampaignId::new(campaign), drip_emails })
}

fn profile(fields: &Fields<'_>) -> Result<ProfileValues, Refusal> {
    let mut values = ProfileValues::new();
    for (name, field) in PROFILE.into_iter().filter(|(name, _)| fields.has(name)) {
        values.push((field, fields.text(name)?));
    }
    Ok(values)
}
