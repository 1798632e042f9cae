use std::collections::BTreeMap;

use super::*;
use crate::config::Config;
use crate::coverage::{OperationSummary, Part, Summary, Uncovered};
use crate::failure::{Confirmed, Findings, Identity};
use crate::head::Hashed;
use crate::model::Program;
use crate::sequence::{Action, Step};

fn failure(property: &'static str, operation: &str, cause: &str, case: Case) -> Failure {
    Failure {
        identity: Identity { property, operation: operation.into(), cause: cause.into() },
        case,
        call: None,
        message: "expected <200>, found \"500\"".into(),
        reproduction: vec!["curl -gsS -X GET 'http://127.0.0.1:4010/api/v2/a?b=1&c=2'".into()],
        seed: 7,
        confirmed: Confirmed::ONCE,
        calls_to_detection: 12,
    }
}

/// A run with one of everything.
fn outcome() -> Outcome {
    let mut findings = Findings::default();
    let listed = "GET /api/v2/company/promoters";
    let request = Case::Request { round: 3, fault: Some("missing /body/email".into()) };
    findings.fail(failure("not_a_server_error", listed, "status 500", request));
    let steps = vec![Step { handle: 1, action: Action::Promoter { program: Program::Main, parent: None } }];
    let case = Case::Sequence { number: 4, steps, shrunk: true };
    let mut flaky =
        failure("money_is_conserved", "GET /api/v1/promoters/show", "earnings_balance of cash", case);
    flaky.reproduction.insert(0, "# step 1: Promoter { program: Main, parent: None }".into());
    flaky.confirmed = Confirmed { times: 2, of: 3 };
    findings.fail(flaky);
    let behaviour = Case::Behaviour { code: "ignored_auth".into() };
    findings.fail(failure("ignored_auth", listed, "200 without authorization", behaviour));
    findings.skip("response_schema_conformance", "no schema for the status 418");
    let mut trials = BTreeMap::new();
    findings.tried_on("not_a_server_error", listed);
    findings.tried_on("status_code_conformance", listed);
    trials.insert(Phase::Contract, std::mem::take(&mut findings.trials));
    findings.tried("agrees_with_the_model");
    Outcome {
        findings,
        trials,
        calls: 340,
        stopped: Some(Stop::Budget),
        left_behind: vec!["promoter 7 (fph-0-a@example.com) is archived: the API deletes none".into()],
        ..Outcome::default()
    }
}

fn coverage() -> Summary {
    let part = Part { exercised: 1, declared: 2 };
    let uncovered =
        Uncovered { what: "status 429".into(), reason: "it takes more calls than the service allows" };
    Summary {
        operations: part,
        statuses: part,
        by_operation: vec![OperationSummary {
            operation: "GET /api/v2/company/promoters".into(),
            calls: 3,
            statuses: part,
            parameters: Part::default(),
            request_keywords: Part::default(),
            reply_keywords: Part { exercised: 5, declared: 9 },
            faults: 1,
            uncovered: vec![uncovered],
        }],
        ..Summary::default()
    }
}

fn report() -> Report {
    let outcome = outcome();
    let known = outcome.findings.failures.keys().find(|identity| identity.property == "ignored_auth");
    let excused = known.map(|identity| (identity.clone(), "the gateway is open & known".to_owned()));
    let weighed = Weighed {
        excused: excused.into_iter().collect(),
        stale: vec!["use_after_free on *: * (line 9) covers nothing: remove it".into()],
    };
    let documents = vec![Hashed { document: "spec/a.yaml".into(), sha256: "0123456789abcdef".into() }];
    let head = Head {
        harness: "0.1.0".into(),
        target: "https://api.example.com".into(),
        documents,
        configuration: Config { seed: 5, ..Config::short() },
    };
    Report::of(head, &outcome, &weighed, coverage())
}

#[test]
fn the_report_for_people() {
    insta::assert_snapshot!(report().render(Form::Text));
}

#[test]
fn the_report_as_json() {
    insta::assert_snapshot!(report().render(Form::Json));
}

#[test]
fn the_report_as_lines() {
    insta::assert_snapshot!(report().render(Form::JsonLines));
}

#[test]
fn the_report_as_junit() {
    insta::assert_snapshot!(report().render(Form::Junit));
}

#[test]
fn the_report_as_a_page() {
    insta::assert_snapshot!(report().render(Form::Html));
}

#[test]
fn the_report_as_annotations() {
    insta::assert_snapshot!(report().render(Form::Github));
}

#[test]
fn known_failures_do_not_fail_a_run_but_stale_entries_do() {
    let verdict = |excused: bool, stale: Vec<String>| {
        let outcome = outcome();
        let all = outcome.findings.failures.keys().map(|identity| (identity.clone(), "known".to_owned()));
        let weighed = Weighed { excused: if excused { all.collect() } else { BTreeMap::new() }, stale };
        Report::of(report().head, &outcome, &weighed, Summary::default()).verdict
    };
    assert_eq!(verdict(true, Vec::new()), Verdict::Passed);
    assert_eq!(verdict(true, vec!["stale".into()]), Verdict::Failed);
    assert_eq!(verdict(false, Vec::new()), Verdict::Failed);
}
