//! What the company does to promoters, one at a time; batches call these.

use super::{AddToCampaign, MoveToCampaign};
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{self, EnrolmentState, Wish};
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Lets a promoter take part in a campaign that he is enrolled in.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter, or he is not enrolled there.
pub fn accept(state: &mut State, _: Timestamp, id: PromoterId, campaign: CampaignId) -> Result<(), Refusal> {
    decide(state, id, campaign, EnrolmentState::Accepted)
}

/// Turns a promoter down in a campaign.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter, or he is not enrolled there.
pub fn reject(state: &mut State, _: Timestamp, id: PromoterId, campaign: CampaignId) -> Result<(), Refusal> {
    decide(state, id, campaign, EnrolmentState::Rejected)
}

/// Throws a promoter out of a campaign: his referrals there earn nothing any more.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter, or he is not enrolled there.
pub fn block(state: &mut State, _: Timestamp, id: PromoterId, campaign: CampaignId) -> Result<(), Refusal> {
    decide(state, id, campaign, EnrolmentState::Blocked)
}

/// Every state can be decided on again; what is decided already stays untouched.
///
/// Evidence: chosen.
fn decide(
    state: &mut State,
    id: PromoterId,
    campaign: CampaignId,
    decision: EnrolmentState,
) -> Result<(), Refusal> {
    exists(state, id)?;
    let enrolled = enrolment::in_campaign(state, id, campaign);
    let enrolled = enrolled.ok_or(Refusal::NotFound(Entity::PromoterCampaign))?;
    let (enrolment_id, is_decided) = (enrolled.id, enrolled.state == decision);
    if !is_decided {
        state.enrolments.update(enrolment_id, |enrolment| enrolment.state = decision);
    }
    Ok(())
}

/// Puts a promoter away. One put away already stays as it is.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter.
pub fn archive(state: &mut State, now: Timestamp, id: PromoterId) -> Result<(), Refusal> {
    if exists(state, id)?.archived_at.is_none() {
        state.promoters.update(id, |promoter| promoter.archived_at = Some(now));
    }
    Ok(())
}

/// Takes a promoter out of the archive. One not in it stays as he is.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter.
pub fn restore(state: &mut State, _: Timestamp, id: PromoterId) -> Result<(), Refusal> {
    if exists(state, id)?.archived_at.is_some() {
        state.promoters.update(id, |promoter| promoter.archived_at = None);
    }
    Ok(())
}

/// Moves a promoter from one campaign to another.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter or campaign, or he is not enrolled in the one he is to
/// leave; [`Refusal::WrongState`] if he is in the other already.
pub fn move_to_campaign(
    state: &mut State,
    now: Timestamp,
    id: PromoterId,
    to: &MoveToCampaign,
) -> Result<(), Refusal> {
    exists(state, id)?;
    let from = match to.from {
        Some(campaign) => enrolment::in_campaign(state, id, campaign),
        None => enrolment::default_of(state, id),
    };
    let from = from.ok_or(Refusal::NotFound(Entity::PromoterCampaign))?.id;
    let joined = enrolment::move_to(state, now, from, to.to)?;
    if to.soft_move_referrals {
        enrolment::move_referrals(state, from, joined);
    }
    state.promoters.update(id, |promoter| promoter.drip_emails = to.drip_emails);
    Ok(())
}

/// Enrols a promoter in a further campaign, accepted at once: it is the company that adds him.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter or campaign, [`Refusal::WrongState`] if he is in it.
///
/// Evidence: chosen (accepted at once).
pub fn add_to_campaign(
    state: &mut State,
    now: Timestamp,
    id: PromoterId,
    to: &AddToCampaign,
) -> Result<(), Refusal> {
    let wish = Wish { state: Some(EnrolmentState::Accepted), ..Wish::default() };
    enrolment::enrol(state, now, id, to.campaign, wish)?;
    state.promoters.update(id, |promoter| promoter.drip_emails = to.drip_emails);
    Ok(())
}

/// Makes `parent` the one who recruited a promoter.
///
/// # Errors
/// [`Refusal::NotFound`] if there is no such promoter or parent, [`Refusal::Invalid`] if he would be his own
/// ancestor.
///
/// Evidence: published v2 contract; refusing circles is chosen.
pub fn assign_parent(
    state: &mut State,
    _: Timestamp,
    id: PromoterId,
    parent: PromoterId,
) -> Result<(), Refusal> {
    exists(state, id)?;
    exists(state, parent)?;
    let mut ancestor = Some(parent);
    while let Some(above) = ancestor {
        if above == id {
            let problem = if parent == id { "can't be the promoter himself" } else { "would make a circle" };
            return Err(Refusal::invalid(Entity::Promoter, "parent_promoter_id", problem));
        }
        ancestor = state.promoters.get(above).and_then(|promoter| promoter.parent);
    }
    if exists(state, id)?.parent != Some(parent) {
        state.promoters.update(id, |promoter| promoter.parent = Some(parent));
    }
    Ok(())
}

fn exists(state: &State, id: PromoterId) -> Result<&super::Promoter, Refusal> {
    state.promoters.get(id).ok_or(Refusal::NotFound(Entity::Promoter))
}
