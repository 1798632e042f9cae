//! Finding the record that a call is about by whichever parameter identifies it.

use crate::api::operation::Call;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId, ReferralId};
use crate::domain::promoter::{self, FindBy};
use crate::domain::referral;
use crate::domain::refusal::{Entity, Refusal, Sought};

/// What identifies a promoter beside his id, in the order in which it is looked at; only the first one given
/// counts.
///
/// Evidence: v1 reference, published v1 promoters document; the order is chosen.
const PROMOTER_KEYS: [(&str, FindBy); 4] = [
    ("cust_id", FindBy::CustId),
    ("auth_token", FindBy::AuthToken),
    ("ref_id", FindBy::RefToken),
    ("promoter_email", FindBy::Email),
];

/// The promoter that the call names.
///
/// # Errors
/// [`Refusal::NoIdentifier`] if nothing names one, [`Refusal::NotFoundBy`] if there is none of that name.
pub(super) fn promoter(call: &Call<'_>) -> Result<PromoterId, Refusal> {
    promoter_or_by(call, None)?.ok_or(Refusal::NoIdentifier(Sought::Promoter))
}

/// The promoter that the call names, by a promo code too.
///
/// # Errors
/// As for [`promoter`].
pub(super) fn promoter_or_code(call: &Call<'_>) -> Result<PromoterId, Refusal> {
    let found = promoter_or_by(call, Some(("promo_code", FindBy::PromoCode)))?;
    found.ok_or(Refusal::NoIdentifier(Sought::PromoterOrCode))
}

/// The promoter that an update names, by `email` where nothing else does; and whether it was by that.
///
/// # Errors
/// As for [`promoter`].
///
/// Evidence: published v1 promoters document.
pub(super) fn promoter_to_change(call: &Call<'_>) -> Result<(PromoterId, bool), Refusal> {
    if let Some(id) = promoter_or_by(call, None)? {
        return Ok((id, false));
    }
    let found = promoter_or_by(call, Some(("email", FindBy::Email)))?;
    found.map(|id| (id, true)).ok_or(Refusal::NoIdentifier(Sought::PromoterOrCode))
}

/// The promoter by one of the usual keys, or by one more; `None` if nothing names one.
fn promoter_or_by(call: &Call<'_>, also: Option<(&str, FindBy)>) -> Result<Option<PromoterId>, Refusal> {
    let fields = call.fields();
    let keys: Vec<(&str, FindBy)> = PROMOTER_KEYS.into_iter().chain(also).collect();
    // Those that do not count must be readable all the same.
    let values = keys.iter().map(|(name, _)| fields.text(name)).collect::<Result<Vec<_>, _>>()?;
    if let Some(id) = fields.text("id")? {
        return known_promoter(call, &id, "id").map(Some);
    }
    for ((_, by), value) in keys.into_iter().zip(values) {
        if let Some(value) = value {
            let missing = Refusal::NotFoundBy { entity: Entity::Promoter, by: by.name() };
            return promoter::find(call.state, by, &value).map(Some).ok_or(missing);
        }
    }
    Ok(None)
}

fn known_promoter(call: &Call<'_>, id: &str, by: &'static str) -> Result<PromoterId, Refusal> {
    let id = id.parse().ok().map(PromoterId::new).filter(|id| call.state.promoters.contains(*id));
    id.ok_or(Refusal::NotFoundBy { entity: Entity::Promoter, by })
}

/// The promoter who is to be paid.
///
/// # Errors
/// As for [`promoter`].
///
/// Evidence: v1 reference (payouts).
pub(super) fn payee(call: &Call<'_>) -> Result<PromoterId, Refusal> {
    let fields = call.fields();
    let email = fields.text("promoter_email")?;
    if let Some(id) = fields.text("promoter_id")? {
        return known_promoter(call, &id, "promoter_id");
    }
    let email = email.ok_or(Refusal::NoIdentifier(Sought::Payee))?;
    let missing = Refusal::NotFoundBy { entity: Entity::Promoter, by: "promoter_email" };
    promoter::find(call.state, FindBy::Email, &email).ok_or(missing)
}

/// The referral that the call names by `id`, `uid` or `email`.
///
/// # Errors
/// [`Refusal::NoIdentifier`] if nothing names one, [`Refusal::NotFoundBy`] if there is none of that name.
///
/// Evidence: v1 reference.
pub(super) fn lead(call: &Call<'_>) -> Result<ReferralId, Refusal> {
    match lead_by(call, "id")? {
        None => Err(Refusal::NoIdentifier(Sought::Referral)),
        Some(None) => Err(Refusal::NotFoundBy { entity: Entity::Referral, by: "id" }),
        Some(Some(id)) => Ok(id),
    }
}

