//! Watches the webhooks of a sequence: every change that the model knows has its event, signed rightly, with
//! the right changes, at least once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::perform::{Agreement, Performance};
use crate::client::Client;
use crate::exchange::Exchange;
use crate::model::Book;
use crate::run::Stop;
use crate::sink::{Received, Sink};

/// A subscription to every event, and who receives it.
#[derive(Debug)]
pub(super) struct Watch {
    sink: Sink,
    secret: String,
    seen: BTreeSet<String>,
}

impl Watch {
    /// Subscribes to everything, where the target is a mock whose clock can be settled; `None` elsewhere.
    pub(super) fn begin(client: &Client<'_>) -> Result<Option<Self>, Stop> {
        if !client.target().is_this_machine() {
            return Ok(None);
        }
        let health = client.ask("GET", "/__admin/health", &Value::Null)?;
        if !health.is_success() {
            return Ok(None);
        }
        let types = client.ask("GET", "/api/v2/company/webhooks/event_types", &Value::Null)?;
        let types = types.json().and_then(|reply| reply.get("data").cloned()).unwrap_or_else(|| json!([]));
        let sink = Sink::start();
        let body = json!({ "url": sink.url(), "event_types": types, "campaign_ids": [1], "active": true });
        let made = client.ask("POST", "/api/v2/company/webhooks", &body)?.json().unwrap_or_default();
        let secret = made.get("secret_key").and_then(Value::as_str);
        let Some(secret) = secret else { return Ok(None) };
        Ok(Some(Self { sink, secret: secret.to_owned(), seen: BTreeSet::new() }))
    }
}

/// An event as the comparison needs it.
#[derive(Debug)]
struct Event {
    kind: String,
    entity_id: u64,
    changes: Value,
    data: Value,
    timestamp: String,
}

/// Lets deliveries that are due go out, and compares what came with what changed since `before`.
pub(super) fn after(run: &mut Performance<'_, '_>, before: &Book) -> Agreement {
    if run.watch.is_none() {
        return Ok(());
    }
    let account = run.client.target().account().to_owned();
    let settled = run.client.ask(
        "POST",
        &format!("/__admin/clock/advance?account={account}"),
        &json!({ "by": "0s" }),
    )?;
    let received = run.watch.as_ref().map(|watch| watch.sink.take()).unwrap_or_default();
    let mut events = Vec::new();
    for one in &received {
        events.extend(read(run, &settled, one)?);
    }
    in_order(run, &settled, &events)?;
    for expected in expected_events(before, &run.book) {
        let of_record = |event: &&Event| event.kind == expected.kind && event.entity_id == expected.entity_id;
        let kind = expected.kind;
        // A record may change more than once in a step: the change that is meant, or else the first one.
        let is_meant = |event: &&Event| {
            expected
                .changed
                .as_ref()
                .is_none_or(|(member, old, new)| event.changes.get(member) == Some(&json!([old, new])))
        };
        let of_its_record = || events.iter().filter(of_record);
        let Some(event) = of_its_record().find(is_meant).or_else(|| of_its_record().next()) else {
            let message =
                format!("expected {kind} for {}, {} other events came", expected.entity_id, events.len());
            return run.disagree("changes_have_events", &settled, format!("{kind} is missing"), message);
        };
        if let Some((member, old, new)) = &expected.changed
            && event.changes.get(member) != Some(&json!([old, new]))
        {
            let message = format!("expected {member} [{old}, {new}] in changes, found {}", event.changes);
            let cause = format!("{kind} has other changes");
            return run.disagree("changes_have_events", &settled, cause, message);
        }
        let other = expected.shows.iter().find(|(member, value)| event.data.get(member) != Some(value));
        if let Some((member, value)) = other {
            let message = format!("expected {member} {value} in data, found {}", event.data);
            return run.disagree("changes_have_events", &settled, format!("{kind} has other data"), message);
        }
    }
    let twice = events.iter().find(|event| {
        event.kind == "commission.created"
            && before.commissions.iter().any(|commission| commission.id == event.entity_id)
    });
    match twice {
        Some(event) => {
            let message = format!("commission {} was made before this step", event.entity_id);
            run.disagree(
                "changes_have_events",
                &settled,
                "commission.created for an old commission".into(),
                message,
            )
        }
        None => Ok(()),
    }
}

