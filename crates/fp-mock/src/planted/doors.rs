//! Faults in answers for which one must know the records: the two APIs beside each other, caches, and traces of
//! what was refused.

use serde_json::{Map, Value, json};

use super::Fault;
use super::answers::{answer, edit, rows};
use super::memory::Memory;
use crate::api::dispatch::Incoming;
use crate::domain::commission::CommissionStatus;
use crate::domain::ids::PromoterId;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;
use crate::wire::reply::Reply;
use crate::world::Account;

/// Changes the answer as the fault wants it.
pub(super) fn change(
    fault: Fault,
    account: &Account,
    memory: &mut Memory,
    incoming: &Incoming,
    reply: &mut Reply,
) {
    let done = (200..300).contains(&reply.status);
    match (incoming.method.as_str(), incoming.path()) {
        ("GET", "/api/v1/promoters/list" | "/api/v1/promoters/show") if done => {
            older_promoters(fault, account, memory, incoming.path().ends_with("/list"), reply);
        }
        ("GET", "/api/v1/rewards/list") if done && fault == Fault::OlderRewardsApart => each(reply, |row| {
            let amount = row.get("amount").and_then(Value::as_i64).unwrap_or(0);
            row.insert("amount".to_owned(), json!(amount.abs()));
        }),
        ("GET", "/api/v1/leads/list" | "/api/v1/leads/show") if done && fault == Fault::OlderLeadsApart => {
            each(reply, |row| {
                if row.get("state") == Some(&json!("active")) {
                    row.insert("state".to_owned(), json!("signup"));
                }
            });
        }
        ("GET", "/api/v1/payouts/list") if done => each(reply, |row| older_payout(fault, account, row)),
        ("GET", path) if done && path.starts_with("/api/v2/company/promoters") => each(reply, |row| {
            newer_promoter(fault, account, row);
        }),
        _ => {}
    }
    records(fault, account, memory, incoming, reply);
}

fn each(reply: &mut Reply, change: impl FnMut(&mut Map<String, Value>)) {
    edit(reply, |body| rows(body).into_iter().for_each(change));
}

fn older_promoters(fault: Fault, account: &Account, memory: &mut Memory, is_list: bool, reply: &mut Reply) {
    let name = account.name().to_owned();
    each(reply, |row| match fault {
        Fault::OlderBalancesApart => {
            let paid = row.get("paid_balance").cloned().unwrap_or_default();
            for (unit, paid) in paid.as_object().into_iter().flatten() {
                add(row, "earnings_balance", unit, -paid.as_i64().unwrap_or(0));
            }
        }
        Fault::DeniedCounted => {
            for (unit, denied) in denied(account, row) {
                add(row, "earnings_balance", unit, denied);
                add(row, "current_balance", unit, denied);
            }
        }
        Fault::OlderEmailStale => {
            let id = row.get("id").map(Value::to_string).unwrap_or_default();
            let first = memory.bodies.get(&(name.clone(), id));
            if let Some(first) = first {
                row.insert("email".to_owned(), json!(String::from_utf8_lossy(first)));
            }
        }
        _ => {}
    });
    if fault == Fault::OlderListLacksNewest && is_list {
        edit(reply, |body| {
            if let Some(rows) = body.as_array_mut().filter(|rows| !rows.is_empty()) {
                rows.remove(0);
            }
        });
    }
}

fn older_payout(fault: Fault, account: &Account, row: &mut Map<String, Value>) {
    match fault {
        Fault::OlderPayoutsApart if row.get("status") == Some(&json!("completed")) => {
            row.insert("status".to_owned(), json!("pending"));
        }
        Fault::PaidStillPending => {
            let Some(promoter) = row.get_mut("promoter").and_then(Value::as_object_mut) else { return };
            let Some(id) = promoter.get("id").and_then(Value::as_u64).map(PromoterId::new) else { return };
            let ledger = account.lock();
            for (unit, balance) in crate::domain::commission::balances(&ledger.state, id) {
                if balance.paid != 0 {
                    add(promoter, "pending_balance", unit.name(), balance.paid);
                }
            }
        }
        _ => {}
    }
}

fn newer_promoter(fault: Fault, account: &Account, row: &mut Map<String, Value>) {
    match fault {
        Fault::NewerBalancesApart => {
            for (_, amount) in row.get_mut("balances").and_then(Value::as_object_mut).into_iter().flatten() {
                *amount = json!(amount.as_i64().unwrap_or(0) - 1);
            }
        }
        Fault::DeniedCounted => {
            for (unit, denied) in denied(account, row) {
                add(row, "balances", unit, denied);
            }
        }
        _ => {}
    }
}

