//! Payloads gathered from wherever they were seen, united for each operation and event.

use std::collections::BTreeMap;

use fp_contract::{Contract, Exchange, Resolution, WebhookSystem};
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
    /// Exchanges and payloads that were looked at, foreign ones included.
    looked_at: u64,
}

impl Album {
    /// An empty album.
    pub fn new(contract: &'static Contract) -> Self {
        Self { contract, seen: BTreeMap::new(), unseen: BTreeMap::new(), looked_at: 0 }
    }

    /// The contract by which it is kept.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// What was seen, by operation and event.
    pub fn seen(&self) -> &BTreeMap<Subject, Sections> {
        &self.seen
    }

    /// How many exchanges and payloads were looked at.
    pub fn looked_at(&self) -> u64 {
        self.looked_at
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
        self.looked_at += 1;
        let request = &exchange.request;
        let Resolution::Found(found) = self.contract.resolve(request.method, request.path()) else { return };
        let subject = Subject::of(found.operation);
        let Some(reply) = &exchange.response else {
            return self.miss(subject, "the recording holds no reply");
        };
        if !(200..300).contains(&reply.status) {
            return self.miss(subject, &format!("it was refused with {}", reply.status));
        }
        let section = reply.status.to_string();
        let media_type = reply.header("content-type").unwrap_or_default();
        let shape = match serde_json::from_slice::<Value>(reply.body) {
            _ if reply.body.is_empty() => Shape::default(),
            _ if media_type.contains("csv") => {
                Shape { text: Some(Text::Of(Format::Csv)), ..Shape::default() }
            }
            Ok(value) => Shape::of(&value, "", subject.promise(self.contract, &section).as_ref()),
            Err(_) => Shape { text: Some(Text::Plain), ..Shape::default() },
        };
        self.add(subject, section, shape);
    }

    /// Adds the payload of an event.
    pub fn add_event(&mut self, system: WebhookSystem, event_type: &str, payload: &Value) {
        self.looked_at += 1;
        let subject = Subject::event(system, event_type);
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
