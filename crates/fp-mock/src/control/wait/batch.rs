//! Waiting for a batch process to come so far.

use serde::Deserialize;
use serde_json::Value;

use super::{Awaited, Look, nearest};
use crate::control::desk::Sandbox;
use crate::control::reply::{Problem, read_value};
use crate::domain::batch::{self, BatchStatus};
use crate::wire::v2::view;
use crate::world::Account;

const HINT: &str = "send {\"for\": \"batch\", \"match\": {\"id\": 101, \"status\": \"completed\"}}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    id: Option<u64>,
    status: Option<String>,
    action_label: Option<String>,
}

/// A batch process with these properties; without a status, one that is over.
pub(super) struct Batch {
    id: Option<u64>,
    status: Option<BatchStatus>,
    label: Option<String>,
}

impl Batch {
    pub(super) fn read(wanted: &Value) -> Result<Self, Problem> {
        let wanted: Wanted = read_value(wanted, HINT)?;
        let status = wanted.status.map(|name| {
            let known = BatchStatus::ALL.iter().map(|status| status.name()).collect::<Vec<_>>().join(", ");
            let problem = || Problem::bad_request(format!("a batch is {known}, never {name}"), HINT);
            BatchStatus::named(&name).ok_or_else(problem)
        });
        Ok(Self { id: wanted.id, status: status.transpose()?, label: wanted.action_label })
    }

    fn differences(&self, batch: &batch::Batch) -> Vec<String> {
        let mut differences = Vec::new();
        if let Some(id) = self.id.filter(|id| *id != batch.id.number()) {
            differences.push(format!("id: expected {id}, found {}", batch.id));
        }
        let found = batch.status.name();
        match self.status {
            Some(status) if status != batch.status => {
                differences.push(format!("status: expected {}, found {found}", status.name()));
            }
            None if batch.is_running() => differences.push(format!("status: expected an end, found {found}")),
            _ => {}
        }
        let found = batch.action.label();
        if let Some(label) = self.label.as_deref().filter(|label| *label != found) {
            differences.push(format!("action_label: expected {label}, found {found}"));
        }
        differences
    }
}

impl Awaited for Batch {
    fn look(&self, account: &Account, _sandbox: &Sandbox) -> Look {
        let ledger = account.lock();
        let shown = |batch| serde_json::to_value(view::batch::Batch::of(batch)).unwrap_or_default();
        let newest_first = || ledger.state.batches.iter().rev();
        match newest_first().find(|batch| self.differences(batch).is_empty()) {
            Some(batch) => Look::Arrived(shown(batch)),
            None => Look::Nearest(nearest(newest_first().map(|b| (self.differences(b), shown(b))))),
        }
    }
}
