//! JUnit XML: a suite for each operation, a case for each cause, and one that passes where nothing is wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::xml as escape;
use super::{Finding, Report};

/// The suite of what belongs to no operation.
const NOWHERE: &str = "no operation";

#[derive(Default)]
struct Suite<'r> {
    findings: Vec<&'r Finding>,
    skipped: Vec<String>,
    exchanges: u64,
}

pub(super) fn render(report: &Report) -> String {
    let suites = suites(report);
    let tests: usize = suites.values().map(Suite::tests).sum();
    let failures: usize = suites.values().map(Suite::failures).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let extra = report.stale_waivers.len() + report.unreadable.len();
    let _ = writeln!(
        out,
        "<testsuites name=\"fp-contract\" tests=\"{}\" failures=\"{}\">",
        tests + extra,
        failures + extra
    );
    for (name, suite) in &suites {
        write_suite(&mut out, name, suite);
    }
    write_faults(&mut out, "waivers", &report.stale_waivers);
    write_faults(&mut out, "recordings", &report.unreadable);
    out.push_str("</testsuites>\n");
    out
}

fn suites(report: &Report) -> BTreeMap<&str, Suite<'_>> {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    for (name, counts) in &report.operations {
        suites.entry(name).or_default().exchanges = counts.total();
    }
    for finding in &report.findings {
        let name = finding.violation.operation.as_deref().unwrap_or(NOWHERE);
        suites.entry(name).or_default().findings.push(finding);
    }
    for unjudged in &report.unjudged {
        let name = unjudged.operation.as_deref().unwrap_or(NOWHERE);
        let text = format!("{}: {}", unjudged.reason, unjudged.message);
        suites.entry(name).or_default().skipped.push(text);
    }
    suites
}

impl Suite<'_> {
    fn tests(&self) -> usize {
        (self.findings.len() + self.skipped.len()).max(1)
    }

    fn failures(&self) -> usize {
        self.findings.iter().filter(|finding| finding.waived.is_none()).count()
    }
}

fn write_suite(out: &mut String, name: &str, suite: &Suite<'_>) {
    let _ = writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">",
        escape(name),
        suite.tests(),
        suite.failures(),
        suite.skipped.len() + suite.findings.len() - suite.failures()
    );
    for finding in &suite.findings {
        let violation = &finding.violation;
        let case = format!("{} {} {}", violation.code, violation.side, violation.pointer);
        let _ = writeln!(
            out,
            "    <testcase classname=\"{}\" name=\"{}\">",
            escape(name),
            escape(case.trim_end())
        );
        match &finding.waived {
            Some(reason) => {
                let _ =
                    writeln!(out, "      <skipped message=\"{}\"/>", escape(&format!("waived: {reason}")));
            }
            None => {
                let text = format!(
                    "{violation}\nseen {} times, first at {}:{}",
                    finding.count, finding.first.file, finding.first.line
                );
                let _ = writeln!(
                    out,
                    "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                    violation.code,
                    escape(&violation.message),
                    escape(&text)
                );
            }
        }
        out.push_str("    </testcase>\n");
    }
    for reason in &suite.skipped {
        let _ = writeln!(out, "    <testcase classname=\"{}\" name=\"not judged\">", escape(name));
        let _ = writeln!(out, "      <skipped message=\"{}\"/>\n    </testcase>", escape(reason));
    }
    if suite.findings.is_empty() && suite.skipped.is_empty() {
        let case = format!("{} exchanges conform", suite.exchanges);
        let _ = writeln!(out, "    <testcase classname=\"{}\" name=\"{case}\"/>", escape(name));
    }
    out.push_str("  </testsuite>\n");
}

fn write_faults(out: &mut String, suite: &str, faults: &[String]) {
    if faults.is_empty() {
        return;
    }
    let count = faults.len();
    let _ =
        writeln!(out, "  <testsuite name=\"{suite}\" tests=\"{count}\" failures=\"{count}\" skipped=\"0\">");
    for fault in faults {
        let fault = escape(fault);
        let _ = writeln!(
            out,
            "    <testcase classname=\"{suite}\" name=\"{fault}\"><failure message=\"{fault}\"/></testcase>"
        );
    }
    out.push_str("  </testsuite>\n");
}
