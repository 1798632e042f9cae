//! What the business wants to happen later. A transaction writes entries; when it commits they move to the
//! account's scheduler, and when it is rolled back they were never there.

use super::email::Dispatch;
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
    /// An e-mail that something triggered is due.
    EmailDue(Dispatch),
    /// A round of an e-mail that goes out by the calendar, or when nothing happens.
    EmailRound {
        /// The e-mail.
        email_id: EmailId,
        /// What it was when the round was planned.
        edition: u32,
    },
}

/// What the running transaction wants to happen later, and whether promoters hear of it.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: Vec<(Timestamp, Task)>,
    sends_no_emails: bool,
}

/// A point to which an agenda can go back.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    entries: usize,
    sends_no_emails: bool,
}

impl Agenda {
    /// Lets `task` happen at `at`.
    pub fn add(&mut self, at: Timestamp, task: Task) {
        self.entries.push((at, task));
    }

    /// Lets the running transaction trigger no e-mail, whatever it changes.
    ///
    /// Evidence: published v2 tracking document (`skip_email_notification`), published v2 commissions document
    /// (`notify_promoter`).
    pub fn send_no_emails(&mut self) {
        self.sends_no_emails = true;
    }

    /// Whether the running transaction triggers no e-mail.
    pub fn sends_no_emails(&self) -> bool {
        self.sends_no_emails
    }

    /// Takes out what was written, in order; the next transaction triggers e-mails again.
    pub fn drain(&mut self) -> Vec<(Timestamp, Task)> {
        self.sends_no_emails = false;
        std::mem::take(&mut self.entries)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { entries: self.entries.len(), sends_no_emails: self.sends_no_emails }
    }

    pub(super) fn rollback(&mut self, mark: Mark) {
        self.entries.truncate(mark.entries);
        self.sends_no_emails = mark.sends_no_emails;
    }
}
