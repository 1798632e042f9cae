//! Waiting for a call to come in.

use fp_contract::Contract;
use serde_json::Value;

use super::{Awaited, Look, nearest};
use crate::control::desk::Sandbox;
use crate::control::journal::pattern::{self, Pattern};
use crate::control::reply::{Problem, read_value};
use crate::world::Account;

/// A call that fits a pattern.
pub(super) struct Request {
    pattern: Pattern,
}

impl Request {
    /// Reads the pattern; none fits every call.
    pub(super) fn read(wanted: &Value, contract: &Contract) -> Result<Self, Problem> {
        let written: pattern::Written = read_value(wanted, pattern::HINT)?;
        Ok(Self { pattern: Pattern::read(written, contract)? })
    }
}

impl Awaited for Request {
    fn look(&self, _account: &Account, sandbox: &Sandbox) -> Look {
        let journal = sandbox.journal();
        if let Some(entry) = journal.entries().rev().find(|entry| self.pattern.fits(entry)) {
            return Look::Arrived(entry.shown());
        }
        let all = journal.entries().rev();
        Look::Nearest(nearest(all.map(|entry| (self.pattern.differences(&entry), entry.request_shown()))))
    }
}
