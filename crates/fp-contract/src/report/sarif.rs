//! SARIF 2.1.0: a result for each cause, located at the line of the document that is broken.

use serde_json::{Value, json};

use super::{Finding, Report};
use crate::codes::explain;

pub(super) fn render(report: &Report) -> String {
    let mut codes: Vec<&str> = report.findings.iter().map(|finding| finding.violation.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let notifications: Vec<Value> = report
        .stale_waivers
        .iter()
        .chain(&report.unreadable)
        .map(|text| json!({"level": "error", "message": {"text": text}}))
        .chain(report.unjudged.iter().map(|unjudged| {
            let operation = unjudged.operation.as_deref().unwrap_or("no operation");
            let text = format!("not judged, {} times: {operation}: {}", unjudged.count, unjudged.message);
            json!({"level": "note", "message": {"text": text}})
        }))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "fp-contract",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|name| rule(name)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": report.unreadable.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": report.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    format!("{document:#}\n")
}

fn rule(name: &str) -> Value {
    match explain(name) {
        Some(code) => json!({
            "id": name,
            "shortDescription": {"text": code.title},
            "fullDescription": {"text": code.text},
        }),
        None => json!({"id": name}),
    }
}

fn result(finding: &Finding) -> Value {
    let violation = &finding.violation;
    let sighting = location(&finding.first.file, finding.first.line, &violation.pointer);
    let rule = violation.position.as_ref().map(|position| {
        let name = violation.rule.as_deref().unwrap_or_default();
        location(&position.file, position.line as usize, name)
    });
    let mut result = json!({
        "ruleId": violation.code,
        "level": "error",
        "message": {"text": violation.to_string()},
        "locations": [rule.as_ref().unwrap_or(&sighting)],
        "occurrenceCount": finding.count,
        "partialFingerprints": {"cause/v1": fingerprint(finding)},
    });
    if rule.is_some() {
        result["relatedLocations"] = json!([sighting]);
    }
    if let Some(reason) = &finding.waived {
        result["suppressions"] = json!([{"kind": "external", "justification": reason}]);
    }
    result
}

fn location(file: &str, line: usize, name: &str) -> Value {
    json!({
        "physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": line.max(1)}},
        "logicalLocations": [{"fullyQualifiedName": name}],
    })
}

/// What a cause is known by from run to run.
fn fingerprint(finding: &Finding) -> String {
    let violation = &finding.violation;
    let operation = violation.operation.as_deref().unwrap_or_default();
    format!(
        "{operation}|{}|{}|{}",
        violation.side,
        violation.code,
        super::without_indexes(&violation.pointer)
    )
}
