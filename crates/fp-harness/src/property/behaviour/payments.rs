//! `payments_batches_pay_what_they_take`: a payments batch takes payouts of its method, moves them forward only, and
//! pays every one of them.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::rows;
use crate::exchange::Exchange;
use crate::run::{Session, Stop};

pub(super) const PAYMENTS_BATCHES: Behaviour = Behaviour {
    code: "payments_batches_pay_what_they_take",
    promise: "a payments batch moves its payouts forward only and pays every one of them",
    writes: true,
    run,
};

const CODE: &str = "payments_batches_pay_what_they_take";
const PAYOUTS: &str = "/api/v2/company/payouts";
/// How far a payout is, in order.
const WAY: [&str; 3] = ["pending", "processing", "completed"];
/// Minutes that a batch is given.
const MINUTES: usize = 30;

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    if !session.client.target().gives_accounts() {
        session.findings().skip(CODE, "nobody but a mock lets its promoters choose how they are paid");
        return Ok(());
    }
    let account = session.client.target().account().to_owned();
    for payout in payouts(session)?.1.iter().filter(|row| row["status"] == "pending") {
        let method = json!({ "promoter_id": payout.pointer("/promoter/id"), "method": "paypal", "is_selected": true,
            "details": { "email": "payee@example.com" } });
        session.client.ask("POST", &format!("/__admin/payout_methods?account={account}"), &method)?;
    }
    let made =
        session.ask("POST", &format!("{PAYOUTS}/create_payments_batch"), &json!({ "method": "paypal" }))?;
    let batch = made.json().and_then(|reply| reply.pointer("/data/id").cloned());
    let Some(batch) = batch.filter(|_| made.is_success()) else {
        session.findings().skip(CODE, format!("no payments batch could be made: {}", made.status));
        return Ok(());
    };
    follow(session, &batch, &made)
}

/// Every payout of the account.
fn payouts(session: &mut Session<'_>) -> Result<(Exchange, Vec<Value>), Stop> {
    let listed = session.ask("GET", &format!("{PAYOUTS}?per_page=100"), &Value::Null)?;
    let rows = rows(&listed, "").unwrap_or_default();
    Ok((listed, rows))
}

fn follow(session: &mut Session<'_>, batch: &Value, made: &Exchange) -> Result<(), Stop> {
    let account = session.client.target().account().to_owned();
    let mut before: Vec<(u64, usize)> = Vec::new();
    for minute in 0..=MINUTES {
        let (listed, all) = payouts(session)?;
        let taken = all.iter().filter(|row| row["payments_batch_id"] == *batch);
        let way = |row: &Value| {
            let status = row["status"].as_str().unwrap_or_default();
            Some((row["id"].as_u64()?, WAY.iter().position(|known| *known == status)?))
        };
        let now: Vec<(u64, usize)> = taken.filter_map(way).collect();
        if minute == 0 {
            let message = format!("expected the payouts of batch {batch} to name it, found none that does");
            session.verify(CODE, !now.is_empty(), "it takes no payout", &message, &[made, &listed]);
        }
        let back = before.iter().find(|(id, far)| !now.iter().any(|(known, now)| known == id && now >= far));
        let message = format!("after {before:?} the payouts and how far they are: {now:?}");
        session.verify(CODE, back.is_none(), "a payout goes back or is lost", &message, &[made, &listed]);
        if minute == MINUTES {
            let all_paid = now.iter().all(|(_, far)| *far == WAY.len() - 1);
            let message = format!("expected every payout completed after {MINUTES} minutes, found {now:?}");
            session.verify(CODE, all_paid, "a payout is not paid", &message, &[made, &listed]);
        }
        before = now;
        let advance = format!("/__admin/clock/advance?account={account}");
        session.client.ask("POST", &advance, &json!({ "by": "1m" }))?;
    }
    Ok(())
}
