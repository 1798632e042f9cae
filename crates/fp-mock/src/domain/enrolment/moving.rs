//! Going from one campaign to another.

use super::enrol::free_ref_token;
use super::{EnrolmentState, Wish, in_campaign};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, EnrolmentId, ReferralId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Enrols the promoter of `from` in another campaign, where he takes over its standing, referral token, coupons
/// and landing page. The enrolment he leaves becomes inactive and hidden and gets a fresh token: what his remaining referrals do
/// still counts there.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment or campaign, [`Refusal::WrongState`] if he is in the other
/// campaign already.
///
/// Evidence: published v2 promoters document (referrals may stay behind and earn there); v1 reference (the
/// new promotion takes over the referral id); published v1 promoters document (the old one is hidden and has a
/// fresh referral id); chosen (the rest).
pub fn move_to(
    state: &mut State,
    now: Timestamp,
    from: EnrolmentId,
    to: CampaignId,
) -> Result<EnrolmentId, Refusal> {
    let left = state.enrolments.get(from).ok_or(Refusal::NotFound(Entity::PromoterCampaign))?.clone();
    if !state.campaigns.contains(to) {
        return Err(Refusal::NotFound(Entity::Campaign));
    }
    if in_campaign(state, left.promoter_id, to).is_some() {
        let problem = "the promoter is in this campaign already";
        return Err(Refusal::wrong_state(Entity::PromoterCampaign, problem));
    }
    let fresh = free_ref_token(state, left.promoter_id);
    state.enrolments.update(from, |enrolment| {
        enrolment.state = EnrolmentState::Inactive;
        enrolment.hidden = true;
        enrolment.ref_token = fresh;
        enrolment.coupon = None;
        enrolment.display_coupon = None;
        enrolment.customer_promo_code = None;
        enrolment.direct_url = None;
        enrolment.url_tracking = false;
    });
    let wish = Wish {
        ref_token: Some(left.ref_token),
        coupon: left.coupon,
        display_coupon: left.display_coupon,
        customer_promo_code: left.customer_promo_code,
        direct_url: left.direct_url,
        url_tracking: left.url_tracking,
        state: Some(left.state),
    };
    super::enrol(state, now, left.promoter_id, to, wish)
}

/// Lets the referrals of one enrolment belong to another from now on: what they bought and what was earned
/// by it stays where it was.
///
/// Evidence: published v2 promoters document.
pub fn move_referrals(state: &mut State, from: EnrolmentId, to: EnrolmentId) {
    for id in referrals_of(state, from) {
        state.referrals.update(id, |referral| referral.enrolment_id = to);
    }
}

/// Moves the promoter on to the campaign's next one if the enrolment has reached its threshold, and his
/// referrals with him if the threshold says so: those carry the moment in `moved_by_threshold_at`. Called after whatever
/// made a customer. An enrolment that is inactive or in that campaign already stays.
///
/// Evidence: v2 event types (`referral.moved` follows a threshold); chosen (everything else).
pub fn apply_threshold(state: &mut State, now: Timestamp, id: EnrolmentId) -> Result<(), Refusal> {
    let Some(enrolment) = state.enrolments.get(id) else { return Ok(()) };
    let campaign = state.campaigns.get(enrolment.campaign_id);
    let Some(threshold) = campaign.and_then(|campaign| campaign.threshold.as_ref()) else { return Ok(()) };
    let counts = || state.referrals.index().counts.get(&id).copied().unwrap_or_default();
    let is_reached = || counts().customers >= u64::from(threshold.customers);
    let is_there = || in_campaign(state, enrolment.promoter_id, threshold.to_campaign).is_some();
    if enrolment.state != EnrolmentState::Accepted || !is_reached() || is_there() {
        return Ok(());
    }
    let threshold = threshold.clone();
    let joined = move_to(state, now, id, threshold.to_campaign)?;
    if threshold.moves_referrals {
        for referral in referrals_of(state, id) {
            state.referrals.update(referral, |referral| {
                referral.enrolment_id = joined;
                referral.details.moved_by_threshold_at = Some(now);
            });
        }
    }
    Ok(())
}

fn referrals_of(state: &State, id: EnrolmentId) -> Vec<ReferralId> {
    state.referrals.index().by_enrolment.of(&id).collect()
}
