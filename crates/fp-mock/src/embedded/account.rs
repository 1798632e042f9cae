//! One account of a mock in a test.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{ClockHandle, Given, InboxHandle, Mock};
use crate::api::dispatch::Incoming;
use crate::control::journal::Entry;
use crate::control::journal::entry::Sent;
use crate::control::journal::pattern::Pattern;
use crate::webhooks::delivery::Delivery;
use crate::world;

/// One account of a mock: records, ids, clock, webhooks, journal and faults of its own.
#[derive(Clone, Debug)]
pub struct Account<'m> {
    mock: &'m Mock,
    name: String,
}

/// What a call answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers that the mock set, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null without one.
    ///
    /// # Panics
    /// If the body is something else.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body as JSON, if the status is the expected one.
    ///
    /// # Panics
    /// If it is another, with the body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "unexpected status; body: {body}");
        self.json()
    }

    /// The first value of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl From<Sent> for Answer {
    fn from(sent: Sent) -> Self {
        Self { status: sent.status, headers: sent.headers, body: sent.body.to_vec() }
    }
}

impl<'m> Account<'m> {
    pub(super) fn new(mock: &'m Mock, name: &str) -> Self {
        Self { mock, name: name.to_owned() }
    }

    /// Its name: the `Account-ID`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account itself.
    pub fn state(&self) -> Arc<world::Account> {
        self.mock.world().account(&self.name)
    }

    /// Its clock.
    pub fn clock(&self) -> ClockHandle<'m> {
        ClockHandle::new(self.mock, self.state())
    }

    /// A built-in receiver of webhooks.
    pub fn inbox(&self, name: &str) -> InboxHandle<'m> {
        InboxHandle::new(self.clone(), name)
    }

    pub(super) fn mock_url(&self) -> &str {
        self.mock.url()
    }

    /// Makes records.
    pub fn given(&self) -> Given<'m> {
        Given::new(self.clone())
    }

    /// Makes a call of v1 or v2 with this account's keys, without a socket: everything else is as over HTTP,
    /// journal and faults included. `target` is path and query; a body of null is none.
    pub fn call(&self, method: &str, target: &str, body: Value) -> Answer {
        let mut headers = self.keys(target);
        let body = if body.is_null() {
            Vec::new()
        } else {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            body.to_string().into_bytes()
        };
        self.send(method, target, headers, body)
    }

    /// The same with any headers and bytes: nothing is added but the host.
    pub fn send(&self, method: &str, target: &str, headers: Vec<(String, String)>, body: Vec<u8>) -> Answer {
        let incoming = Incoming { method: method.to_owned(), target: target.to_owned(), headers, body };
        self.mock.thread.call(incoming).into()
    }

    /// What a GET of `target` answers.
    ///
    /// # Panics
    /// If it answers anything but 200.
    #[track_caller]
    pub fn get(&self, target: &str) -> Value {
        self.call("GET", target, Value::Null).expect(200)
    }

    /// Makes a control call for this account, without a socket: `path` is what follows `/__admin`.
    ///
    /// # Panics
    /// If it is refused, with what the control API says.
    #[track_caller]
    pub fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let mut headers = vec![("account-id".to_owned(), self.name.clone())];
        if let Some(token) = &self.mock.desk.terms().admin_token {
            headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = self.send(method, &format!("/__admin{path}"), headers, body);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(answer.status < 300, "{method} /__admin{path} answered {}: {text}", answer.status);
        serde_json::from_slice(&answer.body).unwrap_or_else(|_| Value::String(text.into_owned()))
    }

    /// Its calls that the journal keeps, oldest first.
    pub fn requests(&self) -> Vec<Arc<Entry>> {
        self.mock.desk.entries(Some(&self.name)).0
    }

    /// Waits until a call that fits has come in, and answers it; one that is there already counts. `within` is
    /// real time.
    ///
    /// # Panics
    /// If none comes, naming what came nearest.
    #[track_caller]
    pub fn wait_for(&self, pattern: &Pattern, within: Duration) -> Arc<Entry> {
        let (desk, account, pattern) = (self.mock.desk.clone(), self.state(), pattern.clone());
        let found = self.mock.thread.run(async move {
            let mut pulse = account.pulse();
            let look = async {
                loop {
                    pulse.mark_unchanged();
                    let sandbox = desk.sandbox(account.name());
                    let fits = sandbox.journal().entries().rev().find(|entry| pattern.fits(entry));
                    match fits {
                        Some(entry) => return entry,
                        // The account, which sends the pulse, outlives this wait.
                        None => drop(pulse.changed().await),
                    }
                }
            };
            tokio::time::timeout(within, look).await
        });
        found.unwrap_or_else(|_| panic!("no such call within {within:?}; see Mock::requests for what came"))
    }

    /// Its webhook deliveries, oldest first, with every attempt.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state().lock().webhooks.deliveries.iter().cloned().collect()
    }

    /// Back to the scenario's start: records, clock, journal, faults.
    pub fn reset(&self) {
        self.mock.desk.reset(&self.state());
    }

    /// Keeps the whole state and answers the name under which [`Account::restore`] brings it back.
    pub fn snapshot(&self) -> String {
        let kept = self.control("POST", "/snapshots", Value::Null);
        kept["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Goes back to a kept state.
    ///
    /// # Panics
    /// If this account kept none of that name.
    #[track_caller]
    pub fn restore(&self, snapshot: &str) {
        self.control("POST", &format!("/snapshots/{snapshot}/restore"), json!({}));
    }

    /// Credentials that open this account.
    fn keys(&self, target: &str) -> Vec<(String, String)> {
        let keys = &self.mock.desk.front().policy().keys;
        let is_v1 = target.starts_with("/api/v1");
        // Without configured keys, any opens the account it names; in v1 the key is the name.
        let key = keys.opening(&self.name).unwrap_or(if is_v1 { &self.name } else { "fp-mock" });
        if is_v1 {
            return vec![("x-api-key".to_owned(), key.to_owned())];
        }
        let bearer = ("authorization".to_owned(), format!("Bearer {key}"));
        vec![bearer, ("account-id".to_owned(), self.name.clone())]
    }

    /// Answers a call that is no client's: no journal, no faults, no judge.
    pub(super) fn perform(&self, method: &str, path: &str, body: &Value) -> Answer {
        let mut headers = self.keys(path);
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        let body = body.to_string().into_bytes();
        let incoming = Incoming { method: method.to_owned(), target: path.to_owned(), headers, body };
        let front = Arc::clone(self.mock.desk.front());
        let reply = self.mock.thread.run(async move {
            let visit = crate::api::dispatch::Visit::recognise(&front, &incoming);
            visit.answer(&front, &incoming).await
        });
        Answer { status: reply.status, headers: Vec::new(), body: reply.body.to_vec() }
    }
}
