//! One call of the APIs from request to answer: what it prefers, what goes wrong on demand, the call itself, the
//! judge, the journal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fp_contract::Violation;
use tokio::sync::MutexGuard;

use super::asked::{self, Asked};
use super::verdict;
use crate::api::dispatch::{Incoming, Visit};
use crate::clock::driver::pause;
use crate::clock::timestamp::Timestamp;
use crate::control::call_log::CallLine;
use crate::control::desk::{Desk, Sandbox};
use crate::control::faults::{Cut, Effect, Met, Target};
use crate::control::journal::entry::{Entry, Sent};
use crate::control::journal::packed::Packed;
use crate::control::prefer::Preference;
use crate::control::recorder::Recorder;
use crate::domain::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::world::Account;

/// What a call ends in.
#[derive(Debug)]
pub(super) enum Ending {
    /// An answer.
    Answer(Sent),
    /// A connection that goes wrong.
    Cut(Cut),
}

impl Ending {
    fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Answer(sent) => Some(sent),
            Self::Cut(_) => None,
        }
    }
}

/// Who made the answer: only ours is held against the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Author {
    Mock,
    Test,
}

/// An answer, who made it, and when the call took effect, if it came so far.
struct Made {
    reply: Reply,
    author: Author,
    at: Option<Timestamp>,
}

impl Made {
    fn by_mock(reply: Reply, at: Option<Timestamp>) -> Self {
        Self { reply, author: Author::Mock, at }
    }

    fn by_test(reply: Reply, at: Option<Timestamp>) -> Self {
        Self { reply, author: Author::Test, at }
    }
}

/// Answers a call, having judged it and written it down. The line about it is noted, and still to be flushed before the
/// answer goes out. The request is afterwards what it was.
pub(super) async fn serve(desk: &Desk, asked: &mut Asked) -> Ending {
    let began = Instant::now();
    // What is changed on purpose is not what the next request begins with.
    #[cfg(feature = "planted-faults")]
    let asked = &mut Asked { incoming: asked.incoming.clone(), recognised: None };
    let sent_target = asked::may_change(&asked.incoming.target).then(|| asked.incoming.target.clone());
    let (preference, recognised) = asked.recognise(desk);
    let incoming = &mut asked.incoming;
    let visit = Visit::of(&recognised);
    let account = visit.account();
    let operation = visit.operation().map(fp_contract::Operation::name);
    let sandbox = account.map(|name| desk.sandbox(name));
    let target = || Target { operation, account: account.unwrap_or_default(), now: now(desk, &visit) };
    let met = desk.meet_fault(sandbox.as_deref(), target);
    let recorder = desk.terms().recorder.as_deref();
    let turn = take_turn(desk, recorder, &visit).await;
    let Made { reply, author, at } = match (&preference, &met) {
        (Err(unmet), _) => Made::by_test(unmet.reply(), None),
        (Ok(preference), met) => answer(desk, &visit, incoming, preference.as_ref(), met.as_ref()).await,
    };
    let at = at.unwrap_or_else(|| now(desk, &visit));
    #[cfg(feature = "planted-faults")]
    let reply = with_planted(desk, account, incoming, reply);
    let headers = headers(&reply);
    let ours = (author == Author::Mock).then_some((&reply, headers.as_slice()));
    let violations = verdict::judge(desk, &visit, incoming, ours);
    let (delay, ending, fault) = end(met, reply, headers, &violations);
    if let Some(target) = sent_target {
        incoming.target = target;
    }
    if let Some(recorder) = recorder {
        recorder.write(account, at, incoming, ending.sent());
    }
    drop(turn);
    if !delay.is_zero() {
        pause(delay).await;
    }
    let status = ending.sent().map_or(0, |sent| sent.status);
    let call = Call { account, operation, at, fault, violations };
    note(desk, &call, status, began.elapsed(), incoming);
    write_down(desk, sandbox.as_deref(), call, incoming, &ending);
    if let Some(account) = visit.known_account(desk.front()) {
        account.stir();
    }
    ending
}

#[cfg(feature = "planted-faults")]
fn with_planted(desk: &Desk, account: Option<&str>, incoming: &Incoming, mut reply: Reply) -> Reply {
    if let Some(planted) = &desk.world().options().planted {
        planted.on_reply(desk.world(), account, incoming, &mut reply);
    }
    reply
}

/// The account's present moment, without making the account.
fn now(desk: &Desk, visit: &Visit) -> Timestamp {
    let known = visit.known_account(desk.front());
    known.map_or_else(|| desk.world().options().start(), |account| account.lock().clock.now())
}

/// A recorded call's turn. The account's clock stands still meanwhile, so that the moment that is written down is
/// the one at which everything happened.
struct Turn<'r> {
    _alone: MutexGuard<'r, ()>,
    account: Option<Arc<Account>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(account) = &self.account {
            account.lock().clock.let_go(None);
        }
    }
}

