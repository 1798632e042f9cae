//! What the harness found: failures with their identity, and what it could not judge.

use std::collections::BTreeMap;

use serde::Serialize;

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

/// Something that is not as promised.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Which bug it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// What was expected and what was found.
    pub message: String,
    /// The shortest known way to see it: one curl line a call, keys hidden.
    pub reproduction: Vec<String>,
    /// The seed of the case, for `fp-harness replay`.
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

/// Everything that came out of a run.
#[derive(Debug, Default)]
pub struct Findings {
    /// By identity: the first case, and how many cases there were.
    pub failures: BTreeMap<Identity, (Failure, u64)>,
    /// Property code and reason.
    pub not_judged: NotJudged,
    /// How often each property was put to the test.
    pub tested: BTreeMap<&'static str, u64>,
}

impl Findings {
    /// Counts one trial of a property.
    pub fn tried(&mut self, property: &'static str) {
        *self.tested.entry(property).or_default() += 1;
    }

    /// Counts something that could not be judged.
    pub fn skip(&mut self, property: &'static str, reason: impl Into<String>) {
        *self.not_judged.entry((property, reason.into())).or_default() += 1;
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(cause: &str, steps: usize) -> Failure {
        Failure {
            identity: Identity { property: "p", operation: "GET /x".into(), cause: cause.into() },
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
