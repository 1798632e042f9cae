//! Talks to the target and judges every exchange. What all clients of a run share is the [`Line`]; what one part
//! of a run did is on its [`Tape`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use fp_contract::{Contract, Rules, Version};
use serde_json::Value;

use crate::coverage::Coverage;
use crate::exchange::{Call, Exchange};
use crate::line::Line;
use crate::target::Target;

pub use crate::line::{Interrupt, Limits};

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The budget of calls or time is used up: the run ends, nothing failed.
    #[error("the budget of calls or time is used up")]
    Budget,
    /// Somebody asked the run to end.
    #[error("the run was interrupted")]
    Interrupted,
    /// The call was not sent: it could touch records that are not the run's.
    #[error("{method} {target} is not sent: {reason}")]
    Guarded {
        /// The method.
        method: String,
        /// Path and query.
        target: String,
        /// What it could touch.
        reason: String,
    },
    /// The target does not answer: nothing can be said about it.
    #[error("{method} {target} has no answer")]
    NoAnswer {
        /// The method.
        method: String,
        /// Path and query.
        target: String,
        /// Why.
        source: reqwest::Error,
    },
}

/// What one part of a run did: calls counted against its share of the budget, and what they covered.
#[derive(Debug, Default)]
pub struct Tape {
    budget: Option<u64>,
    sent: AtomicU64,
    coverage: Mutex<Coverage>,
}

impl Tape {
    /// An empty tape with room for so many calls; `None`: no end.
    pub fn with_budget(budget: Option<u64>) -> Arc<Self> {
        Arc::new(Self { budget, ..Self::default() })
    }

    /// How many calls were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Takes out what was covered so far.
    pub fn take_coverage(&self) -> Coverage {
        std::mem::take(&mut self.coverage())
    }

    fn coverage(&self) -> MutexGuard<'_, Coverage> {
        self.coverage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more call, if the budget has room for it.
    fn count(&self) -> Result<(), SendError> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        if self.budget.is_some_and(|budget| number >= budget) {
            self.sent.fetch_sub(1, Ordering::Relaxed);
            return Err(SendError::Budget);
        }
        Ok(())
    }
}

/// A connection to one target as one account.
#[derive(Debug)]
pub struct Client<'t> {
    target: &'t Target,
    line: Arc<Line>,
    tape: Arc<Tape>,
    contract: &'static Contract,
    rules: Rules,
}

impl<'t> Client<'t> {
    /// A client of its own that judges by the corrected contract, replies in both directions.
    ///
    /// # Panics
    /// If the HTTP client cannot be set up.
    pub fn new(target: &'t Target, limits: Limits) -> Self {
        let tape = Tape::with_budget(limits.budget);
        Self::on(target, Arc::new(Line::new(limits, Interrupt::default())), tape)
    }

    /// A client on a line that others use too, keeping its own tape.
    pub fn on(target: &'t Target, line: Arc<Line>, tape: Arc<Tape>) -> Self {
        Self { target, line, tape, contract: Contract::corrected(), rules: Rules::strict() }
    }

    /// The same line and tape, as another account.
    pub fn as_account<'o>(&self, target: &'o Target) -> Client<'o> {
        Client::on(target, Arc::clone(&self.line), Arc::clone(&self.tape))
    }

    /// What is attacked.
    pub fn target(&self) -> &'t Target {
        self.target
    }

    /// What it is judged by.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// The line it sends on.
    pub fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Whether a call would be sent at all: at a real account not every one is.
    pub fn may_send(&self, call: &Call) -> bool {
        self.line.admit(call).is_ok()
    }

    /// How many calls were sent for this part of the run, by whatever client.
    pub fn sent(&self) -> u64 {
        self.tape.sent()
    }

    /// A call with credentials and, unless null, a JSON body. `path` begins with `/api/v1` or `/api/v2`.
    pub fn call(&self, method: &str, target: &str, body: &Value) -> Call {
        let version = if target.starts_with("/api/v1") { Version::V1 } else { Version::V2 };
        let mut headers = self.target.credentials(version);
        let body = if body.is_null() {
            Vec::new()
        } else {
            headers.push(("content-type".into(), "application/json".into()));
            body.to_string().into_bytes()
        };
        Call { method: method.into(), target: target.into(), headers, body }
    }

    /// Sends a call and judges the exchange.
    ///
    /// # Errors
    /// [`SendError::Budget`] and [`SendError::Interrupted`] when the run is over, [`SendError::Guarded`] when the
    /// call could touch what is not the run's, [`SendError::NoAnswer`] when the target is not there.
    pub fn send(&self, call: Call) -> Result<Exchange, SendError> {
        self.line.admit(&call)?;
        self.tape.count()?;
        if let Err(over) = self.line.wait_for_turn() {
            self.tape.sent.fetch_sub(1, Ordering::Relaxed);
            return Err(over);
        }
        let begun = measured_from();
        let (status, headers, body) = self.line.transmit(self.target.base(), &call)?;
        let took = begun.elapsed();
        let judgement = Default::default();
        let mut exchange = Exchange { call, status, headers, body, took, judgement };
        exchange.judgement = self.contract.judge(&exchange.as_borrowed(), &self.rules);
        self.line.learn(&exchange);
        self.tape.coverage().note(self.contract, &exchange);
        Ok(exchange)
    }

    /// [`Client::call`] and [`Client::send`] in one.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn ask(&self, method: &str, target: &str, body: &Value) -> Result<Exchange, SendError> {
        self.send(self.call(method, target, body))
    }
}

/// When a call left: how long an answer took is the one thing measured.
fn measured_from() -> Instant {
    Instant::now()
}
