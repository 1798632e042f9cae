//! JUnit XML: a suite for each phase, a case for each property on each operation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fp_contract::report::escape::xml;

use super::{Report, Told};
use crate::config::Phase;

/// What became of one property on one operation.
#[derive(Default)]
struct Row<'r> {
    trials: u64,
    failures: Vec<&'r Told>,
}

/// Operation, then property.
type Suite<'r> = BTreeMap<(&'r str, &'r str), Row<'r>>;

pub(super) fn render(report: &Report) -> String {
    let mut suites: BTreeMap<Phase, Suite<'_>> = BTreeMap::new();
    for tested in &report.tested {
        let suite = suites.entry(tested.phase).or_default();
        suite.entry((&tested.operation, tested.property)).or_default().trials += tested.trials;
    }
    for told in &report.failures {
        let identity = &told.failure.identity;
        let suite = suites.entry(told.phase.unwrap_or(Phase::Contract)).or_default();
        suite.entry((&identity.operation, identity.property)).or_default().failures.push(told);
    }
    let tests: usize = suites.values().map(Suite::len).sum::<usize>() + report.stale.len();
    let failed: usize = suites.values().map(|suite| failed(suite)).sum::<usize>() + report.stale.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"fp-harness\" tests=\"{tests}\" failures=\"{failed}\">");
    for (phase, suite) in &suites {
        write_suite(&mut out, phase.name(), suite, report);
    }
    write_stale(&mut out, &report.stale);
    out.push_str("</testsuites>\n");
    out
}

fn failed(suite: &Suite<'_>) -> usize {
    suite.values().filter(|row| row.failures.iter().any(|told| told.known.is_none())).count()
}

fn write_suite(out: &mut String, name: &str, suite: &Suite<'_>, report: &Report) {
    let known =
        |row: &&Row<'_>| !row.failures.is_empty() && row.failures.iter().all(|told| told.known.is_some());
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">",
        suite.len(),
        failed(suite),
        suite.values().filter(known).count()
    );
    let seed = report.head.configuration.seed;
    let _ = writeln!(
        out,
        "    <properties><property name=\"seed\" value=\"{seed}\"/><property name=\"target\" value=\"{}\"/></properties>",
        xml(&report.head.target)
    );
    for ((operation, property), row) in suite {
        let class = if operation.is_empty() { name } else { operation };
        let _ = write!(out, "    <testcase classname=\"{}\" name=\"{property}\"", xml(class));
        if row.failures.is_empty() {
            let _ = writeln!(out, " assertions=\"{}\"/>", row.trials);
            continue;
        }
        let _ = writeln!(out, " assertions=\"{}\">", row.trials.max(1));
        row.failures.iter().for_each(|told| write_failure(out, told));
        out.push_str("    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
}

fn write_failure(out: &mut String, told: &Told) {
    let failure = &told.failure;
    let cause = xml(&failure.identity.cause);
    if let Some(reason) = &told.known {
        let _ = writeln!(out, "      <skipped message=\"{cause}: known: {}\"/>", xml(reason));
        return;
    }
    let mut text = format!("{}\n{}\n", told.promise, failure.message);
    for line in &failure.reproduction {
        let _ = writeln!(text, "{line}");
    }
    let _ = write!(text, "again: {}", told.replay);
    let _ = writeln!(
        out,
        "      <failure type=\"{}\" message=\"{cause}\">{}</failure>",
        failure.identity.property,
        xml(&text)
    );
}

fn write_stale(out: &mut String, stale: &[String]) {
    if stale.is_empty() {
        return;
    }
    let count = stale.len();
    let _ =
        writeln!(out, "  <testsuite name=\"baseline\" tests=\"{count}\" failures=\"{count}\" skipped=\"0\">");
    for entry in stale {
        let entry = xml(entry);
        let _ = writeln!(
            out,
            "    <testcase classname=\"baseline\" name=\"{entry}\"><failure message=\"{entry}\"/></testcase>"
        );
    }
    out.push_str("  </testsuite>\n");
}
