//! `batches_keep_count`: an action on many records works at once for a few and goes on by itself for more; it only
//! moves forward, counts every id, and does what it says to each.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::rows;
use crate::exchange::Exchange;
use crate::run::{Session, Stop};

pub(super) const BATCHES_KEEP_COUNT: Behaviour = Behaviour {
    code: "batches_keep_count",
    promise: "an action on many records moves forward, counts every id and does what it says to each",
    writes: true,
    run,
};

const CODE: &str = "batches_keep_count";
const COMMISSIONS: &str = "/api/v2/company/commissions";
/// Up to so many ids an action works at once.
const AT_ONCE: usize = 5;
/// How often a batch is looked at before it counts as one that never ends.
const LOOKS: usize = 60;

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    if !session.client.target().gives_accounts() {
        session.findings().skip(CODE, "batches take their time, and only a mock's clock can be moved on");
        return Ok(());
    }
    let Some(ids) = make_commissions(session, AT_ONCE + 2)? else {
        session.findings().skip(CODE, "no commissions could be made");
        return Ok(());
    };
    // Money is not handed over in kind: each id fails.
    act(session, "mark_fulfilled", &ids[..2], true)?;
    act(session, "mark_fulfilled", &ids, true)?;
    act(session, "deny", &ids[..AT_ONCE], false)?;
    act(session, "approve", &ids, false)?;
    let done = act(session, "deny", &ids, false)?;
    let listed = session.ask("GET", &format!("{COMMISSIONS}?per_page=100"), &Value::Null)?;
    for row in rows(&listed, "").unwrap_or_default() {
        if ids.iter().any(|id| row["id"] == *id) {
            let message = format!("expected commission {} denied, found {}", row["id"], row["status"]);
            session.verify(
                CODE,
                row["status"] == "denied",
                "an id was left out",
                &message,
                &[&done, &listed],
            );
        }
    }
    Ok(())
}

fn make_commissions(session: &mut Session<'_>, count: usize) -> Result<Option<Vec<u64>>, Stop> {
    let listed = session.ask("GET", "/api/v2/company/promoters?per_page=100", &Value::Null)?;
    let promoters = rows(&listed, "/data").unwrap_or_default();
    let enrolments = promoters.iter().filter_map(|row| row.pointer("/promoter_campaigns/0"));
    let accepted = enrolments.filter(|enrolment| enrolment["state"] == "accepted");
    let Some(enrolment) = accepted.filter_map(|enrolment| enrolment["id"].as_u64()).next() else {
        return Ok(None);
    };
    let mut ids = Vec::new();
    for number in 0..count {
        let event = session.own(&format!("batch{number}"));
        let body = json!({ "commission_type": "custom", "promoter_campaign_id": enrolment, "amount": 100 + number,
            "unit": "cash", "event_id": event });
        let made = session.ask("POST", COMMISSIONS, &body)?;
        ids.extend(made.json().and_then(|reply| reply.pointer("/0/id")?.as_u64()));
    }
    Ok((ids.len() == count).then_some(ids))
}

/// Does something to `ids` and follows it to its end. `fails` tells whether every id must fail.
fn act(session: &mut Session<'_>, action: &str, ids: &[u64], fails: bool) -> Result<Exchange, Stop> {
    let begun = session.ask("POST", &format!("{COMMISSIONS}/{action}"), &json!({ "ids": ids }))?;
    let expected = if ids.len() <= AT_ONCE { 200 } else { 202 };
    let message = format!("expected {expected} for {} ids, found {}", ids.len(), begun.status);
    session.verify(
        CODE,
        begun.status == expected,
        &format!("{} instead of {expected}", begun.status),
        &message,
        &[&begun],
    );
    let mut batch = begun.json().unwrap_or_default();
    let mut last = begun.clone();
    let mut tried = check(session, &batch, ids.len(), 0, &begun);
    for _ in 0..LOOKS {
        if !is_running(&batch) {
            break;
        }
        let account = session.client.target().account().to_owned();
        let advance = format!("/__admin/clock/advance?account={account}");
        session.client.ask("POST", &advance, &json!({ "by": "1s" }))?;
        let record = format!("/api/v2/company/batch_processes/{}", batch["id"]);
        last = session.ask("GET", &record, &Value::Null)?;
        batch = last.json().unwrap_or_default();
        tried = check(session, &batch, ids.len(), tried, &last);
    }
    let message = format!("expected an end after {LOOKS} looks, found {batch}");
    session.verify(CODE, !is_running(&batch), "never ends", &message, &[&begun, &last]);
    if fails {
        let message = format!("expected {} failed ids, found {batch}", ids.len());
        let counted = batch["failed_count"].as_u64() == Some(ids.len() as u64);
        session.verify(CODE, counted, "failed ids are not counted", &message, &[&begun, &last]);
    }
    Ok(last)
}

fn is_running(batch: &Value) -> bool {
    batch["status"] == "pending" || batch["status"] == "in_progress"
}

/// Whether the counts can be, after `tried` ids were processed at the last look. Answers how many are now.
fn check(session: &mut Session<'_>, batch: &Value, ids: usize, tried: u64, shown: &Exchange) -> u64 {
    let number = |name: &str| batch.get(name).and_then(Value::as_u64).unwrap_or_default();
    let (total, now, failed) = (number("total"), number("processed_count"), number("failed_count"));
    let over = batch["status"] == "completed" || batch["status"] == "failed";
    let progress = batch.get("progress").and_then(Value::as_f64).unwrap_or_default();
    let rules = [
        (total == ids as u64, "the total is not the number of ids"),
        (now >= tried, "the count of processed ids goes back"),
        (now <= total && failed <= now, "more ids than there are"),
        (!over || now == total, "over before the last id"),
        ((0.0..=100.0).contains(&progress), "progress beyond 100"),
    ];
    for (holds, cause) in rules {
        let message = format!("for {ids} ids, {tried} of them processed before, found {batch}");
        session.verify(CODE, holds, cause, &message, &[shown]);
    }
    now
}
