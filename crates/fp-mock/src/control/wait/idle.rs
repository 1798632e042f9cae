//! Waiting until nothing goes on by itself at the present moment.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Awaited, Look};
use crate::control::desk::Sandbox;
use crate::control::reply::{Problem, read_value};
use crate::world::Account;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Nothing is due, and no delivery is under way.
pub(super) struct Idle;

impl Idle {
    pub(super) fn read(wanted: &Value) -> Result<Self, Problem> {
        let Nothing {} = read_value(wanted, "send {\"for\": \"idle\"}")?;
        Ok(Self)
    }
}

impl Awaited for Idle {
    fn look(&self, account: &Account, _sandbox: &Sandbox) -> Look {
        let ledger = account.lock();
        let (now, next) = (ledger.clock.now(), ledger.scheduler.next_due());
        let shown = json!({ "now": now, "next_due": next, "under_way": !ledger.lanes.is_idle() });
        let is_idle = ledger.lanes.is_idle() && next.is_none_or(|at| at > now);
        if is_idle { Look::Arrived(shown) } else { Look::Nearest(Some(shown)) }
    }
}
