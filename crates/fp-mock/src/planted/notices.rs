//! Faults in what receivers are told: in events, in how they are sent, and in when they are sent again.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Fault;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::DeliveryId;
use crate::domain::state::Changes;
use crate::webhooks::attempt::json_header;
use crate::webhooks::delivery::{Delivery, Event, Identity, Lane, Outgoing, Status};
use crate::webhooks::event_type::EventType;
use crate::webhooks::sender::Request;
use crate::webhooks::signature::sign;
use crate::webhooks::store::Store;

/// How long an event that is overtaken waits.
const OVERTAKEN_MS: i64 = 1_500;
/// When a delivery is repeated that should not be.
const REPEATED_MS: i64 = 20 * 60_000;

/// Changes deliveries that the transaction wrote down.
pub(super) fn change(fault: Fault, changes: &Changes, store: &mut Store, now: Timestamp) {
    let new: Vec<Delivery> = store
        .deliveries
        .changes()
        .into_iter()
        .filter_map(|change| change.after)
        .map(Arc::unwrap_or_clone)
        .collect();
    let new: Vec<Delivery> = new.into_iter().filter(|row| row.attempts == 0 && row.due.is_some()).collect();
    let mut first = None;
    for delivery in &new {
        let Identity::Current { id, kind } = delivery.event.identity else { continue };
        match fault {
            Fault::EventMissing if kind == EventType::CommissionCreated => forget(store, delivery.id),
            Fault::BalanceEventMissing if kind == EventType::PromoterBalanceUpdated => {
                forget(store, delivery.id)
            }
            Fault::StateEventMissing if kind == EventType::ReferralUpdated => forget(store, delivery.id),
            Fault::EventSentTwice => send_twice(store, delivery, now),
            Fault::EventIdReused => reuse(store, delivery, *first.get_or_insert(id)),
            Fault::EventOrderMixed if is_odd_step(changes) => {
                let later = now.plus_ms(OVERTAKEN_MS);
                store.deliveries.update(delivery.id, |row| row.due = Some(later));
                store.send_at(later, delivery.id);
            }
            _ => write_otherwise(fault, kind, store, delivery.id),
        }
    }
    if fault == Fault::PausedIsTold {
        tell_paused(store, &new, now);
    }
}

/// Faults in the body of an event.
fn write_otherwise(fault: Fault, kind: EventType, store: &mut Store, id: DeliveryId) {
    let of_commission = kind == EventType::CommissionUpdated;
    match fault {
        Fault::ChangesEmpty => rewrite(store, id, |event, body| {
            event.changes = Map::new();
            body["changes"] = json!({});
        }),
        Fault::ChangesSwapped => rewrite(store, id, |event, body| {
            for pair in event.changes.values_mut().filter_map(Value::as_array_mut) {
                pair.reverse();
            }
            body["changes"] = Value::Object(event.changes.clone());
        }),
        Fault::EventDataStale if of_commission => rewrite(store, id, |event, body| {
            if let Some(old) = event.changes.get("status").and_then(|pair| pair.get(0)) {
                body["data"]["status"] = old.clone();
            }
        }),
        Fault::UpdateSaysCreated if of_commission => rewrite(store, id, |event, body| {
            if let Identity::Current { kind, .. } = &mut event.identity {
                *kind = EventType::CommissionCreated;
            }
            body["event_type"] = json!(EventType::CommissionCreated.name());
            body["action"] = json!("created");
        }),
        _ => {}
    }
}

/// Whether the transaction is the first, third, fifth step of a batch in the background.
fn is_odd_step(changes: &Changes) -> bool {
    let batches = changes.batches.iter().filter_map(|change| change.after.as_deref());
    batches.into_iter().any(|batch| batch.in_background && batch.tried % 2 == 1)
}

fn forget(store: &mut Store, id: DeliveryId) {
    store.deliveries.delete(id);
}

fn send_twice(store: &mut Store, delivery: &Delivery, now: Timestamp) {
    let id = store.ids.issue();
    store.deliveries.insert(Delivery { id, ..delivery.clone() });
    store.send_at(now, id);
}

