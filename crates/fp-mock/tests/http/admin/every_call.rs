//! Every control call refuses what it does not know: parameters, bodies, ids.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::kit::{Api, Seen};

/// What a call takes.
#[derive(Clone, Copy)]
enum Takes {
    /// Nothing.
    Nothing,
    /// Query parameters.
    Parameters,
    /// An object like this.
    Body(&'static str),
}
use Takes::{Body, Nothing, Parameters};

const PATTERN: Takes = Body(r#"{"method":"GET"}"#);

/// Every call but the delivery of a webhook to an inbox, whose URL and body are the sender's own.
const CALLS: &[(&str, &str, Takes)] = &[
    ("GET", "/health", Nothing),
    ("POST", "/reset", Nothing),
    ("PUT", "/scenario", Body(r#"{"name":"starter"}"#)),
    ("GET", "/clock", Nothing),
    ("PUT", "/clock", Body(r#"{"mode":"manual"}"#)),
    ("POST", "/clock/advance", Body(r#"{"by":"0s"}"#)),
    ("POST", "/clicks", Body(r#"{"ref_token":"jane89"}"#)),
    ("GET", "/payments_batches", Nothing),
    ("GET", "/payments_batches/{id}", Nothing),
    ("DELETE", "/payments_batches/{id}", Nothing),
    ("POST", "/payments_batches/{id}/step", Nothing),
    ("POST", "/payments_batches/{id}/fail", Body(r#"{"error":"no"}"#)),
    ("POST", "/payout_methods", Body(r#"{"promoter_id":500001,"method":"paypal"}"#)),
    ("PUT", "/payout_methods/{id}", Body(r#"{"is_selected":true}"#)),
    ("DELETE", "/payout_methods/{id}", Nothing),
    ("POST", "/contract_documents", Body(r#"{"promoter_id":500001,"name":"Terms"}"#)),
    ("POST", "/contract_documents/{id}/sign", Nothing),
    ("POST", "/webhooks/{id}/rotate_secret", Nothing),
    ("POST", "/trigger/{event_type}", Body(r#"{"override":{}}"#)),
    ("GET", "/deliveries", Parameters),
    ("GET", "/deliveries/{id}", Nothing),
    ("POST", "/deliveries/{id}/replay", Body(r#"{"duplicate":2}"#)),
    ("GET", "/inbox/{name}", Nothing),
    ("PUT", "/inbox/{name}", Body(r#"{"statuses":[200]}"#)),
    ("DELETE", "/inbox/{name}", Nothing),
    ("PUT", "/batches", Body(r#"{"progression":"manual"}"#)),
    ("POST", "/batches/{id}/{action}", Body(r#"{"items":1}"#)),
    ("GET", "/requests", Parameters),
    ("DELETE", "/requests", Nothing),
    ("POST", "/requests/find", PATTERN),
    ("POST", "/requests/count", PATTERN),
    ("GET", "/requests/unmatched", Nothing),
    ("GET", "/requests/unmatched/near-misses", Nothing),
    ("GET", "/requests/{id}", Nothing),
    ("POST", "/wait", Body(r#"{"for":"idle"}"#)),
    ("GET", "/faults", Nothing),
    ("POST", "/faults", Body(r#"{"error":{"status":503},"times":1}"#)),
    ("DELETE", "/faults", Nothing),
    ("DELETE", "/faults/{id}", Nothing),
    ("GET", "/snapshots", Nothing),
    ("POST", "/snapshots", Nothing),
    ("DELETE", "/snapshots/{id}", Nothing),
    ("POST", "/snapshots/{id}/restore", Nothing),
    ("GET", "/violations", Parameters),
    ("GET", "/fidelity", Parameters),
    ("GET", "/metrics", Nothing),
    ("GET", "/emails", Parameters),
    ("POST", "/past_sales", Body(r#"{"sales":[]}"#)),
    // The last, because nobody answers after it.
    ("POST", "/shutdown", Nothing),
];

fn call(api: &Api, method: &str, path: &str, query: &str, body: &str) -> Seen {
    let path =
        path.replace("{action}", "step").replace("{name}", "in").replace("{event_type}", "promoter.created");
    let headers = [("account-id".to_owned(), "1".to_owned())];
    api.send(method, &format!("/__admin{}{query}", path.replace("{id}", "987654")), &headers, body.as_bytes())
}

#[track_caller]
fn refused(seen: &Seen, statuses: &[u16], what: &str) {
    assert!(
        statuses.contains(&seen.status),
        "{what}: {} {}",
        seen.status,
        String::from_utf8_lossy(&seen.bytes)
    );
    let answer = seen.json();
    assert!(answer["message"].is_string() && answer["hint"].is_string(), "{what}: {answer}");
}

#[test]
fn every_route_stands_in_the_table() {
    let source = include_str!("../../../src/control/mod.rs");
    let routes: BTreeSet<&str> =
        source.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/')).collect();
    let known: BTreeSet<&str> = CALLS.iter().map(|(_, path, _)| *path).collect();
    assert_eq!(routes, known);
}

#[test]
fn every_call_refuses_parameters_that_it_does_not_know() {
    let api = Api::start();
    for (method, path, takes) in CALLS {
        let body = if let Body(body) = takes { body } else { "" };
        refused(&call(&api, method, path, "?acount=7", body), &[400], &format!("{method} {path}"));
    }
}

#[test]
fn every_call_refuses_bodies_that_it_does_not_know() {
    let api = Api::start();
    for (method, path, _) in CALLS.iter().filter(|(method, ..)| *method != "GET") {
        for body in ["{", "[]", "{\"nonesuch\":1}", "null", "\u{0}"] {
            refused(&call(&api, method, path, "", body), &[400, 404], &format!("{method} {path} {body:?}"));
        }
    }
}

#[test]
fn every_call_about_one_record_answers_404_where_there_is_none() {
    let api = Api::start();
    for (method, path, takes) in CALLS.iter().filter(|(_, path, _)| path.contains("{id}")) {
        let body = if let Body(body) = takes { body } else { "" };
        refused(&call(&api, method, path, "", body), &[404], &format!("{method} {path}"));
    }
    let unknown = api.admin("POST", "/trigger/promoter.exploded", Value::Null);
    refused(&unknown, &[404], "an unknown event");
}

#[test]
fn every_other_call_takes_what_it_knows() {
    let api = Api::start();
    for (method, path, takes) in CALLS.iter().filter(|(_, path, _)| !path.contains("{id}")) {
        let body = if let Body(body) = takes { body } else { "" };
        let seen = call(&api, method, path, "?account=1", body);
        assert!(
            (200..300).contains(&seen.status),
            "{method} {path}: {}",
            String::from_utf8_lossy(&seen.bytes)
        );
    }
}

#[test]
fn a_misspelt_account_resets_nobody() {
    let api = Api::start();
    api.post("/track/signup", json!({ "email": "bob@example.com", "ref_id": "jane89" })).expect(200);
    api.admin("POST", "/reset", json!({ "account": "7" })).expect(400);
    assert_eq!(api.get("/company/referrals")[0]["email"], "bob@example.com");
}
