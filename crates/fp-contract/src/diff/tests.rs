use serde_json::json;

use super::*;
use crate::check::Rules;
use crate::contract::{Contract, Role, Source};
use crate::recording::{RecordedResponse, Recording, Subject};
use crate::report::Sighting;

const OLD: &str = "openapi: 3.0.1
servers: [{url: https://x.example/api/v2}]
paths:
  /things:
    get:
      parameters: [{in: query, name: page, schema: {type: integer, maximum: 100}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [email]
              properties: {email: {type: string}, state: {type: string, enum: [a, b]}, n: {type: number}}
      responses: {'201': {description: ok}}
  /gone: {get: {responses: {'200': {description: ok}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string}, state: {type: string, enum: [a, b]}, old: {type: string}}
";

fn load(text: &str) -> Contract {
    let source = Source { name: "x.yaml".to_owned(), text: text.to_owned(), role: Role::Api };
    Contract::load(&[source]).expect("a sound document")
}

fn changed(edits: &[(&str, &str)]) -> Vec<Change> {
    let mut text = OLD.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from} is in the document");
        text = text.replacen(from, to, 1);
    }
    diff(&load(OLD), &load(&text))
}

fn shown(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| {
            format!(
                "{} {} {}",
                if change.breaking { "breaking" } else { "safe" },
                change.code,
                change.pointer
            )
        })
        .collect()
}

#[test]
fn a_contract_does_not_differ_from_itself() {
    assert_eq!(changed(&[]), []);
    assert_eq!(diff(Contract::corrected(), Contract::corrected()), []);
}

#[test]
fn operations_and_parameters_come_and_go() {
    let changes = changed(&[
        ("  /gone: {get", "  /come: {get"),
        (
            "[{in: query, name: page, schema: {type: integer, maximum: 100}}]",
            "[{in: query, name: q, required: true, schema: {type: string}}]",
        ),
    ]);
    assert_eq!(
        shown(&changes),
        [
            "safe parameter-removed /query/page",
            "breaking parameter-added /query/q",
            "breaking operation-removed ",
            "safe operation-added ",
        ]
    );
}

#[test]
fn what_a_request_may_no_longer_hold_is_breaking_and_shown_by_a_witness() {
    let changes = changed(&[(
        "required: [email]\n              properties: {email: {type: string}, state: {type: string, enum: [a, b]}",
        "required: [email, n]\n              properties: {email: {type: string, maxLength: 20}, state: {type: string, enum: [b, c]}",
    )]);
    assert_eq!(
        shown(&changes),
        [
            "breaking limit-changed /body/email",
            "breaking enum-value-removed /body/state",
            "safe enum-value-added /body/state",
            "breaking field-required /body/n",
        ]
    );
    let witness = |at: usize| changes[at].witness.as_ref().expect("a witness");
    assert!(witness(0)["email"].as_str().expect("text").len() > 20);
    assert_eq!(witness(1)["state"], "a");
    assert_eq!(witness(2)["state"], "c");
    assert_eq!(witness(3).get("n"), None);
}

#[test]
fn what_a_reply_may_newly_hold_is_breaking() {
    let changes = changed(&[(
        "required: [id, name]\n      properties: {id: {type: integer}, name: {type: string}, state: {type: string, enum: [a, b]}, old: {type: string}}",
        "required: [id]\n      properties: {id: {type: number}, name: {type: string, nullable: true}, state: {type: string, enum: [a, b, c]}, new: {type: string}}",
    )]);
    assert_eq!(
        shown(&changes),
        [
            "breaking type-changed /body/0/id",
            "breaking null-allowed /body/0/name",
            "breaking enum-value-added /body/0/state",
            "breaking field-removed /body/0/old",
            "safe field-added /body/0/new",
            "breaking field-optional /body/0/name",
        ]
    );
    assert_eq!(changes[0].witness.as_ref().expect("a witness")[0]["id"], 1.5);
    assert_eq!(changes[1].witness.as_ref().expect("a witness")[0]["name"], json!(null));
    assert_eq!(changes[5].witness.as_ref().expect("a witness")[0].get("name"), None);
}

#[test]
fn limits_and_types_have_a_direction() {
    let narrower = changed(&[("maximum: 100", "maximum: 50"), ("n: {type: number}", "n: {type: integer}")]);
    assert_eq!(shown(&narrower), ["breaking limit-changed /query/page", "breaking type-changed /body/n"]);
    assert_eq!(narrower[0].witness, Some(json!(100)));
    assert_eq!(narrower[1].witness.as_ref().expect("a witness")["n"], 1.5);
    let wider = changed(&[("schema: {type: integer, maximum: 100}", "schema: {type: integer}")]);
    assert_eq!(shown(&wider), ["safe limit-changed /query/page"]);
}

#[test]
fn every_witness_of_the_corrections_shows_its_change() {
    let changes = diff(Contract::published(), Contract::corrected());
    assert!(changes.len() > 300, "{} changes", changes.len());
    let can_show = |change: &&Change| {
        !matches!(
            change.code,
            "field-added"
                | "field-removed"
                | "parameter-added"
                | "parameter-removed"
                | "status-added"
                | "status-removed"
                | "media-type-added"
                | "body-required"
        )
    };
    let shown = changes.iter().filter(can_show).filter(|change| change.witness.is_some()).count();
    let all = changes.iter().filter(can_show).count();
    assert!(shown * 10 > all * 8, "{shown} of {all} have a witness");
}

fn observed(contract: &Contract, method: &str, url: &str, body: &str, status: u16, reply: &str) -> Observer {
    let mut observer = Observer::new(false);
    observe(&mut observer, contract, method, url, body, (status, reply));
    observer
}

fn observe(
    observer: &mut Observer,
    contract: &Contract,
    method: &str,
    url: &str,
    body: &str,
    reply: (u16, &str),
) {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    let recording = Recording {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: headers.clone(),
        body: body.as_bytes().to_vec(),
        response: Some(RecordedResponse { status: reply.0, headers, body: reply.1.as_bytes().to_vec() }),
    };
    let judgement = contract.judge(&recording.as_exchange(), &Rules::strict());
    let sighting = Sighting { file: "a.jsonl".to_owned(), line: 3 };
    observer.observe(&judgement, &Subject::Exchange(recording), &sighting);
}

#[test]
fn traffic_that_differs_is_told_and_its_overlay_makes_it_conform() {
    let contract = load(OLD);
    let url = "/api/v2/things?per=5";
    let reply = r#"[{"id": 1.5, "name": null, "state": "z", "old": "", "added": {"at": "2025-01-15T10:30:00Z"}}, {"id": 2, "state": "a", "old": "x", "added": null}]"#;
    let observer = observed(&contract, "GET", url, "", 200, reply);
    let changes = observer.changes();
    assert_eq!(
        shown(&changes),
        [
            "safe parameter-added /query/per",
            "breaking enum-value-added /body/*/state",
            "safe field-added /body/*/added",
            "breaking field-optional /body/*/name",
            "breaking null-allowed /body/*/name",
            "breaking type-changed /body/*/id",
        ]
    );
    let overlays = observer.overlays(&contract);
    assert_eq!(overlays.len(), 1);
    let source = |name: &str, text: &str, role| Source { name: name.to_owned(), text: text.to_owned(), role };
    let learned = Contract::load(&[
        source("x.yaml", OLD, Role::Api),
        source("learned.yaml", &overlays[0].1, Role::Overlay),
    ])
    .unwrap_or_else(|errors| panic!("{errors}\n{}", overlays[0].1));
    let mut again = Observer::new(false);
    observe(&mut again, &learned, "GET", url, "", (200, reply));
    assert_eq!(shown(&again.changes()), ["safe parameter-added /query/per"], "{}", overlays[0].1);
}

#[test]
fn undeclared_statuses_are_learned_with_their_bodies() {
    let contract = load(OLD);
    let observer = observed(&contract, "GET", "/api/v2/things", "", 404, r#"{"message": "no", "code": 7}"#);
    let text = &observer.overlays(&contract)[0].1;
    assert!(text.contains(r#""404":{"description":"Seen in traffic""#), "{text}");
    assert!(text.contains(r#""required":["message","code"]"#), "{text}");
}

#[test]
fn a_request_that_was_refused_is_no_change() {
    let contract = load(OLD);
    let observer = observed(&contract, "POST", "/api/v2/things", r#"{"emial": "x"}"#, 422, "{}");
    assert_eq!(shown(&observer.changes()), ["safe status-added /status"]);
}
