//! Faults in answers as such: statuses, headers, and what the body says.

use serde_json::{Map, Value, json};

use super::Fault;
use super::memory::Memory;
use crate::api::dispatch::Incoming;
use crate::wire::reply::Reply;

const PROMOTERS: &str = "/api/v2/company/promoters";
const REFERRALS: &str = "/api/v2/company/referrals";
const COMMISSIONS: &str = "/api/v2/company/commissions";
const PAYOUTS: &str = "/api/v2/company/payouts";
const PROMO_CODES: &str = "/api/v2/company/promo_codes";

/// Changes the answer as the fault wants it.
pub(super) fn change(fault: Fault, memory: &mut Memory, incoming: &Incoming, reply: &mut Reply) {
    let path = incoming.path();
    match fault {
        Fault::Status200For201 if reply.status == 201 && path == PROMOTERS => reply.status = 200,
        Fault::Status200For404 if reply.status == 404 => answer(reply, 200, &json!({})),
        Fault::BareNotFound if reply.status == 404 => answer(reply, 404, &json!("not found")),
        Fault::ServerErrorOnOddText if !incoming.body.is_ascii() => break_down(reply),
        Fault::WrongMethodBreaks if reply.status == 405 => break_down(reply),
        Fault::HtmlType if path.starts_with(PROMO_CODES) && reply.status == 200 => {
            reply.content_type = Some("text/html");
        }
        Fault::GoodDatesRefused if asks_for_days(&incoming.target) => {
            let body = json!({ "message": "filters are invalid", "code": "invalid_params" });
            answer(reply, 422, &body);
        }
        Fault::PutTwiceRefused if incoming.method == "PUT" && path.starts_with(PROMOTERS) => {
            let key = (incoming.target.clone(), String::from_utf8_lossy(&incoming.body).into_owned());
            if !memory.events.insert(key) {
                let body = json!({ "message": "Validation failed: has already been taken", "code": "invalid_record" });
                answer(reply, 400, &body);
            }
        }
        Fault::OlderTotalWrong => {
            for (_, value) in reply.headers.iter_mut().filter(|(name, _)| name == "total") {
                *value = value.parse::<u64>().map_or(0, |total| total.saturating_sub(1)).to_string();
            }
        }
        _ if (200..300).contains(&reply.status) => {
            lists(fault, memory, incoming, reply);
            fields(fault, path, reply);
            batches(fault, memory, incoming, reply);
        }
        _ => {}
    }
}

fn asks_for_days(target: &str) -> bool {
    let (_, query) = target.split_once('?').unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name.ends_with("_at][from]"))
}

/// Puts another answer in its place.
pub(super) fn answer(reply: &mut Reply, status: u16, body: &Value) {
    *reply = Reply::json(status, body);
}

fn break_down(reply: &mut Reply) {
    answer(reply, 500, &json!({ "message": "Internal server error", "code": "internal_error" }));
}

/// Changes the body, if it is JSON.
pub(super) fn edit(reply: &mut Reply, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) {
        change(&mut body);
        reply.body = body.to_string().into();
    }
}

/// The rows of a list, or the one record as the only row.
pub(super) fn rows(body: &mut Value) -> Vec<&mut Map<String, Value>> {
    let is_wrapped = body.get("data").is_some_and(Value::is_array);
    match if is_wrapped { &mut body["data"] } else { body } {
        Value::Array(rows) => rows.iter_mut().filter_map(Value::as_object_mut).collect(),
        Value::Object(row) => vec![row],
        _ => Vec::new(),
    }
}

/// The rows of a list as they can be added and taken out.
fn list(body: &mut Value) -> Option<&mut Vec<Value>> {
    match body {
        Value::Array(rows) => Some(rows),
        Value::Object(object) => object.get_mut("data")?.as_array_mut(),
        _ => None,
    }
}

fn number_of(incoming: &Incoming, name: &str) -> Option<usize> {
    let (_, query) = incoming.target.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(known, _)| known == name)?.1.parse().ok()
}

/// Faults of pages, sorting and counts.
fn lists(fault: Fault, memory: &mut Memory, incoming: &Incoming, reply: &mut Reply) {
    if incoming.method != "GET" {
        return;
    }
    let (page, size) = (number_of(incoming, "page").unwrap_or(1), number_of(incoming, "per_page"));
    match fault {
        Fault::PageLosesLast => edit(reply, |body| {
            if let Some(rows) = list(body).filter(|rows| Some(rows.len()) == size && rows.len() > 1) {
                rows.pop();
            }
        }),
        Fault::PageRepeatsFirst if page > 1 => edit(reply, |body| {
            if let Some(rows) = list(body)
                && let Some(first) = rows.first().cloned()
            {
                rows.insert(0, first);
                rows.truncate(size.unwrap_or(rows.len()).max(1));
            }
        }),
        Fault::SortUnstable if incoming.target.contains("sorting") => {
            memory.count += 1;
            if memory.count.is_multiple_of(2) {
                edit(reply, reverse_ties);
            }
        }
        Fault::PendingCountWrong if incoming.path() == PROMOTERS => edit(reply, |body| {
            let count = body["meta"]["pending_count"].as_u64().unwrap_or(0);
            body["meta"]["pending_count"] = json!(count + 1);
        }),
        Fault::ReferralsCountWrong if incoming.path().starts_with(PROMOTERS) => edit(reply, |body| {
            for row in rows(body) {
                if let Some(count) = row.get_mut("stats").and_then(|stats| stats.get_mut("referrals_count")) {
                    *count = json!(count.as_u64().unwrap_or(0) + 1);
                }
            }
        }),
        _ => {}
    }
}