/// While calls are recorded, one is made after another, each when all that was due before has happened.
async fn take_turn<'r>(desk: &Desk, recorder: Option<&'r Recorder>, visit: &Visit) -> Option<Turn<'r>> {
    let alone = recorder?.turn().await;
    let account = visit.known_account(desk.front()).cloned();
    if let Some(account) = &account {
        let mut ledger = account.lock();
        let now = ledger.clock.now();
        ledger.clock.hold(now);
        drop(ledger);
        desk.world().settle(account);
    }
    Some(Turn { _alone: alone, account })
}

async fn answer(
    desk: &Desk,
    visit: &Visit,
    incoming: &Incoming,
    preference: Option<&Preference>,
    met: Option<&Met>,
) -> Made {
    if let Some(met) = met.filter(|met| !met.processed) {
        match &met.effect {
            Effect::Late => {}
            Effect::Limit(_) => return Made::by_mock(visit.refuse(&Refusal::RateLimited), None),
            Effect::Cut(_) | Effect::Error { .. } => {
                return Made::by_test(injected(&met.effect), None);
            }
        }
    }
    if let (Some(preference), Some(operation)) = (preference, visit.operation()) {
        let sandbox = desk.sandbox(visit.account().unwrap_or_default());
        let made = preference.answer(desk.front().contract(), operation, sandbox.dice().rng());
        return Made::by_test(made.unwrap_or_else(|unmet| unmet.reply()), None);
    }
    if desk.front().policy().errors
        && let Some(problem) = verdict::problem(desk, incoming)
    {
        return Made::by_test(problem, None);
    }
    let (reply, at) = visit.answer_at(desk.front(), incoming).await;
    match met.map(|met| &met.effect) {
        Some(effect @ Effect::Error { .. }) => Made::by_test(injected(effect), at),
        _ => Made::by_mock(reply, at),
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

fn headers(reply: &Reply) -> Vec<(String, String)> {
    let content_type = reply.content_type.map(|value| ("content-type".to_owned(), value.to_owned()));
    let others = reply.headers.iter().map(|(name, value)| (name.to_string(), value.clone()));
    content_type.into_iter().chain(others).collect()
}

/// How late, how the call ends, and the fault it met in words.
fn end(
    met: Option<Met>,
    reply: Reply,
    mut headers: Vec<(String, String)>,
    violations: &[Violation],
) -> (Duration, Ending, Option<String>) {
    let fault = met.as_ref().map(|met| match &met.effect {
        Effect::Late => "delay".to_owned(),
        Effect::Error { status, .. } => format!("error {status}"),
        Effect::Cut(cut) => cut.name().to_owned(),
        Effect::Limit(limit) => format!("rate_limit {limit}"),
    });
    let delay = met.as_ref().map_or(Duration::ZERO, |met| met.delay);
    if let Some(Met { effect: Effect::Cut(cut), .. }) = met {
        return (delay, Ending::Cut(cut), fault);
    }
    if let Some(listed) = verdict::listed(violations) {
        headers.push(("sl-violations".to_owned(), listed));
    }
    let sent = Sent { status: reply.status, headers, body: reply.body };
    (delay, Ending::Answer(sent), fault)
}

/// What is known about a call beside what was sent and answered.
struct Call<'c> {
    account: Option<&'c str>,
    operation: Option<&'static str>,
    at: Timestamp,
    fault: Option<String>,
    violations: Vec<Violation>,
}

fn note(desk: &Desk, call: &Call<'_>, status: u16, took: Duration, incoming: &Incoming) {
    let metrics = desk.metrics();
    metrics.count_call(call.operation, status, took);
    for violation in &call.violations {
        metrics.count_violation(violation.code, &violation.side.to_string());
    }
    if call.fault.is_some() {
        metrics.count_fault();
    }
    desk.terms().call_log.note(&CallLine {
        method: &incoming.method,
        target: &incoming.target,
        status,
        took,
        account: call.account,
        fault: call.fault.as_deref(),
        violations: call.violations.len(),
    });
    if !call.violations.is_empty() {
        // What they are about comes before them.
        desk.terms().call_log.flush();
    }
    for violation in &call.violations {
        tracing::debug!(target: "fp_mock::violation", "{violation}");
    }
}

fn write_down(desk: &Desk, sandbox: Option<&Sandbox>, call: Call<'_>, incoming: &Incoming, ending: &Ending) {
    desk.log(sandbox, |number, order, room| Entry {
        number,
        order,
        at: call.at,
        call: Packed::written(room, call.account, incoming, ending.sent()),
        operation: call.operation,
        fault: call.fault,
        violations: call.violations,
    });
}
