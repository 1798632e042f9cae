//! One call of the APIs from request to answer: what it prefers, what goes wrong on demand, the call itself, the
//! judge, the journal.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use fp_contract::{Exchange, Response, Side, Violation};
use serde_json::json;

use crate::api::dispatch::{Incoming, Visit};
use crate::clock::driver::pause;
use crate::clock::timestamp::Timestamp;
use crate::control::desk::Desk;
use crate::control::faults::{Cut, Effect, Met, Target};
use crate::control::journal::entry::{Entry, Sent};
use crate::control::prefer::Preference;
use crate::domain::refusal::Refusal;
use crate::wire::reply::Reply;

/// Bytes of the header that lists violations; more are in the journal.
const VIOLATIONS_HEADER_MAX: usize = 8 * 1024;

/// What a call ends in.
#[derive(Debug)]
pub(super) enum Ending {
    /// An answer.
    Answer(Sent),
    /// A connection that goes wrong.
    Cut(Cut),
}

/// Who made the answer: only ours is held against the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Author {
    Mock,
    Test,
}

/// Answers a call, having judged it and written it down.
pub(super) async fn serve(desk: &Desk, mut incoming: Incoming) -> Ending {
    let began = Instant::now();
    let sent_target = incoming.target.clone();
    let preference = Preference::take(&mut incoming);
    let visit = Visit::recognise(desk.front(), &incoming);
    let account = visit.account().map(str::to_owned);
    let operation = visit.operation().map(fp_contract::Operation::key);
    let at = now(desk, account.as_deref());
    let target =
        Target { operation: operation.as_deref(), account: account.as_deref().unwrap_or_default(), now: at };
    let met = desk.meet_fault(target);
    let (reply, author) = match (&preference, &met) {
        (Err(unmet), _) => (unmet.reply(), Author::Test),
        (Ok(preference), met) => answer(desk, &visit, &incoming, preference.as_ref(), met.as_ref()).await,
    };
    let violations = judge(desk, &incoming, &reply, author);
    let (ending, fault) = end(met, reply, &violations).await;
    incoming.target = sent_target;
    let status = match &ending {
        Ending::Answer(sent) => sent.status,
        Ending::Cut(_) => 0,
    };
    let call = Call { account, operation, at, fault, violations };
    note(desk, &call, status, began.elapsed(), &incoming);
    write_down(desk, call, incoming, &ending);
    ending
}

/// The account's present moment, without making the account.
fn now(desk: &Desk, account: Option<&str>) -> Timestamp {
    let known = account.and_then(|name| desk.world().known_account(name));
    known.map_or_else(|| desk.world().options().start(), |account| account.lock().clock.now())
}

async fn answer(
    desk: &Desk,
    visit: &Visit<'_>,
    incoming: &Incoming,
    preference: Option<&Preference>,
    met: Option<&Met>,
) -> (Reply, Author) {
    if let Some(met) = met.filter(|met| !met.processed) {
        match &met.effect {
            Effect::Late => {}
            Effect::Limit(_) => return (visit.refuse(&Refusal::RateLimited), Author::Mock),
            Effect::Cut(_) | Effect::Error { .. } => return (injected(&met.effect), Author::Test),
        }
    }
    if let (Some(preference), Some(operation)) = (preference, visit.operation()) {
        let sandbox = desk.sandbox(visit.account().unwrap_or_default());
        let made = preference.answer(desk.front().contract(), operation, sandbox.dice().rng());
        return (made.unwrap_or_else(|unmet| unmet.reply()), Author::Test);
    }
    if desk.front().policy().errors
        && let Some(problem) = problem(desk, incoming)
    {
        return (problem, Author::Test);
    }
    let reply = visit.answer(desk.front(), incoming).await;
    match met.map(|met| &met.effect) {
        Some(effect @ Effect::Error { .. }) => (injected(effect), Author::Test),
        _ => (reply, Author::Mock),
    }
}

/// The error that a rule wants; for a cut connection nothing that anybody will see.
fn injected(effect: &Effect) -> Reply {
    let Effect::Error { status, headers, content_type, body } = effect else { return Reply::empty(503) };
    let mut reply = Reply::bytes(*status, content_type, body.clone());
    if body.is_empty() {
        reply.content_type = None;
    }
    for (name, value) in headers {
        reply = reply.with_header(name.clone(), value.clone());
    }
    reply
}

