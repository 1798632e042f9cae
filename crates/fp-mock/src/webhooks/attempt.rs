//! One attempt to deliver: what is sent, and what follows from the answer.

use std::sync::Arc;

use super::delivery::{Attempt, Delivery, Event, Identity, Lane, Status};
use super::retry::{FULFILMENT, FULFILMENT_RETRIES, Schedule};
use super::sender::Request;
use super::signature::sign;
use super::store::Store;
use super::subscription::Subscription;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Campaign;
use crate::domain::ids::{CommissionId, DeliveryId};
use crate::domain::state::State;
use crate::domain::{commission, fulfilment};

/// How long legacy receivers are waited for, in seconds.
///
/// Evidence: service behaviour notes.
pub const LEGACY_TIMEOUT_S: u32 = 15;

/// What to do about a delivery whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// To send this.
    Send(Request),
    /// Nothing: it is over, not due yet, or its subscription is paused.
    Leave,
    /// To give it up without an attempt, for this reason.
    Withdraw(&'static str),
}

/// Finds out what to do about a delivery.
pub fn prepare(state: &State, store: &Store, now: Timestamp, id: DeliveryId) -> Prepared {
    let Some(delivery) = store.deliveries.get(id) else { return Prepared::Leave };
    if delivery.due.is_none_or(|due| due > now) {
        return Prepared::Leave;
    }
    if delivery.event.waits.is_some_and(|id| !state.commissions.get(id).is_some_and(fulfilment::waits)) {
        return Prepared::Withdraw("the reward waits no longer");
    }
    if let Lane::Subscription(id) = delivery.lane
        && store.subscriptions.get(id).is_some_and(|subscription| !subscription.active)
    {
        return Prepared::Leave;
    }
    match compose(state, store, delivery) {
        Ok(request) => Prepared::Send(request),
        Err(reason) => Prepared::Withdraw(reason),
    }
}

/// What is sent as things stand now.
///
/// # Errors
/// Why nothing can be.
pub fn compose(state: &State, store: &Store, delivery: &Delivery) -> Result<Request, &'static str> {
    if let Some((_, request)) = &delivery.fixed {
        return Ok(Request::clone(request));
    }
    let event = &delivery.event;
    let legacy = |id, url: fn(&Campaign) -> &Option<String>| {
        let url = state.campaigns.get(id).and_then(|campaign| url(campaign).clone());
        url.map(|url| (url, json_header(), LEGACY_TIMEOUT_S)).ok_or("the campaign has no URL any more")
    };
    let (url, headers, timeout_s) = match delivery.lane {
        Lane::Subscription(id) => {
            let subscription = store.subscriptions.get(id).ok_or("the subscription was deleted")?;
            let headers = subscription_headers(subscription, event, store.settings.signs);
            (subscription.url.clone(), headers, subscription.timeout_s)
        }
        Lane::Campaign(id) => legacy(id, |campaign| &campaign.default_webhook_url)?,
        Lane::Fulfilment(id) => legacy(id, |campaign| &campaign.fulfilment_url)?,
        Lane::Replay(_) => return Err("there is nothing to send again"),
    };
    Ok(Request { url, headers, body: Arc::clone(&event.body), timeout_s })
}

/// The header that every delivery has.
pub fn json_header() -> Vec<(String, String)> {
    vec![("Content-Type".to_owned(), "application/json".to_owned())]
}

fn subscription_headers(subscription: &Subscription, event: &Event, signs: bool) -> Vec<(String, String)> {
    let mut headers = event_headers(event);
    if signs {
        headers.push(("X-Webhook-Signature".to_owned(), sign(&subscription.secret_key, &event.body)));
    }
    if let (Some(user), Some(password)) = (&subscription.basic_auth_user, &subscription.basic_auth_password) {
        headers.push(("Authorization".to_owned(), basic_auth(user, password)));
    }
    add_custom(&mut headers, &subscription.headers);
    headers
}

/// The headers that tell an event of the current system.
///
/// Evidence: service behaviour notes.
fn event_headers(event: &Event) -> Vec<(String, String)> {
    let mut headers = json_header();
    if let Identity::Current { id, kind } = &event.identity {
        headers.push(("X-Event-Id".to_owned(), id.to_string()));
        headers.push(("X-Event-Type".to_owned(), kind.name().to_owned()));
    }
    headers
}

/// The value of `Authorization` for basic auth.
pub fn basic_auth(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {pair}")
}

/// Adds the customer's own headers, except where one of that name is there already.
///
/// Evidence: chosen (that they replace none of the service's).
pub fn add_custom(headers: &mut Vec<(String, String)>, custom: &[(String, String)]) {
    for (name, value) in custom {
        if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            headers.push((name.clone(), value.clone()));
        }
    }
}

/// Gives a delivery up without an attempt.
pub fn withdraw(store: &mut Store, id: DeliveryId, reason: &'static str) {
    store.deliveries.update(id, |delivery| {
        delivery.status = Status::Failed;
        delivery.withdrawn = Some(reason);
        delivery.due = None;
    });
}

/// Writes down an attempt, and lets happen what follows: the delivery is over, or is tried again.
///
/// Evidence: published v2 contract (the statuses; `max_retries` counts what follows the first attempt).
pub fn record(state: &mut State, store: &mut Store, now: Timestamp, id: DeliveryId, attempt: Attempt) {
    let Some(delivery) = store.deliveries.get(id) else { return };
    let (began, status) = (attempt.at, attempt.status());
    let acknowledged = attempt.is_acknowledged();
    let tries = delivery.attempts + 1;
    let (schedule, retries) = policy(store, delivery);
    let waits = delivery.event.waits;
    let again = (!acknowledged && tries <= retries).then(|| began.plus_ms(schedule.delay_ms(tries)));
    store.deliveries.update(id, |delivery| {
        delivery.tries.push(Arc::new(attempt));
        delivery.attempts = tries;
        delivery.due = again;
        delivery.status = match again {
            Some(_) => Status::Retrying,
            None if acknowledged => Status::Delivered,
            None => Status::Failed,
        };
        if acknowledged {
            delivery.delivered_at = Some(now);
        }
    });
    match (again, waits) {
        (Some(at), _) => store.send_at(at, id),
        (None, Some(commission)) => heed(state, now, commission, status.filter(|_| acknowledged)),
        (None, None) => {}
    }
}

/// When a delivery is tried again, and how often.
fn policy(store: &Store, delivery: &Delivery) -> (Schedule, u32) {
    match delivery.lane {
        Lane::Subscription(id) => {
            let retries = store.subscriptions.get(id).map_or(0, |subscription| subscription.max_retries);
            (store.settings.schedule, retries)
        }
        Lane::Campaign(_) | Lane::Replay(_) => (FULFILMENT, 0),
        Lane::Fulfilment(_) => (FULFILMENT, FULFILMENT_RETRIES),
    }
}

/// What the company's answer to `fulfilment_pending` means; `None`: it failed as often as it was asked.
///
/// Evidence: legacy webhook documents.
fn heed(state: &mut State, now: Timestamp, id: CommissionId, acknowledged_with: Option<u16>) {
    match acknowledged_with {
        Some(200) => {
            // Whoever handed it over or denied it meanwhile was first.
            let _ = state.attempt(|state| commission::mark_fulfilled(state, now, id));
        }
        Some(_) => fulfilment::keep_pending(state, now, id),
        None => fulfilment::give_up(state, id),
    }
}
