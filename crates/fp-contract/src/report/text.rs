//! The report for people.

use std::fmt::Write as _;

use super::{Finding, Report};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut operation = None;
    for finding in report.findings.iter().filter(|finding| finding.waived.is_none()) {
        if operation != Some(&finding.violation.operation) {
            operation = Some(&finding.violation.operation);
            let name = finding.violation.operation.as_deref().unwrap_or("no operation");
            let _ = writeln!(out, "{}{name}", if out.is_empty() { "" } else { "\n" });
        }
        tell(&mut out, finding);
    }
    section(
        &mut out,
        "not judged",
        report.unjudged.iter().map(|unjudged| {
            let operation = unjudged.operation.as_deref().map(|name| format!("{name}: ")).unwrap_or_default();
            format!("{operation}{} ({}){}", unjudged.message, unjudged.reason, times(unjudged.count))
        }),
    );
    section(&mut out, "not readable", report.unreadable.iter().cloned());
    section(&mut out, "waivers that no longer hold", report.stale_waivers.iter().cloned());
    let waived = report.findings.iter().filter(|finding| finding.waived.is_some());
    section(
        &mut out,
        "waived",
        waived.map(|finding| {
            let reason = finding.waived.as_deref().unwrap_or_default();
            format!("{}{}: {reason}", headline(finding), times(finding.count))
        }),
    );
    if report.uncounted_causes > 0 {
        let _ = writeln!(out, "\nand {} more of other causes", report.uncounted_causes);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let counts = &report.counts;
    let _ = writeln!(
        out,
        "{} judged: {} conform, {} violate, {} not judged in part",
        counts.total(),
        counts.conform,
        counts.violate,
        counts.not_judged
    );
    out
}

fn headline(finding: &Finding) -> String {
    let violation = &finding.violation;
    let place = if violation.pointer.is_empty() { String::new() } else { format!(" {}", violation.pointer) };
    format!("{} {}{place}", violation.code, violation.side)
}

fn tell(out: &mut String, finding: &Finding) {
    let violation = &finding.violation;
    let _ = writeln!(out, "  {}: {}", headline(finding), violation.message);
    let first = &finding.first;
    let _ = match finding.count {
        1 => writeln!(out, "    seen: {}:{}", first.file, first.line),
        count => writeln!(out, "    seen: {}:{} and {} more", first.file, first.line, count - 1),
    };
    if let Some(position) = &violation.position {
        let _ = writeln!(out, "    contract: {position}");
    }
    if let Some(hint) = &violation.hint {
        let _ = writeln!(out, "    hint: {hint}");
    }
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "{}{title}", if out.is_empty() { "" } else { "\n" });
        lines.for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
}

fn times(count: u64) -> String {
    if count == 1 { String::new() } else { format!(", {count} times") }
}
