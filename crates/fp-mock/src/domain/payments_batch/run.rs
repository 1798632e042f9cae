//! Making payments batches and what happens to them: by themselves on the account's clock, or by hand.

use super::record::{PaymentsBatch, PaymentsBatchStatus};
use crate::clock::timestamp::{MINUTE_MS, Timestamp};
use crate::domain::agenda::Task;
use crate::domain::ids::{PaymentsBatchId, PayoutId};
use crate::domain::payout::{self, Obstacle, Payout, PayoutStatus};
use crate::domain::payout_method::Method;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Until the company's word comes.
///
/// Evidence: chosen.
pub const CONFIRMED_AFTER_MS: i64 = MINUTE_MS;
/// From the company's word until paying begins.
///
/// Evidence: chosen.
pub const PROCESSED_AFTER_MS: i64 = MINUTE_MS;
/// From when paying begins until it is done.
///
/// Evidence: chosen.
pub const COMPLETED_AFTER_MS: i64 = 5 * MINUTE_MS;

/// What making a payments batch led to.
#[derive(Clone, Debug)]
pub struct Created {
    /// The batch.
    pub id: PaymentsBatchId,
    /// Pending payouts of its method that it could not take, and why.
    pub left_out: Vec<(PayoutId, Obstacle)>,
}

/// Takes every payable payout of a method into a new payments batch.
///
/// Evidence: service behaviour notes.
///
/// # Errors
/// [`Refusal::NothingPayable`] if there is none.
pub fn create(state: &mut State, now: Timestamp, method: Method) -> Result<Created, Refusal> {
    let (mut taken, mut left_out) = (Vec::new(), Vec::new());
    for payout in pending_with(state, method) {
        match payout::obstacle(state, payout) {
            None => taken.push(payout.id),
            Some(obstacle) => left_out.push((payout.id, obstacle)),
        }
    }
    if taken.is_empty() {
        return Err(Refusal::NothingPayable { method: method.name().to_owned() });
    }
    let id = state.ids.issue();
    let reference = format!("payments-{}", state.ids.slug(12));
    state.payments_batches.insert(PaymentsBatch {
        id,
        status: PaymentsBatchStatus::AwaitingConfirmation,
        method,
        ext_reference: Some(reference),
        ext_id: None,
        scheduled_at: Some(now.plus_ms(CONFIRMED_AFTER_MS + PROCESSED_AFTER_MS)),
        processing_started_at: None,
        completed_at: None,
        error: None,
        next_stage_at: None,
        created_at: now,
    });
    for payout in taken {
        state.payouts.update(payout, |row| row.payments_batch_id = Some(id));
    }
    plan(state, now, id);
    Ok(Created { id, left_out })
}

/// Payouts that wait to be paid with a method, those in a batch already left out.
fn pending_with(state: &State, method: Method) -> impl Iterator<Item = &Payout> {
    let pending = state.payouts.index().by_status.of(&PayoutStatus::Pending);
    let pending = pending.filter_map(|id| state.payouts.get(id));
    pending.filter(move |payout| {
        payout.payments_batch_id.is_none()
            && payout::method_of(state, payout).is_some_and(|chosen| chosen.method == method)
    })
}

/// Puts the next stage on the agenda.
fn plan(state: &mut State, now: Timestamp, id: PaymentsBatchId) {
    let Some(batch) = state.payments_batches.get(id) else { return };
    let delay_ms = match batch.status {
        PaymentsBatchStatus::AwaitingConfirmation => CONFIRMED_AFTER_MS,
        PaymentsBatchStatus::Pending => PROCESSED_AFTER_MS,
        PaymentsBatchStatus::Processing => COMPLETED_AFTER_MS,
        PaymentsBatchStatus::Completed | PaymentsBatchStatus::Failed => {
            state.payments_batches.update(id, |row| row.next_stage_at = None);
            return;
        }
    };
    let at = now.plus_ms(delay_ms);
    state.payments_batches.update(id, |row| row.next_stage_at = Some(at));
    state.agenda.add(at, Task::PaymentsBatchStep(id));
}

/// The next stage, if it is its time. An entry of the agenda that a stage by hand overtook does nothing.
pub fn step_by_itself(state: &mut State, now: Timestamp, id: PaymentsBatchId) {
    let is_due = |batch: &PaymentsBatch| batch.next_stage_at.is_some_and(|at| at <= now);
    if state.payments_batches.get(id).is_some_and(is_due) {
        advance(state, now, id);
    }
}