/// With `--errors`: what is wrong with a request, as problem+json. Credentials are left to the front door.
fn problem(desk: &Desk, incoming: &Incoming) -> Option<Reply> {
    let exchange = Exchange { request: incoming.as_request(), response: None };
    let mut violations = desk.front().contract().check(&exchange);
    violations
        .retain(|violation| violation.side == Side::Request && !violation.pointer.starts_with("/header/"));
    let first = violations.first().filter(|violation| violation.operation.is_some())?;
    let body = json!({
        "type": format!("urn:fp-mock:violation:{}", first.code),
        "title": "The request breaks the contract",
        "status": 422,
        "detail": first.to_string(),
        "validation": violations,
    });
    let body = serde_json::to_vec(&body).unwrap_or_default();
    Some(Reply::bytes(422, "application/problem+json", body))
}

fn judge(desk: &Desk, incoming: &Incoming, reply: &Reply, author: Author) -> Vec<Violation> {
    let policy = desk.front().policy();
    let responses = policy.validate.responses && author == Author::Mock;
    if !responses && !policy.validate.requests {
        return Vec::new();
    }
    let headers = headers(reply);
    let response = Response { status: reply.status, headers: &headers, body: &reply.body };
    let exchange = Exchange { request: incoming.as_request(), response: responses.then_some(response) };
    let mut violations = desk.front().contract().check(&exchange);
    violations.retain(|violation| match violation.side {
        Side::Request => policy.validate.requests,
        Side::Response => responses,
    });
    violations
}

fn headers(reply: &Reply) -> Vec<(String, String)> {
    let content_type = reply.content_type.map(|value| ("content-type".to_owned(), value.to_owned()));
    let others = reply.headers.iter().map(|(name, value)| (name.to_string(), value.clone()));
    content_type.into_iter().chain(others).collect()
}

/// Holds the answer back as long as a fault wants, and lets the connection go wrong if it wants that.
async fn end(met: Option<Met>, reply: Reply, violations: &[Violation]) -> (Ending, Option<String>) {
    let fault = met.as_ref().map(|met| match &met.effect {
        Effect::Late => "delay".to_owned(),
        Effect::Error { status, .. } => format!("error {status}"),
        Effect::Cut(cut) => cut.name().to_owned(),
        Effect::Limit(limit) => format!("rate_limit {limit}"),
    });
    if let Some(delay) = met.as_ref().map(|met| met.delay).filter(|delay| !delay.is_zero()) {
        pause(delay).await;
    }
    if let Some(Met { effect: Effect::Cut(cut), .. }) = met {
        return (Ending::Cut(cut), fault);
    }
    let mut headers = headers(&reply);
    if let Some(listed) = listed(violations) {
        headers.push(("sl-violations".to_owned(), listed));
    }
    (Ending::Answer(Sent { status: reply.status, headers, body: Bytes::from(reply.body) }), fault)
}

/// Violations as a JSON array that may stand in a header: ASCII alone, and no longer than clients take.
fn listed(violations: &[Violation]) -> Option<String> {
    let mut listed = String::new();
    for violation in violations {
        let one = serde_json::to_string(violation).unwrap_or_default();
        if listed.len() + one.len() > VIOLATIONS_HEADER_MAX {
            break;
        }
        listed.push(if listed.is_empty() { '[' } else { ',' });
        for letter in one.chars() {
            if letter.is_ascii() {
                listed.push(letter);
            } else {
                let mut units = [0; 2];
                letter
                    .encode_utf16(&mut units)
                    .iter()
                    .for_each(|unit| listed.push_str(&format!("\\u{unit:04x}")));
            }
        }
    }
    (!listed.is_empty()).then(|| listed + "]")
}

/// What is known about a call beside what was sent and answered.
struct Call {
    account: Option<String>,
    operation: Option<String>,
    at: Timestamp,
    fault: Option<String>,
    violations: Vec<Violation>,
}

fn note(desk: &Desk, call: &Call, status: u16, took: Duration, incoming: &Incoming) {
    let metrics = desk.metrics();
    metrics.count_call(call.operation.as_deref(), status, took);
    for violation in &call.violations {
        metrics.count_violation(violation.code, &violation.side.to_string());
    }
    if call.fault.is_some() {
        metrics.count_fault();
    }
    tracing::info!(
        target: "fp_mock::call",
        method = incoming.method,
        target = incoming.target,
        status,
        took_us = took.as_micros() as u64,
        account = call.account.as_deref().unwrap_or("-"),
        fault = call.fault,
        violations = call.violations.len(),
        "call"
    );
    for violation in &call.violations {
        tracing::debug!(target: "fp_mock::violation", "{violation}");
    }
}

fn write_down(desk: &Desk, call: Call, incoming: Incoming, ending: &Ending) {
    let response = match ending {
        Ending::Answer(sent) => Some(sent.clone()),
        Ending::Cut(_) => None,
    };
    let account = call.account.clone();
    desk.log(account.as_deref(), |number, order| Entry {
        number,
        order,
        at: call.at,
        account: call.account,
        request: incoming,
        response,
        operation: call.operation,
        fault: call.fault,
        violations: call.violations,
    });
}
