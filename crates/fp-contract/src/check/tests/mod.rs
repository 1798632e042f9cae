//! The judge on a small document that has one of everything.

mod corpus;
mod embedded;
mod replies;
mod requests;
mod strictness;

use super::*;
use crate::contract::Source;
use crate::exchange::Request;

const DOCUMENT: &str = include_str!("small.yaml");

fn contract() -> Contract {
    let source = Source { name: "small.yaml".to_owned(), text: DOCUMENT.to_owned(), role: crate::Role::Api };
    Contract::load(&[source]).expect("a sound document")
}

fn headers(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn shown(violations: &[Violation]) -> Vec<String> {
    violations
        .iter()
        .map(|violation| format!("{} {} {}", violation.code, violation.pointer, violation.message))
        .collect()
}

/// Violations of a request with credentials and a body of JSON.
fn request(method: &str, target: &str, body: &str) -> Vec<Violation> {
    let headers =
        headers(&[("Authorization", "Bearer k"), ("Account-ID", "1"), ("Content-Type", "application/json")]);
    let request = Request { method, target, headers: &headers, body: body.as_bytes() };
    contract().check(&Exchange { request, response: None })
}

/// What becomes of a reply to a sound `GET /things/7`.
fn reply(rules: Rules, status: u16, content_type: Option<&str>, body: &[u8]) -> Judgement {
    let sent = headers(&[("Authorization", "Bearer k"), ("Account-ID", "1")]);
    let received: Vec<_> =
        content_type.map(|value| ("Content-Type".to_owned(), value.to_owned())).into_iter().collect();
    let request = Request { method: "GET", target: "/api/v2/things/7", headers: &sent, body: b"" };
    let response = Some(Response { status, headers: &received, body });
    contract().judge(&Exchange { request, response }, &rules)
}
