//! Lets a target send what there is: reads wherever it is, writes where they are allowed, events at a mock.

use std::collections::BTreeSet;

use fp_contract::{Contract, Resolution, WebhookSystem};
use serde_json::{Value, json};

use super::album::Album;
use super::script::{self, Kept, Line};
use super::subject::Subject;
use crate::client::{Client, Limits, SendError};
use crate::exchange::Exchange;
use crate::target::Target;

/// How a target is asked.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Calls a minute; `None`: as fast as it goes.
    pub rate_per_minute: Option<u32>,
    /// Whether a host that is not this machine may be changed.
    pub allow_writes: bool,
    /// Names what is made there.
    pub seed: u64,
    /// How many single records are read of a kind.
    pub samples: usize,
}

/// What is made, so that every operation can be called.
pub const STORY: &str = include_str!("story.txt");
/// What is read, wherever there are records.
const READS: &str = include_str!("reads.txt");
/// What takes away what was made.
pub const CLEAN_UP: &str = include_str!("clean_up.txt");

/// What came of asking.
#[derive(Debug)]
pub struct Provoked {
    /// What was seen.
    pub album: Album,
    /// Calls that made sense only to a mock, or that found nothing to be about, and refusals, each with its reason.
    pub skipped: Vec<(String, String)>,
    /// What was made and could not be taken away again.
    pub left_behind: Vec<String>,
    /// How many calls were made.
    pub calls: u64,
    /// Why asking ended before its end, though something had been made by then.
    pub stopped: Option<SendError>,
}

/// Makes every call that the target and the terms allow.
///
/// # Errors
/// [`SendError`] when the target does not answer and nothing was made there.
pub fn provoke(target: &Target, terms: Terms) -> Result<Provoked, SendError> {
    let limits = Limits { rate_per_minute: terms.rate_per_minute, ..Limits::default() };
    let mut asking = Asking::of(target, terms, limits)?;
    if target.is_in_process() {
        asking.control("PUT", "/__admin/scenario", &json!({ "name": "demo" }))?;
    }
    // Somebody works with a mock elsewhere: he finds his account as he left it.
    let keeps = asking.is_mock && !target.is_in_process();
    let before = if keeps { asking.keep_state()? } else { None };
    let asked = asking.follow_all(STORY).and_then(|()| asking.follow_all(READS));
    // Whatever happened, what was made is taken away again.
    let cleaned = asking.clean_up();
    if let Err(error) = asked.and(cleaned) {
        return asking.give_up(error, terms.seed);
    }
    // On a second account nothing has happened yet: what happens to one record and not to another shows.
    let fresh = target.as_account("snapshots");
    let fresh = fresh.as_ref().map(|target| Client::new(target, limits));
    let used = Client::new(target, limits);
    let accounts: Vec<_> = fresh.iter().chain([&used]).collect();
    asking.events(&accounts)?;
    if let Some(id) = before {
        asking.control("POST", &format!("/__admin/snapshots/{id}/restore"), &json!({}))?;
        asking.control("DELETE", &format!("/__admin/snapshots/{id}"), &Value::Null)?;
    }
    asking.provoked.calls = accounts.iter().fold(asking.client.sent(), |calls, client| calls + client.sent());
    Ok(asking.provoked)
}

/// The beginning of every name that a run makes.
fn namespace(seed: u64) -> String {
    format!("fps-{seed:x}")
}

fn answers_control(client: &Client<'_>) -> Result<bool, SendError> {
    let health = client.ask("GET", "/__admin/health", &Value::Null)?;
    Ok(health.json().is_some_and(|reply| reply["operations"].is_object()))
}

struct Asking<'t> {
    client: Client<'t>,
    provoked: Provoked,
    kept: Kept,
    writes: bool,
    is_mock: bool,
    samples: usize,
}

impl<'t> Asking<'t> {
    fn of(target: &'t Target, terms: Terms, limits: Limits) -> Result<Self, SendError> {
        let client = Client::new(target, limits);
        let is_mock = target.is_this_machine() && answers_control(&client)?;
        let mut kept = Kept::default();
        kept.put("own", json!(namespace(terms.seed)));
        kept.put("base", json!(target.base()));
        let provoked = Provoked {
            album: Album::new(Contract::corrected()),
            skipped: Vec::new(),
            left_behind: Vec::new(),
            calls: 0,
            stopped: None,
        };
        // Behind an address of this machine the real service may stand all the same.
        let writes = is_mock || terms.allow_writes;
        Ok(Self { client, provoked, kept, writes, is_mock, samples: terms.samples })
    }

    fn follow_all(&mut self, script: &str) -> Result<(), SendError> {
        script::read(script).iter().try_for_each(|line| self.follow(line, false))
    }

    /// Takes away what was made: every call is tried, whatever becomes of the others.
    fn clean_up(&mut self) -> Result<(), SendError> {
        let mut ended = Ok(());
        for line in script::read(CLEAN_UP) {
            ended = ended.and(self.follow(&line, true));
        }
        ended
    }

