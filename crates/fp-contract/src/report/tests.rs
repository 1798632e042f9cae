use serde_json::{Value, json};

use super::*;
use crate::check::NotJudged;
use crate::contract::Position;

fn violation(code: &'static str, pointer: &str, found: &str) -> Violation {
    Violation {
        operation: Some("GET /api/v2/things".to_owned()),
        position: Some(Position { file: "spec/x.yaml".to_owned(), line: 12 }),
        rule: Some("/components/schemas/Thing/properties/id/type".to_owned()),
        ..Violation::new(code, Side::Response, pointer, "an integer", found).with_kind("a string")
    }
}

fn judged(violations: Vec<Violation>) -> Judgement {
    Judgement { operation: Some("GET /api/v2/things".to_owned()), violations, not_judged: Vec::new() }
}

fn seen(line: usize) -> Sighting {
    Sighting { file: "a.jsonl".to_owned(), line }
}

fn report() -> Report {
    let mut tally = Tally::new(false);
    tally.add(judged(vec![]), &seen(1));
    tally.add(judged(vec![violation("wrong-type", "/body/0/id", "the string \"<a>\"")]), &seen(2));
    tally.add(
        judged(vec![
            violation("wrong-type", "/body/3/id", "the string \"b\""),
            violation("undeclared-field", "/body/0/x", "the number 1").with_hint("did you mean `y`?"),
        ]),
        &seen(3),
    );
    let skipped =
        NotJudged { reason: "no-schema", side: Side::Response, message: "no schema for 401".to_owned() };
    tally.add(Judgement { not_judged: vec![skipped], ..judged(vec![]) }, &seen(4));
    let waiver = crate::waiver::read(
        "w.yaml",
        "- {code: undeclared-field, operation: '*', pointer: '/body/*/x', reason: soon, expires: 2026-01-01}",
    );
    tally.finish(&waiver.expect("a sound waiver"), "2025-06-01")
}

#[test]
fn one_cause_is_told_once_and_counted() {
    let report = report();
    assert_eq!(report.findings.len(), 2);
    let wrong_type = &report.findings[1];
    assert_eq!((wrong_type.count, wrong_type.first.line), (2, 2));
    assert_eq!(report.counts, Counts { conform: 1, violate: 2, not_judged: 1 });
    assert_eq!(report.verdict(), Verdict::Violations);
}

#[test]
fn text_tells_people_what_is_wrong_where_and_what_to_do() {
    assert_eq!(
        report().render(Form::Text),
        "GET /api/v2/things\n  \
         wrong-type response /body/0/id: expected an integer, found the string \"<a>\"\n    \
         seen: a.jsonl:2 and 1 more\n    contract: spec/x.yaml:12\n\n\
         not judged\n  GET /api/v2/things: no schema for 401 (no-schema)\n\n\
         waived\n  undeclared-field response /body/0/x: soon\n\n\
         4 judged: 1 conform, 2 violate, 1 not judged in part\n"
    );
}

#[test]
fn json_holds_everything() {
    let value: Value = serde_json::from_str(&report().render(Form::Json)).expect("JSON");
    assert_eq!(value["verdict"], "violations");
    assert_eq!(value["findings"][1]["violation"]["rule"], "/components/schemas/Thing/properties/id/type");
    assert_eq!(value["findings"][0]["waived"], "soon");
    assert_eq!(value["unjudged"][0]["count"], 1);
}

#[test]
fn junit_has_a_suite_for_each_operation_and_escapes_its_text() {
    let xml = report().render(Form::Junit);
    assert!(xml.contains("<testsuites name=\"fp-contract\" tests=\"3\" failures=\"1\">"), "{xml}");
    assert!(
        xml.contains("<testsuite name=\"GET /api/v2/things\" tests=\"3\" failures=\"1\" skipped=\"2\">"),
        "{xml}"
    );
    assert!(xml.contains("found the string &quot;&lt;a&gt;&quot;"), "{xml}");
    assert_eq!(xml.matches("<testcase").count(), 3);
    assert_eq!(xml.matches("<testcase").count(), xml.matches("</testcase>").count());
}

#[test]
fn github_annotates_the_recording() {
    let text = report().render(Form::Github);
    assert!(
        text.starts_with(
            "::error file=a.jsonl,line=2,title=wrong-type in GET /api/v2/things::wrong-type: GET"
        ),
        "{text}"
    );
    assert!(text.contains("::notice title=not judged%3A no-schema::GET"), "{text}");
    assert_eq!(text.lines().count(), 2, "the waived one is left out");
}

#[test]
fn sarif_points_at_the_document() {
    let value: Value = serde_json::from_str(&report().render(Form::Sarif)).expect("JSON");
    let run = &value["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "undeclared-field");
    let result = &run["results"][1];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "spec/x.yaml");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 12);
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(run["results"][0]["suppressions"][0], json!({"kind": "external", "justification": "soon"}));
}

#[test]
fn unused_and_expired_waivers_fail_a_clean_run() {
    let waivers = crate::waiver::read(
        "w.yaml",
        "- {code: wrong-type, operation: '*', pointer: '**', reason: r, expires: 2025-01-01}\n\
         - {code: wrong-value, operation: '*', pointer: '**', reason: r, expires: 2026-01-01}",
    )
    .expect("sound waivers");
    let mut tally = Tally::new(false);
    tally.add(judged(vec![]), &seen(1));
    let report = tally.finish(&waivers, "2025-06-01");
    assert_eq!(
        report.stale_waivers,
        [
            "the waiver of wrong-type at ** on * (line 1) expired on 2025-01-01",
            "the waiver of wrong-value at ** on * (line 2) covers nothing: remove it",
        ]
    );
    assert_eq!(report.verdict(), Verdict::Violations);
}

#[test]
fn what_cannot_be_read_or_judged_is_neither_clean_nor_a_violation() {
    let mut tally = Tally::new(false);
    tally.add_unreadable("a.jsonl:1: nonsense".to_owned());
    tally.add(judged(vec![]), &seen(2));
    assert_eq!(tally.finish(&[], "2025-06-01").verdict(), Verdict::CannotJudge);
    assert_eq!(Tally::new(false).finish(&[], "2025-06-01").verdict().exit_code(), 2);
}

#[test]
fn a_masked_tally_keeps_no_value() {
    let mut tally = Tally::new(true);
    tally.add(judged(vec![violation("wrong-type", "/body/id", "the string \"jane\"")]), &seen(1));
    let report = tally.finish(&[], "2025-06-01");
    for form in [Form::Text, Form::Json, Form::Junit, Form::Github, Form::Sarif] {
        assert!(!report.render(form).contains("jane"), "{form:?}");
    }
}
