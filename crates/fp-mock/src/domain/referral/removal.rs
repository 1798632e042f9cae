//! Deleting referrals.

use super::moving::is_open;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CommissionId, ReferralId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Deletes a referral with its tracked events and its open commissions. Commissions that are in a payout or were
/// handed over stay, with no referral and no event, so that no payout changes its amount.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral.
///
/// Evidence: published v2 referrals document (that it can be deleted); chosen (what goes with it).
pub fn delete(state: &mut State, _now: Timestamp, id: ReferralId) -> Result<(), Refusal> {
    if !state.referrals.contains(id) {
        return Err(Refusal::NotFound(Entity::Referral));
    }
    let commissions: Vec<CommissionId> = state.commissions.index().by_referral.of(&id).collect();
    let is_open = |state: &State, id| state.commissions.get(id).is_some_and(is_open);
    let (open, settled): (Vec<_>, Vec<_>) = commissions.into_iter().partition(|id| is_open(state, *id));
    for commission in settled {
        state.commissions.update(commission, |row| {
            row.referral_id = None;
            row.conversion_id = None;
            row.refund_of = row.refund_of.filter(|refunded| !open.contains(refunded));
        });
    }
    for commission in open {
        state.commissions.delete(commission);
    }
    let conversions: Vec<_> = state.conversions.index().by_referral.of(&id).collect();
    for conversion in conversions {
        state.conversions.delete(conversion);
    }
    state.referrals.delete(id);
    Ok(())
}