/// What was denied to the promoter of a row, by unit.
fn denied(account: &Account, row: &Map<String, Value>) -> Vec<(&'static str, i64)> {
    let Some(id) = row.get("id").and_then(Value::as_u64).map(PromoterId::new) else { return Vec::new() };
    let ledger = account.lock();
    let ids = ledger.state.commissions.index().by_promoter.of(&id);
    let rows = ids.filter_map(|id| ledger.state.commissions.get(id));
    let denied = rows.filter(|row| row.status == CommissionStatus::Denied);
    denied.map(|row| (row.unit.name(), row.amount)).collect()
}

/// Adds to one unit of a balance that may be null.
fn add(row: &mut Map<String, Value>, balance: &str, unit: &str, by: i64) {
    let place = row.entry(balance.to_owned()).or_insert(Value::Null);
    let before = place.get(unit).and_then(Value::as_i64).unwrap_or(0);
    if place.is_null() {
        *place = json!({});
    }
    place[unit] = json!(before + by);
}

/// Faults of records that are made, changed, deleted and refused.
fn records(fault: Fault, account: &Account, memory: &mut Memory, incoming: &Incoming, reply: &mut Reply) {
    let (name, path) = (account.name().to_owned(), incoming.path().to_owned());
    let done = (200..300).contains(&reply.status);
    match (fault, incoming.method.as_str()) {
        (Fault::StaleAfterDelete, "POST" | "GET") => {
            if let Some(id) = done.then(|| own_id(reply)).flatten() {
                let record = if incoming.method == "POST" { format!("{path}/{id}") } else { path };
                memory.bodies.insert((name, record), without_secret(reply));
            } else if let Some(body) = memory.bodies.get(&(name, path)).filter(|_| reply.status == 404) {
                *reply = Reply::bytes(200, "application/json", body.clone());
            }
        }
        (Fault::OlderEmailStale, "POST") if done && path == "/api/v2/company/promoters" => {
            if let (Some(id), Some(email)) = (own_id(reply), member(reply, "email")) {
                let email = email.as_str().unwrap_or_default().as_bytes().to_vec();
                memory.bodies.insert((name, id.to_string()), email);
            }
        }
        (Fault::DeletedStaysListed, "GET") if done && path == "/api/v2/company/webhooks" => {
            let kept = memory.rows.entry((name, path)).or_default();
            edit(reply, |body| {
                let Some(rows) = body.as_array_mut() else { return };
                let lacking: Vec<Value> = kept.iter().filter(|row| !has(rows, row)).cloned().collect();
                rows.extend(lacking);
                kept.clone_from(rows);
            });
        }
        (Fault::NewNotListed, "GET") if done && path == "/api/v2/company/emails" => edit(reply, |body| {
            let newest =
                body.as_array().into_iter().flatten().filter_map(|row| row.get("id")?.as_u64()).max();
            if let Some(rows) = body.as_array_mut() {
                rows.retain(|row| row.get("id").and_then(Value::as_u64) != newest);
            }
        }),
        (Fault::RefusedLeavesTrace, "POST") if path == "/api/v2/company/promoters" && reply.status >= 400 => {
            // The transaction only refuses when nobody is there to be changed.
            let _ = account.lock().transact(|state, _| mark_newest(state));
        }
        (Fault::Status200For404, _) if reply.status == 404 => answer(reply, 200, &json!({})),
        _ => {}
    }
}

fn mark_newest(state: &mut State) -> Result<(), Refusal> {
    let newest = state.promoters.iter().next_back().map(|row| row.id).ok_or(Refusal::Unauthorized)?;
    state.promoters.update(newest, |row| row.note = Some("seen".to_owned()));
    Ok(())
}

fn has(rows: &[Value], row: &Value) -> bool {
    rows.iter().any(|known| known.get("id") == row.get("id"))
}

fn member(reply: &Reply, name: &str) -> Option<Value> {
    serde_json::from_slice::<Value>(&reply.body).ok()?.get(name).cloned()
}

fn own_id(reply: &Reply) -> Option<u64> {
    member(reply, "id")?.as_u64()
}

/// The body as later reads show it: the key of a subscription is shown once.
fn without_secret(reply: &Reply) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if let Some(row) = body.as_object_mut() {
        row.remove("secret_key");
    }
    body.to_string().into_bytes()
}