fn reuse(store: &mut Store, delivery: &Delivery, event_id: uuid::Uuid) {
    rewrite(store, delivery.id, |event, body| {
        if let Identity::Current { id, .. } = &mut event.identity {
            *id = event_id;
        }
        body["event_id"] = json!(event_id);
    });
}

/// Sends what others get to those who are paused.
fn tell_paused(store: &mut Store, new: &[Delivery], now: Timestamp) {
    let paused = store.subscriptions.iter().filter(|row| !row.active).map(|row| row.id);
    for subscription in paused.collect::<Vec<_>>() {
        let Some(url) = store.subscriptions.get(subscription).map(|row| row.url.clone()) else { continue };
        for delivery in new {
            let id = store.ids.issue();
            let body = Arc::clone(&delivery.event.body);
            let request = Request { url: url.clone(), headers: json_header(), body, timeout_s: 5 };
            let fixed = Some((delivery.id, Arc::new(request)));
            store.deliveries.insert(Delivery { id, lane: Lane::Replay(id), fixed, ..delivery.clone() });
            store.send_at(now, id);
        }
    }
}

fn rewrite(store: &mut Store, id: DeliveryId, change: impl FnOnce(&mut Event, &mut Value)) {
    store.deliveries.update(id, |row| {
        let mut event = Event::clone(&row.event);
        let Ok(mut body) = serde_json::from_slice::<Value>(&event.body) else { return };
        change(&mut event, &mut body);
        event.body = body.to_string().into_bytes().into();
        row.event = Arc::new(event);
    });
}

/// Faults in the headers of what is sent.
pub(super) fn send(fault: Fault, store: &Store, outgoing: &mut Outgoing) {
    let secret = match store.deliveries.get(outgoing.delivery).map(|row| row.lane) {
        Some(Lane::Subscription(id)) => store.subscriptions.get(id).map(|row| row.secret_key.as_str()),
        _ => None,
    };
    let Some(secret) = secret else { return };
    let body = &outgoing.request.body;
    let signature = match fault {
        Fault::SignatureOfOtherBytes => Some(sign(secret, &body[..body.len().saturating_sub(1)])),
        Fault::SignatureOfOtherKey => Some(sign(&secret.to_uppercase(), body)),
        _ => None,
    };
    if signature.is_some() || fault == Fault::SignatureMissing {
        outgoing.request.headers.retain(|(name, _)| name != "X-Webhook-Signature");
    }
    if let Some(signature) = signature {
        outgoing.request.headers.push(("X-Webhook-Signature".to_owned(), signature));
    }
    if fault == Fault::EventHeadersApart {
        let types = outgoing.request.headers.iter_mut().filter(|(name, _)| name == "X-Event-Type");
        types.for_each(|(_, value)| *value = value.replace('.', "_"));
    }
}

/// Faults in when a delivery is sent again.
pub(super) fn repeat(fault: Fault, store: &mut Store, now: Timestamp, id: DeliveryId) {
    let Some(delivery) = store.deliveries.get(id).cloned() else { return };
    let Lane::Subscription(subscription) = delivery.lane else { return };
    let retries = store.subscriptions.get(subscription).map_or(0, |row| row.max_retries);
    let began = delivery.tries.last().map_or(now, |attempt| attempt.at);
    let (due, status) = match (fault, delivery.due) {
        (Fault::RetryTooEarly, Some(due)) => {
            (Some(began.plus_ms((due.millis() - began.millis()) / 2)), Status::Retrying)
        }
        (Fault::RetryNever, Some(_)) => (None, Status::Failed),
        (Fault::RetryOneTooFew, Some(_)) if delivery.attempts == retries => (None, Status::Failed),
        (Fault::RetryOneTooMany, None) if delivery.attempts == retries + 1 => {
            (Some(began.plus_ms(REPEATED_MS)), Status::Retrying)
        }
        (Fault::AcknowledgedRepeated, None) if delivery.attempts == 1 => {
            (Some(began.plus_ms(REPEATED_MS)), Status::Retrying)
        }
        _ => return,
    };
    store.deliveries.update(id, |row| (row.due, row.status) = (due, status));
    if let Some(due) = due {
        store.send_at(due, id);
    }
}
