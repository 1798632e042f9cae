//! Payments batches: seeing them, which the API cannot, and steering them.

use serde::Deserialize;
use serde_json::json;

use super::call::Call;
use super::reply::{Answer, Named, Problem, ok, read};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::PaymentsBatchId;
use crate::domain::payments_batch;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state;
use crate::wire::v2::error;
use crate::wire::v2::view::payments_batch::PaymentsBatch;
use crate::world::{Failure, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    error: String,
}

/// `GET /payments_batches`: all of them, newest first.
pub fn list(call: &Call) -> Answer {
    let account = call.account();
    let ledger = account.lock();
    let state = &ledger.state;
    let batches: Vec<_> =
        state.payments_batches.iter().rev().map(|row| PaymentsBatch::of(state, row)).collect();
    ok(&json!({ "payments_batches": batches }))
}

/// `GET /payments_batches/{id}`.
pub fn show(call: &Call) -> Answer {
    let id = call.path(0);
    let batch_id = read_id(id)?;
    let account = call.account();
    let ledger = account.lock();
    let row = ledger.state.payments_batches.get(batch_id).ok_or_else(|| no_batch(id))?;
    ok(&PaymentsBatch::of(&ledger.state, row))
}

/// `POST /payments_batches/{id}/step`: the next stage, now. Answers the batch as it then stands.
pub fn step(call: &Call) -> Answer {
    let id = call.path(0);
    act(call.world(), &call.named, id, payments_batch::step)
}

/// `POST /payments_batches/{id}/fail`: it fails, and with it every payout of it that is not paid.
pub fn fail(call: &Call) -> Answer {
    let id = call.path(0);
    let Failing { error } = read(&call.body, "send {\"error\": \"the bank refused\"}")?;
    act(call.world(), &call.named, id, |state, now, id| payments_batch::fail(state, now, id, &error))
}

/// `DELETE /payments_batches/{id}`: it goes; its payouts stay, those not paid return to pending.
pub fn delete(call: &Call) -> Answer {
    let id = call.path(0);
    act(call.world(), &call.named, id, |state, _, id| payments_batch::delete(state, id))
}

/// Does something to a payments batch and answers it as it then stands, null if it is gone.
fn act(
    world: &World,
    named: &Named,
    id: &str,
    work: impl FnOnce(&mut state::State, Timestamp, PaymentsBatchId) -> Result<(), Refusal>,
) -> Answer {
    let batch_id = read_id(id)?;
    let account = named.account(world);
    let outcome = account.lock().transact(|state, now| {
        work(state, now, batch_id)?;
        let row = state.payments_batches.get(batch_id);
        Ok(json!(row.map(|row| PaymentsBatch::of(state, row))))
    });
    world.plan(&account);
    match outcome {
        Ok(view) => ok(&view),
        Err(Failure::Refused(Refusal::NotFound(Entity::PaymentsBatch))) => Err(no_batch(id)),
        Err(Failure::Refused(refusal)) => {
            Err(Problem::refused(error::message(&refusal), "GET /__admin/payments_batches shows them"))
        }
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}

fn read_id(id: &str) -> Result<PaymentsBatchId, Problem> {
    id.parse().map(PaymentsBatchId::new).map_err(|_| no_batch(id))
}

fn no_batch(id: &str) -> Problem {
    let hint = "POST /api/v2/company/payouts/create_payments_batch makes one";
    Problem::not_found(format!("there is no payments batch {id}"), hint)
}
