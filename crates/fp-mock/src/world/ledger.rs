//! What one account consists of, and the transaction through which everything changes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::clock::Clock;
use crate::clock::scheduler::Scheduler;
use crate::clock::timestamp::Timestamp;
use crate::domain::agenda::Task;
use crate::domain::batch;
use crate::domain::payments_batch;
use crate::domain::refusal::Refusal;
use crate::domain::state::{Changes, State};

/// Something that is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// What the business put on its agenda.
    Task(Task),
}

/// How many things of each kind were done while the clock moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ran {
    /// Steps of batch processes.
    pub batch_steps: u64,
    /// Stages of payments batches.
    pub payments_batch_steps: u64,
    /// Checks whether a non-monetary commission is fulfilled.
    pub fulfilment_checks: u64,
    /// E-mails that were due.
    pub emails: u64,
    /// Webhook deliveries tried.
    pub deliveries: u64,
}

/// Why a transaction left no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The business said no.
    Refused(Refusal),
    /// A mistake of ours, in a sentence.
    Bug(String),
}

/// State, clock and queue of one account; lives under its lock.
#[derive(Debug)]
pub struct Ledger {
    /// The records.
    pub state: State,
    /// What is due later.
    pub scheduler: Scheduler<Job>,
    /// The account's clock.
    pub clock: Clock,
    pristine: Arc<State>,
}

impl Ledger {
    /// An account that starts from `pristine`.
    pub fn new(mut pristine: State, clock: Clock) -> Self {
        pristine.commit();
        let mut state = pristine.clone();
        let mut ledger = Self {
            scheduler: Scheduler::default(),
            clock,
            pristine: Arc::new(pristine),
            state: {
                state.commit();
                state
            },
        };
        ledger.take_agenda();
        ledger
    }

    /// Back to the start, with a clock that begins anew.
    pub fn reset(&mut self, clock: Clock) {
        self.state = State::clone(&self.pristine);
        self.scheduler = Scheduler::default();
        self.clock = clock;
        self.take_agenda();
    }

    /// Runs `work` as one transaction at the account's present moment: all of it happens, or none.
    ///
    /// # Errors
    /// [`Failure::Refused`] if the business says no, [`Failure::Bug`] if `work` panics.
    pub fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut State, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        let now = self.clock.now();
        let savepoint = self.state.savepoint();
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut self.state, now)));
        match outcome {
            Ok(Ok(result)) => {
                let changes = self.state.commit();
                self.fan_out(&changes, now);
                Ok(result)
            }
            Ok(Err(refusal)) => {
                self.state.rollback(savepoint);
                Err(Failure::Refused(refusal))
            }
            Err(panic) => {
                self.state.rollback(savepoint);
                Err(Failure::Bug(sentence(panic.as_ref())))
            }
        }
    }

    /// What a committed transaction leads to: everything on its agenda becomes due.
    fn fan_out(&mut self, _changes: &Changes, _now: Timestamp) {
        self.take_agenda();
    }

    fn take_agenda(&mut self) {
        for (at, task) in self.state.agenda.drain() {
            self.scheduler.add(at, Job::Task(task));
        }
    }

    /// The machine's moment at which something is due here; `None` if nothing ever is by itself.
    pub fn next_wake(&self) -> Option<Instant> {
        self.clock.reaches(self.scheduler.next_due()?)
    }

    /// Takes the first job that is due by `until` and moves the clock to its moment.
    pub fn next_job(&mut self, until: Timestamp) -> Option<Job> {
        let (at, job) = self.scheduler.pop_due(until)?;
        self.clock.advance_to(at);
        Some(job)
    }

    /// Does what the business put on its agenda.
    pub fn run_task(&mut self, task: &Task, ran: &mut Ran) {
        match task {
            Task::BatchStep(_) => ran.batch_steps += 1,
            Task::PaymentsBatchStep(_) => ran.payments_batch_steps += 1,
            Task::FulfilmentCheck(_) => ran.fulfilment_checks += 1,
            Task::EmailDue(_) => ran.emails += 1,
        }
        let outcome = self.transact(|state, now| {
            match task {
                Task::BatchStep(id) => batch::step_by_itself(state, now, *id),
                Task::PaymentsBatchStep(id) => payments_batch::step_by_itself(state, now, *id),
                Task::FulfilmentCheck(_) | Task::EmailDue(_) => {}
            }
            Ok(())
        });
        if let Err(failure) = outcome {
            tracing::error!(?task, ?failure, "a task of the agenda failed");
        }
    }
}

/// What a panic says.
fn sentence(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a bug without a sentence".into())
}
