//! For people: by cause, not by case.

use std::fmt::Write;

use crate::run::{Outcome, Stop};

/// The whole report.
pub fn show(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (failure, cases) in outcome.findings.failures.values() {
        let flaky = if failure.confirmed.is_flaky() {
            format!(", flaky: {} of {}", failure.confirmed.times, failure.confirmed.of)
        } else {
            String::new()
        };
        let identity = &failure.identity;
        let _ = writeln!(
            text,
            "FAIL {} on {}: {} ({cases} cases{flaky})",
            identity.property, identity.operation, identity.cause
        );
        let _ = writeln!(text, "     {}", failure.message);
        for line in &failure.reproduction {
            let _ = writeln!(text, "     {line}");
        }
        let _ = writeln!(
            text,
            "     seed {:#x}, first seen after {} calls",
            failure.seed, failure.calls_to_detection
        );
    }
    for ((property, reason), times) in &outcome.findings.not_judged {
        let _ = writeln!(text, "not judged {times} times: {property}: {reason}");
    }
    match &outcome.stopped {
        Some(Stop::Budget) => text.push_str("the budget was used up before the end\n"),
        Some(Stop::NoAnswer(what)) => {
            let _ = writeln!(text, "the run broke off: {what}");
        }
        Some(Stop::Interrupted) => text.push_str("the run was interrupted\n"),
        Some(Stop::Guarded(_)) | None => {}
    }
    let trials: u64 = outcome.findings.tested.values().sum();
    let failures = outcome.findings.failures.len();
    let _ = writeln!(text, "{} calls, {trials} checks, {failures} failures", outcome.calls);
    text
}
