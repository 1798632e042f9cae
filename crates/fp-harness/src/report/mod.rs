//! What came out of a run, for people and programs.

mod github;
mod html;
mod json;
mod junit;
pub mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::baseline::Weighed;
use crate::config::Phase;
use crate::coverage::Summary;
use crate::failure::{Case, Failure};
use crate::head::Head;
use crate::promise;
use crate::run::{Outcome, Stop};

pub use text::coverage as coverage_text;

/// The forms in which a report is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// A line for each finding, property and operation, for programs that read along.
    JsonLines,
    /// For test dashboards: a suite for each phase.
    Junit,
    /// One page.
    Html,
    /// Annotations in GitHub's workflow commands.
    Github,
}

impl Form {
    /// Every form with its name on the command line.
    pub const ALL: [(&'static str, Self); 6] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("jsonl", Self::JsonLines),
        ("junit", Self::Junit),
        ("html", Self::Html),
        ("github", Self::Github),
    ];
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing failed that is not known.
    Passed,
    /// Something failed, or a known failure is no longer one.
    Failed,
    /// The target could not be tested.
    CouldNotTest,
}

impl Verdict {
    /// 0, 1 or 2.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::CouldNotTest => 2,
        }
    }
}

/// One cause of failures, told by its shortest case.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The case.
    #[serde(flatten)]
    pub failure: Failure,
    /// What the property promises.
    pub promise: &'static str,
    /// The phase that found it.
    pub phase: Option<Phase>,
    /// How many cases showed it.
    pub cases: u64,
    /// What does this one case again.
    pub replay: String,
    /// Why one lives with it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// One property on one operation.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// The phase.
    pub phase: Phase,
    /// The operation's key; empty where a property is about none in particular.
    pub operation: String,
    /// The property's code.
    pub property: &'static str,
    /// How often it was put to the test.
    pub trials: u64,
}

/// A check that could not be made.
#[derive(Clone, Debug, Serialize)]
pub struct Unjudged {
    /// The property's code.
    pub property: &'static str,
    /// Why.
    pub reason: String,
    /// How often.
    pub times: u64,
}

/// Everything that a report tells.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// How the run ended.
    pub verdict: Verdict,
    /// What it was made from.
    pub head: Head,
    /// Calls that were sent.
    pub calls: u64,
    /// Why it ended before its end, if it did.
    pub stopped: Option<String>,
    /// What failed, by cause.
    pub failures: Vec<Told>,
    /// Known failures that cover nothing or whose day is over.
    pub stale: Vec<String>,
    /// What could not be judged.
    pub not_judged: Vec<Unjudged>,
    /// What was put to the test.
    pub tested: Vec<Tested>,
    /// Records that the run made and could not remove.
    pub left_behind: Vec<String>,
    /// What of the contract was exercised.
    pub coverage: Summary,
}

impl Report {
    /// The report of a run.
    pub fn of(head: Head, outcome: &Outcome, known: &Weighed, coverage: Summary) -> Self {
        let tell = |(failure, cases): &(Failure, u64)| Told {
            promise: promise::of(failure.identity.property).map_or("", |promise| promise.promise),
            phase: failure.case.phase(),
            cases: *cases,
            replay: replay_line(&head, failure),
            known: known.excused.get(&failure.identity).cloned(),
            failure: failure.clone(),
        };
        let failures: Vec<Told> = outcome.findings.failures.values().map(tell).collect();
        let not_judged = outcome.findings.not_judged.iter().map(|((property, reason), times)| Unjudged {
            property,
            reason: reason.clone(),
            times: *times,
        });
        let fresh = failures.iter().any(|told| told.known.is_none());
        let verdict = if fresh || !known.stale.is_empty() {
            Verdict::Failed
        } else if outcome.stopped_early() {
            Verdict::CouldNotTest
        } else {
            Verdict::Passed
        };
        Self {
            verdict,
            calls: outcome.calls,
            stopped: outcome.stopped.as_ref().map(stopped),
            failures,
            stale: known.stale.clone(),
            not_judged: not_judged.collect(),
            tested: tested(outcome),
            left_behind: outcome.left_behind.clone(),
            coverage,
            head,
        }
    }

    /// The report in one of its forms, ending with a line break.
    pub fn render(&self, form: Form) -> String {
        match form {
            Form::Text => text::render(self),
            Form::Json => json::document(self),
            Form::JsonLines => json::lines(self),
            Form::Junit => junit::render(self),
            Form::Html => html::render(self),
            Form::Github => github::render(self),
        }
    }

    /// How often anything was put to the test.
    pub fn checks(&self) -> u64 {
        self.tested.iter().map(|tested| tested.trials).sum()
    }
}

fn tested(outcome: &Outcome) -> Vec<Tested> {
    let mut tested = Vec::new();
    let mut by_operation: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (phase, trials) in &outcome.trials {
        for (operation, properties) in trials {
            for (property, trials) in properties {
                *by_operation.entry(property).or_default() += trials;
                tested.push(Tested {
                    phase: *phase,
                    operation: operation.clone(),
                    property,
                    trials: *trials,
                });
            }
        }
    }
    for (property, trials) in &outcome.findings.tested {
        let rest = trials - by_operation.get(property).copied().unwrap_or_default().min(*trials);
        if rest > 0 {
            let phase = promise::of(property).map_or(Phase::Model, |promise| promise.phase);
            tested.push(Tested { phase, operation: String::new(), property, trials: rest });
        }
    }
    tested
}

fn stopped(stop: &Stop) -> String {
    match stop {
        Stop::Budget => "the budget of calls or time was used up before the end".into(),
        Stop::Interrupted => "the run was interrupted".into(),
        Stop::Unanswered => "a call had no answer".into(),
        Stop::NoAnswer(what) | Stop::Guarded(what) => format!("the run broke off: {what}"),
    }
}

/// The command that does one case again.
pub fn replay_line(head: &Head, failure: &Failure) -> String {
    let config = &head.configuration;
    let identity = &failure.identity;
    let mut line = format!(
        "fp-harness replay --seed {} --property {} --operation {}",
        config.seed,
        identity.property,
        quoted(&identity.operation)
    );
    if let Some(name) = failure.case.name() {
        line.push_str(&format!(" --case {name}"));
    }
    if let [only] = config.versions.as_slice()
        && matches!(failure.case, Case::Request { .. } | Case::Behaviour { .. })
    {
        line.push_str(&format!(" --api {only}"));
    }
    if !matches!(failure.case, Case::Sequence { .. }) {
        config.operations.iter().for_each(|part| line.push_str(&format!(" --among {}", quoted(part))));
    }
    if !config.run_id.is_empty() {
        line.push_str(&format!(" --run-id {}", config.run_id));
    }
    if head.target != "in process" {
        line.push_str(&format!(" --target {}", quoted(&head.target)));
    }
    line
}

/// For a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
pub(crate) mod tests;
