//! Giving a referral to another promoter.

use super::fraud;
use super::record::Referral;
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::{Commission, Fulfilment, Settlement};
use crate::domain::ids::{CommissionId, EnrolmentId, ReferralId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Gives a referral to the promoter of the enrolment `to`, and with it, if wished, what its former owner earned
/// by it and what it bought. The referral keeps its state and its partners; a partner who becomes the owner
/// gets the remainder instead of a share.
///
/// Only commissions of the former owner move, and only open ones: a payout belongs to one promoter, and what was
/// handed over was handed over to him. Those of partners and of parents stay.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral or enrolment, [`Refusal::WrongState`] if it is there already.
///
/// Evidence: published v2 referrals document (with and without commissions); chosen (the rest).
pub fn move_to_promoter(
    state: &mut State,
    _now: Timestamp,
    id: ReferralId,
    to: EnrolmentId,
    with_commissions: bool,
) -> Result<(), Refusal> {
    let before = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    let from = before.enrolment_id;
    if from == to {
        let problem = format!("the referral belongs to promoter campaign {to} already");
        return Err(Refusal::wrong_state(Entity::Referral, problem));
    }
    let mut after = before.clone();
    give_to(state, &mut after, to)?;
    after.fraud_check = fraud::recheck(state, before, &after);
    state.referrals.update(id, |row| *row = after);
    if with_commissions {
        move_commissions(state, id, from, to);
        move_conversions(state, id, from, to);
    }
    Ok(())
}

/// Makes `owner` the owner of a referral, and no longer a partner.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown enrolment.
pub(super) fn give_to(state: &State, referral: &mut Referral, owner: EnrolmentId) -> Result<(), Refusal> {
    if !state.enrolments.contains(owner) {
        return Err(Refusal::NotFound(Entity::PromoterCampaign));
    }
    if referral.enrolment_id != owner {
        referral.enrolment_id = owner;
        referral.share_no_more_with(owner);
    }
    Ok(())
}

/// Whether a commission is in no payout and was not handed over.
pub(super) fn is_open(commission: &Commission) -> bool {
    commission.settlement == Settlement::Open
        && !matches!(commission.fulfilment, Fulfilment::Fulfilled { .. })
}

fn move_commissions(state: &mut State, referral: ReferralId, from: EnrolmentId, to: EnrolmentId) {
    let Some(promoter_id) = state.enrolments.get(to).map(|enrolment| enrolment.promoter_id) else { return };
    let moves = |row: &Commission| row.enrolment_id == from && is_open(row);
    let ids: Vec<CommissionId> = state.commissions.index().by_referral.of(&referral).collect();
    for id in ids {
        if state.commissions.get(id).is_some_and(moves) {
            state.commissions.update(id, |row| {
                row.enrolment_id = to;
                row.promoter_id = promoter_id;
            });
        }
    }
}

fn move_conversions(state: &mut State, referral: ReferralId, from: EnrolmentId, to: EnrolmentId) {
    let ids: Vec<_> = state.conversions.index().by_referral.of(&referral).collect();
    for id in ids {
        if state.conversions.get(id).is_some_and(|row| row.enrolment_id == from) {
            state.conversions.update(id, |row| row.enrolment_id = to);
        }
    }
}
