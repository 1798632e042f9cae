//! Handing over what is not money.

use super::record::{Commission, CommissionStatus, Fulfilment};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::CommissionId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Marks a commission as handed over; nothing happens if it is already.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::WrongState`] for money and for what is not approved.
///
/// Evidence: service behaviour notes (which ones); chosen (doing it twice).
pub fn mark_fulfilled(state: &mut State, now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    let commission = fulfillable(state, id)?;
    if !matches!(commission.fulfilment, Fulfilment::Fulfilled { .. }) {
        state.commissions.update(id, |row| row.fulfilment = Fulfilment::Fulfilled { at: now });
    }
    Ok(())
}

/// Takes that mark back, and the one that handing over failed; nothing happens if there is none.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::WrongState`] for money and for what is not approved.
///
/// Evidence: service behaviour notes (which ones); chosen (doing it twice).
pub fn mark_unfulfilled(state: &mut State, _now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    let commission = fulfillable(state, id)?;
    if commission.fulfilment != Fulfilment::Unfulfilled {
        state.commissions.update(id, |row| row.fulfilment = Fulfilment::Unfulfilled);
    }
    Ok(())
}

fn fulfillable(state: &State, id: CommissionId) -> Result<&Commission, Refusal> {
    let commission = state.commissions.get(id).ok_or(Refusal::NotFound(Entity::Commission))?;
    let refuse = |problem| Err(Refusal::wrong_state(Entity::Commission, problem));
    if commission.unit.is_monetary() {
        return refuse("a monetary commission is paid out, not fulfilled".to_owned());
    }
    if commission.status != CommissionStatus::Approved {
        let status = commission.status.name();
        return refuse(format!("expected an approved commission, found a {status} one"));
    }
    Ok(commission)
}