/// The referral named by the parameter `id_name`, by `uid` or by `email`: `None` if nothing names one,
/// `Some(None)` if there is none of that name.
///
/// # Errors
/// [`Refusal::InvalidParam`] for lists and objects.
pub(super) fn lead_by(call: &Call<'_>, id_name: &str) -> Result<Option<Option<ReferralId>>, Refusal> {
    let fields = call.fields();
    // Those that do not count must be readable all the same.
    let (uid, email) = (fields.text("uid")?, fields.text("email")?);
    if let Some(id) = fields.text(id_name)? {
        let id = id.parse().ok().map(ReferralId::new);
        return Ok(Some(id.filter(|id| call.state.referrals.contains(*id))));
    }
    let by = |by, value: Option<String>| value.map(|value| referral::find(call.state, by, &value));
    Ok(by(referral::FindBy::Uid, uid).or_else(|| by(referral::FindBy::Email, email)))
}

/// The enrolment named by `promotion_id` or `ref_id`; `None` if nothing names one.
///
/// # Errors
/// [`Refusal::NotFound`] if there is none of that name.
///
/// Evidence: v1 reference.
pub(super) fn promotion(call: &Call<'_>) -> Result<Option<EnrolmentId>, Refusal> {
    let fields = call.fields();
    let missing = || Refusal::NotFound(Entity::PromoterCampaign);
    let token = fields.text("ref_id")?;
    if let Some(id) = fields.text("promotion_id")? {
        let id = id.parse().ok().map(EnrolmentId::new).filter(|id| call.state.enrolments.contains(*id));
        return id.map(Some).ok_or_else(missing);
    }
    let Some(token) = token else { return Ok(None) };
    enrolment::by_ref_token(call.state, &token).map(|enrolment| Some(enrolment.id)).ok_or_else(missing)
}

/// The campaign that `campaign_id` names, which must exist; `None` if the parameter is absent.
///
/// # Errors
/// [`Refusal::NotFound`] if there is none.
///
/// Evidence: published v1 documents.
pub(super) fn campaign(call: &Call<'_>) -> Result<Option<CampaignId>, Refusal> {
    let Some(id) = call.fields().text("campaign_id")? else { return Ok(None) };
    let id = id.parse().ok().map(CampaignId::new).filter(|id| call.state.campaigns.contains(*id));
    id.map(Some).ok_or(Refusal::NotFound(Entity::Campaign))
}

/// The promoter that a list is of, who must exist; `None` if the parameter is absent.
///
/// # Errors
/// [`Refusal::NotFound`] if there is none.
///
/// Evidence: v1 reference; that he must exist is chosen.
pub(super) fn promoter_of_list(call: &Call<'_>) -> Result<Option<PromoterId>, Refusal> {
    let Some(id) = call.fields().text("promoter_id")? else { return Ok(None) };
    let id = id.parse().ok().map(PromoterId::new).filter(|id| call.state.promoters.contains(*id));
    id.map(Some).ok_or(Refusal::NotFound(Entity::Promoter))
}

/// The enrolments that a list is of, told by `promotion_id`, `ref_id`, `promoter_id` and `campaign_id`, all of
/// which must exist; `None` if it is of all.
///
/// # Errors
/// [`Refusal::NotFound`] for whichever does not exist.
///
/// Evidence: v1 reference; that several of them narrow the list together is chosen.
pub(super) fn enrolments(call: &Call<'_>) -> Result<Option<Vec<EnrolmentId>>, Refusal> {
    let (promotion, campaign) = (promotion(call)?, campaign(call)?);
    let promoter = promoter_of_list(call)?;
    let index = call.state.enrolments.index();
    let ids: Vec<EnrolmentId> = match (promotion, promoter, campaign) {
        (None, None, None) => return Ok(None),
        (Some(id), _, _) => vec![id],
        (None, Some(promoter), _) => index.by_promoter.of(&promoter).collect(),
        (None, None, Some(campaign)) => index.by_campaign.of(&campaign).collect(),
    };
    let fits = |enrolment: &&Enrolment| {
        promoter.is_none_or(|id| enrolment.promoter_id == id)
            && campaign.is_none_or(|id| enrolment.campaign_id == id)
    };
    let rows = ids.into_iter().filter_map(|id| call.state.enrolments.get(id));
    Ok(Some(rows.filter(fits).map(|enrolment| enrolment.id).collect()))
}
