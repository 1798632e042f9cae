//! `/metrics`: counts in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::header;
use axum::response::IntoResponse;

use super::call::Call;
use super::desk::Desk;
use super::reply::Answer;
use crate::webhooks::delivery::Status;

/// Upper bounds of the duration histogram, in microseconds.
const BUCKETS_US: [u128; 9] = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 100_000, 1_000_000];

/// What is counted since the server started.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: BTreeMap<(&'static str, u16), u64>,
    violations: BTreeMap<(&'static str, String), u64>,
    faults: u64,
    durations: [u64; BUCKETS_US.len()],
    took: Duration,
}

impl Metrics {
    /// Counts one call: its operation, its status (0: the connection was cut), how long it took on the machine.
    pub fn count_call(&self, operation: Option<&'static str>, status: u16, took: Duration) {
        let mut counts = self.counts();
        let operation = operation.unwrap_or("none");
        *counts.requests.entry((operation, status)).or_default() += 1;
        let us = took.as_micros();
        if let Some(bucket) = BUCKETS_US.iter().position(|bound| us <= *bound) {
            counts.durations[bucket] += 1;
        }
        counts.took += took;
    }

    /// Counts one violation by its code and the side at fault.
    pub fn count_violation(&self, code: &'static str, side: &str) {
        *self.counts().violations.entry((code, side.to_owned())).or_default() += 1;
    }

    /// Counts one injected fault.
    pub fn count_fault(&self) {
        self.counts().faults += 1;
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /metrics`.
pub fn show(call: &Call) -> Answer {
    let text = written(&call.desk).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn written(desk: &Desk) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let out = &mut text;
    let version = env!("CARGO_PKG_VERSION");
    head(out, "fp_mock_info", "gauge", "The version that runs.")?;
    writeln!(out, "fp_mock_info{{version=\"{version}\"}} 1")?;
    written_calls(out, &desk.metrics().counts())?;
    let accounts = desk.world().accounts();
    head(out, "fp_mock_accounts", "gauge", "Accounts in use.")?;
    writeln!(out, "fp_mock_accounts {}", accounts.len())?;
    head(out, "fp_mock_journal_entries", "gauge", "Calls that the journals keep.")?;
    writeln!(out, "fp_mock_journal_entries {}", desk.entries(None).0.len())?;
    let mut deliveries: BTreeMap<&str, u64> = Status::ALL.iter().map(|status| (status.name(), 0)).collect();
    for account in &accounts {
        for delivery in account.lock().webhooks.deliveries.iter() {
            *deliveries.entry(delivery.status.name()).or_default() += 1;
        }
    }
    head(out, "fp_mock_deliveries", "gauge", "Webhook deliveries of all accounts, by status.")?;
    for (status, count) in deliveries {
        writeln!(out, "fp_mock_deliveries{{status=\"{status}\"}} {count}")?;
    }
    Ok(text)
}

fn written_calls(out: &mut String, counts: &Counts) -> std::fmt::Result {
    head(out, "fp_mock_requests_total", "counter", "Calls of the APIs; status 0: the connection was cut.")?;
    for ((operation, status), count) in &counts.requests {
        writeln!(out, "fp_mock_requests_total{{operation=\"{operation}\",status=\"{status}\"}} {count}")?;
    }
    head(out, "fp_mock_request_duration_seconds", "histogram", "Time from the whole request to the answer.")?;
    let mut below = 0;
    for (bound_us, count) in BUCKETS_US.iter().zip(counts.durations) {
        below += count;
        let bound = Duration::from_micros(*bound_us as u64).as_secs_f64();
        writeln!(out, "fp_mock_request_duration_seconds_bucket{{le=\"{bound}\"}} {below}")?;
    }
    let all: u64 = counts.requests.values().sum();
    writeln!(out, "fp_mock_request_duration_seconds_bucket{{le=\"+Inf\"}} {all}")?;
    writeln!(out, "fp_mock_request_duration_seconds_sum {}", counts.took.as_secs_f64())?;
    writeln!(out, "fp_mock_request_duration_seconds_count {all}")?;
    head(out, "fp_mock_violations_total", "counter", "Contract violations, by code and side.")?;
    for ((code, side), count) in &counts.violations {
        writeln!(out, "fp_mock_violations_total{{code=\"{code}\",side=\"{side}\"}} {count}")?;
    }
    head(out, "fp_mock_faults_total", "counter", "Calls that met an injected fault.")?;
    writeln!(out, "fp_mock_faults_total {}", counts.faults)
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}
