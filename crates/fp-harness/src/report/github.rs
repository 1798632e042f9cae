//! GitHub annotations: an error for each cause.

use std::fmt::Write as _;

use fp_contract::report::escape::{annotation, annotation_property};

use super::Report;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for told in &report.failures {
        let identity = &told.failure.identity;
        let title = annotation_property(&format!("{} on {}", identity.property, identity.operation));
        let mut text = format!("{}: {}\n", identity.cause, told.failure.message);
        for line in &told.failure.reproduction {
            let _ = writeln!(text, "{line}");
        }
        let level = match &told.known {
            Some(reason) => {
                let _ = write!(text, "known: {reason}");
                "notice"
            }
            None => {
                let _ = write!(text, "again: {}", told.replay);
                "error"
            }
        };
        let _ = writeln!(out, "::{level} title={title}::{}", annotation(&text));
    }
    for entry in &report.stale {
        let _ = writeln!(out, "::error title=a known failure no longer holds::{}", annotation(entry));
    }
    for record in &report.left_behind {
        let _ = writeln!(out, "::warning title=left behind at the target::{}", annotation(record));
    }
    if let Some(stopped) = &report.stopped {
        let _ = writeln!(out, "::warning title=fp-harness::{}", annotation(stopped));
    }
    out
}
