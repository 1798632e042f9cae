//! The answer of every action on `ids`.

use crate::api::operation::Call;
use crate::domain::batch::{self, Action, Batch};
use crate::domain::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::v2::view;

/// Starts `action` on the call's `ids` and answers the batch: 200 if it is over, 202 if it goes on by itself.
///
/// # Errors
/// [`Refusal::MissingParam`] without ids, [`Refusal::InvalidParam`] if one of them is no id.
pub(super) fn answer(call: &mut Call<'_>, action: Action) -> Result<Reply, Refusal> {
    let batch = start(call, action)?;
    Ok(Reply::json(status(batch), &view::batch::Batch::of(batch)))
}

/// Starts `action` on the call's `ids`.
///
/// # Errors
/// [`Refusal::MissingParam`] without ids, [`Refusal::InvalidParam`] if one of them is no id.
pub(super) fn start<'s>(call: &'s mut Call<'_>, action: Action) -> Result<&'s Batch, Refusal> {
    let ids = call.fields().required_ids("ids")?;
    let id = batch::start(call.state, call.now, action, &ids);
    Ok(call.state.batches.get(id).expect("the batch just made"))
}

/// Evidence: published v2 contract.
pub(super) fn status(batch: &Batch) -> u16 {
    if batch.is_running() { 202 } else { 200 }
}
