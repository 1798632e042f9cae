//! Puts the harness itself to the test: mocks with one planted fault each, and one without any.
//!
//! Every fault gets the same run, which does not know what it is looking for and ends with the first failure.

mod clean;
mod show;

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub use clean::{Clean, run_clean};
pub use fp_mock::planted::Fault;
pub use show::{as_json, as_line, as_text};

use crate::config::{Config, Phase};
use crate::failure::{Case, Failure};
use crate::run::run;
use crate::target::Target;

/// What came of looking for one fault.
#[derive(Debug)]
pub struct Trial {
    /// The fault.
    pub fault: Fault,
    /// The first failure, if there was any.
    pub found: Option<Failure>,
    /// Calls of the whole run, shrinking included.
    pub calls: u64,
    /// How long the run took.
    pub took: Duration,
}

impl Trial {
    /// Steps of the shrunk sequence and the least number known, where the fault shows in sequences.
    pub fn lengths(&self) -> Option<(usize, usize)> {
        self.found.as_ref().and_then(steps).zip(self.fault.least_steps())
    }
}

/// The parts of the run that every fault gets, one after the other until something is found.
fn parts(seed: u64) -> impl Iterator<Item = Config> {
    let part = move |phase, number: u64, cases| Config {
        phases: vec![phase],
        cases,
        seed: seed.wrapping_add(number),
        budget: None,
        ..Config::short()
    };
    let sequences = move |numbers: std::ops::Range<u64>| numbers.map(move |n| part(Phase::Model, n, 1));
    let behaviour = std::iter::once(part(Phase::Behaviour, 0, 1));
    let rounds = (0..2).map(move |n| part(Phase::Contract, n, 1));
    sequences(0..6).chain(behaviour).chain(sequences(6..160)).chain(rounds)
}

/// Looks for each of `faults` in a mock of its own, `workers` at a time; the answers come in their order. `done` is
/// told of each as soon as it is over.
pub fn run_all(faults: &[Fault], seed: u64, workers: usize, done: &(dyn Fn(&Trial) + Sync)) -> Vec<Trial> {
    let next = AtomicUsize::new(0);
    let trials = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            scope.spawn(|| {
                while let Some((at, fault)) = take(&next, faults) {
                    let trial = look_for(fault, seed);
                    done(&trial);
                    trials.lock().unwrap_or_else(PoisonError::into_inner).push((at, trial));
                }
            });
        }
    });
    let mut trials = trials.into_inner().unwrap_or_else(PoisonError::into_inner);
    trials.sort_by_key(|(at, _)| *at);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

fn take(next: &AtomicUsize, faults: &[Fault]) -> Option<(usize, Fault)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    faults.get(at).map(|fault| (at, *fault))
}

/// Looks for one fault.
pub fn look_for(fault: Fault, seed: u64) -> Trial {
    look(fault, seed, parts(seed))
}

fn look(fault: Fault, seed: u64, parts: impl Iterator<Item = Config>) -> Trial {
    let began = Instant::now();
    let target = Target::of_mock(fp_mock::Mock::builder().seed(seed).planted(fault).start());
    let mut trial = Trial { fault, found: None, calls: 0, took: Duration::ZERO };
    for part in parts {
        let outcome = run(&part, &target);
        let failures = outcome.findings.failures.into_values().map(|(failure, _)| failure);
        let first = failures.min_by_key(|failure| failure.calls_to_detection);
        let before = trial.calls;
        trial.calls += outcome.calls;
        if let Some(found) = first {
            let calls_to_detection = found.calls_to_detection + before;
            trial.found = Some(Failure { calls_to_detection, ..found });
            break;
        }
    }
    Trial { took: began.elapsed(), ..trial }
}

/// Looks for one fault with one of the properties that make calls of their own.
pub fn look_with(fault: Fault, seed: u64, property: &str) -> Trial {
    let part = Config {
        phases: vec![Phase::Behaviour],
        properties: vec![property.to_owned()],
        seed,
        budget: None,
        ..Config::short()
    };
    look(fault, seed, std::iter::once(part))
}

/// How many steps the sequence of a failure has; `None` if single calls show it.
pub(crate) fn steps(failure: &Failure) -> Option<usize> {
    match &failure.case {
        Case::Sequence { steps, .. } => Some(steps.len()),
        _ => None,
    }
}
