//! `/requests`: reading the journal.

use std::sync::Arc;

use serde_json::{Value, json};

use super::entry::Entry;
use super::pattern::{self, Pattern};
use crate::api::nearest;
use crate::clock::timestamp::Timestamp;
use crate::control::call::Call;
use crate::control::desk::Desk;
use crate::control::reply::{Answer, Named, Problem, ok, read};

/// What `?since=` takes.
enum Since {
    Moment(Timestamp),
    Entry(String),
}

/// `GET /requests`: newest first.
pub fn list(call: &Call) -> Answer {
    call.query.only(&["since", "limit", "unmatched"])?;
    let limit = call.query.whole("limit")?.unwrap_or(usize::MAX);
    let unmatched = call.query.flag("unmatched")?.unwrap_or(false);
    let since = call.query.text("since").map(|text| match Timestamp::parse(text) {
        Some(moment) => Since::Moment(moment),
        None => Since::Entry(text.to_owned()),
    });
    let (mut entries, evicted) = call.desk.entries(call.named.0.as_deref());
    if let Some(since) = since {
        entries = later(entries, &since)?;
    }
    entries.retain(|entry| !unmatched || entry.is_unmatched());
    let total = entries.len();
    let shown: Vec<Value> = entries.iter().rev().take(limit).map(|entry| entry.shown()).collect();
    ok(
        &json!({ "requests": shown, "meta": { "total": total, "evicted": evicted }, "requestJournalDisabled": is_off(&call.desk) }),
    )
}

fn is_off(desk: &Desk) -> bool {
    desk.everybody().journal().is_off()
}

fn later(entries: Vec<Arc<Entry>>, since: &Since) -> Result<Vec<Arc<Entry>>, Problem> {
    match since {
        Since::Moment(moment) => Ok(entries.into_iter().filter(|entry| entry.at >= *moment).collect()),
        Since::Entry(id) => {
            let at = entries.iter().position(|entry| entry.id() == *id);
            let at = at.ok_or_else(|| {
                let message = format!("since: {id:?} is neither a moment nor the id of an entry");
                Problem::bad_request(
                    message,
                    "send an ISO 8601 moment, or an id that is still in the journal",
                )
            })?;
            Ok(entries.into_iter().skip(at + 1).collect())
        }
    }
}

/// `GET /requests/{id}`.
pub fn show(call: &Call) -> Answer {
    let id = call.path(0);
    let (entries, _) = call.desk.entries(None);
    match entries.iter().find(|entry| entry.id() == id) {
        Some(entry) => ok(&entry.shown()),
        None => {
            Err(Problem::not_found(format!("there is no entry {id}"), "GET /__admin/requests lists them"))
        }
    }
}

/// `GET /requests/unmatched`: those that hit no operation, newest first.
pub fn unmatched(call: &Call) -> Answer {
    let (entries, _) = call.desk.entries(call.named.0.as_deref());
    let unmatched = entries.iter().rev().filter(|entry| entry.is_unmatched());
    ok(&json!({ "requests": unmatched.map(|entry| entry.request_shown()).collect::<Vec<_>>() }))
}

/// `GET /requests/unmatched/near-misses`: for each of them the nearest operations, and what differs.
pub fn near_misses(call: &Call) -> Answer {
    let (entries, _) = call.desk.entries(call.named.0.as_deref());
    let mut misses = Vec::new();
    for entry in entries.iter().rev().filter(|entry| entry.is_unmatched()) {
        let request = entry.call.request();
        let (method, path) = (request.method, request.path());
        for near in nearest::operations(call.desk.front().contract(), method, path) {
            misses.push(json!({
                "request": entry.request_shown(),
                "operation": near.operation.key(),
                "matchResult": { "distance": (near.distance * 1_000.0).round() / 1_000.0 },
                "differences": near.differences,
            }));
        }
    }
    ok(&json!({ "nearMisses": misses }))
}

/// `POST /requests/find`: those that fit a pattern, newest first.
pub fn find(call: &Call) -> Answer {
    let (fitting, evicted) = fitting(&call.desk, &call.named, &call.body)?;
    let shown: Vec<Value> = fitting.iter().rev().map(|entry| entry.request_shown()).collect();
    ok(&with_evicted(json!({ "requests": shown, "requestJournalDisabled": is_off(&call.desk) }), evicted))
}

/// `POST /requests/count`.
pub fn count(call: &Call) -> Answer {
    let (fitting, evicted) = fitting(&call.desk, &call.named, &call.body)?;
    ok(&with_evicted(
        json!({ "count": fitting.len(), "requestJournalDisabled": is_off(&call.desk) }),
        evicted,
    ))
}

fn fitting(desk: &Desk, named: &Named, body: &[u8]) -> Result<(Vec<Arc<Entry>>, u64), Problem> {
    let written: pattern::Written = read(body, pattern::HINT)?;
    let pattern = Pattern::read(written, desk.front().contract())?;
    let (mut entries, evicted) = desk.entries(named.0.as_deref());
    entries.retain(|entry| pattern.fits(entry));
    Ok((entries, evicted))
}

/// Adds how many entries were evicted, and what can be done about it.
fn with_evicted(mut answer: Value, evicted: u64) -> Value {
    answer["evicted"] = evicted.into();
    if evicted > 0 {
        answer["hint"] = format!(
            "{evicted} older entries made room and were not looked at: start with a larger --max-journal-entries"
        )
        .into();
    }
    answer
}

/// `DELETE /requests`: forgets the journal.
pub fn clear(call: &Call) -> Answer {
    call.desk.clear_journal(call.named.0.as_deref());
    ok(&json!({}))
}
