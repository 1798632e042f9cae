//! What all clients of a run share: connections, pace, and when to stop.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::client::SendError;
use crate::exchange::{Call, Exchange};
use crate::guard::Guard;

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

/// How often somebody asked the run to end: the first time it stops testing, the second time tidying up too.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicU8>);

impl Interrupt {
    /// Asks once more.
    pub fn ask(&self) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |times| times.checked_add(1));
    }

    /// How often it was asked.
    pub fn times(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Status, headers and body as they came back.
pub(crate) type Answered = (u16, Vec<(String, String)>, Vec<u8>);

/// The connections to a target and the rules for using them.
#[derive(Debug)]
pub struct Line {
    http: reqwest::blocking::Client,
    limits: Limits,
    interrupt: Interrupt,
    /// How many interruptions stop it.
    patience: u8,
    /// When the next call may leave, where there is a rate.
    next: Mutex<Option<Instant>>,
    guard: Option<Arc<Guard>>,
}

impl Line {
    /// A line with these limits; the budget is the tapes' business.
    ///
    /// # Panics
    /// If the HTTP client cannot be set up.
    pub fn new(limits: Limits, interrupt: Interrupt) -> Self {
        // Somebody else in this process may have chosen one already; any will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("an HTTP client");
        Self { http, limits, interrupt, patience: 1, next: Mutex::default(), guard: None }
    }

    /// The same, sending only what `guard` lets pass.
    #[must_use]
    pub fn guarded(mut self, guard: Arc<Guard>) -> Self {
        self.guard = Some(guard);
        self
    }

    /// The same, ended only by a second interruption: for tidying up.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patience = 2;
        self
    }

    /// What decides whether a call may be sent, at a real account.
    pub fn guard(&self) -> Option<&Guard> {
        self.guard.as_deref()
    }

    /// Whether the call may be sent at all.
    pub(crate) fn admit(&self, call: &Call) -> Result<(), SendError> {
        let Some(guard) = &self.guard else { return Ok(()) };
        guard.admit(call).map_err(|reason| SendError::Guarded {
            method: call.method.clone(),
            target: call.target.clone(),
            reason,
        })
    }

    /// Notes what a call made.
    pub(crate) fn learn(&self, exchange: &Exchange) {
        if let Some(guard) = &self.guard {
            guard.learn(exchange);
        }
    }

    /// Lets real time pass, for a target whose clock is nobody's to turn.
    #[expect(clippy::disallowed_methods, reason = "a foreign service goes on in its own time")]
    pub(crate) fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    /// Waits as the rate asks, and ends the run when its time is over or somebody asked for it.
    #[expect(clippy::disallowed_methods, reason = "a rate limit towards a foreign service is real waiting")]
    pub(crate) fn wait_for_turn(&self) -> Result<(), SendError> {
        if self.interrupt.times() >= self.patience {
            return Err(SendError::Interrupted);
        }
        if self.limits.until.is_some_and(|until| Instant::now() >= until) {
            return Err(SendError::Budget);
        }
        if let Some(rate) = self.limits.rate_per_minute.filter(|rate| *rate > 0) {
            let turn = {
                let now = Instant::now();
                let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
                let turn = next.map_or(now, |next| next.max(now));
                *next = Some(turn + Duration::from_secs(60) / rate);
                turn.saturating_duration_since(now)
            };
            std::thread::sleep(turn);
        }
        Ok(())
    }

    /// Sends a call and answers what came back.
    pub(crate) fn transmit(&self, base: &str, call: &Call) -> Result<Answered, SendError> {
        let no_answer =
            |source| SendError::NoAnswer { method: call.method.clone(), target: call.target.clone(), source };
        let method = reqwest::Method::from_bytes(call.method.as_bytes()).unwrap_or(reqwest::Method::GET);
        let mut request = self.http.request(method, format!("{base}{}", call.target));
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_line_sends_no_more_and_one_for_tidying_up_not_after_the_second_time() {
        let interrupt = Interrupt::default();
        let line = Line::new(Limits::default(), interrupt.clone());
        assert!(line.wait_for_turn().is_ok());
        interrupt.ask();
        assert!(matches!(line.wait_for_turn(), Err(SendError::Interrupted)));
        let tidying = Line::new(Limits::default(), interrupt.clone()).patient();
        assert!(tidying.wait_for_turn().is_ok());
        interrupt.ask();
        assert!(matches!(tidying.wait_for_turn(), Err(SendError::Interrupted)));
    }
}
