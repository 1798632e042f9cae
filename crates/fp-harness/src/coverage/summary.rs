//! Coverage as numbers and as the list of what was not exercised, each with the reason.

use serde::Serialize;

use super::points::{Declared, Tree};
use super::{Coverage, Exercised, declared};
use crate::config::{Config, Phase};
use crate::generate::Blueprint;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Exercised.
    pub exercised: usize,
    /// Declared.
    pub declared: usize,
}

impl Part {
    fn add(&mut self, exercised: bool) {
        self.exercised += usize::from(exercised);
        self.declared += 1;
    }

    fn join(&mut self, other: Self) {
        self.exercised += other.exercised;
        self.declared += other.declared;
    }
}

/// Something that the contract declares and the run did not exercise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Uncovered {
    /// `status 409`, `parameter page`, `request /body/email format`, `reply 200 /data/*/email nullable`.
    pub what: String,
    /// Why not.
    pub reason: &'static str,
}

/// One operation's coverage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationSummary {
    /// Its key.
    pub operation: String,
    /// How often it was called.
    pub calls: u64,
    /// Its statuses.
    pub statuses: Part,
    /// Its parameters.
    pub parameters: Part,
    /// Schema keywords of its request body, in requests that keep the contract.
    pub request_keywords: Part,
    /// Schema keywords of its replies.
    pub reply_keywords: Part,
    /// Different things that were wrong with its requests, on purpose.
    pub faults: usize,
    /// What was not exercised.
    pub uncovered: Vec<Uncovered>,
}

/// The whole contract's coverage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Operations that were called.
    pub operations: Part,
    /// Statuses.
    pub statuses: Part,
    /// Parameters in query and path.
    pub parameters: Part,
    /// Schema keywords of request bodies.
    pub request_keywords: Part,
    /// Schema keywords of replies.
    pub reply_keywords: Part,
    /// Different things that were wrong with requests, on purpose.
    pub faults: usize,
    /// Each operation.
    pub by_operation: Vec<OperationSummary>,
}

/// Sums up what a run covered. `may_write` tells whether it could change anything at its target.
pub fn summarise(coverage: &Coverage, config: &Config, may_write: bool) -> Summary {
    let blueprints = Blueprint::all(fp_contract::Contract::corrected());
    let mut summary = Summary::default();
    for (index, (declared, blueprint)) in declared().iter().zip(&blueprints).enumerate() {
        let none = Exercised::default();
        let exercised = coverage.of(index).unwrap_or(&none);
        let circumstances = Circumstances {
            wanted: config.wants_operation(&blueprint.operation),
            generated: config.wants_phase(Phase::Contract),
            writable: declared.is_read || may_write,
        };
        let one = of_operation(declared, exercised, circumstances);
        summary.operations.add(one.calls > 0);
        summary.statuses.join(one.statuses);
        summary.parameters.join(one.parameters);
        summary.request_keywords.join(one.request_keywords);
        summary.reply_keywords.join(one.reply_keywords);
        summary.faults += one.faults;
        summary.by_operation.push(one);
    }
    summary
}

/// What decides whether an operation could be exercised at all.
#[derive(Clone, Copy)]
struct Circumstances {
    wanted: bool,
    generated: bool,
    writable: bool,
}

impl Circumstances {
    /// Why an operation was not called.
    fn reason(self) -> Option<&'static str> {
        match self {
            Self { wanted: false, .. } => Some("the operation is filtered out"),
            Self { writable: false, .. } => Some("it changes records, and nothing may be changed there"),
            Self { generated: false, .. } => Some("no phase that calls every operation was run"),
            _ => None,
        }
    }
}

fn of_operation(declared: &Declared, exercised: &Exercised, at: Circumstances) -> OperationSummary {
    let calls = exercised.statuses.values().sum();
    let uncalled = (calls == 0).then(|| at.reason().unwrap_or("the run ended before its turn"));
    let done = exercised.statuses.keys().any(|status| (200..300).contains(status));
    let mut uncovered = Vec::new();
    let (mut statuses, mut parameters) = (Part::default(), Part::default());
    for (status, _) in &declared.replies {
        let came = exercised.statuses.keys().any(|came| stands_for(declared, status, *came));
        statuses.add(came);
        if !came {
            let reason = uncalled.unwrap_or_else(|| why_no_status(status, declared, at));
            uncovered.push(Uncovered { what: format!("status {status}"), reason });
        }
    }
    for (number, (name, _)) in declared.parameters.iter().enumerate() {
        let sent = exercised.parameters.get(number).copied().unwrap_or(false);
        parameters.add(sent);
        if !sent {
            let reason = uncalled.or(at.reason()).unwrap_or("no case had it: more cases would");
            uncovered.push(Uncovered { what: format!("parameter {name}"), reason });
        }
    }
    let because = uncalled.or(at.reason()).unwrap_or("no case had it: more cases would");
    let request_keywords =
        declared.body.as_ref().map(|tree| points("request", tree, &exercised.body, because, &mut uncovered));
    let mut reply_keywords = Part::default();
    for (number, (status, tree)) in declared.replies.iter().enumerate() {
        let Some(tree) = tree else { continue };
        let marks = exercised.replies.get(&number).map_or(&[][..], Vec::as_slice);
        let reason = match uncalled {
            Some(reason) => reason,
            None if marks.is_empty() && !done && declared.names_a_record => {
                "no record is known to call it with"
            }
            None if marks.is_empty() => "the status did not come",
            None => "no record that was answered shows it",
        };
        reply_keywords.join(points(&format!("reply {status}"), tree, marks, reason, &mut uncovered));
    }
    OperationSummary {
        operation: declared.operation.clone(),
        calls,
        statuses,
        parameters,
        request_keywords: request_keywords.unwrap_or_default(),
        reply_keywords,
        faults: exercised.faults.len(),
        uncovered,
    }
}

fn points(kind: &str, tree: &Tree, marks: &[bool], reason: &'static str, into: &mut Vec<Uncovered>) -> Part {
    let mut part = Part::default();
    for (number, (place, keyword)) in tree.points().iter().enumerate() {
        let touched = marks.get(number).copied().unwrap_or(false);
        part.add(touched);
        if !touched {
            into.push(Uncovered { what: format!("{kind} {place} {keyword}"), reason });
        }
    }
    part
}

/// Whether a status that came is the declared one, or one of its class that is not declared itself.
fn stands_for(declared: &Declared, status: &str, came: u16) -> bool {
    declared.reply(came).is_some_and(|(_, (known, _))| known == status)
}

/// Why a declared status did not come although the operation was called.
fn why_no_status(status: &str, declared: &Declared, at: Circumstances) -> &'static str {
    match status {
        "401" => "only calls without a key provoke it: the phase behaviour",
        "403" => "it takes a key with fewer rights",
        "429" => "it takes more calls than the service allows, which the run avoids",
        "202" => "it takes more records at once than a case names",
        "204" => "no case met its condition",
        _ if status.starts_with('5') => "it cannot be provoked from outside",
        _ if status.starts_with('2') && declared.names_a_record => "no record is known to call it with",
        _ if !at.writable => "it changes records, and nothing may be changed there",
        _ => "no case provoked it",
    }
}
