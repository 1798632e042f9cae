//! Workers share a phase's units out among themselves, always in the same way, and put together what they found
//! in the units' order: which of them was faster makes no difference.

use std::sync::Arc;

use super::session::{Session, Stop, reset};
use super::{Outcome, Progress, Unit, model_phase};
use crate::client::{Client, Tape};
use crate::config::{Config, Phase};
use crate::coverage::Coverage;
use crate::failure::{Confirmed, Findings};
use crate::generate::Blueprint;
use crate::line::Line;
use crate::target::{Kind, Target};

/// Everybody who works on a run, and what they share.
pub(super) struct Crew<'r> {
    pub(super) config: &'r Config,
    pub(super) target: &'r Target,
    pub(super) line: &'r Arc<Line>,
    pub(super) blueprints: &'r [Blueprint],
    pub(super) progress: &'r dyn Progress,
}

/// What a unit came to.
struct Done {
    findings: Findings,
    coverage: Coverage,
    calls: u64,
    stopped: Option<Stop>,
}

/// Something to be done in a session of its own.
type Task<'t> = &'t (dyn Fn(&mut Session<'_>) -> Result<(), Stop> + Sync);

impl Crew<'_> {
    /// Does a phase and adds what came out to `outcome`.
    pub(super) fn work(&self, phase: Phase, units: &[Unit], outcome: &mut Outcome) {
        self.progress.begin(phase, units.len());
        let mut found = Outcome::default();
        let account = |at: usize| units[at].account(self.config);
        self.share_out(
            units.len(),
            outcome.calls,
            &account,
            &|at, session| units[at].perform(session),
            &mut found,
        );
        if phase == Phase::Model {
            self.cut_down(outcome.calls, &mut found);
        } else if self.target.kind() == Kind::Mock {
            self.confirm(units, &mut found);
        }
        let trials = std::mem::take(&mut found.findings.trials);
        outcome.trials.insert(phase, trials);
        found.findings.after_calls(outcome.calls);
        outcome.findings.merge(found.findings);
        outcome.coverage.merge(found.coverage);
        outcome.calls += found.calls;
        *outcome.calls_of.entry(phase).or_default() += found.calls;
        outcome.stopped = found.stopped;
    }

    /// Cuts down the sequences that show a failure, each once. At a mock that does not count against the budget: a
    /// failure that cannot be read is no good, and calls cost nothing there.
    fn cut_down(&self, calls_before: u64, found: &mut Outcome) {
        let long: Vec<_> = found.findings.failures.values().map(|(failure, _)| failure.clone()).collect();
        if long.is_empty() {
            return;
        }
        let account = |at: usize| format!("{}shrink-{at}", self.config.namespace());
        let mut short = Outcome::default();
        let spent = if self.target.gives_accounts() { 0 } else { calls_before + found.calls };
        self.share_out(
            long.len(),
            spent,
            &account,
            &|at, session| model_phase::cut_down(session, &long[at]),
            &mut short,
        );
        found.calls += short.calls;
        for (failure, _) in short.findings.failures.into_values() {
            if let Some((known, _)) = found.findings.failures.get_mut(&failure.identity) {
                *known = failure;
            }
        }
    }

    /// Does every unit that found something once more, and notes which failures showed again. In this process that
    /// would tell nothing: there the same calls have the same answers.
    fn confirm(&self, units: &[Unit], found: &mut Outcome) {
        let failures = &mut found.findings.failures;
        let cases: Vec<_> = failures.values().map(|(failure, _)| failure.case.clone()).collect();
        let again: Vec<&Unit> =
            units.iter().filter(|unit| cases.iter().any(|case| unit.makes(case))).collect();
        if again.is_empty() {
            return;
        }
        let account = |at: usize| again[at].account(self.config);
        let mut seen = Outcome::default();
        self.share_out(again.len(), 0, &account, &|at, session| again[at].perform(session), &mut seen);
        found.calls += seen.calls;
        if seen.stopped.is_some() {
            // What was not done again says nothing.
            return;
        }
        for (identity, (failure, _)) in failures {
            if failure.confirmed == Confirmed::ONCE {
                let shows = seen.findings.failures.contains_key(identity);
                failure.confirmed = Confirmed { times: 1 + u32::from(shows), of: 2 };
            }
        }
    }

    /// Lets the workers do `count` things: worker `w` of `n` does the `w`th, the `w + n`th and so on.
    fn share_out(
        &self,
        count: usize,
        calls_before: u64,
        account: &(dyn Fn(usize) -> String + Sync),
        task: &(dyn Fn(usize, &mut Session<'_>) -> Result<(), Stop> + Sync),
        into: &mut Outcome,
    ) {
        let workers =
            if self.target.gives_accounts() { self.config.workers.clamp(1, count.max(1)) } else { 1 };
        let left = self.config.budget.map(|budget| budget.saturating_sub(calls_before));
        let share =
            |worker: u64| left.map(|left| left / workers as u64 + u64::from(worker < left % workers as u64));
        let mut done: Vec<(usize, Done)> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..workers)
                .map(|worker| {
                    let places = (worker..count).step_by(workers);
                    let mut share = share(worker as u64);
                    scope.spawn(move || {
                        let mut done = Vec::new();
                        for at in places {
                            let one = self.perform(share, &account(at), &|session| task(at, session));
                            share = share.map(|share| share.saturating_sub(one.calls));
                            let stopped = one.stopped.is_some();
                            done.push((at, one));
                            if stopped {
                                break;
                            }
                        }
                        done
                    })
                })
                .collect();
            hands.into_iter().flat_map(|hand| hand.join().expect("a worker does not panic")).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        for (_, mut one) in done {
            one.findings.after_calls(into.calls);
            into.findings.merge(one.findings);
            into.coverage.merge(one.coverage);
            into.calls += one.calls;
            into.stopped = into.stopped.take().or(one.stopped);
        }
    }

    /// Does one thing, in an account of its own where there are such.
    fn perform(&self, budget: Option<u64>, account: &str, task: Task<'_>) -> Done {
        let tape = Tape::with_budget(budget);
        let own = self.target.as_account(account);
        let target = own.as_ref().unwrap_or(self.target);
        let client = Client::on(target, Arc::clone(self.line), Arc::clone(&tape));
        let mut session = Session::new(self.config, client, self.blueprints);
        let ended = reset(&session.client).and_then(|()| task(&mut session));
        let stopped = match ended {
            Ok(()) | Err(Stop::Unanswered) => None,
            Err(Stop::Guarded(reason)) => {
                session.findings().skip("safe_on_real_accounts", reason);
                None
            }
            Err(stop) => Some(stop),
        };
        let findings = session.into_findings();
        self.progress.done(tape.sent(), findings.failures.len());
        Done { findings, coverage: tape.take_coverage(), calls: tape.sent(), stopped }
    }
}
