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

use crate::client::{Interrupt, Limits};
use crate::config::{Config, Phase};
use crate::coverage::Coverage;
use crate::failure::{Findings, Trials};
use crate::generate::Blueprint;
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
    /// How many calls were sent.
    pub calls: u64,
    /// Why it ended before its end, if it did.
    pub stopped: Option<Stop>,
}

impl Outcome {
    /// 0 passed, 1 failures, 2 could not test.
    pub fn exit_status(&self) -> u8 {
        match (&self.stopped, self.findings.failures.is_empty()) {
            (_, false) => 1,
            (Some(Stop::NoAnswer(_) | Stop::Interrupted), true) => 2,
            (_, true) => 0,
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
    let limits = Limits {
        rate_per_minute: config.rate_per_minute,
        budget: config.budget,
        until: config.time.map(|time| Instant::now() + time),
    };
    let line = Arc::new(Line::new(limits, interrupt.clone()));
    let blueprints = Blueprint::all(fp_contract::Contract::corrected());
    let crew = Crew { config, target, line: &line, blueprints: &blueprints, progress };
    let mut outcome = Outcome::default();
    for phase in Phase::ALL.into_iter().filter(|phase| config.wants_phase(*phase)) {
        crew.work(phase, &mut outcome);
        if outcome.stopped.is_some() {
            break;
        }
    }
    outcome
}
