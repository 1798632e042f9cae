//! `/snapshots`: keeping an account's whole state in memory, and going back to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::desk::Desk;
use super::reply::{Answer, Problem, ok, with_status};
use crate::world::Kept;

/// States of one account that were kept, by number from 1. They outlive resets.
#[derive(Debug, Default)]
pub struct Snapshots {
    kept: BTreeMap<u64, Arc<Kept>>,
    issued: u64,
}

impl Snapshots {
    /// Keeps one more and answers its number.
    pub fn add(&mut self, kept: Kept) -> u64 {
        self.issued += 1;
        self.kept.insert(self.issued, Arc::new(kept));
        self.issued
    }

    /// The one of this number.
    pub fn find(&self, id: u64) -> Option<Arc<Kept>> {
        self.kept.get(&id).map(Arc::clone)
    }
}

fn shown(id: u64, account: &str, kept: &Kept) -> Value {
    json!({ "id": id.to_string(), "account": account, "now": kept.at() })
}

/// `GET /snapshots`: those of the named account, else of the default one.
pub fn list(call: &Call) -> Answer {
    let account = call.account();
    let sandbox = call.desk.sandbox(account.name());
    let snapshots = sandbox.snapshots();
    let all = snapshots.kept.iter().map(|(id, kept)| shown(*id, account.name(), kept));
    ok(&json!({ "snapshots": all.collect::<Vec<_>>() }))
}

/// `POST /snapshots`: keeps the account as it is.
pub fn keep(call: &Call) -> Answer {
    let account = call.account();
    let kept = account.lock().keep();
    let (at, sandbox) = (kept.at(), call.desk.sandbox(account.name()));
    let id = sandbox.snapshots().add(kept);
    with_status(StatusCode::CREATED, &json!({ "id": id.to_string(), "account": account.name(), "now": at }))
}

/// `POST /snapshots/{id}/restore`: records, deliveries, queue and clock as they were. Journal and faults stay.
pub fn restore(call: &Call) -> Answer {
    let id = call.path(0);
    let account = call.account();
    let kept = find(&call.desk, account.name(), id)?;
    account.lock().restore(&kept);
    call.world().plan(&account);
    ok(&json!({ "id": id, "account": account.name(), "now": kept.at() }))
}

/// `DELETE /snapshots/{id}`: forgets one.
pub fn forget(call: &Call) -> Answer {
    let id = call.path(0);
    let account = call.account();
    find(&call.desk, account.name(), id)?;
    let sandbox = call.desk.sandbox(account.name());
    sandbox.snapshots().kept.retain(|known, _| known.to_string() != id);
    ok(&json!({}))
}

fn find(desk: &Desk, account: &str, id: &str) -> Result<Arc<Kept>, Problem> {
    let found = id.parse().ok().and_then(|id| desk.sandbox(account).snapshots().find(id));
    found.ok_or_else(|| {
        let message = format!("account {account} has no snapshot {id}");
        Problem::not_found(message, "POST /__admin/snapshots with the same Account-ID makes one")
    })
}
