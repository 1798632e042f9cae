//! What one account consists of, and the transaction through which everything changes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use super::lanes::{Identity, Lanes};
use crate::clock::Clock;
use crate::clock::scheduler::Scheduler;
use crate::clock::timestamp::Timestamp;
use crate::domain::agenda::Task;
use crate::domain::batch;
use crate::domain::email;
use crate::domain::ids::DeliveryId;
use crate::domain::payments_batch;
use crate::domain::refusal::Refusal;
use crate::domain::state::{Changes, State};
use crate::webhooks::Settings;
use crate::webhooks::attempt::{self, Prepared};
use crate::webhooks::delivery::{Attempt, Lane, Outgoing};
use crate::webhooks::inbox::Inboxes;
use crate::webhooks::store::Store;
use crate::webhooks::{fan_out, legacy};

/// Something that is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Job {
    /// What the business put on its agenda.
    Task(Task),
    /// A delivery is to be tried.
    Deliver(DeliveryId),
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

impl Ran {
    /// What was done since the count stood at `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            batch_steps: self.batch_steps.saturating_sub(earlier.batch_steps),
            payments_batch_steps: self.payments_batch_steps.saturating_sub(earlier.payments_batch_steps),
            fulfilment_checks: self.fulfilment_checks.saturating_sub(earlier.fulfilment_checks),
            emails: self.emails.saturating_sub(earlier.emails),
            deliveries: self.deliveries.saturating_sub(earlier.deliveries),
        }
    }
}

/// Why a transaction left no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The business said no.
    Refused(Refusal),
    /// A mistake of ours, in a sentence.
    Bug(String),
}

/// What came of looking for something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Something was done; there may be more.
    Went,
    /// Deliveries wait in a lane that nobody works on yet.
    Lane(Lane),
    /// Nothing more is due at this moment, and deliveries of this moment are under way.
    Wait,
    /// Nothing more is due.
    Over,
}

/// State, clock and queue of one account; lives under its lock.
#[derive(Debug)]
pub struct Ledger {
    /// The records.
    pub state: State,
    /// Webhook subscriptions and deliveries.
    pub webhooks: Store,
    /// What is due later.
    pub scheduler: Scheduler<Job>,
    /// Deliveries under way.
    pub lanes: Lanes,
    /// The account's clock.
    pub clock: Clock,
    /// Built-in receivers of webhooks.
    pub inboxes: Inboxes,
    /// What was done by itself so far.
    pub ran: Ran,
    pristine: Arc<State>,
    /// What the account does wrong on purpose.
    #[cfg(feature = "planted-faults")]
    planted: Option<Arc<crate::planted::Planted>>,
}

impl Ledger {
    /// An account that starts from `pristine`.
    pub fn new(mut pristine: State, clock: Clock, settings: Settings) -> Self {
        pristine.commit();
        let state = pristine.clone();
        let mut ledger = Self {
            webhooks: Store::new(&state.ids, settings),
            state,
            scheduler: Scheduler::default(),
            lanes: Lanes::default(),
            clock,
            inboxes: Inboxes::default(),
            ran: Ran::default(),
            pristine: Arc::new(pristine),
            #[cfg(feature = "planted-faults")]
            planted: None,
        };
        ledger.take_agenda();
        ledger
    }

    /// Back to the start, with a clock that begins anew. Deliveries under way belong to nobody from now on.
    pub fn reset(&mut self, clock: Clock) {
        self.state = State::clone(&self.pristine);
        self.webhooks = Store::new(&self.state.ids, self.webhooks.settings.clone());
        self.scheduler = Scheduler::default();
        self.lanes = Lanes::default();
        self.clock = clock;
        self.inboxes = Inboxes::default();
        self.ran = Ran::default();
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
        self.transact_with(|state, _, now| work(state, now))
    }

