//! The line that is written about every call.

use std::fmt;
use std::time::Duration;

/// What the line tells.
#[derive(Clone, Copy, Debug)]
pub struct CallLine<'c> {
    /// The method, in upper case.
    pub method: &'c str,
    /// Path and query, as they were sent.
    pub target: &'c str,
    /// The status of the answer; 0 if the connection was cut instead.
    pub status: u16,
    /// From the whole request to the answer, on the machine's clock.
    pub took: Duration,
    /// The account that was acted on or named.
    pub account: Option<&'c str>,
    /// The fault that the call met.
    pub fault: Option<&'c str>,
    /// How often the call broke the contract.
    pub violations: usize,
}

/// Takes lines about calls.
pub trait CallLog: fmt::Debug + Send + Sync {
    /// A call has its answer, which goes out next.
    fn note(&self, line: &CallLine<'_>);

    /// Answers go out now: what was noted is to be seen before them.
    fn flush(&self) {}
}

/// Makes each line an event of `tracing`, with the target `fp_mock::call`.
#[derive(Clone, Copy, Debug)]
pub struct Traced;

impl CallLog for Traced {
    fn note(&self, line: &CallLine<'_>) {
        tracing::info!(
            target: "fp_mock::call",
            method = line.method,
            target = line.target,
            status = line.status,
            took_us = line.took.as_micros() as u64,
            account = line.account.unwrap_or("-"),
            fault = line.fault,
            violations = line.violations,
            "call"
        );
    }
}
