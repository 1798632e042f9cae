//! What the harness found: failures with their identity, and what it could not judge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::Phase;
use crate::exchange::Call;
use crate::sequence::Step;

/// What makes two findings the same bug: shrinking keeps it, reports count by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Identity {
    /// The property's permanent code.
    pub property: &'static str,
    /// The operation it shows on, `POST /api/v2/track/sale`.
    pub operation: String,
    /// What exactly is wrong, free of ids and values: a violation's code and place, a status.
    pub cause: String,
}

/// Which case of a run it is: with the seed and the configuration it can be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Case {
    /// None of the run's own.
    #[default]
    Other,
    /// A generated request.
    Request {
        /// The round, from 0.
        round: u32,
        /// The one thing wrong with it, `missing /body/email`; `None`: nothing.
        fault: Option<String>,
    },
    /// A property that makes calls of its own.
    Behaviour {
        /// The property.
        code: String,
    },
    /// A sequence, judged by the model.
    Sequence {
        /// Its number, from 0.
        number: u32,
        /// Its steps: the fewest that show the failure.
        steps: Vec<Step>,
        /// Whether the steps were cut down.
        shrunk: bool,
    },
}

impl Case {
    /// The phase that makes such cases.
    pub fn phase(&self) -> Option<Phase> {
        match self {
            Self::Other => None,
            Self::Request { .. } => Some(Phase::Contract),
            Self::Behaviour { .. } => Some(Phase::Behaviour),
            Self::Sequence { .. } => Some(Phase::Model),
        }
    }

    /// Its name on the command line: `round-3`, `behaviour-ignored_auth`, `sequence-4`.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Other => None,
            Self::Request { round, .. } => Some(format!("round-{round}")),
            Self::Behaviour { code } => Some(format!("behaviour-{code}")),
            Self::Sequence { number, .. } => Some(format!("sequence-{number}")),
        }
    }

    /// The case of this name; what is beyond the name is left open.
    pub fn named(name: &str) -> Option<Self> {
        let (kind, rest) = name.split_once('-')?;
        match kind {
            "round" => Some(Self::Request { round: rest.parse().ok()?, fault: None }),
            "behaviour" => Some(Self::Behaviour { code: rest.to_owned() }),
            "sequence" => {
                Some(Self::Sequence { number: rest.parse().ok()?, steps: Vec::new(), shrunk: false })
            }
            _ => None,
        }
    }
}

/// A call without the headers that say who makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The media type of the body.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

impl Sent {
    /// What of a call can be kept.
    pub fn of(call: &Call) -> Self {
        let content_type = call.headers.iter().find(|(name, _)| name == "content-type");
        Self {
            method: call.method.clone(),
            target: call.target.clone(),
            content_type: content_type.map(|(_, value)| value.clone()),
            body: String::from_utf8_lossy(&call.body).into_owned(),
        }
    }
}

/// Something that is not as promised.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Which bug it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// The case that shows it.
    pub case: Case,
    /// The call that shows it, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Sent>,
    /// What was expected and what was found.
    pub message: String,
    /// The shortest known way to see it: one curl line a call, keys hidden; lines that begin with `#` tell steps.
    pub reproduction: Vec<String>,
    /// The seed of the case.
    pub seed: u64,
    /// How often it showed in how many confirmations.
    pub confirmed: Confirmed,
    /// Calls of the run before it showed first.
    pub calls_to_detection: u64,
}

/// How often a failure showed when it was tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmed {
    /// So often it showed.
    pub times: u32,
    /// Out of so many.
    pub of: u32,
}

impl Confirmed {
    /// Seen once and not tried again.
    pub const ONCE: Self = Self { times: 1, of: 1 };

    /// Whether it shows only now and then.
    pub fn is_flaky(self) -> bool {
        self.times < self.of
    }
}

/// A check or a part of one that could not be made, and how often.
pub type NotJudged = BTreeMap<(&'static str, String), u64>;

/// How often each property was put to the test on each operation.
pub type Trials = BTreeMap<String, BTreeMap<&'static str, u64>>;

/// Everything that came out of a run.
#[derive(Debug, Default)]
pub struct Findings {
    /// By identity: the first case, and how many cases there were.
    pub failures: BTreeMap<Identity, (Failure, u64)>,
    /// Property code and reason.
    pub not_judged: NotJudged,
    /// How often each property was put to the test.
    pub tested: BTreeMap<&'static str, u64>,
    /// The same by operation, where it is known.
    pub trials: Trials,
}

impl Findings {
    /// Counts one trial of a property.
    pub fn tried(&mut self, property: &'static str) {
        *self.tested.entry(property).or_default() += 1;
    }

    /// Counts one trial of a property on an operation.
    pub fn tried_on(&mut self, property: &'static str, operation: &str) {
        self.tried(property);
        if !self.trials.contains_key(operation) {
            self.trials.insert(operation.to_owned(), BTreeMap::new());
        }
        if let Some(trials) = self.trials.get_mut(operation) {
            *trials.entry(property).or_default() += 1;
        }
    }

    /// Counts something that could not be judged.
    pub fn skip(&mut self, property: &'static str, reason: impl Into<String>) {
        *self.not_judged.entry((property, reason.into())).or_default() += 1;
    }

    /// Moves every first sighting behind calls that were made before.
    pub fn after_calls(&mut self, calls: u64) {
        self.failures.values_mut().for_each(|(failure, _)| failure.calls_to_detection += calls);
    }

    /// Keeps a failure. Of those with one identity the shortest reproduction stays.
    pub fn fail(&mut self, failure: Failure) {
        match self.failures.get_mut(&failure.identity) {
            None => {
                self.failures.insert(failure.identity.clone(), (failure, 1));
            }
            Some((known, count)) => {
                *count += 1;
                if failure.reproduction.len() < known.reproduction.len() {
                    let first_seen = known.calls_to_detection.min(failure.calls_to_detection);
                    *known = Failure { calls_to_detection: first_seen, ..failure };
                }
            }
        }
    }

    /// Adds what another worker found.
    pub fn merge(&mut self, other: Self) {
        for (failure, count) in other.failures.into_values() {
            let identity = failure.identity.clone();
            self.fail(failure);
            if let Some((_, total)) = self.failures.get_mut(&identity) {
                *total += count - 1;
            }
        }
        for (what, count) in other.not_judged {
            *self.not_judged.entry(what).or_default() += count;
        }
        for (property, count) in other.tested {
            *self.tested.entry(property).or_default() += count;
        }
        for (operation, trials) in other.trials {
            let known = self.trials.entry(operation).or_default();
            for (property, count) in trials {
                *known.entry(property).or_default() += count;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(cause: &str, steps: usize) -> Failure {
        Failure {
            identity: Identity { property: "p", operation: "GET /x".into(), cause: cause.into() },
            case: Case::Other,
            call: None,
            message: String::new(),
            reproduction: vec![String::new(); steps],
            seed: 0,
            confirmed: Confirmed::ONCE,
            calls_to_detection: 9,
        }
    }

    #[test]
    fn cases_of_one_bug_are_counted_together_and_the_shortest_is_kept() {
        let (mut one, mut other) = (Findings::default(), Findings::default());
        one.fail(failure("a", 3));
        other.fail(failure("a", 2));
        other.fail(failure("a", 5));
        other.fail(failure("b", 1));
        one.merge(other);
        let counts: Vec<_> = one.failures.values().map(|(f, n)| (f.reproduction.len(), *n)).collect();
        assert_eq!(counts, [(2, 3), (1, 1)]);
    }
}
