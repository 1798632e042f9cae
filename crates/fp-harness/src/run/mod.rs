//! A run: its phases over one target, and what came out.

mod behaviour_phase;
mod contract_phase;
mod model_phase;
mod session;

use std::time::Instant;

pub use session::{Session, Stop};

use crate::client::Limits;
use crate::config::{Config, Phase};
use crate::failure::Findings;
use crate::target::Target;

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was found.
    pub findings: Findings,
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
            (Some(Stop::NoAnswer(_)), true) => 2,
            (_, true) => 0,
        }
    }
}

/// Runs every wanted phase against a target.
pub fn run(config: &Config, target: &Target) -> Outcome {
    let limits = Limits {
        rate_per_minute: config.rate_per_minute,
        budget: config.budget,
        until: config.time.map(|time| Instant::now() + time),
    };
    let mut session = Session::new(config, target, limits);
    let mut stopped = None;
    for phase in Phase::ALL.into_iter().filter(|phase| config.phases.contains(phase)) {
        let ended = match phase {
            Phase::Contract => contract_phase::run(&mut session),
            Phase::Behaviour => behaviour_phase::run(&mut session),
            Phase::Model => model_phase::run(&mut session),
        };
        if let Err(stop) = ended {
            stopped = Some(stop);
            break;
        }
    }
    let calls = session.calls();
    Outcome { findings: session.into_findings(), calls, stopped }
}
