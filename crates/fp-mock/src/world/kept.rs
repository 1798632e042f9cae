//! Keeping an account as it is at a moment, and going back to that.

use super::lanes::Lanes;
use super::ledger::{Job, Ledger};
use crate::clock::Clock;
use crate::clock::Mode;
use crate::clock::scheduler::Scheduler;
use crate::clock::timestamp::Timestamp;
use crate::domain::state::State;
use crate::webhooks::inbox::Inboxes;
use crate::webhooks::store::Store;

/// An account's records, subscriptions, deliveries, inboxes, queue and clock at one moment.
#[derive(Clone, Debug)]
pub struct Kept {
    state: State,
    webhooks: Store,
    inboxes: Inboxes,
    tasks: Scheduler<Job>,
    at: Timestamp,
    mode: Mode,
}

impl Kept {
    /// What the account's clock showed.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl Ledger {
    /// Keeps everything as it is now.
    pub fn keep(&self) -> Kept {
        let mut tasks = self.scheduler.clone();
        // Deliveries are due by what the store says: one that is under way right now is in no queue.
        tasks.retain(|job| matches!(job, Job::Task(_)));
        Kept {
            state: self.state.clone(),
            webhooks: self.webhooks.clone(),
            inboxes: self.inboxes.clone(),
            tasks,
            at: self.clock.now(),
            mode: self.clock.mode(),
        }
    }

    /// Goes back to what was kept: the clock too. Deliveries under way belong to nobody from now on; those
    /// that were open then are due again.
    pub fn restore(&mut self, kept: &Kept) {
        self.state = kept.state.clone();
        self.webhooks = kept.webhooks.clone();
        self.inboxes = kept.inboxes.clone();
        self.scheduler = kept.tasks.clone();
        self.lanes = Lanes::default();
        self.clock = Clock::new(kept.mode, kept.at);
        for (at, delivery) in self.webhooks.open() {
            self.scheduler.add(at, Job::Deliver(delivery));
        }
    }
}
