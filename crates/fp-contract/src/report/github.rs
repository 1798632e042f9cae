//! GitHub annotations: an error for each cause, at the line of the recording where it was seen first.

use std::fmt::Write as _;

use super::Report;
use super::escape::{annotation as data, annotation_property as property};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in report.findings.iter().filter(|finding| finding.waived.is_none()) {
        let violation = &finding.violation;
        let place = match finding.first.file.as_str() {
            "-" => String::new(),
            file => format!("file={},line={},", property(file), finding.first.line),
        };
        let title = match &violation.operation {
            Some(operation) => format!("{} in {operation}", violation.code),
            None => violation.code.to_owned(),
        };
        let more = if finding.count > 1 { format!(" (seen {} times)", finding.count) } else { String::new() };
        let text = format!("{violation}{more}");
        let _ = writeln!(out, "::error {place}title={}::{}", property(&title), data(&text));
    }
    for fault in report.stale_waivers.iter().chain(&report.unreadable) {
        let _ = writeln!(out, "::error::{}", data(fault));
    }
    for unjudged in &report.unjudged {
        let operation = unjudged.operation.as_deref().unwrap_or("no operation");
        let text = format!("{operation}: {} ({} times)", unjudged.message, unjudged.count);
        let _ = writeln!(
            out,
            "::notice title={}::{}",
            property(&format!("not judged: {}", unjudged.reason)),
            data(&text)
        );
    }
    out
}
