//! One page that needs nothing else: no script, no font, nothing from elsewhere.

use std::fmt::Write as _;

use fp_contract::report::escape::xml;

use super::{Report, Told, Verdict};
use crate::coverage::{Part, Summary};
use crate::failure::Case;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f}
h1,h2{line-height:1.2}code,pre{font:13px/1.45 ui-monospace,monospace;background:#f3f3f6}
pre{padding:.7rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #dcdce2;padding:.25rem .6rem;text-align:left;vertical-align:top}
td.n,th.n{text-align:right}section{border-left:4px solid #b3261e;padding-left:1rem;margin:1.5rem 0}
section.known{border-color:#8a8a94}.passed{color:#146c2e}.failed,.could-not-test{color:#b3261e}
details{margin:.4rem 0}@media(prefers-color-scheme:dark){body{background:#17171a;color:#e6e6ea}code,pre{background:#26262b}td,th{border-color:#3a3a42}}";

pub(super) fn render(report: &Report) -> String {
    let (class, verdict) = match report.verdict {
        Verdict::Passed => ("passed", "passed"),
        Verdict::Failed => ("failed", "failed"),
        Verdict::CouldNotTest => ("could-not-test", "could not test"),
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>fp-harness: {verdict}</title>\n<style>{STYLE}</style></head><body>\n"
    );
    let _ = writeln!(out, "<h1>fp-harness: <span class=\"{class}\">{verdict}</span></h1>");
    head(&mut out, report);
    for (number, told) in (1..).zip(&report.failures) {
        failure(&mut out, number, told);
    }
    list(&mut out, "Known failures that no longer hold", report.stale.iter().cloned());
    list(&mut out, "Left behind at the target", report.left_behind.iter().cloned());
    list(
        &mut out,
        "Not judged",
        report.not_judged.iter().map(|one| format!("{}: {} ({} times)", one.property, one.reason, one.times)),
    );
    coverage(&mut out, &report.coverage);
    out.push_str("</body></html>\n");
    out
}

fn head(out: &mut String, report: &Report) {
    let config = &report.head.configuration;
    let fresh = report.failures.iter().filter(|told| told.known.is_none()).count();
    let _ = writeln!(
        out,
        "<p>{} calls, {} checks, {fresh} failures, {} known. Target {}, seed {}, {} cases.</p>",
        report.calls,
        report.checks(),
        report.failures.len() - fresh,
        xml(&report.head.target),
        config.seed,
        config.cases
    );
    if let Some(stopped) = &report.stopped {
        let _ = writeln!(out, "<p class=\"failed\">{}</p>", xml(stopped));
    }
    out.push_str("<table><tr><th>document</th><th>SHA-256</th></tr>\n");
    for document in &report.head.documents {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td><code>{}</code></td></tr>",
            xml(&document.document),
            xml(&document.sha256)
        );
    }
    out.push_str("</table>\n");
}

fn failure(out: &mut String, number: usize, told: &Told) {
    let failure = &told.failure;
    let identity = &failure.identity;
    let class = if told.known.is_some() { " class=\"known\"" } else { "" };
    let _ = writeln!(
        out,
        "<section{class}><h2>{number}. {}</h2>\n<p><code>{}</code>: <strong>{}</strong></p>\n<p>Promised: {}.</p>\n<p>{}</p>",
        identity.property,
        xml(&identity.operation),
        xml(&identity.cause),
        xml(told.promise),
        xml(&failure.message)
    );
    if let Some(reason) = &told.known {
        let _ = writeln!(out, "<p>Known: {}</p>", xml(reason));
    }
    match &failure.case {
        Case::Request { fault: Some(fault), .. } => {
            let _ = writeln!(out, "<p>The one fault of the request: <code>{}</code></p>", xml(fault));
        }
        Case::Sequence { steps, .. } => {
            let _ = writeln!(out, "<p>{} steps.</p>", steps.len());
        }
        _ => {}
    }
    let _ = writeln!(out, "<pre>{}</pre>", xml(&failure.reproduction.join("\n")));
    let confirmed = failure.confirmed;
    let flaky = if confirmed.is_flaky() { ", flaky" } else { "" };
    let _ = writeln!(
        out,
        "<p>{} cases, showed {} of {} times{flaky}, first after {} calls.</p>\n<pre>{}</pre></section>",
        told.cases,
        confirmed.times,
        confirmed.of,
        failure.calls_to_detection,
        xml(&told.replay)
    );
}

fn list(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "<h2>{title}</h2>\n<ul>");
        lines.for_each(|line| {
            let _ = writeln!(out, "<li>{}</li>", xml(&line));
        });
        out.push_str("</ul>\n");
    }
}

fn part(part: Part) -> String {
    format!("<td class=\"n\">{}/{}</td>", part.exercised, part.declared)
}

fn coverage(out: &mut String, coverage: &Summary) {
    out.push_str("<h2>Coverage of the contract</h2>\n<table><tr><th>operation</th><th class=\"n\">calls</th><th class=\"n\">statuses</th><th class=\"n\">parameters</th><th class=\"n\">request</th><th class=\"n\">reply</th><th class=\"n\">faults</th></tr>\n");
    let _ = writeln!(
        out,
        "<tr><td><strong>{} of {} operations</strong></td><td></td>{}{}{}{}<td class=\"n\">{}</td></tr>",
        coverage.operations.exercised,
        coverage.operations.declared,
        part(coverage.statuses),
        part(coverage.parameters),
        part(coverage.request_keywords),
        part(coverage.reply_keywords),
        coverage.faults
    );
    for one in &coverage.by_operation {
        let _ = write!(out, "<tr><td><code>{}</code>", xml(&one.operation));
        if !one.uncovered.is_empty() {
            let _ = write!(out, "<details><summary>{} not exercised</summary><ul>", one.uncovered.len());
            for uncovered in &one.uncovered {
                let _ = write!(out, "<li>{}: {}</li>", xml(&uncovered.what), xml(uncovered.reason));
            }
            out.push_str("</ul></details>");
        }
        let _ = writeln!(
            out,
            "</td><td class=\"n\">{}</td>{}{}{}{}<td class=\"n\">{}</td></tr>",
            one.calls,
            part(one.statuses),
            part(one.parameters),
            part(one.request_keywords),
            part(one.reply_keywords),
            one.faults
        );
    }
    out.push_str("</table>\n");
}
