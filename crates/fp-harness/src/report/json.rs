//! For programs: one document, or a line for each thing.

use serde::Serialize;
use serde_json::{Value, json};

use super::Report;

/// Everything as one document.
pub(super) fn document(report: &Report) -> String {
    format!("{:#}\n", json!(report))
}

/// A line each: the head, failures, what was tested, what was not judged, coverage by operation, the end.
pub(super) fn lines(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, "head", &report.head);
    report.failures.iter().for_each(|failure| line(&mut out, "failure", failure));
    report.tested.iter().for_each(|tested| line(&mut out, "property", tested));
    report.not_judged.iter().for_each(|unjudged| line(&mut out, "not_judged", unjudged));
    report.stale.iter().for_each(|entry| line(&mut out, "stale", &json!({ "entry": entry })));
    report.left_behind.iter().for_each(|record| line(&mut out, "left_behind", &json!({ "record": record })));
    report.coverage.by_operation.iter().for_each(|operation| line(&mut out, "coverage", operation));
    let end = json!({ "verdict": report.verdict, "calls": report.calls, "stopped": report.stopped });
    line(&mut out, "end", &end);
    out
}

fn line(out: &mut String, kind: &str, what: &impl Serialize) {
    let mut value = json!(what);
    if let Value::Object(members) = &mut value {
        members.shift_insert(0, "line".to_owned(), kind.into());
    }
    out.push_str(&value.to_string());
    out.push('\n');
}
