//! The outcome of the bench, for people and for programs.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Clean, Trial, steps};

/// Every trial in a line of a table, then the totals.
pub fn as_text(trials: &[Trial], clean: Option<&Clean>, took: Duration) -> String {
    let mut text = String::new();
    if !trials.is_empty() {
        let _ = writeln!(
            text,
            "{:<34} {:<10} {:<34} {:>6} {:>6} {:>7}",
            "fault", "area", "found by", "calls", "steps", "least"
        );
    }
    for trial in trials {
        text.push_str(&as_line(trial));
    }
    if !trials.is_empty() {
        let totals = Totals::of(trials);
        let _ = writeln!(
            text,
            "{} of {} faults found in {:.1} s, {} calls; {} of {} sequences shrunk to the known minimum",
            totals.found,
            trials.len(),
            took.as_secs_f64(),
            totals.calls,
            totals.least,
            totals.sequences
        );
    }
    if let Some(clean) = clean {
        for (failure, cases) in clean.findings.failures.values() {
            let identity = &failure.identity;
            let _ = writeln!(
                text,
                "FALSE ALARM {} on {}: {} ({cases} cases)\n     {}",
                identity.property, identity.operation, identity.cause, failure.message
            );
            for line in &failure.reproduction {
                let _ = writeln!(text, "     {line}");
            }
        }
        let (alarms, seconds) = (clean.findings.failures.len(), clean.took.as_secs_f64());
        let (calls, rate) = (clean.calls, clean.rate());
        let _ = writeln!(
            text,
            "clean: {calls} calls in {seconds:.1} s, {rate:.0} a second, {alarms} false alarms"
        );
    }
    text
}

/// One trial in a line of the table.
pub fn as_line(trial: &Trial) -> String {
    let number = |n: Option<usize>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let (by, calls, steps) = match &trial.found {
        Some(found) => (found.identity.property, found.calls_to_detection.to_string(), steps(found)),
        None => ("NOT FOUND", trial.calls.to_string(), None),
    };
    let (name, area) = (trial.fault.name(), trial.fault.area().name());
    let (steps, least) = (number(steps), number(trial.fault.least_steps()));
    format!("{name:<34} {area:<10} {by:<34} {calls:>6} {steps:>6} {least:>7}\n")
}

/// The same for programs.
pub fn as_json(trials: &[Trial], clean: Option<&Clean>, took: Duration) -> Value {
    let shown = |trial: &Trial| {
        json!({
            "fault": trial.fault.name(),
            "area": trial.fault.area().name(),
            "wrong": trial.fault.sentence(),
            "found": trial.found.is_some(),
            "failure": trial.found,
            "steps": trial.found.as_ref().and_then(steps),
            "least_steps": trial.fault.least_steps(),
            "calls": trial.calls,
            "seconds": trial.took.as_secs_f64(),
        })
    };
    let totals = Totals::of(trials);
    json!({
        "faults": trials.iter().map(shown).collect::<Vec<_>>(),
        "found": totals.found,
        "sequences": totals.sequences,
        "sequences_at_least_steps": totals.least,
        "seconds": took.as_secs_f64(),
        "clean": clean.map(|clean| json!({
            "calls": clean.calls,
            "seconds": clean.took.as_secs_f64(),
            "false_alarms": clean.findings.failures.values().map(|(failure, _)| failure).collect::<Vec<_>>(),
        })),
    })
}

struct Totals {
    found: usize,
    calls: u64,
    sequences: usize,
    least: usize,
}

impl Totals {
    fn of(trials: &[Trial]) -> Self {
        let lengths = || trials.iter().filter_map(Trial::lengths);
        Self {
            found: trials.iter().filter(|trial| trial.found.is_some()).count(),
            calls: trials.iter().map(|trial| trial.calls).sum(),
            sequences: lengths().count(),
            least: lengths().filter(|(steps, least)| steps <= least).count(),
        }
    }
}