/// The next stage, now.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown batch, [`Refusal::WrongState`] for one that is over.
pub fn step(state: &mut State, now: Timestamp, id: PaymentsBatchId) -> Result<(), Refusal> {
    running(state, id)?;
    advance(state, now, id);
    Ok(())
}

fn advance(state: &mut State, now: Timestamp, id: PaymentsBatchId) {
    let Some(status) = state.payments_batches.get(id).map(|batch| batch.status) else { return };
    match status {
        PaymentsBatchStatus::AwaitingConfirmation => {
            state.payments_batches.update(id, |row| row.status = PaymentsBatchStatus::Pending);
        }
        PaymentsBatchStatus::Pending => begin(state, now, id),
        PaymentsBatchStatus::Processing => complete(state, now, id),
        PaymentsBatchStatus::Completed | PaymentsBatchStatus::Failed => {}
    }
    plan(state, now, id);
}

fn begin(state: &mut State, now: Timestamp, id: PaymentsBatchId) {
    let ext_id = state.ids.slug(16).to_uppercase();
    for payout in payouts_with(state, id, PayoutStatus::Pending) {
        payout::begin_paying(state, now, payout).expect("a pending payout can be paid");
    }
    state.payments_batches.update(id, |row| {
        row.status = PaymentsBatchStatus::Processing;
        row.ext_id = Some(ext_id);
        row.processing_started_at = Some(now);
    });
}

fn complete(state: &mut State, now: Timestamp, id: PaymentsBatchId) {
    for payout in payouts_with(state, id, PayoutStatus::Processing) {
        payout::mark_as_paid(state, now, payout).expect("a payout being paid can be completed");
    }
    state.payments_batches.update(id, |row| {
        row.status = PaymentsBatchStatus::Completed;
        row.completed_at = Some(now);
    });
}

/// Lets a payments batch fail, and with it every payout of it that is not paid.
///
/// Evidence: published v2 payouts document (`error` of both); chosen (all of them fail together).
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown batch, [`Refusal::WrongState`] for one that is over.
pub fn fail(state: &mut State, now: Timestamp, id: PaymentsBatchId, error: &str) -> Result<(), Refusal> {
    running(state, id)?;
    for status in [PayoutStatus::Pending, PayoutStatus::Processing] {
        for payout in payouts_with(state, id, status) {
            payout::fail(state, now, payout, error)?;
        }
    }
    state.payments_batches.update(id, |row| {
        row.status = PaymentsBatchStatus::Failed;
        row.error = Some(error.to_owned());
        row.next_stage_at = None;
    });
    Ok(())
}

/// Deletes a payments batch. Its payouts stay: those paid as they are, the others return to pending.
///
/// Evidence: v2 event types (`payments_batch.deleted`); what becomes of the payouts is chosen.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown batch.
pub fn delete(state: &mut State, id: PaymentsBatchId) -> Result<(), Refusal> {
    if state.payments_batches.delete(id).is_none() {
        return Err(Refusal::NotFound(Entity::PaymentsBatch));
    }
    let payouts: Vec<PayoutId> = state.payouts.index().by_payments_batch.of(&id).collect();
    for payout in payouts {
        if state.payouts.get(payout).is_some_and(Payout::is_unpaid) {
            payout::return_to_pending(state, payout);
        } else {
            state.payouts.update(payout, |row| row.payments_batch_id = None);
        }
    }
    Ok(())
}

fn running(state: &State, id: PaymentsBatchId) -> Result<(), Refusal> {
    let batch = state.payments_batches.get(id).ok_or(Refusal::NotFound(Entity::PaymentsBatch))?;
    if batch.is_running() {
        return Ok(());
    }
    let problem = format!("The payments batch is {}", batch.status.name());
    Err(Refusal::wrong_state(Entity::PaymentsBatch, problem))
}

fn payouts_with(state: &State, id: PaymentsBatchId, status: PayoutStatus) -> Vec<PayoutId> {
    let payouts = state.payouts.index().by_payments_batch.of(&id);
    payouts.filter(|id| state.payouts.get(*id).is_some_and(|payout| payout.status == status)).collect()
}
