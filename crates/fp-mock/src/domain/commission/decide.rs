//! What the company decides on a commission: approved, denied, deleted, annotated.

use std::sync::Arc;

use super::record::{Commission, CommissionStatus, Fulfilment};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::CommissionId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Approves a commission, a denied one too.
///
/// # Errors
/// As [`decide`].
pub fn approve(state: &mut State, now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    decide(state, now, id, CommissionStatus::Approved)
}

/// Denies a commission, an approved one too as long as it is in no payout.
///
/// # Errors
/// As [`decide`].
pub fn deny(state: &mut State, now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    decide(state, now, id, CommissionStatus::Denied)
}

/// Gives a commission another status; nothing happens if it has it. What refunds took back of it follows, so
/// that a refunded sale amounts to nothing whichever way the company decides.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::WrongState`] if it or what was taken back of it is in a payout, if it was
/// handed over, and for approving what takes back a denied commission.
///
/// Evidence: published v2 contract (the statuses); chosen (everything else).
pub fn decide(
    state: &mut State,
    now: Timestamp,
    id: CommissionId,
    status: CommissionStatus,
) -> Result<(), Refusal> {
    let commission = state.commissions.get(id).ok_or(Refusal::NotFound(Entity::Commission))?;
    if commission.status == status {
        return Ok(());
    }
    refuse_if_settled(commission)?;
    let original = commission.refund_of.and_then(|id| state.commissions.get(id));
    if original.is_some_and(|original| original.status == CommissionStatus::Denied) {
        let problem = "it takes back a commission that is denied itself; hint: approve that one first";
        return Err(Refusal::wrong_state(Entity::Commission, problem));
    }
    for id in with_what_takes_back(state, id)? {
        state.commissions.update(id, |row| {
            row.status = status;
            row.status_updated_at = Some(now);
        });
    }
    Ok(())
}

/// Deletes a commission and what refunds took back of it.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::WrongState`] if it or what was taken back of it is in a payout, or if it
/// was handed over.
///
/// Evidence: chosen.
pub fn delete(state: &mut State, _now: Timestamp, id: CommissionId) -> Result<(), Refusal> {
    refuse_if_settled(state.commissions.get(id).ok_or(Refusal::NotFound(Entity::Commission))?)?;
    for id in with_what_takes_back(state, id)? {
        state.commissions.delete(id);
    }
    Ok(())
}

/// New notes of a commission; the outer `None` leaves one as it is, the inner one empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotesUpdate {
    /// Seen by the company only.
    pub internal: Option<Option<String>>,
    /// Seen by the promoter too.
    pub external: Option<Option<String>>,
}

/// Changes the notes of a commission, whatever its state.
///
/// # Errors
/// [`Refusal::NotFound`].
///
/// Evidence: published v2 contract (`CommissionUpdate`); chosen (a blank note is none).
pub fn update_notes(state: &mut State, id: CommissionId, notes: NotesUpdate) -> Result<(), Refusal> {
    let change = |row: &mut Commission| {
        if let Some(note) = notes.internal {
            row.details.internal_note = note.map(Arc::from);
        }
        if let Some(note) = notes.external {
            row.details.external_note = note.map(Arc::from);
        }
    };
    state.commissions.update(id, change).ok_or(Refusal::NotFound(Entity::Commission))
}

/// The commission and those that take back from it.
fn with_what_takes_back(state: &State, id: CommissionId) -> Result<Vec<CommissionId>, Refusal> {
    let mut ids = vec![id];
    for taking in state.commissions.index().by_refunded.of(&id) {
        if let Some(row) = state.commissions.get(taking) {
            refuse_if_settled(row)?;
        }
        ids.push(taking);
    }
    Ok(ids)
}

/// Evidence: chosen (what was paid, is being paid or was handed over is not decided on again).
fn refuse_if_settled(commission: &Commission) -> Result<(), Refusal> {
    let refuse = |problem| Err(Refusal::wrong_state(Entity::Commission, problem));
    if let Some(payout) = commission.settlement.payout_id() {
        let id = commission.id;
        return refuse(match commission.is_paid() {
            true => format!("commission {id} was paid with payout {payout}"),
            false => format!("commission {id} is in payout {payout}; hint: delete that payout first"),
        });
    }
    if matches!(commission.fulfilment, Fulfilment::Fulfilled { .. }) {
        let id = commission.id;
        return refuse(format!("commission {id} was fulfilled; hint: mark it as unfulfilled first"));
    }
    Ok(())
}
