//! `/deliveries`: what became of every webhook of both systems, and sending one again.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::desk::Desk;
use super::reply::{Answer, Problem, ok, read};
use crate::clock::duration;
use crate::domain::ids::{DeliveryId, SubscriptionId};
use crate::webhooks::delivery::{Attempt, Delivery, Identity, Lane, Status};
use crate::webhooks::replay::{self, Wish};
use crate::world::Account;

const HINT: &str = "send {\"tamper\": true}, {\"duplicate\": 3}, {\"delay\": \"5m\"}, or nothing";
const LIST_HINT: &str = "GET /__admin/deliveries lists them";

/// Rows of the list unless asked otherwise.
const LIMIT: usize = 100;
/// How often a delivery can be sent again with one call.
const DUPLICATES_MAX: u32 = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    tamper: bool,
    #[serde(default = "once")]
    duplicate: u32,
    delay: Option<String>,
}

fn once() -> u32 {
    1
}

/// `GET /deliveries`: newest first; `?status=`, `?event_type=`, `?subscription=`, `?limit=`.
pub fn list(call: &Call) -> Answer {
    call.query.only(&["status", "event_type", "subscription", "limit"])?;
    let status = call.query.text("status").map(status).transpose()?;
    let kind = call.query.text("event_type");
    let subscription =
        call.query.whole("subscription")?.map(|id| Lane::Subscription(SubscriptionId::new(id as u64)));
    let limit = call.query.whole("limit")?.unwrap_or(LIMIT);
    let account = call.account();
    let ledger = account.lock();
    let fits = |row: &&Delivery| {
        status.is_none_or(|wanted| wanted == row.status)
            && kind.is_none_or(|wanted| wanted == row.event.identity.type_name())
            && subscription.is_none_or(|wanted| wanted == row.lane)
    };
    let all = || ledger.webhooks.deliveries.iter().rev().filter(fits);
    let rows: Vec<Value> = all().take(limit).map(shown).collect();
    ok(&json!({ "deliveries": rows, "meta": { "total": all().count() } }))
}

/// `GET /deliveries/{id}`.
pub fn show(call: &Call) -> Answer {
    let id = call.path(0);
    let account = call.account();
    let ledger = account.lock();
    let row = id.parse().ok().and_then(|id| ledger.webhooks.deliveries.get(DeliveryId::new(id)));
    ok(&shown(row.ok_or_else(|| no_delivery(id))?))
}

/// `POST /deliveries/{id}/replay`: sends the same bytes again and, without a delay, answers when that is done.
pub async fn again(call: Call) -> Answer {
    let id = call.path(0);
    let asked: Asked = read(&call.body, HINT)?;
    let wish = wish(&asked)?;
    let account = call.account();
    let first = id.parse().map(DeliveryId::new).map_err(|_| no_delivery(id))?;
    let made = account
        .lock()
        .transact_with(|state, webhooks, now| Ok(replay::replay(state, webhooks, now, first, wish)));
    let replays = made.ok().flatten().ok_or_else(|| no_delivery(id))?;
    call.world().plan(&account);
    if wish.delay_ms == 0 {
        until_over(&call.desk, &account, &replays).await;
    }
    let ledger = account.lock();
    let rows = replays.iter().filter_map(|id| ledger.webhooks.deliveries.get(*id));
    ok(&json!({ "replays": rows.map(shown).collect::<Vec<_>>() }))
}

/// Waits until none of these deliveries is on its way.
async fn until_over(desk: &Desk, account: &Account, ids: &[DeliveryId]) {
    let mut pulse = account.pulse();
    loop {
        pulse.mark_unchanged();
        let is_open = |id: &DeliveryId| {
            account.lock().webhooks.deliveries.get(*id).is_some_and(|row| row.due.is_some())
        };
        if !ids.iter().any(is_open) {
            return;
        }
        tokio::select! {
            beat = pulse.changed() => if beat.is_err() { return },
            () = desk.closed() => return,
        }
    }
}

fn wish(asked: &Asked) -> Result<Wish, Problem> {
    if !(1..=DUPLICATES_MAX).contains(&asked.duplicate) {
        return Err(Problem::bad_request(format!("duplicate is from 1 to {DUPLICATES_MAX}"), HINT));
    }
    let delay_ms = match asked.delay.as_deref() {
        None => Some(0),
        Some(text) => duration::parse_ms(text),
    };
    let delay_ms = delay_ms.ok_or_else(|| Problem::bad_request("delay is a span such as 5m", HINT))?;
    Ok(Wish { tampered: asked.tamper, times: asked.duplicate, delay_ms })
}

/// The status of this name.
pub(super) fn status(name: &str) -> Result<Status, Problem> {
    let known = || Status::ALL.iter().map(|status| status.name()).collect::<Vec<_>>().join(", ");
    let problem = || Problem::bad_request(format!("there is no status {name:?}"), format!("use {}", known()));
    Status::named(name).ok_or_else(problem)
}

fn no_delivery(id: &str) -> Problem {
    Problem::not_found(format!("there is no delivery {id}"), LIST_HINT)
}

/// A delivery with every attempt.
pub(super) fn shown(row: &Delivery) -> Value {
    let event = &row.event;
    let (system, event_id) = match event.identity {
        Identity::Current { id, .. } => ("v2", Value::from(id.to_string())),
        Identity::Legacy { id, .. } => ("legacy", Value::from(id.number())),
    };
    let (subscription, campaign) = match row.lane {
        Lane::Subscription(id) => (Some(id), None),
        Lane::Campaign(id) | Lane::Fulfilment(id) => (None, Some(id)),
        Lane::Replay(_) => (None, None),
    };
    json!({
        "id": row.id,
        "system": system,
        "subscription": subscription,
        "campaign": campaign,
        "replay_of": row.fixed.as_ref().map(|(id, _)| *id),
        "event_id": event_id,
        "event_type": event.identity.type_name(),
        "action": event.action.name(),
        "entity_type": event.entity,
        "entity_id": event.entity_id,
        "status": row.status.name(),
        "attempts": row.attempts,
        "created_at": row.created_at,
        "due_at": row.due,
        "delivered_at": row.delivered_at,
        "last_error": row.last_error(),
        "payload": serde_json::from_slice::<Value>(&event.body).unwrap_or_default(),
        "tries": row.tries.iter().map(|attempt| tried(attempt)).collect::<Vec<_>>(),
    })
}

fn tried(attempt: &Attempt) -> Value {
    let request = &attempt.request;
    let headers: Map<String, Value> =
        request.headers.iter().map(|(name, value)| (name.clone(), public(name, value).into())).collect();
    let answer = attempt.outcome.result.as_ref().ok();
    json!({
        "at": attempt.at,
        "request": {
            "url": request.url,
            "headers": headers,
            "body": String::from_utf8_lossy(&request.body),
        },
        "response": answer.map(|answer| json!({ "status": answer.status, "body": answer.body })),
        "error": attempt.error(),
        "duration_ms": attempt.outcome.took.as_secs_f64() * 1_000.0,
    })
}

/// A header's value; of basic auth no more than that it was sent, because its password is never shown.
///
/// Evidence: published v2 contract (the password can be written only).
fn public(name: &str, value: &str) -> String {
    let hidden = name.eq_ignore_ascii_case("authorization") && value.starts_with("Basic ");
    if hidden { "Basic (hidden)".to_owned() } else { value.to_owned() }
}
