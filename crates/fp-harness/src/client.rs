//! Talks to the target, judges every exchange and keeps the budget.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fp_contract::{Contract, Rules, Version};
use serde_json::Value;

use crate::exchange::{Call, Exchange};
use crate::target::Target;

/// How the harness behaves towards a target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Calls a minute; `None`: as fast as it goes.
    pub rate_per_minute: Option<u32>,
    /// Calls in all; `None`: no end.
    pub budget: Option<u64>,
    /// When to stop; `None`: never.
    pub until: Option<Instant>,
}

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The budget of calls or time is used up: the run ends, nothing failed.
    #[error("the budget of calls or time is used up")]
    Budget,
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

/// Status, headers and body as they came back.
type Answered = (u16, Vec<(String, String)>, Vec<u8>);

/// A connection to one target as one account.
#[derive(Debug)]
pub struct Client<'t> {
    target: &'t Target,
    http: reqwest::blocking::Client,
    limits: Limits,
    contract: &'static Contract,
    rules: Rules,
    sent: AtomicU64,
    begun: Instant,
}

impl<'t> Client<'t> {
    /// A client that judges by the corrected contract, replies in both directions.
    ///
    /// # Panics
    /// If the HTTP client cannot be set up.
    pub fn new(target: &'t Target, limits: Limits) -> Self {
        let http = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("an HTTP client");
        let (contract, rules) = (Contract::corrected(), Rules::strict());
        Self { target, http, limits, contract, rules, sent: AtomicU64::new(0), begun: Instant::now() }
    }

    /// What is attacked.
    pub fn target(&self) -> &'t Target {
        self.target
    }

    /// What it is judged by.
    pub fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// How many calls were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Counts calls that another client made for this one's run.
    ///
    /// # Errors
    /// [`SendError::Budget`] when they used the budget up.
    pub fn count(&self, calls: u64) -> Result<(), SendError> {
        let sent = self.sent.fetch_add(calls, Ordering::Relaxed) + calls;
        let over = self.limits.budget.is_some_and(|budget| sent >= budget)
            || self.limits.until.is_some_and(|until| Instant::now() >= until);
        if over { Err(SendError::Budget) } else { Ok(()) }
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
    /// [`SendError::Budget`] when the run is over, [`SendError::NoAnswer`] when the target is not there.
    pub fn send(&self, call: Call) -> Result<Exchange, SendError> {
        self.wait_for_turn()?;
        let begun = Instant::now();
        let (status, headers, body) = self.transmit(&call)?;
        let took = begun.elapsed();
        let judgement = Default::default();
        let mut exchange = Exchange { call, status, headers, body, took, judgement };
        exchange.judgement = self.contract.judge(&exchange.as_borrowed(), &self.rules);
        Ok(exchange)
    }

    /// [`Client::call`] and [`Client::send`] in one.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn ask(&self, method: &str, target: &str, body: &Value) -> Result<Exchange, SendError> {
        self.send(self.call(method, target, body))
    }

    fn transmit(&self, call: &Call) -> Result<Answered, SendError> {
        let no_answer =
            |source| SendError::NoAnswer { method: call.method.clone(), target: call.target.clone(), source };
        let method = reqwest::Method::from_bytes(call.method.as_bytes()).unwrap_or(reqwest::Method::GET);
        let mut request = self.http.request(method, format!("{}{}", self.target.base(), call.target));
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let response = request.body(call.body.clone()).send().map_err(no_answer)?;
        let status = response.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(n, v)| (n.as_str().to_owned(), text(v))).collect();
        let body = response.bytes().map_err(no_answer)?.to_vec();
        Ok((status, headers, body))
    }

    /// Waits as the rate asks, and ends the run when the budget is used up.
    #[expect(clippy::disallowed_methods, reason = "a rate limit towards a foreign service is real waiting")]
    fn wait_for_turn(&self) -> Result<(), SendError> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let over = self.limits.budget.is_some_and(|budget| number >= budget)
            || self.limits.until.is_some_and(|until| Instant::now() >= until);
        if over {
            self.sent.fetch_sub(1, Ordering::Relaxed);
            return Err(SendError::Budget);
        }
        if let Some(rate) = self.limits.rate_per_minute.filter(|rate| *rate > 0) {
            let due = Duration::from_secs_f64(number as f64 * 60.0 / f64::from(rate));
            std::thread::sleep(due.saturating_sub(self.begun.elapsed()));
        }
        Ok(())
    }
}
