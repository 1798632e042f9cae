//! How a run goes on, on a terminal; nothing where standard error is none.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use fp_harness::config::Phase;
use fp_harness::run::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar for each phase.
pub struct Bar {
    bar: Mutex<ProgressBar>,
    calls: AtomicU64,
    failures: AtomicUsize,
}

impl Bar {
    /// A bar on standard error. It draws nothing where that is no terminal.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        Self { bar: Mutex::new(bar), calls: AtomicU64::new(0), failures: AtomicUsize::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.with(ProgressBar::finish_and_clear);
    }

    fn with(&self, act: impl FnOnce(&ProgressBar)) {
        act(&self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bar {
    fn begin(&self, phase: Phase, units: usize) {
        let style = ProgressStyle::with_template("{prefix:>9} [{bar:30}] {pos}/{len} {elapsed} {msg}");
        self.with(|bar| {
            bar.reset();
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_length(units as u64);
            bar.set_prefix(phase.name());
            bar.enable_steady_tick(Duration::from_millis(250));
        });
    }

    fn done(&self, calls: u64, failures: usize) {
        let calls = self.calls.fetch_add(calls, Ordering::Relaxed) + calls;
        let failures = self.failures.fetch_add(failures, Ordering::Relaxed) + failures;
        self.with(|bar| {
            bar.inc(1);
            bar.set_message(format!("{calls} calls, {failures} failures"));
        });
    }
}
