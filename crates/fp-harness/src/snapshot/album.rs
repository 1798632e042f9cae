//! Payloads gathered from wherever they were seen, united for each operation and event.

use std::collections::BTreeMap;

use fp_contract::{Contract, Exchange, Resolution, Response, WebhookSystem};
use serde_json::Value;

use super::redaction::Format;
use super::shape::{Shape, Text};
use super::subject::{PAYLOAD, Subject};
use super::written::Sections;

/// What was seen of each operation and event.
#[derive(Debug)]
pub struct Album {
    contract: &'static Contract,
    seen: BTreeMap<Subject, Sections>,
    /// Why there is nothing of an operation or event: the last reason counts.
    unseen: BTreeMap<Subject, String>,
}

impl Album {
    /// An empty album.
    pub fn new(contract: &'static Contract) -> Self {
        Self { contract, seen: BTreeMap::new(), unseen: BTreeMap::new() }
    }

    /// The contract by which it is kept.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// What was seen, by operation and event.
    pub fn seen(&self) -> &BTreeMap<Subject, Sections> {
        &self.seen
    }

    /// The operations and events of which nothing was seen, each with the reason.
    pub fn unseen(&self) -> Vec<(Subject, String)> {
        let subjects = Subject::all(self.contract).into_iter();
        let missing = subjects.filter(|subject| !self.seen.contains_key(subject));
        let reason = |subject: &Subject| self.unseen.get(subject).cloned();
        missing
            .map(|subject| (subject.clone(), reason(&subject).unwrap_or("it did not occur".into())))
            .collect()
    }

    /// Notes why an operation or event could not be seen.
    pub fn miss(&mut self, subject: Subject, reason: &str) {
        self.unseen.insert(subject, reason.to_owned());
    }

    /// Adds the reply of an exchange; the operation is found by the request. Refusals show nothing of an
    /// operation's payload and are noted only.
    pub fn add_exchange(&mut self, exchange: &Exchange<'_>) {
        let request = &exchange.request;
        let Resolution::Found(found) = self.contract.resolve(request.method, request.path()) else {
            return self.add_delivery(request.body);
        };
        let subject = Subject::of(found.operation);
        let Some(reply) = &exchange.response else {
            return self.miss(subject, "the recording holds no reply");
        };
        if !(200..300).contains(&reply.status) {
            return self.miss(subject, &format!("it was refused with {}", reply.status));
        }
        let section = reply.status.to_string();
        match shape_of(self.contract, &subject, &section, reply) {
            Ok(shape) => self.add(subject, section, shape),
            Err(reason) => self.miss(subject, &reason),
        }
    }

    /// Adds what a receiver of webhooks was sent, if that is what the request to an address of its own was.
    fn add_delivery(&mut self, body: &[u8]) {
        let Ok(payload) = serde_json::from_slice::<Value>(body) else { return };
        if payload.get("data").is_none() {
            return;
        }
        if let Some(event_type) = payload["event_type"].as_str() {
            self.add_event(WebhookSystem::V2, event_type, &payload);
        } else if let Some(event_type) = payload["event"]["type"].as_str() {
            self.add_event(WebhookSystem::Legacy, event_type, &payload);
        }
    }

    /// Adds the payload of an event. The test call sends events of any type that hold nothing.
    pub fn add_event(&mut self, system: WebhookSystem, event_type: &str, payload: &Value) {
        let is_test = system == WebhookSystem::V2 && payload["data"]["test"] == Value::Bool(true);
        let subject = Subject::event(system, if is_test { "test" } else { event_type });
        let promise = subject.promise(self.contract, PAYLOAD);
        // Of an event that the contract does not know nothing can be said.
        if promise.is_some() {
            let shape = Shape::of(payload, "", promise.as_ref());
            self.add(subject, PAYLOAD.to_owned(), shape);
        }
    }

    fn add(&mut self, subject: Subject, section: String, shape: Shape) {
        self.seen.entry(subject).or_default().entry(section).or_default().merge(shape);
    }
}

/// The shape of a reply; why there is none.
fn shape_of(
    contract: &Contract,
    subject: &Subject,
    section: &str,
    reply: &Response<'_>,
) -> Result<Shape, String> {
    let body = reply.decoded_body()?;
    let text = |text| Shape { text: Some(text), ..Shape::default() };
    let media_type = reply.header("content-type").unwrap_or_default();
    match serde_json::from_slice::<Value>(&body) {
        _ if body.is_empty() => Ok(Shape::default()),
        _ if media_type.contains("csv") => Ok(text(Text::Of(Format::Csv))),
        Ok(value) => Ok(Shape::of(&value, "", subject.promise(contract, section).as_ref())),
        // Cut off by whoever recorded it, or a fault that a judge of exchanges finds.
        Err(error) if media_type.contains("json") => Err(format!("the body is no JSON: {error}")),
        Err(_) => Ok(text(Text::Plain)),
    }
}
