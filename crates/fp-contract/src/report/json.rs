//! The report for programs.

use serde_json::{Value, json};

use super::{Report, Verdict};

pub(super) fn render(report: &Report) -> String {
    let mut value = json!(report);
    let verdict = match report.verdict() {
        Verdict::Clean => "clean",
        Verdict::Violations => "violations",
        Verdict::CannotJudge => "cannot-judge",
    };
    if let Value::Object(map) = &mut value {
        map.shift_insert(0, "verdict".to_owned(), verdict.into());
    }
    format!("{value:#}\n")
}
