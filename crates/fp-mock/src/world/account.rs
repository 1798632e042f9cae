//! One account: a ledger behind its lock, and whatever comes due on its clock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::Options;
use super::ledger::Ledger;
use crate::clock::Clock;
use crate::scenario::Scenario;

/// A sandbox of its own: records, ids, clock and queue.
#[derive(Debug)]
pub struct Account {
    name: String,
    ledger: Mutex<Ledger>,
    /// One at a time moves the clock on; the ledger stays open for calls meanwhile.
    advancing: tokio::sync::Mutex<()>,
    /// Moves whenever something may have happened here.
    pulse: watch::Sender<u64>,
}

impl Account {
    pub(super) fn new(name: &str, scenario: &Scenario, options: &Options) -> Self {
        let ledger = Self::begin(name, scenario, options);
        Self {
            name: name.to_owned(),
            ledger: Mutex::new(ledger),
            advancing: tokio::sync::Mutex::default(),
            pulse: watch::Sender::new(0),
        }
    }

    fn begin(name: &str, scenario: &Scenario, options: &Options) -> Ledger {
        let start = options.start();
        let state = scenario.build(options.seed, name, start);
        let ledger = Ledger::new(state, Clock::new(options.clock, start), options.webhooks.clone());
        #[cfg(feature = "planted-faults")]
        let ledger = ledger.with_fault(options.planted.clone());
        ledger
    }

    /// Begins anew from another scenario, to which resets go back from then on.
    pub fn load(&self, scenario: &Scenario, options: &Options) {
        let ledger = Self::begin(&self.name, scenario, options);
        *self.lock() = ledger;
    }

    /// Its name: the `Account-ID`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ledger, for a short time: nothing is awaited while it is held.
    ///
    /// A transaction that panics rolls back and its panic is caught inside, so a poisoned lock guards a
    /// ledger in order.
    pub fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes whoever waits for something to happen here. Called after whatever may be waited for.
    pub fn stir(&self) {
        // Whoever comes to wait after this look sees for himself what has happened.
        if self.pulse.receiver_count() == 0 {
            return;
        }
        self.pulse.send_modify(|beats| *beats = beats.wrapping_add(1));
    }

    /// Changes whenever something may have happened here: whoever waits looks again then.
    pub fn pulse(&self) -> watch::Receiver<u64> {
        self.pulse.subscribe()
    }

    /// Back to the scenario's start.
    pub fn reset(&self, options: &Options) {
        self.lock().reset(Clock::new(options.clock, options.start()));
    }

    /// Waits until nobody else moves this clock, and keeps others from it.
    pub(super) async fn one_at_a_time(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.advancing.lock().await
    }
}