/// Turns runs of rows with the same amount round.
fn reverse_ties(body: &mut Value) {
    let Some(rows) = list(body) else { return };
    let of = |row: &Value| row.get("amount").or_else(|| row.pointer("/stats/revenue_amount")).cloned();
    let mut from = 0;
    while from < rows.len() {
        let same = rows[from..].iter().take_while(|row| of(row) == of(&rows[from])).count();
        rows[from..from + same].reverse();
        from += same;
    }
}

/// Faults in single fields.
fn fields(fault: Fault, path: &str, reply: &mut Reply) {
    let of = |list: &str| path == list;
    match fault {
        Fault::FieldLost if of(PROMOTERS) => each(reply, |row| {
            row.remove("joined_at");
        }),
        Fault::FieldRenamed if of(COMMISSIONS) => each(reply, |row| {
            if let Some(value) = row.remove("sale_amount") {
                row.insert("saleAmount".to_owned(), value);
            }
        }),
        Fault::FieldAdded if of(REFERRALS) => each(reply, |row| {
            row.insert("shard".to_owned(), json!(3));
        }),
        Fault::NumberAsText if of(COMMISSIONS) => each(reply, |row| {
            if let Some(amount) = row.get_mut("amount") {
                *amount = json!(amount.to_string());
            }
        }),
        Fault::NullForState if of(REFERRALS) => each(reply, |row| {
            row.insert("state".to_owned(), Value::Null);
        }),
        Fault::UnknownStatus if of(COMMISSIONS) => each(reply, |row| {
            if row.get("status") == Some(&json!("pending")) {
                row.insert("status".to_owned(), json!("held"));
            }
        }),
        Fault::LocalTimes if of(REFERRALS) => each(reply, |row| {
            if let Some(Value::String(at)) = row.get_mut("created_at") {
                *at = at.replace('T', " ").replace('Z', "");
            }
        }),
        Fault::PayoutSumShort if of(PAYOUTS) => each(reply, |row| {
            if let Some(amount) = row.get_mut("amount") {
                *amount = json!(amount.as_i64().unwrap_or(0) - 1);
            }
        }),
        Fault::DeliveryStatusWrong if path.ends_with("/webhook_deliveries") => each(reply, |row| {
            if row.get("status") == Some(&json!("delivered")) {
                row.insert("status".to_owned(), json!("failed"));
            }
        }),
        _ => {}
    }
}

fn each(reply: &mut Reply, change: impl Fn(&mut Map<String, Value>)) {
    edit(reply, |body| rows(body).into_iter().for_each(change));
}

/// Faults of batch processes as they are shown.
fn batches(fault: Fault, memory: &mut Memory, incoming: &Incoming, reply: &mut Reply) {
    let in_background = reply.status == 202;
    let looked_at = incoming.path().starts_with("/api/v2/company/batch_processes/");
    if fault == Fault::BatchAlwaysAtOnce && in_background && !incoming.path().ends_with("/import_events") {
        reply.status = 200;
        return;
    }
    if !looked_at && (incoming.method == "GET" || !incoming.path().starts_with("/api/v2/company/")) {
        return;
    }
    edit(reply, |body| {
        let batch = if body.get("data").is_some() { &mut body["data"] } else { body };
        if let Some(batch) = batch.as_object_mut().filter(|batch| batch.contains_key("processed_count")) {
            show_batch(fault, memory, looked_at, batch);
        }
    });
}

fn show_batch(fault: Fault, memory: &mut Memory, looked_at: bool, batch: &mut Map<String, Value>) {
    let number =
        |batch: &Map<String, Value>, name: &str| batch.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (total, processed) = (number(batch, "total"), number(batch, "processed_count"));
    let is_over = batch.get("status") == Some(&json!("completed"));
    let mut set = |name: &str, value: Value| {
        batch.insert(name.to_owned(), value);
    };
    match fault {
        Fault::BatchFailuresUncounted => set("failed_count", json!(0)),
        Fault::BatchTotalWrong => set("total", json!(total + 1)),
        Fault::BatchProgressDoubled if looked_at => set("progress", json!(processed * 200 / total.max(1))),
        Fault::BatchNeverEnds if looked_at && is_over => set("status", json!("in_progress")),
        Fault::BatchEndsEarly if looked_at && processed + 1 == total => set("status", json!("completed")),
        Fault::BatchGoesBackward if looked_at => {
            memory.count += 1;
            if memory.count.is_multiple_of(3) {
                set("processed_count", json!(processed.saturating_sub(2)));
            }
        }
        _ => {}
    }
}
