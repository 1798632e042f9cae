//! Parameters of referrals.

use crate::domain::ids::{CampaignId, EnrolmentId, PlanId, PromoterId, ReferralId};
use crate::domain::lookup::folded;
use crate::domain::referral::{
    EntrySource, FindBy, FraudCheck, NewReferral, ReferralChange, ReferralState, Selection, SplitShare,
};
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// What a referral is to be found by, if not by its id.
///
/// # Errors
/// [`Refusal::InvalidParam`] for an attribute that none can be found by.
pub fn find_by(fields: &Fields<'_>) -> Result<Option<FindBy>, Refusal> {
    fields.named("find_by", FindBy::named, FindBy::NAMES)
}

/// A referral made by hand by the company's user.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
pub fn create(fields: &Fields<'_>, by_user: &str) -> Result<NewReferral, Refusal> {
    let enrolment_id = EnrolmentId::new(fields.required_id("promoter_campaign_id")?);
    Ok(NewReferral {
        email: fields.text("email")?,
        uid: fields.text("uid")?,
        username: fields.text("username")?,
        split: shares(fields)?,
        created_by_user_email: Some(by_user.to_owned()),
        ..NewReferral::of(enrolment_id, EntrySource::ManualAdmin)
    })
}

/// What is to change; a blank or null value empties a field, an empty list takes all partners away.
///
/// # Errors
/// [`Refusal::MissingParam`], [`Refusal::InvalidParam`].
///
/// Evidence: published v2 referrals document; chosen (blanks).
pub fn update(fields: &Fields<'_>) -> Result<ReferralChange, Refusal> {
    let text = |name| if fields.has(name) { fields.text(name).map(Some) } else { Ok(None) };
    Ok(ReferralChange {
        email: text("email")?,
        uid: text("uid")?,
        username: text("username")?,
        enrolment_id: fields.id("promoter_campaign_id")?.map(EnrolmentId::new),
        split: if fields.has("split_details") { Some(shares(fields)?) } else { None },
        fraud_check: fields.named("fraud_check", FraudCheck::named, FraudCheck::NAMES)?,
        ..ReferralChange::default()
    })
}

fn shares(fields: &Fields<'_>) -> Result<Vec<SplitShare>, Refusal> {
    let share = |level: Fields<'_>| {
        let enrolment_id = EnrolmentId::new(level.required_id("promoter_campaign_id")?);
        let percentage = level.required_int("percentage")?;
        let expected = || level.invalid("percentage", "a whole number from 0 to 100");
        Ok(SplitShare { enrolment_id, percentage: u32::try_from(percentage).map_err(|_| expected())? })
    };
    fields.each("split_details")?.into_iter().map(share).collect()
}

/// What a list is about.
///
/// # Errors
/// [`Refusal::InvalidParam`].
pub fn select(fields: &Fields<'_>) -> Result<Selection, Refusal> {
    let filters = fields.nested("filters")?;
    let ids = |name| Ok(filters.ids(name)?.unwrap_or_default());
    let is_customer = |name: &str| match name {
        "lead" => Some(false),
        "customer" => Some(true),
        _ => None,
    };
    Ok(Selection {
        q: fields.text("q")?.map(|part| folded(&part)),
        ids: fields.ids("ids")?.map(|ids| ids.into_iter().map(ReferralId::new).collect()),
        is_customer: filters.named("type", is_customer, &["lead", "customer"])?,
        promoter: filters.id("promoter_id")?.map(PromoterId::new),
        campaigns: ids("campaign_id")?.into_iter().map(CampaignId::new).collect(),
        states: filters.named_list("state", ReferralState::named, ReferralState::NAMES)?,
        customer_since: filters.days("customer_since")?,
        created_at: filters.days("created_at")?,
        cancelled_at: filters.days("cancelled_at")?,
        entry_sources: filters.named_list("entry_source", EntrySource::named, EntrySource::NAMES)?,
        fraud_checks: filters.named_list("fraud_check", FraudCheck::named, FraudCheck::NAMES)?,
        plans: ids("plan_id")?.into_iter().map(PlanId::new).collect(),
    })
}
