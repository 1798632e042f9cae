//! What the business wants to happen later. A transaction writes entries; when it commits they move to the
//! account's scheduler, and when it is rolled back they were never there.

use super::ids::{BatchId, CommissionId, EmailId, PaymentsBatchId};
use crate::clock::timestamp::Timestamp;

/// Something that happens by itself when its moment comes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// The next item of a batch process.
    BatchStep(BatchId),
    /// The next stage of a payments batch.
    PaymentsBatchStep(PaymentsBatchId),
    /// Ask again whether a non-monetary commission is fulfilled.
    FulfilmentCheck(CommissionId),
    /// A delayed or recurring e-mail is due.
    EmailDue(EmailId),
}

/// Entries written by the running transaction, in order.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: Vec<(Timestamp, Task)>,
}

impl Agenda {
    /// Lets `task` happen at `at`.
    pub fn add(&mut self, at: Timestamp, task: Task) {
        self.entries.push((at, task));
    }

    /// Takes out what was written, in order.
    pub fn drain(&mut self) -> Vec<(Timestamp, Task)> {
        std::mem::take(&mut self.entries)
    }

    pub(super) fn mark(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn rollback(&mut self, mark: usize) {
        self.entries.truncate(mark);
    }
}
