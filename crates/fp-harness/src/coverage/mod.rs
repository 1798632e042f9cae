//! What of the contract a run exercised, told by the exchanges that were really made.

mod points;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

use fp_contract::{Contract, Resolution, Side, params};
use serde_json::Value;

pub use points::{Declared, declared};
pub use summary::{OperationSummary, Part, Summary, Uncovered, summarise};

use crate::exchange::Exchange;

/// What was exercised of each operation, by its place in the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    operations: BTreeMap<usize, Exercised>,
}

/// What was exercised of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exercised {
    /// How often each status came.
    pub statuses: BTreeMap<u16, u64>,
    /// The parameters that were sent.
    pub parameters: Vec<bool>,
    /// The points of the body's schema.
    pub body: Vec<bool>,
    /// The points of each reply's schema.
    pub replies: BTreeMap<usize, Vec<bool>>,
    /// What was wrong with requests, on purpose: a violation's code and place.
    pub faults: BTreeSet<String>,
}

impl Coverage {
    /// What was exercised of the operation at a place in the contract.
    pub fn of(&self, index: usize) -> Option<&Exercised> {
        self.operations.get(&index)
    }

    /// Notes an exchange.
    pub fn note(&mut self, contract: &Contract, exchange: &Exchange) {
        let Resolution::Found(found) = contract.resolve(&exchange.call.method, exchange.call.path()) else {
            return;
        };
        let Some(declared) = declared().get(found.index) else { return };
        let exercised = self.operations.entry(found.index).or_default();
        let times = exercised.statuses.entry(exchange.status).or_default();
        *times += 1;
        if !is_looked_at(*times) {
            return;
        }
        exercised.note_request(declared, exchange);
        if let (Some((at, (_, Some(tree)))), Some(reply)) = (declared.reply(exchange.status), exchange.json())
        {
            let marks = exercised.replies.entry(at).or_default();
            marks.resize(tree.points().len(), false);
            tree.touch(&reply, marks);
        }
    }

    /// Adds what another part of the run covered.
    pub fn merge(&mut self, other: Self) {
        for (index, more) in other.operations {
            self.operations.entry(index).or_default().merge(more);
        }
    }
}

/// Whether the so-many-th exchange of its kind is looked at closely: all of the first ones, then some.
fn is_looked_at(times: u64) -> bool {
    times <= 24 || times.is_multiple_of(8)
}

impl Exercised {
    fn note_request(&mut self, declared: &Declared, exchange: &Exchange) {
        self.parameters.resize(declared.parameters.len(), false);
        let read = params::read(&exchange.call.as_request()).map(params::Params::into_root);
        let sent = Value::Object(read.unwrap_or_default());
        for (mark, (_, keys)) in self.parameters.iter_mut().zip(&declared.parameters) {
            let at = |value: &Value, key: &String| value.get(key).cloned();
            *mark |= keys.iter().try_fold(sent.clone(), |value, key| at(&value, key)).is_some();
        }
        let of_request = exchange.judgement.violations.iter().filter(|found| found.side == Side::Request);
        let mut is_sound = true;
        for violation in of_request {
            is_sound = false;
            self.faults.insert(format!("{} at {}", violation.code, violation.pointer));
        }
        if let Some(tree) = declared.body.as_ref().filter(|_| is_sound) {
            self.body.resize(tree.points().len(), false);
            tree.touch(&sent, &mut self.body);
        }
    }

    fn merge(&mut self, other: Self) {
        for (status, times) in other.statuses {
            *self.statuses.entry(status).or_default() += times;
        }
        join(&mut self.parameters, &other.parameters);
        join(&mut self.body, &other.body);
        for (at, marks) in other.replies {
            join(self.replies.entry(at).or_default(), &marks);
        }
        self.faults.extend(other.faults);
    }
}

fn join(marks: &mut Vec<bool>, more: &[bool]) {
    marks.resize(marks.len().max(more.len()), false);
    marks.iter_mut().zip(more).for_each(|(mark, more)| *mark |= more);
}

#[cfg(test)]
mod tests;
