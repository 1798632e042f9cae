//! Letting referrals in, and shutting them out.

use super::record::{Referral, ReferralState};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::ReferralId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Approves a pending referral: it becomes what it would be in a campaign that approves leads by itself.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral, [`Refusal::WrongState`] for one that is not pending.
///
/// Evidence: published v2 referrals document; chosen (which state follows, and that others are refused).
pub fn approve(state: &mut State, _now: Timestamp, id: ReferralId) -> Result<(), Refusal> {
    let row = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    if row.state != ReferralState::Pending {
        return Err(unfit(row, "only a pending one can be approved"));
    }
    let has_bought = row.customer_since.is_some();
    let standing = if has_bought { ReferralState::Active } else { ReferralState::Signup };
    state.referrals.update(id, |row| row.state = standing);
    Ok(())
}

/// Disables a referral. What it earned its promoter so far stays.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral, [`Refusal::WrongState`] for one that is disabled.
///
/// Evidence: published v2 referrals document; chosen (`denied`, and that commissions stay).
pub fn disable(state: &mut State, _now: Timestamp, id: ReferralId) -> Result<(), Refusal> {
    let row = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    if row.state == ReferralState::Denied {
        return Err(unfit(row, "it is disabled already"));
    }
    state.referrals.update(id, |row| {
        row.state_before_denied = Some(row.state);
        row.state = ReferralState::Denied;
    });
    Ok(())
}

/// Enables a disabled referral: it stands as it did before.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown referral, [`Refusal::WrongState`] for one that is not disabled.
///
/// Evidence: published v2 referrals document; chosen (the state it returns to).
pub fn enable(state: &mut State, _now: Timestamp, id: ReferralId) -> Result<(), Refusal> {
    let row = state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    if row.state != ReferralState::Denied {
        return Err(unfit(row, "only a disabled one can be enabled"));
    }
    state.referrals.update(id, |row| {
        row.state = row.state_before_denied.take().unwrap_or(ReferralState::Signup);
    });
    Ok(())
}

fn unfit(row: &Referral, why: &str) -> Refusal {
    Refusal::wrong_state(Entity::Referral, format!("the referral is {}: {why}", row.state.name()))
}
