//! How payouts move: pending, processing, completed, failed, and back.

use super::payable;
use super::record::{PaidWith, Payout, PayoutStatus};
use crate::clock::timestamp::Timestamp;
use crate::domain::commission::Settlement;
use crate::domain::ids::{CommissionId, PayoutId};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Completes a payout: its commissions are paid from now on.
///
/// Evidence: service behaviour notes; that a second time is refused, is chosen.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] for one that is paid or called off.
pub fn mark_as_paid(state: &mut State, now: Timestamp, id: PayoutId) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    if !payout.is_unpaid() {
        return Err(wrong(payout, "cannot be marked as paid"));
    }
    let paid_with = payout.paid_with.unwrap_or_else(|| terms_now(state, payout));
    state.payouts.update(id, |row| {
        row.status = PayoutStatus::Completed;
        row.paid_with = Some(paid_with);
        row.paid_at = Some(now);
        row.failed_at = None;
        row.error = None;
    });
    settle(state, id);
    Ok(())
}

/// Returns a paid or failed payout to pending, out of its payments batch.
///
/// Evidence: service behaviour notes (back to pending); that failed ones return too and that both leave their
/// payments batch, is chosen.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] for one that is pending, called off,
/// or being paid.
pub fn mark_as_unpaid(state: &mut State, _now: Timestamp, id: PayoutId) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    if !matches!(payout.status, PayoutStatus::Completed | PayoutStatus::Failed) {
        return Err(wrong(payout, "cannot be marked as unpaid"));
    }
    return_to_pending(state, id);
    Ok(())
}

/// Deletes a payout and releases its commissions.
///
/// Evidence: service behaviour notes; that only one being paid is refused, is chosen.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] for one that is being paid.
pub fn delete(state: &mut State, _now: Timestamp, id: PayoutId) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    if payout.status == PayoutStatus::Processing {
        return Err(wrong(payout, "cannot be deleted"));
    }
    for commission in commissions_of(state, id) {
        state.commissions.update(commission, |row| row.settlement = Settlement::Open);
    }
    state.payouts.delete(id);
    Ok(())
}

/// Begins paying a payout that is pending or failed: what it is paid with stays from now on.
///
/// Evidence: published v2 payouts document (`processing_started_at`).
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] for any other.
pub fn begin_paying(state: &mut State, now: Timestamp, id: PayoutId) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    if !matches!(payout.status, PayoutStatus::Pending | PayoutStatus::Failed) {
        return Err(wrong(payout, "cannot be paid"));
    }
    let paid_with = terms_now(state, payout);
    state.payouts.update(id, |row| {
        row.status = PayoutStatus::Processing;
        row.paid_with = Some(paid_with);
        row.processing_started_at = Some(now);
        row.failed_at = None;
        row.error = None;
    });
    settle(state, id);
    Ok(())
}

/// Lets a payout that is not paid yet fail.
///
/// Evidence: published v2 payouts document (`failed_at`, `error`).
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] for one that is over.
pub fn fail(state: &mut State, now: Timestamp, id: PayoutId, error: &str) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    if !payout.is_unpaid() {
        return Err(wrong(payout, "cannot fail"));
    }
    let paid_with = payout.paid_with.unwrap_or_else(|| terms_now(state, payout));
    state.payouts.update(id, |row| {
        row.status = PayoutStatus::Failed;
        row.paid_with = Some(paid_with);
        row.failed_at = Some(now);
        row.error = Some(error.to_owned());
    });
    settle(state, id);
    Ok(())
}

/// Moves a payout to one of the three statuses that can be asked for. Nothing happens to one that has it.
///
/// Evidence: v1 reference (`status` of payouts/update).
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown payout, [`Refusal::WrongState`] where the way there is closed.
pub fn move_to(state: &mut State, now: Timestamp, id: PayoutId, to: PayoutStatus) -> Result<(), Refusal> {
    let payout = find(state, id)?;
    match to {
        same if same == payout.status => Ok(()),
        PayoutStatus::Completed => mark_as_paid(state, now, id),
        PayoutStatus::Pending if payout.status == PayoutStatus::Processing => {
            return_to_pending(state, id);
            Ok(())
        }
        PayoutStatus::Pending => mark_as_unpaid(state, now, id),
        PayoutStatus::Processing => begin_paying(state, now, id),
        PayoutStatus::Failed | PayoutStatus::Cancelled => {
            Err(wrong(payout, &format!("cannot be made {}", to.name())))
        }
    }
}

/// Whatever happened to it is forgotten; it is to be paid again.
pub(in crate::domain) fn return_to_pending(state: &mut State, id: PayoutId) {
    state.payouts.update(id, |row| {
        row.status = PayoutStatus::Pending;
        row.paid_with = None;
        row.payments_batch_id = None;
        row.paid_at = None;
        row.processing_started_at = None;
        row.failed_at = None;
        row.error = None;
    });
    settle(state, id);
}

/// Lets the commissions of a payout follow its status, and with them the promoter's balances.
///
/// Evidence: chosen (which statuses count as paid and as pending in balances).
fn settle(state: &mut State, id: PayoutId) {
    let Some(status) = state.payouts.get(id).map(|payout| payout.status) else { return };
    let settlement = match status {
        PayoutStatus::Pending | PayoutStatus::Processing => Settlement::Due(id),
        PayoutStatus::Failed | PayoutStatus::Cancelled => Settlement::Stuck(id),
        PayoutStatus::Completed => Settlement::Paid(id),
    };
    for commission in commissions_of(state, id) {
        if state.commissions.get(commission).is_some_and(|row| row.settlement != settlement) {
            state.commissions.update(commission, |row| row.settlement = settlement);
        }
    }
}

fn find(state: &State, id: PayoutId) -> Result<&Payout, Refusal> {
    state.payouts.get(id).ok_or(Refusal::NotFound(Entity::Payout))
}

fn commissions_of(state: &State, id: PayoutId) -> Vec<CommissionId> {
    state.commissions.index().by_payout.of(&id).collect()
}

fn terms_now(state: &State, payout: &Payout) -> PaidWith {
    PaidWith {
        method: payable::method_of(state, payout).map(|method| method.id),
        tax_rate: payable::tax_rate_of(state, payout),
    }
}

fn wrong(payout: &Payout, what: &str) -> Refusal {
    Refusal::wrong_state(Entity::Payout, format!("The payout is {} and {what}", payout.status.name()))
}
