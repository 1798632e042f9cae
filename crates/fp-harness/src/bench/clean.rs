//! A mock without a fault: whatever is found there is a false alarm.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::failure::Findings;
use crate::run::run;
use crate::target::Target;

/// What came of attacking a mock without a fault.
#[derive(Debug)]
pub struct Clean {
    /// Calls in all.
    pub calls: u64,
    /// How long they took.
    pub took: Duration,
    /// What was found, all of it false.
    pub findings: Findings,
}

impl Clean {
    /// Calls a second.
    pub fn rate(&self) -> f64 {
        self.calls as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }
}

/// Sequences and rounds of generated calls for each mock.
const CASES: u32 = 10;

/// Makes at least `calls` calls of clean mocks, each worker one mock after another, every mock with another seed.
pub fn run_clean(calls: u64, seed: u64, workers: usize) -> Clean {
    let (made, next, began) = (AtomicU64::new(0), AtomicU64::new(seed), Instant::now());
    let findings = Mutex::new(Findings::default());
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            scope.spawn(|| {
                while made.load(Ordering::Relaxed) < calls {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let left = calls.saturating_sub(made.load(Ordering::Relaxed));
                    let config = Config { cases: CASES, seed, budget: Some(left), ..Config::short() };
                    let outcome = run(&config, &Target::in_process(seed));
                    made.fetch_add(outcome.calls, Ordering::Relaxed);
                    findings.lock().unwrap_or_else(PoisonError::into_inner).merge(outcome.findings);
                }
            });
        }
    });
    let findings = findings.into_inner().unwrap_or_else(PoisonError::into_inner);
    Clean { calls: made.into_inner(), took: began.elapsed(), findings }
}
