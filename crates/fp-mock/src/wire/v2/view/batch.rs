//! Batch processes as v2 shows them.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::timestamp::Timestamp;
use crate::domain::batch::{self, ItemProblem};
use crate::domain::ids::BatchId;
use crate::wire::v2::error;

/// A batch process, bare.
#[derive(Debug, Serialize)]
pub struct Batch {
    id: BatchId,
    status: &'static str,
    total: usize,
    selected_total: usize,
    processed_count: usize,
    failed_count: usize,
    action_label: &'static str,
    created_at: Timestamp,
    updated_at: Timestamp,
    meta: Map<String, Value>,
    progress: Progress,
    processing_errors: Vec<String>,
}

/// Whole per cents, or for payout generation a fraction of one.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Progress {
    Percent(u64),
    Fraction(f64),
}

impl Batch {
    /// Shows a batch. `processed_count` counts the ids that were tried, failed ones included.
    ///
    /// Evidence: published v2 contract; what the counts include and the text of the errors are chosen.
    pub fn of(batch: &batch::Batch) -> Self {
        Self::with(batch, Progress::Percent(batch.progress_percent()))
    }

    /// Shows a batch as the call that generates payouts answers it: its progress is 0 to 1.
    ///
    /// Evidence: published v2 commissions document.
    pub fn of_payout_generation(batch: &batch::Batch) -> Self {
        Self::with(batch, Progress::Fraction(batch.progress_percent() as f64 / 100.0))
    }

    fn with(batch: &batch::Batch, progress: Progress) -> Self {
        Self {
            id: batch.id,
            status: batch.status.name(),
            total: batch.ids.len(),
            selected_total: batch.selected_total,
            processed_count: batch.tried,
            failed_count: batch.failures.len(),
            action_label: batch.action.label(),
            created_at: batch.created_at,
            updated_at: batch.updated_at,
            meta: Map::new(),
            progress,
            processing_errors: batch.failures.iter().map(problem).collect(),
        }
    }
}

fn problem(failure: &batch::ItemFailure) -> String {
    match &failure.why {
        ItemProblem::Injected(text) => format!("{}: {text}", failure.id),
        ItemProblem::Refused(refusal) => format!("{}: {}", failure.id, error::message(refusal)),
    }
}
