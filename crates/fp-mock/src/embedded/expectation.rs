//! What a test expects of the calls that come in.

use std::ops::RangeInclusive;
use std::sync::{Arc, PoisonError};

use fp_contract::Side;

use super::Mock;
use crate::control::journal::Entry;
use crate::control::journal::pattern::Pattern;

/// Something that a test expects, to be made more precise.
#[derive(Debug)]
pub struct Expectation<'m> {
    mock: &'m Mock,
    at: usize,
}

/// What is kept of an expectation: no pattern stands for no violation.
#[derive(Debug)]
pub(super) struct Expected {
    pattern: Option<Pattern>,
    times: RangeInclusive<usize>,
}

impl<'m> Expectation<'m> {
    pub(super) fn add(mock: &'m Mock, pattern: Option<Pattern>) -> Self {
        let mut expected = mock.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.push(Expected { pattern, times: 1..=usize::MAX });
        Self { mock, at: expected.len() - 1 }
    }

    /// Exactly once.
    pub fn once(self) {
        self.between(1..=1);
    }

    /// Exactly so often.
    pub fn times(self, times: usize) {
        self.between(times..=times);
    }

    /// Not at all.
    pub fn never(self) {
        self.between(0..=0);
    }

    /// So often.
    pub fn between(self, times: RangeInclusive<usize>) {
        let mut expected = self.mock.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected[self.at].times = times;
    }
}

impl Expected {
    /// What does not hold, given the calls that came.
    pub(super) fn problem(&self, entries: &[Arc<Entry>], evicted: u64) -> Option<String> {
        let Some(pattern) = &self.pattern else { return violation(entries) };
        let count = entries.iter().filter(|entry| pattern.fits(entry)).count();
        if self.times.contains(&count) {
            return None;
        }
        let mut problem = format!("expected {}, found {count} calls that fit {pattern}", often(&self.times));
        if count < *self.times.start()
            && let Some((differences, entry)) = nearest(pattern, entries)
        {
            let request = entry.call.request();
            let (method, target) = (request.method, request.target);
            problem += &format!("\nhint: the nearest was {method} {target}: {}", differences.join("; "));
        }
        if evicted > 0 {
            problem +=
                &format!("\nhint: {evicted} older calls left the journal, see Builder::journal_entries");
        }
        Some(problem)
    }
}

fn often(times: &RangeInclusive<usize>) -> String {
    match (*times.start(), *times.end()) {
        (from, usize::MAX) => format!("at least {from}"),
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from} to {to}"),
    }
}

fn nearest<'e>(pattern: &Pattern, entries: &'e [Arc<Entry>]) -> Option<(Vec<String>, &'e Entry)> {
    let unfit = entries.iter().map(|entry| (pattern.differences(entry), entry.as_ref()));
    unfit.filter(|(differences, _)| !differences.is_empty()).min_by_key(|(differences, _)| differences.len())
}

fn violation(entries: &[Arc<Entry>]) -> Option<String> {
    let mut all = entries.iter().flat_map(|entry| &entry.violations);
    let first = all.find(|violation| violation.side == Side::Request)?;
    Some(format!("expected no violation of the contract, found {first}"))
}