    /// The same for work that touches subscriptions or deliveries too.
    ///
    /// # Errors
    /// [`Failure::Refused`] if the business says no, [`Failure::Bug`] if `work` panics.
    pub fn transact_with<T>(
        &mut self,
        work: impl FnOnce(&mut State, &mut Store, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Failure> {
        let (mut work, mut result) = (Some(work), None);
        self.run(&mut |state, webhooks, now| {
            result = work.take().map(|work| work(state, webhooks, now)).transpose()?;
            Ok(())
        })?;
        Ok(result.expect("work that went well was done"))
    }

    /// One piece of code for transactions of all kinds.
    fn run(
        &mut self,
        work: &mut dyn FnMut(&mut State, &mut Store, Timestamp) -> Result<(), Refusal>,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let (state, webhooks) = (self.state.savepoint(), self.webhooks.savepoint());
        // Most calls only look: then there is nothing to follow up.
        let mut changes = None;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            work(&mut self.state, &mut self.webhooks, now)?;
            #[cfg(feature = "planted-faults")]
            if let Some(planted) = &self.planted {
                planted.before_commit(&mut self.state);
            }
            let changes: Option<&Changes> = match self.state.is_unchanged() {
                true => None,
                false => Some(changes.insert(self.state.changes())),
            };
            if let Some(changes) = changes {
                self.follow_up(changes, now);
            }
            #[cfg(feature = "planted-faults")]
            if let Some(planted) = &self.planted {
                planted.on_deliveries(changes.unwrap_or(&Changes::default()), &mut self.webhooks, now);
            }
            Ok(())
        }));
        let failure = match outcome {
            Ok(Ok(())) => {
                if let Some(changes) = changes {
                    self.state.commit_changes(&changes);
                }
                self.webhooks.commit();
                self.take_agenda();
                return Ok(());
            }
            Ok(Err(refusal)) => Failure::Refused(refusal),
            Err(panic) => Failure::Bug(sentence(panic.as_ref())),
        };
        self.state.rollback(state);
        self.webhooks.rollback(webhooks);
        Err(failure)
    }

    /// Webhooks and e-mails that follow from what a transaction did.
    fn follow_up(&mut self, changes: &Changes, now: Timestamp) {
        fan_out::tell(&mut self.state, changes, &mut self.webhooks, now);
        for (at, due) in email::occasions(&self.state, changes, now) {
            self.state.agenda.add(at, Task::EmailDue(due));
        }
    }

    /// Everything on the agenda becomes due.
    fn take_agenda(&mut self) {
        for (at, task) in self.state.agenda.drain() {
            self.scheduler.add(at, Job::Task(task));
        }
        for (at, delivery) in self.webhooks.drain_agenda() {
            self.scheduler.add(at, Job::Deliver(delivery));
        }
    }

    /// The machine's moment at which something is due here; `None` if nothing ever is by itself.
    pub fn next_wake(&self) -> Option<Instant> {
        self.clock.reaches(self.scheduler.next_due()?)
    }

    /// Does the next thing that is due by `until`. The clock moves on to a later moment only when everything
    /// of the present one has happened, deliveries included.
    pub fn turn(&mut self, until: Timestamp) -> Turn {
        let ready = if self.lanes.is_idle() { until } else { until.min(self.clock.now()) };
        match self.scheduler.pop_due(ready) {
            Some((at, job)) => {
                self.clock.advance_to(at);
                // On a machine that is late with it, it is dated as it was due all the same.
                let before = self.clock.hold(at);
                let turn = self.do_job(&job);
                self.clock.let_go(before);
                turn
            }
            None if self.lanes.is_idle() => Turn::Over,
            None => Turn::Wait,
        }
    }

    /// A turn of a clock that is moved to `to`: it shows that when nothing more is due.
    pub fn turn_to(&mut self, to: Timestamp) -> Turn {
        let turn = self.turn(to);
        if turn == Turn::Over {
            self.clock.advance_to(to);
        }
        turn
    }

    fn do_job(&mut self, job: &Job) -> Turn {
        match job {
            Job::Task(task) => self.run_task(task),
            Job::Deliver(id) => {
                let Some(lane) = self.webhooks.deliveries.get(*id).map(|delivery| delivery.lane) else {
                    return Turn::Went;
                };
                if self.lanes.enter(lane, *id) {
                    return Turn::Lane(lane);
                }
            }
        }
        Turn::Went
    }

    /// The next request of a lane. Without one the lane is done, as it is when
    /// these are no longer the lanes it was opened in.
    pub fn next_request(&mut self, lane: Lane, of: &Identity) -> Option<Outgoing> {
        if !self.lanes.is(of) {
            return None;
        }
        while let Some(id) = self.lanes.next(lane) {
            let now = self.clock.now();
            match attempt::prepare(&self.state, &self.webhooks, now, id) {
                Prepared::Send(request) => {
                    let delivery = self.webhooks.deliveries.get(id)?;
                    let (event, number) = (Arc::clone(&delivery.event), delivery.tries.len() + 1);
                    let is_new = number == 1 && delivery.fixed.is_none();
                    let outgoing = Outgoing { delivery: id, event, number, is_new, at: now, request };
                    #[cfg(feature = "planted-faults")]
                    let outgoing = self.with_planted(outgoing);
                    return Some(outgoing);
                }
                Prepared::Leave => {}
                Prepared::Withdraw(reason) => {
                    attempt::withdraw(&mut self.webhooks, id, reason);
                    self.webhooks.commit();
                }
            }
        }
        None
    }

    /// The same account with something wrong on purpose.
    #[cfg(feature = "planted-faults")]
    #[must_use]
    pub fn with_fault(self, planted: Option<Arc<crate::planted::Planted>>) -> Self {
        Self { planted, ..self }
    }

    #[cfg(feature = "planted-faults")]
    fn with_planted(&self, mut outgoing: Outgoing) -> Outgoing {
        if let Some(planted) = &self.planted {
            planted.on_sending(&self.webhooks, &mut outgoing);
        }
        outgoing
    }

    /// Writes down what came of a request, unless the account was reset meanwhile, and answers when it is sent
    /// again, if it is.
    pub fn record(&mut self, id: DeliveryId, attempt: Attempt, of: &Identity) -> Option<Timestamp> {
        if !self.lanes.is(of) {
            return None;
        }
        self.ran.deliveries += 1;
        #[cfg(feature = "planted-faults")]
        let planted = self.planted.clone();
        let outcome = self.transact_with(|state, webhooks, now| {
            attempt::record(state, webhooks, now, id, attempt);
            #[cfg(feature = "planted-faults")]
            if let Some(planted) = &planted {
                planted.after_attempt(webhooks, now, id);
            }
            Ok(())
        });
        if let Err(failure) = outcome {
            tracing::error!(%id, ?failure, "an attempt could not be recorded");
        }
        self.webhooks.deliveries.get(id)?.due
    }

    /// Does what the business put on its agenda.
    fn run_task(&mut self, task: &Task) {
        match task {
            Task::BatchStep(_) => self.ran.batch_steps += 1,
            Task::PaymentsBatchStep(_) => self.ran.payments_batch_steps += 1,
            Task::FulfilmentCheck(_) => self.ran.fulfilment_checks += 1,
            Task::EmailDue(_) | Task::EmailRound { .. } => self.ran.emails += 1,
        }
        let outcome = self.transact_with(|state, webhooks, now| {
            match task {
                Task::BatchStep(id) => batch::step_by_itself(state, now, *id),
                Task::PaymentsBatchStep(id) => payments_batch::step_by_itself(state, now, *id),
                Task::FulfilmentCheck(id) => legacy::ask_again(state, webhooks, now, *id),
                Task::EmailDue(due) => email::dispatch(state, now, due),
                Task::EmailRound { email_id, edition } => {
                    email::run_round(state, now, *email_id, *edition)?;
                }
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
