//! What many judgements come to: findings counted by cause, and the forms in which they are told.

pub mod escape;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::{Judgement, Outcome};
use crate::violation::{Side, Violation};
use crate::waiver::Waiver;

/// Causes that are kept apart; further ones are counted only.
const MOST_CAUSES: usize = 10_000;

/// Where something was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sighting {
    /// The recording's name as it was given; `-` for standard input.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

/// One cause of violations, told by its first sighting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The first violation of this cause.
    pub violation: Violation,
    /// How often it was seen.
    pub count: u64,
    /// Where it was seen first.
    pub first: Sighting,
    /// The reason of the waiver that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
}

/// A reason why something was not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudged {
    /// The operation concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Permanent name of the reason.
    pub reason: &'static str,
    /// The reason in words.
    pub message: String,
    /// How often it came up.
    pub count: u64,
}

/// Exchanges by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Judged, nothing wrong.
    pub conform: u64,
    /// Something wrong.
    pub violate: u64,
    /// Nothing wrong, but a part was not judged.
    pub not_judged: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.conform + self.violate + self.not_judged
    }

    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Conforms => self.conform += 1,
            Outcome::Violates => self.violate += 1,
            Outcome::NotJudged => self.not_judged += 1,
        }
    }
}

/// Operation, side, code, pointer with `*` for indexes.
type Cause = (Option<String>, Side, &'static str, String);

/// Judgements added up. Its size depends on the number of causes, not of exchanges.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Counts,
    operations: BTreeMap<String, Counts>,
    findings: BTreeMap<Cause, Finding>,
    unjudged: BTreeMap<(Option<String>, &'static str, String), u64>,
    uncounted_causes: u64,
    unreadable: Vec<String>,
    mask: bool,
}

impl Tally {
    /// An empty tally; with `mask`, no value of a message is kept.
    #[must_use]
    pub fn new(mask: bool) -> Tally {
        Tally { mask, ..Tally::default() }
    }

    /// Adds a judgement; violations whose cause was not seen before come back.
    pub fn add(&mut self, judgement: Judgement, sighting: &Sighting) -> Vec<Violation> {
        let outcome = judgement.outcome();
        self.counts.add(outcome);
        if let Some(operation) = &judgement.operation {
            self.operations.entry(operation.clone()).or_default().add(outcome);
        }
        let violations = judgement.violations.into_iter();
        let new = violations.filter_map(|violation| self.add_violation(violation, sighting)).collect();
        for skipped in judgement.not_judged {
            let key = (judgement.operation.clone(), skipped.reason, skipped.message);
            if self.unjudged.len() < MOST_CAUSES || self.unjudged.contains_key(&key) {
                *self.unjudged.entry(key).or_default() += 1;
            } else {
                self.uncounted_causes += 1;
            }
        }
        new
    }

    fn add_violation(&mut self, violation: Violation, sighting: &Sighting) -> Option<Violation> {
        let cause = (
            violation.operation.clone(),
            violation.side,
            violation.code,
            without_indexes(&violation.pointer),
        );
        if let Some(finding) = self.findings.get_mut(&cause) {
            finding.count += 1;
        } else if self.findings.len() < MOST_CAUSES {
            let violation = if self.mask { violation.masked() } else { violation };
            let first = sighting.clone();
            let finding = Finding { violation: violation.clone(), count: 1, first, waived: None };
            self.findings.insert(cause, finding);
            return Some(violation);
        } else {
            self.uncounted_causes += 1;
        }
        None
    }

    /// Notes a part of a recording that could not be read.
    pub fn add_unreadable(&mut self, message: String) {
        if self.unreadable.len() < 1_000 {
            self.unreadable.push(message);
        }
    }

    /// Ends the tally. Waivers that are unused or expired on `today` (`2026-04-01`) fail it.
    #[must_use]
    pub fn finish(self, waivers: &[Waiver], today: &str) -> Report {
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        let mut stale = Vec::new();
        for waiver in waivers {
            let expired = waiver.is_expired(today);
            let mut used = false;
            for finding in findings.iter_mut().filter(|finding| waiver.covers(&finding.violation)) {
                used = true;
                if !expired {
                    finding.waived = Some(waiver.reason.clone());
                }
            }
            let what = format!("the waiver of {} at {} on {}", waiver.code, waiver.pointer, waiver.operation);
            if expired {
                stale.push(format!("{what} (line {}) expired on {}", waiver.line, waiver.expires));
            } else if !used {
                stale.push(format!("{what} (line {}) covers nothing: remove it", waiver.line));
            }
        }
        let unjudged = self
            .unjudged
            .into_iter()
            .map(|((operation, reason, message), count)| Unjudged { operation, reason, message, count })
            .collect();
        Report {
            counts: self.counts,
            operations: self.operations,
            findings,
            unjudged,
            stale_waivers: stale,
            unreadable: self.unreadable,
            uncounted_causes: self.uncounted_causes,
        }
    }
}

/// `/body/0/id` and `/body/7/id` have one cause.
fn without_indexes(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps: Vec<&str> = pointer.split('/').map(|step| if is_index(step) { "*" } else { step }).collect();
    steps.join("/")
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing wrong that is not waived.
    Clean,
    /// Violations, or waivers that no longer hold.
    Violations,
    /// A recording could not be read, or nothing in it could be judged.
    CannotJudge,
}

impl Verdict {
    /// 0, 1 or 2.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Clean => 0,
            Verdict::Violations => 1,
            Verdict::CannotJudge => 2,
        }
    }
}

/// A finished tally.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Exchanges and payloads by outcome.
    pub counts: Counts,
    /// The same for each operation.
    pub operations: BTreeMap<String, Counts>,
    /// Every cause, by operation, side, code and pointer.
    pub findings: Vec<Finding>,
    /// What was not judged, and why.
    pub unjudged: Vec<Unjudged>,
    /// Waivers that are unused or expired.
    pub stale_waivers: Vec<String>,
    /// Parts of recordings that could not be read.
    pub unreadable: Vec<String>,
    /// Causes beyond the most that are kept.
    pub uncounted_causes: u64,
}

/// The forms in which a report is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// For test dashboards: a suite for each operation.
    Junit,
    /// Annotations in GitHub's workflow commands.
    Github,
    /// Static analysis results, located in the documents.
    Sarif,
}

impl Report {
    /// How the run ended. Violations weigh more than what could not be read.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.findings.iter().any(|finding| finding.waived.is_none()) || !self.stale_waivers.is_empty() {
            Verdict::Violations
        } else if !self.unreadable.is_empty() || self.counts.conform + self.counts.violate == 0 {
            Verdict::CannotJudge
        } else {
            Verdict::Clean
        }
    }

    /// The report in one of its forms, ending with a line break.
    #[must_use]
    pub fn render(&self, form: Form) -> String {
        match form {
            Form::Text => text::render(self),
            Form::Json => json::render(self),
            Form::Junit => junit::render(self),
            Form::Github => github::render(self),
            Form::Sarif => sarif::render(self),
        }
    }
}

#[cfg(test)]
mod tests;
