//! `webhooks_are_retried_on_schedule`, `webhooks_reach_who_wants_them`: failed deliveries are repeated at the
//! documented moments and so often as the subscription says, acknowledged ones never; only active subscriptions
//! get only the events that they want. The harness is the receiver and moves the target's clock.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::rows;
use crate::exchange::Exchange;
use crate::run::{Session, Stop};
use crate::sink::{Received, Sink};

pub(super) const RETRIED_ON_SCHEDULE: Behaviour = Behaviour {
    code: "webhooks_are_retried_on_schedule",
    promise: "failed deliveries are repeated at the documented moments, as often as asked, and no others",
    writes: true,
    run: retried,
};

pub(super) const REACH_WHO_WANTS_THEM: Behaviour = Behaviour {
    code: "webhooks_reach_who_wants_them",
    promise: "a subscription gets the events it wants while it is active, and nothing else",
    writes: true,
    run: reach,
};

/// Retries that the subscription asks for.
const RETRIES: usize = 3;
/// Minutes from the first attempt to each retry, by the two documented schedules: the number of the failed attempt
/// times 20 minutes, and 2 minutes doubling.
const SCHEDULES: [[u64; RETRIES]; 2] = [[20, 60, 120], [2, 6, 14]];
const WEBHOOKS: &str = "/api/v2/company/webhooks";

/// Whether the target has a clock that can be moved; says that nothing is judged if it has none.
fn has_clock(session: &mut Session<'_>, code: &'static str) -> Result<bool, Stop> {
    let mock = session.client.target().gives_accounts() && session.client.target().is_this_machine();
    if !mock || !session.client.ask("GET", "/__admin/health", &Value::Null)?.is_success() {
        session.findings().skip(code, "retries take hours, and the target has no clock that can be moved on");
        return Ok(false);
    }
    Ok(true)
}

fn advance(session: &mut Session<'_>, seconds: u64) -> Result<(), Stop> {
    let account = session.client.target().account().to_owned();
    let target = format!("/__admin/clock/advance?account={account}");
    session.client.ask("POST", &target, &json!({ "by": format!("{seconds}s") }))?;
    Ok(())
}

fn subscribe(
    session: &mut Session<'_>,
    sink: &Sink,
    kind: &str,
    active: bool,
) -> Result<Option<(u64, String, Exchange)>, Stop> {
    let body = json!({ "url": sink.url(), "event_types": [kind], "campaign_ids": [1], "active": active,
        "max_retries": RETRIES });
    let made = session.ask("POST", WEBHOOKS, &body)?;
    let reply = made.json().unwrap_or_default();
    let secret = reply.get("secret_key").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(reply.get("id").and_then(Value::as_u64).map(|id| (id, secret, made)))
}

/// Makes a promoter: one event.
fn happen(session: &mut Session<'_>, mark: &str) -> Result<(), Stop> {
    let body = json!({ "email": format!("{}@example.com", session.own(mark)) });
    session.ask("POST", "/api/v2/company/promoters", &body)?;
    advance(session, 0)
}

fn retried(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = RETRIED_ON_SCHEDULE.code;
    if !has_clock(session, code)? {
        return Ok(());
    }
    let sink = Sink::start();
    let Some((id, secret, made)) = subscribe(session, &sink, "promoter.created", true)? else {
        return Ok(());
    };
    sink.answer_next([500; RETRIES + 4]);
    happen(session, "refused-event")?;
    let first = sink.take();
    let message = format!("expected one attempt at once, found {}", first.len());
    session.verify(code, first.len() == 1, "the first attempt", &message, &[&made]);
    let (moments, repeated) = watch_clock(session, &sink)?;
    let fits = SCHEDULES.iter().any(|schedule| moments == schedule.map(|minutes| (minutes * 60, true)));
    let message = format!(
        "expected retries after {SCHEDULES:?} minutes by one of the documented schedules, found them after {moments:?} \
         seconds (false: at some moment before)"
    );
    session.verify(code, fits, "other moments or another number of retries", &message, &[&made]);
    let same = repeated
        .iter()
        .all(|one| first.first().is_some_and(|first| first.body == one.body) && one.is_signed_with(&secret));
    session.verify(
        code,
        same,
        "a retry is not the same event",
        "expected the same bytes, signed rightly",
        &[&made],
    );
    acknowledged(session, &sink, id, &made)
}

/// Seconds since the first attempt, and whether something came at that very moment and not at some moment before.
type Moment = (u64, bool);

/// Moves the clock on through all moments that a schedule knows, just before and at each, and a day more. Answers
/// when something came, and what.
fn watch_clock(session: &mut Session<'_>, sink: &Sink) -> Result<(Vec<Moment>, Vec<Received>), Stop> {
    let mut marks: Vec<u64> = SCHEDULES.iter().flatten().map(|minutes| minutes * 60).collect();
    marks.sort_unstable();
    marks.push(24 * 3600);
    let (mut moments, mut all, mut now) = (Vec::new(), Vec::new(), 0);
    for mark in marks {
        for (until, exact) in [(mark - 1, false), (mark, true)] {
            advance(session, until - now)?;
            now = until;
            let came = sink.take();
            moments.extend(came.iter().map(|_| (until, exact)));
            all.extend(came);
        }
    }
    Ok((moments, all))
}

/// What is acknowledged is not repeated, and both are on record.
fn acknowledged(session: &mut Session<'_>, sink: &Sink, id: u64, made: &Exchange) -> Result<(), Stop> {
    let code = RETRIED_ON_SCHEDULE.code;
    sink.forget_answers();
    happen(session, "acknowledged-event")?;
    let came = sink.take().len();
    advance(session, 24 * 3600)?;
    let again = sink.take().len();
    let message = format!("expected one delivery, found {came} at once and {again} within a day");
    session.verify(code, (came, again) == (1, 0), "what was acknowledged is sent again", &message, &[made]);
    let records =
        session.ask("GET", &format!("{WEBHOOKS}/{id}/webhook_deliveries?per_page=100"), &Value::Null)?;
    let statuses: Vec<Value> = rows(&records, "").or_else(|| rows(&records, "/data")).unwrap_or_default();
    let mut statuses: Vec<&str> = statuses.iter().filter_map(|row| row.get("status")?.as_str()).collect();
    statuses.sort_unstable();
    let message = format!("expected one delivery delivered and one failed, found {statuses:?}");
    session.verify(
        code,
        statuses == ["delivered", "failed"],
        "the records say otherwise",
        &message,
        &[made, &records],
    );
    Ok(())
}

fn reach(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = REACH_WHO_WANTS_THEM.code;
    if !has_clock(session, code)? {
        return Ok(());
    }
    let kinds =
        [("promoter.created", true, 1), ("promoter.created", false, 0), ("promoter.deleted", true, 0)];
    let sinks = [Sink::start(), Sink::start(), Sink::start()];
    let mut made = None;
    for ((kind, active, _), sink) in kinds.iter().zip(&sinks) {
        made = subscribe(session, sink, kind, *active)?.map(|(_, _, exchange)| exchange).or(made);
    }
    let Some(made) = made else { return Ok(()) };
    happen(session, "wanted-event")?;
    for ((kind, active, expected), sink) in kinds.iter().zip(&sinks) {
        let came = sink.take().len();
        let message =
            format!("expected {expected} deliveries of {kind} while active is {active}, found {came}");
        let cause = format!("{kind} to a subscription that is {}", if *active { "active" } else { "paused" });
        session.verify(code, came == *expected, &cause, &message, &[&made]);
    }
    Ok(())
}
