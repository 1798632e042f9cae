//! A run: its phases over one target, and what came out.
//!
//! A phase is made of [`Unit`]s. On a mock each has an account of its own and nothing that a unit finds depends on
//! another, so they run side by side. Elsewhere there is one account, and one unit follows the other.

mod behaviour_phase;
mod contract_phase;
mod model_phase;
mod session;
mod unit;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

pub use session::{Session, Stop};
pub use unit::Unit;

use crate::client::{Client, Interrupt, Limits, Tape};
use crate::config::{Config, Phase};
use crate::coverage::Coverage;
use crate::failure::{Findings, Trials};
use crate::generate::Blueprint;
use crate::guard::{Guard, Made, tidy_up};
use crate::line::Line;
use crate::target::Target;
use worker::Crew;

/// What a run came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was found.
    pub findings: Findings,
    /// How often each property was put to the test on each operation, by phase.
    pub trials: BTreeMap<Phase, Trials>,
    /// What of the contract was exercised.
    pub coverage: Coverage,
    /// What the run made at a real account.
    pub made: Made,
    /// Records that the run made and could not remove.
    pub left_behind: Vec<String>,
    /// How many calls were sent.
    pub calls: u64,
    /// How many of them by which phase.
    pub calls_of: BTreeMap<Phase, u64>,
    /// How many of them to remove what was made.
    pub tidying: u64,
    /// Why it ended before its end, if it did.
    pub stopped: Option<Stop>,
}

impl Outcome {
    /// Whether the target could not be tested to the end: a budget that was used up is an end.
    pub fn stopped_early(&self) -> bool {
        matches!(self.stopped, Some(Stop::NoAnswer(_) | Stop::Interrupted))
    }

    /// 0 passed, 1 failures, 2 could not test.
    pub fn exit_status(&self) -> u8 {
        match (self.findings.failures.is_empty(), self.stopped_early()) {
            (false, _) => 1,
            (true, true) => 2,
            (true, false) => 0,
        }
    }
}

/// Is told how a run goes on.
pub trait Progress: Sync {
    /// A phase of so many units begins.
    fn begin(&self, phase: Phase, units: usize);
    /// A unit is done: so many calls it took, so many failures it found.
    fn done(&self, calls: u64, failures: usize);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&self, _: Phase, _: usize) {}
    fn done(&self, _: u64, _: usize) {}
}

/// Runs every wanted phase against a target.
pub fn run(config: &Config, target: &Target) -> Outcome {
    run_watched(config, target, &Interrupt::default(), &Unwatched)
}

/// The same, telling `progress` how it goes on, until `interrupt` asks it to end.
pub fn run_watched(
    config: &Config,
    target: &Target,
    interrupt: &Interrupt,
    progress: &dyn Progress,
) -> Outcome {
    let wanted = Phase::ALL.into_iter().filter(|phase| config.wants_phase(*phase));
    let parts = wanted.map(|phase| (phase, Unit::of(phase, config, target))).collect();
    run_parts(config, target, interrupt, progress, parts)
}

/// Runs only some units, phase by phase.
pub fn run_parts(
    config: &Config,
    target: &Target,
    interrupt: &Interrupt,
    progress: &dyn Progress,
    parts: Vec<(Phase, Vec<Unit>)>,
) -> Outcome {
    let limits = Limits {
        rate_per_minute: config.rate_per_minute,
        budget: config.budget,
        until: config.time.map(|time| Instant::now() + time),
    };
    let guard =
        (!target.is_this_machine()).then(|| Arc::new(Guard::new(config.namespace(), config.allow_writes)));
    let line = |limits: Limits| {
        let line = Line::new(limits, interrupt.clone());
        match &guard {
            Some(guard) => line.guarded(Arc::clone(guard)),
            None => line,
        }
    };
    let tidying = Limits { budget: None, until: None, ..limits };
    let line_of_run = Arc::new(line(limits));
    let blueprints = Blueprint::all(fp_contract::Contract::corrected());
    let crew = Crew { config, target, line: &line_of_run, blueprints: &blueprints, progress };
    let mut outcome = Outcome::default();
    for (phase, units) in parts {
        crew.work(phase, &units, &mut outcome);
        if outcome.stopped.is_some() {
            break;
        }
    }
    if let Some(guard) = guard.as_deref().filter(|_| config.allow_writes) {
        let tape = Tape::with_budget(None);
        let client = Client::on(target, Arc::new(line(tidying).patient()), Arc::clone(&tape));
        outcome.made = guard.made().clone();
        outcome.left_behind = tidy_up(&client, guard);
        outcome.tidying = tape.sent();
        outcome.calls += outcome.tidying;
    }
    outcome
}
