//! `/inbox/{name}`: receivers of webhooks that come with the mock.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, Problem, ok, read};
use crate::clock::driver::pause;
use crate::webhooks::inbox::{Inbox, Received};

const HINT: &str = "send {\"statuses\": [500, 500, 200], \"delay_ms\": 0}; the last status stays";

/// How late an answer can be.
const DELAY_MAX_MS: u64 = 10 * 60 * 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    #[serde(default)]
    statuses: Vec<u16>,
    #[serde(default)]
    delay_ms: u64,
}

/// `POST /inbox/{name}`: takes a webhook. Concerns the account of `?account=`, else the default one.
pub async fn take(call: Call) -> Answer {
    let name = call.path(0);
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = call.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let account = call.account();
    let (status, delay) = {
        let mut ledger = account.lock();
        let now = ledger.clock.now();
        ledger.inboxes.named(name).take(now, headers, call.body.to_vec())
    };
    tracing::info!(target: "fp_mock::inbox", "webhook in   {status}  inbox {name}  account {account}", account = account.name());
    account.stir();
    if !delay.is_zero() {
        pause(delay).await;
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Ok((status, Json(json!({ "inbox": name, "answered": status.as_u16() }))).into_response())
}

/// `GET /inbox/{name}`: what came in, oldest first, and what is answered next.
pub fn list(call: &Call) -> Answer {
    let name = call.path(0);
    let account = call.account();
    let mut ledger = account.lock();
    ok(&shown(name, ledger.inboxes.named(name)))
}

/// `PUT /inbox/{name}`: programs its answers.
pub fn program(call: &Call) -> Answer {
    let name = call.path(0);
    let program: Program = read(&call.body, HINT)?;
    if let Some(status) = program.statuses.iter().find(|status| !(200..=599).contains(*status)) {
        return Err(Problem::bad_request(format!("{status} is no final status from 200 to 599"), HINT));
    }
    if program.delay_ms > DELAY_MAX_MS {
        return Err(Problem::bad_request(format!("delay_ms is at most {DELAY_MAX_MS}"), HINT));
    }
    let account = call.account();
    let mut ledger = account.lock();
    let inbox = ledger.inboxes.named(name);
    inbox.program(program.statuses, Duration::from_millis(program.delay_ms));
    ok(&shown(name, inbox))
}

/// `DELETE /inbox/{name}`: empties it and lets it answer 200 at once.
pub fn clear(call: &Call) -> Answer {
    let name = call.path(0);
    let account = call.account();
    account.lock().inboxes.named(name).clear();
    ok(&json!({}))
}

fn shown(name: &str, inbox: &Inbox) -> Value {
    let received: Vec<Value> = inbox.received().map(one).collect();
    let statuses: Vec<u16> = inbox.statuses().collect();
    json!({
        "name": name,
        "statuses": statuses,
        "delay_ms": inbox.delay().as_millis() as u64,
        "received": received,
        "meta": { "total": inbox.count(), "evicted": inbox.count() - received.len() as u64 },
    })
}

fn one(received: &Received) -> Value {
    let headers: serde_json::Map<String, Value> =
        received.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    json!({
        "number": received.number,
        "at": received.at,
        "headers": headers,
        "body": String::from_utf8_lossy(&received.body),
        "json": serde_json::from_slice::<Value>(&received.body).ok(),
        "answered": received.answered,
    })
}
