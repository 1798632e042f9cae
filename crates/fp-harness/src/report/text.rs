//! For people: by cause, not by case.

use std::fmt::Write;

use super::{Report, Told};
use crate::baseline::Weighed;
use crate::config::Config;
use crate::coverage::{Part, Summary};
use crate::failure::Case;
use crate::head::Head;
use crate::run::Outcome;

/// The outcome of a short run in words: what tests show when it failed.
pub fn show(outcome: &Outcome) -> String {
    let head = Head::of(&Config::short(), "in process");
    render(&Report::of(head, outcome, &Weighed::default(), Summary::default()))
}

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    head(&mut out, &report.head);
    let (known, fresh): (Vec<&Told>, Vec<&Told>) =
        report.failures.iter().partition(|told| told.known.is_some());
    for (number, told) in (1..).zip(&report.failures) {
        if told.known.is_none() {
            tell(&mut out, number, told);
        }
    }
    section(
        &mut out,
        "known failures",
        known.iter().map(|told| {
            let identity = &told.failure.identity;
            let reason = told.known.as_deref().unwrap_or_default();
            format!(
                "{} on {}: {}{}: {reason}",
                identity.property,
                identity.operation,
                identity.cause,
                cases(told.cases)
            )
        }),
    );
    section(&mut out, "known failures that no longer hold", report.stale.iter().cloned());
    section(
        &mut out,
        "not judged",
        report
            .not_judged
            .iter()
            .map(|unjudged| format!("{}: {}{}", unjudged.property, unjudged.reason, times(unjudged.times))),
    );
    section(&mut out, "left behind at the target", report.left_behind.iter().cloned());
    let _ = writeln!(out);
    if let Some(stopped) = &report.stopped {
        let _ = writeln!(out, "{stopped}");
    }
    let _ = writeln!(
        out,
        "{} calls, {} checks, {} failures{}",
        report.calls,
        report.checks(),
        fresh.len(),
        if known.is_empty() { String::new() } else { format!(", {} known", known.len()) }
    );
    totals(&mut out, &report.coverage);
    out
}

fn head(out: &mut String, head: &Head) {
    let config = &head.configuration;
    let phases: Vec<&str> = config.phases.iter().map(|phase| phase.name()).collect();
    let _ = writeln!(
        out,
        "fp-harness {}: {}, seed {}, {} cases, {}",
        head.harness,
        head.target,
        config.seed,
        config.cases,
        phases.join(", ")
    );
    for document in &head.documents {
        let start = document.sha256.get(..12).unwrap_or(&document.sha256);
        let _ = writeln!(out, "{} {start}", document.document);
    }
}

fn tell(out: &mut String, number: usize, told: &Told) {
    let failure = &told.failure;
    let identity = &failure.identity;
    let _ = writeln!(out, "\n{number}. {} on {}: {}", identity.property, identity.operation, identity.cause);
    let _ = writeln!(out, "   promised: {}", told.promise);
    let _ = writeln!(out, "   {}", failure.message.replace('\n', "\n   "));
    match &failure.case {
        Case::Request { fault: Some(fault), .. } => {
            let _ = writeln!(out, "   the one fault of the request: {fault}");
        }
        Case::Request { fault: None, .. } => {
            let _ = writeln!(out, "   the request was made without a fault");
        }
        Case::Sequence { steps, shrunk, .. } => {
            let how = if *shrunk { "the fewest that show it" } else { "not cut down" };
            let _ = writeln!(out, "   {} steps, {how}", steps.len());
        }
        Case::Behaviour { .. } | Case::Other => {}
    }
    for line in &failure.reproduction {
        let _ = writeln!(out, "     {line}");
    }
    let confirmed = failure.confirmed;
    let flaky = if confirmed.is_flaky() {
        format!(", FLAKY: showed {} of {} times", confirmed.times, confirmed.of)
    } else if confirmed.of > 1 {
        format!(", confirmed {} of {} times", confirmed.times, confirmed.of)
    } else {
        String::new()
    };
    let _ = writeln!(
        out,
        "   seen in {} case{}{flaky}, first after {} calls",
        told.cases,
        if told.cases == 1 { "" } else { "s" },
        failure.calls_to_detection
    );
    let _ = writeln!(out, "   again: {}", told.replay);
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "\n{title}");
        lines.for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
}

fn cases(count: u64) -> String {
    if count == 1 { String::new() } else { format!(" ({count} cases)") }
}

fn times(count: u64) -> String {
    if count == 1 { String::new() } else { format!(" ({count} times)") }
}

fn part(part: Part, what: &str) -> String {
    format!("{} of {} {what}", part.exercised, part.declared)
}

fn totals(out: &mut String, coverage: &Summary) {
    let parts = [
        part(coverage.operations, "operations"),
        part(coverage.statuses, "statuses"),
        part(coverage.parameters, "parameters"),
        part(coverage.request_keywords, "keywords of requests"),
        part(coverage.reply_keywords, "keywords of replies"),
    ];
    let _ = writeln!(out, "covered: {}; {} different faults", parts.join(", "), coverage.faults);
}

/// The contract's coverage, operation by operation, and what was not exercised with the reason.
pub fn coverage(coverage: &Summary) -> String {
    let mut out = String::new();
    for one in &coverage.by_operation {
        let _ = writeln!(
            out,
            "{}: {} calls, {}, {}, {}, {}, {} faults",
            one.operation,
            one.calls,
            part(one.statuses, "statuses"),
            part(one.parameters, "parameters"),
            part(one.request_keywords, "of the request"),
            part(one.reply_keywords, "of the replies"),
            one.faults
        );
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for uncovered in &one.uncovered {
            match reasons.iter_mut().find(|(reason, _)| *reason == uncovered.reason) {
                Some((_, what)) => what.push(&uncovered.what),
                None => reasons.push((uncovered.reason, vec![&uncovered.what])),
            }
        }
        for (reason, what) in reasons {
            let _ = writeln!(out, "  not exercised, {reason}: {}", what.join("; "));
        }
    }
    totals(&mut out, coverage);
    out
}