    /// Ends early. What may have been made is named, because taking it away may have failed too.
    fn give_up(mut self, error: SendError, seed: u64) -> Result<Provoked, SendError> {
        if !self.writes {
            return Err(error);
        }
        let what = format!("what is named {}-…, as far as it could not be taken away", namespace(seed));
        self.provoked.left_behind.push(what);
        self.provoked.stopped = Some(error);
        Ok(self.provoked)
    }

    /// Makes the call of a line, for as many records as there are samples.
    fn follow(&mut self, line: &Line<'_>, cleans_up: bool) -> Result<(), SendError> {
        let call = format!("{} {}", line.method, line.target);
        let reason = match line.mock_only {
            Some(reason) if !self.is_mock => Some(format!("only a mock is asked for this: {reason}")),
            _ if line.method != "GET" && !self.writes => {
                Some("nothing is changed without --allow-writes".to_owned())
            }
            _ => None,
        };
        if let Some(reason) = reason {
            self.skip(line, call, reason);
            return Ok(());
        }
        let targets = self.kept.fill_in(line.target, self.samples);
        let body = self.kept.fill_in(line.body, 1);
        let (targets, body) = match (targets, body) {
            (Ok(targets), Ok(mut body)) => (targets, body.remove(0)),
            (Err(name), _) | (_, Err(name)) => {
                self.skip(line, call, format!("there is no `{}` to ask about", name.replace('_', " ")));
                return Ok(());
            }
        };
        let body = serde_json::from_str(&body).unwrap_or(Value::Null);
        for target in targets {
            let exchange = self.client.ask(line.method, &target, &body)?;
            self.take(line, &exchange, cleans_up);
        }
        Ok(())
    }

    fn take(&mut self, line: &Line<'_>, exchange: &Exchange, cleans_up: bool) {
        self.provoked.album.add_exchange(&exchange.as_borrowed());
        if let Some(reply) = exchange.json().filter(|_| exchange.is_success()) {
            for (name, pointer) in &line.keeps {
                self.kept.take(name, pointer, &reply);
            }
            if line.target.starts_with("/__admin/inbox/") {
                self.take_deliveries(&reply);
            }
        } else if !exchange.is_success() {
            let call = format!("{} {}", line.method, exchange.call.target);
            let message = exchange.json().and_then(|reply| {
                Some(reply.get("message").or_else(|| reply.get("error"))?.as_str()?.to_owned())
            });
            let reason = format!("answered {}: {}", exchange.status, message.unwrap_or_default());
            // What is not there was not made, or is gone already.
            if cleans_up && exchange.status != 404 {
                self.provoked.left_behind.push(format!("{call} {reason}"));
            }
            self.skip(line, call, reason);
        }
    }

    fn skip(&mut self, line: &Line<'_>, call: String, reason: String) {
        let path = line.target.split('?').next().unwrap_or(line.target);
        let resolution = self.client.contract().resolve(line.method, path);
        let reason = self.client.target().without_keys(&reason);
        if let Resolution::Found(found) = resolution {
            self.provoked.album.miss(Subject::of(found.operation), &reason);
        }
        self.provoked.skipped.push((self.client.target().without_keys(&call), reason));
    }

    /// Every event, at each of the accounts.
    fn events(&mut self, accounts: &[&Client<'_>]) -> Result<(), SendError> {
        let contract = self.client.contract();
        for system in [WebhookSystem::V2, WebhookSystem::Legacy] {
            let types: BTreeSet<&str> = contract.event_types(system).collect();
            for event_type in types {
                if !self.is_mock {
                    let reason = "events are provoked at a mock only; check them by a recording";
                    self.provoked.album.miss(Subject::event(system, event_type), reason);
                    continue;
                }
                for client in accounts {
                    let reply = client.ask("POST", &format!("/__admin/trigger/{event_type}"), &json!({}))?;
                    let body = reply.json().unwrap_or_default();
                    match body.get("payload") {
                        Some(payload) => self.provoked.album.add_event(system, event_type, payload),
                        None => {
                            let why = body["message"].as_str().unwrap_or_default();
                            let reason = format!("the mock answered {}: {why}", reply.status);
                            self.provoked.album.miss(Subject::event(system, event_type), &reason);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What a receiver of ours got.
    fn take_deliveries(&mut self, inbox: &Value) {
        for received in inbox["received"].as_array().into_iter().flatten() {
            let payload = &received["json"];
            if let Some(event_type) = payload["event_type"].as_str() {
                let event_type =
                    if payload["data"]["test"] == Value::Bool(true) { "test" } else { event_type };
                self.provoked.album.add_event(WebhookSystem::V2, event_type, payload);
            }
        }
    }

    /// Keeps the mock's account as it is; the name under which it comes back.
    fn keep_state(&self) -> Result<Option<String>, SendError> {
        let reply = self.client.ask("POST", "/__admin/snapshots", &json!({}))?.json().unwrap_or_default();
        Ok(reply["id"].as_str().map(str::to_owned))
    }

    fn control(&self, method: &str, target: &str, body: &Value) -> Result<(), SendError> {
        self.client.ask(method, target, body).map(drop)
    }
}
