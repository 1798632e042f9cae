//! What a check found, told to people and programs.

use std::fmt::Write as _;

use serde_json::json;

use super::check::{Checked, Finding, Verdict};
use super::difference::Weight;

/// The forms in which a check is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// Annotations in GitHub's workflow commands.
    Github,
}

/// A check in one of its forms, ending with a line break.
pub fn render(checked: &Checked, form: Form, strict: bool) -> String {
    match form {
        Form::Text => text(checked, strict),
        Form::Json => {
            let verdict = match checked.verdict(strict) {
                Verdict::Clean => "clean",
                Verdict::Different => "different",
                Verdict::CouldNot => "could-not",
            };
            let whole = json!({ "verdict": verdict, "strict": strict, "checked": checked });
            format!("{whole:#}\n")
        }
        Form::Github => github(checked, strict),
    }
}

/// One difference in a line.
pub fn line(finding: &Finding) -> String {
    let Finding { section, difference, .. } = finding;
    let at = if difference.pointer.is_empty() { "the whole" } else { &difference.pointer };
    format!("  {} {}: {section} {at}: {}\n", difference.weight.name(), difference.code, difference.message)
}

fn text(checked: &Checked, strict: bool) -> String {
    let mut out = String::new();
    let mut findings: Vec<&Finding> = checked.findings.iter().collect();
    findings.sort_by(|a, b| a.subject.cmp(&b.subject).then(b.difference.weight.cmp(&a.difference.weight)));
    let mut last = "";
    for finding in findings {
        if finding.subject != last {
            let _ = writeln!(out, "{} ({}:{})", finding.subject, finding.file, finding.line);
            last = &finding.subject;
        }
        out.push_str(&line(finding));
    }
    if !checked.not_seen.is_empty() {
        let _ = writeln!(out, "not compared:");
    }
    for (subject, reason) in &checked.not_seen {
        let _ = writeln!(out, "  {subject}: {reason}");
    }
    for fault in &checked.unreadable {
        let _ = writeln!(out, "cannot be read: {fault}");
    }
    let count =
        |weight| checked.findings.iter().filter(|finding| finding.difference.weight == weight).count();
    let (breaking, may_break, harmless) =
        (count(Weight::Breaking), count(Weight::MayBreak), count(Weight::Harmless));
    let verdict = match checked.verdict(strict) {
        Verdict::Clean => "clean",
        Verdict::Different => "different",
        Verdict::CouldNot => "nothing to say",
    };
    let _ = writeln!(
        out,
        "{verdict}: {} payloads compared, {} not; {breaking} breaking, {may_break} that may break, {harmless} harmless",
        checked.compared,
        checked.not_seen.len()
    );
    out
}

fn github(checked: &Checked, strict: bool) -> String {
    let mut out = String::new();
    for finding in &checked.findings {
        let Finding { difference, section, file, line, subject } = finding;
        let level = match difference.weight {
            Weight::Breaking => "error",
            _ if strict => "error",
            Weight::MayBreak => "warning",
            Weight::Harmless => "notice",
        };
        let title = property(&format!("{} in {subject}", difference.code));
        let text = data(&format!("{section} {}: {}", difference.pointer, difference.message));
        let _ = writeln!(out, "::{level} file={},line={line},title={title}::{text}", property(file));
    }
    for fault in &checked.unreadable {
        let _ = writeln!(out, "::error::{}", data(fault));
    }
    if checked.compared == 0 {
        let _ = writeln!(out, "::error::nothing could be compared");
    }
    out
}

/// Text after the colons.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which commas and colons would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
