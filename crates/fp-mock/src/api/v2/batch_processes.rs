//! `/company/batch_processes`: actions that go on in the background.

use std::collections::BTreeMap;

use crate::api::operation::{Call, Route, routes};
use crate::domain::batch::{Batch, BatchStatus};
use crate::domain::ids::BatchId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v2::view;

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/batch_processes" => list,
    Get "/company/batch_processes/{id}" => show,
    Get "/company/batch_processes/progress" => progress,
];

/// Evidence: service behaviour notes (without a filter, what is in progress); counting pending ones among
/// them, and the newest first, are chosen.
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (page, wanted) = (Page::read(&call.fields())?, wanted(call)?);
    let views: Vec<_> = page.of(matching(call.state, &wanted)).map(view::batch::Batch::of).collect();
    Ok(Reply::ok(&views))
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::BatchProcess)?;
    let batch = call.state.batches.get(id).ok_or(Refusal::NotFound(Entity::BatchProcess))?;
    Ok(Reply::ok(&view::batch::Batch::of(batch)))
}

/// Evidence: published v2 contract (a map of id to whole per cents).
fn progress(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let wanted = wanted(call)?;
    let map: BTreeMap<BatchId, u64> =
        matching(call.state, &wanted).map(|batch| (batch.id, batch.progress_percent())).collect();
    Ok(Reply::ok(&map))
}

fn wanted(call: &Call<'_>) -> Result<Vec<BatchStatus>, Refusal> {
    let filters = call.fields().nested("filters")?;
    let names = filters.texts("status")?;
    if names.is_empty() {
        return Ok(vec![BatchStatus::Pending, BatchStatus::InProgress]);
    }
    let named = |name: &String| BatchStatus::named(name);
    let statuses: Option<Vec<_>> = names.iter().map(named).collect();
    let known = BatchStatus::ALL.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ");
    statuses.ok_or_else(|| filters.invalid("status", format!("one or more of {known}")))
}

/// The newest first.
fn matching<'a>(state: &'a State, wanted: &[BatchStatus]) -> impl Iterator<Item = &'a Batch> {
    state.batches.index().by_status.newest(wanted).filter_map(|id| state.batches.get(id))
}