/// Checks one webhook by itself: signature, headers, schema, and that its id is new.
fn read(
    run: &mut Performance<'_, '_>,
    at: &Exchange,
    received: &Received,
) -> Result<Option<Event>, super::perform::Halt> {
    let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, event_id) = (text("event_type"), text("event_id"));
    let Some(watch) = &mut run.watch else { return Ok(None) };
    let signed = received.is_signed_with(&watch.secret);
    let new = watch.seen.insert(event_id.clone());
    if !signed {
        let message =
            format!("the signature of {kind} is not the HMAC of its body under the subscription's secret");
        run.disagree("webhooks_are_signed", at, format!("{kind} is not signed rightly"), message)?;
    }
    if !new {
        let message = format!("{kind} with event_id {event_id} came before and was acknowledged");
        run.disagree("changes_have_events", at, format!("{kind} is sent twice"), message)?;
    }
    if received.header("x-event-id") != Some(event_id.as_str())
        || received.header("x-event-type") != Some(kind.as_str())
    {
        let message = format!("expected the headers to name {kind} {event_id}, found {:?}", received.headers);
        run.disagree("webhooks_are_signed", at, format!("headers of {kind}"), message)?;
    }
    let violations =
        run.client.contract().check_webhook(fp_contract::WebhookSystem::V2, &kind, &received.body);
    if let Some(violation) = violations.first() {
        let cause = format!("{kind}: {}", violation.code);
        run.disagree("webhook_schema_conformance", at, cause, violation.to_string())?;
    }
    let entity_id = body.get("entity_id").and_then(Value::as_u64).unwrap_or_default();
    let part = |name: &str| body.get(name).cloned().unwrap_or_default();
    let (changes, data, timestamp) = (part("changes"), part("data"), text("timestamp"));
    Ok(Some(Event { kind, entity_id, changes, data, timestamp }))
}

/// What happened first is told first.
fn in_order(run: &Performance<'_, '_>, at: &Exchange, events: &[Event]) -> Agreement {
    let overtaken = events.windows(2).find(|pair| pair[0].timestamp > pair[1].timestamp);
    let Some(pair) = overtaken else { return Ok(()) };
    let message = format!(
        "{} of {} came before {} of {}",
        pair[0].kind, pair[0].timestamp, pair[1].kind, pair[1].timestamp
    );
    run.disagree("webhooks_come_in_order", at, "an earlier event comes later".into(), message)
}

/// An event that must come.
struct Expected {
    kind: &'static str,
    entity_id: u64,
    /// What `changes` must say: the member, its old and its new value.
    changed: Option<(&'static str, String, String)>,
    /// What `data` must show.
    shows: Vec<(&'static str, Value)>,
}

impl Expected {
    fn of(kind: &'static str, entity_id: u64) -> Self {
        Self { kind, entity_id, changed: None, shows: Vec::new() }
    }

    fn changed(self, member: &'static str, old: &str, new: &str) -> Self {
        Self { changed: Some((member, old.to_owned(), new.to_owned())), ..self }.shows(member, json!(new))
    }

    fn shows(mut self, member: &'static str, value: Value) -> Self {
        self.shows.push((member, value));
        self
    }
}

fn expected_events(before: &Book, after: &Book) -> Vec<Expected> {
    let mut events = Vec::new();
    of_people(before, after, &mut events);
    of_commissions(before, after, &mut events);
    of_payouts(before, after, &mut events);
    for (handle, promoter) in &after.promoters {
        let moved = |book: &Book| -> Vec<(i64, i64)> {
            let sums = book.sums(*handle).into_values().map(|sum| (sum.earned, sum.paid));
            sums.filter(|sum| *sum != (0, 0)).collect()
        };
        if before.promoters.contains_key(handle) && moved(before) != moved(after) {
            events.push(Expected::of("promoter.balance.updated", promoter.id));
        }
    }
    events
}

fn of_people(before: &Book, after: &Book, events: &mut Vec<Expected>) {
    for (handle, promoter) in &after.promoters {
        match before.promoters.get(handle) {
            None => {
                events.push(Expected::of("promoter.created", promoter.id));
                events.push(Expected::of("promoter_campaign.created", promoter.enrolment_id));
            }
            Some(old) if promoter.blocked && !old.blocked => {
                let updated = Expected::of("promoter_campaign.updated", promoter.enrolment_id);
                events.push(updated.changed("state", "accepted", "blocked"));
            }
            Some(_) => {}
        }
    }
    for (handle, referral) in &after.referrals {
        match (before.referrals.get(handle), referral.state) {
            (None, _) => events.push(Expected::of("referral.created", referral.id)),
            (Some(old), Some(new)) => {
                if let Some(old) = old.state.filter(|old| *old != new) {
                    events.push(Expected::of("referral.updated", referral.id).changed("state", old, new));
                }
            }
            (Some(_), None) => {}
        }
    }
}

fn of_commissions(before: &Book, after: &Book, events: &mut Vec<Expected>) {
    for commission in &after.commissions {
        let status = commission.standing.name();
        match before.commissions.iter().find(|old| old.id == commission.id) {
            None => {
                let created =
                    Expected::of("commission.created", commission.id).shows("status", json!(status));
                events.push(
                    created.shows("amount", json!(commission.amount)).shows("unit", json!(commission.unit)),
                );
            }
            Some(old) if old.standing != commission.standing => {
                let updated = Expected::of("commission.updated", commission.id);
                events.push(updated.changed("status", old.standing.name(), status));
            }
            Some(_) => {}
        }
    }
}

fn of_payouts(before: &Book, after: &Book, events: &mut Vec<Expected>) {
    for (id, (_, status)) in &after.payouts {
        match before.payouts.get(id) {
            None => events.push(Expected::of("payout.created", *id)),
            Some((_, old)) if old != status => {
                events.push(Expected::of("payout.updated", *id).changed("status", old, status));
            }
            Some(_) => {}
        }
    }
    let gone = before.payouts.keys().filter(|id| !after.payouts.contains_key(id));
    events.extend(gone.map(|id| Expected::of("payout.deleted", *id)));
}
