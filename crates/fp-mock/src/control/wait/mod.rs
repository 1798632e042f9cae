//! `POST /wait`: answers when something has happened, or says what came nearest.

mod batch;
mod delivery;
mod idle;
mod request;

use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

use super::call::Call;
use super::desk::{Desk, Sandbox};
use super::reply::{Answer, Problem, ok, read};
use crate::world::Account;

/// How long is waited unless told otherwise.
const TIMEOUT_MS: u64 = 5_000;
/// How long is waited at most.
const TIMEOUT_MAX_MS: u64 = 10 * 60 * 1_000;

const HINT: &str = "send {\"for\": \"request\", \"match\": {\"method\": \"POST\", \"urlPath\": \"/api/v2/track/sale\"}, \
                    \"timeout_ms\": 5000}; for is request, delivery, batch or idle";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    r#for: String,
    #[serde(default)]
    r#match: Value,
    timeout_ms: Option<u64>,
}

/// What a look around found.
enum Look {
    /// It is there.
    Arrived(Value),
    /// It is not; this comes nearest, if anything does.
    Nearest(Option<Value>),
}

/// Something that can be waited for.
trait Awaited: Send {
    /// Looks whether it is there.
    fn look(&self, account: &Account, sandbox: &Sandbox) -> Look;
}

/// `POST /wait`. Concerns the named account, else the default one. What has happened already counts.
pub async fn wait(call: Call) -> Answer {
    let wish: Wish = read(&call.body, HINT)?;
    let timeout_ms = wish.timeout_ms.unwrap_or(TIMEOUT_MS);
    if timeout_ms > TIMEOUT_MAX_MS {
        return Err(Problem::bad_request(format!("timeout_ms is at most {TIMEOUT_MAX_MS}"), HINT));
    }
    let awaited = awaited(&call.desk, &wish)?;
    let account = call.account();
    let sandbox = call.desk.sandbox(account.name());
    let until = Instant::now() + Duration::from_millis(timeout_ms);
    let mut pulse = account.pulse();
    loop {
        pulse.mark_unchanged();
        let nearest = match awaited.look(&account, &sandbox) {
            Look::Arrived(arrived) => return ok(&json!({ "for": wish.r#for, "arrived": arrived })),
            Look::Nearest(nearest) => nearest,
        };
        let changed = tokio::select! {
            changed = tokio::time::timeout_at(until, pulse.changed()) => changed.is_ok_and(|beat| beat.is_ok()),
            () = call.desk.closed() => false,
        };
        if !changed {
            return Err(in_vain(&wish.r#for, timeout_ms, nearest));
        }
    }
}

fn awaited(desk: &Desk, wish: &Wish) -> Result<Box<dyn Awaited>, Problem> {
    match wish.r#for.as_str() {
        "request" => Ok(Box::new(request::Request::read(&wish.r#match, desk.front().contract())?)),
        "delivery" => Ok(Box::new(delivery::Delivery::read(&wish.r#match)?)),
        "idle" => Ok(Box::new(idle::Idle::read(&wish.r#match)?)),
        "batch" => Ok(Box::new(batch::Batch::read(&wish.r#match)?)),
        other => Err(Problem::bad_request(format!("nothing can be waited for as {other:?}"), HINT)),
    }
}

fn in_vain(what: &str, timeout_ms: u64, nearest: Option<Value>) -> Problem {
    let hint =
        if nearest.is_some() { "see nearest for what did happen" } else { "nothing like it has happened" };
    let hint =
        format!("{hint}; under a manual clock, what is due later waits for POST /__admin/clock/advance");
    Problem::timed_out(format!("no such {what} within {timeout_ms} ms"), hint, nearest)
}

/// Of several things the one that differs least, with its differences beside it.
fn nearest(all: impl Iterator<Item = (Vec<String>, Value)>) -> Option<Value> {
    let (differences, mut value) = all.min_by_key(|(differences, _)| differences.len())?;
    value["differences"] = json!(differences);
    Some(value)
}
