//! What a run does and how far it goes.

use std::collections::BTreeMap;
use std::time::Duration;

use fp_contract::{Operation, Version};
use serde::{Deserialize, Serialize};

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Generated calls, one operation at a time.
    Contract,
    /// What HTTP and every list promise: methods, keys, pages, filters, sorting.
    Behaviour,
    /// Sequences judged by the model of the business.
    Model,
}

impl Phase {
    /// Every phase, in the order they run.
    pub const ALL: [Self; 3] = [Self::Contract, Self::Behaviour, Self::Model];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Behaviour => "behaviour",
            Self::Model => "model",
        }
    }

    /// The phase of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }
}

/// What a run does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The APIs that are attacked.
    #[serde(with = "version_names")]
    pub versions: Vec<Version>,
    /// The phases that run.
    pub phases: Vec<Phase>,
    /// Only operations whose key contains one of these; empty: all.
    pub operations: Vec<String>,
    /// Only these properties; empty: all.
    pub properties: Vec<String>,
    /// Cases for each operation, or sequences of the model.
    pub cases: u32,
    /// Decides every case.
    pub seed: u64,
    /// Calls a minute.
    pub rate_per_minute: Option<u32>,
    /// Calls in all.
    pub budget: Option<u64>,
    /// Time in all.
    pub time: Option<Duration>,
    /// How many accounts are attacked side by side. Without a budget or time the findings are the same for any
    /// number.
    pub workers: usize,
    /// Whether anything may be changed at a host that is not this machine.
    pub allow_writes: bool,
    /// What tells this run's records from all others: part of every name that it makes. Empty: from the seed.
    pub run_id: String,
    /// The campaigns of a real account that keep the terms the model knows: `main` and its id.
    pub campaigns: BTreeMap<String, u64>,
}

impl Config {
    /// A short run: what `cargo test` does.
    pub fn short() -> Self {
        Self {
            versions: vec![Version::V1, Version::V2],
            phases: Phase::ALL.to_vec(),
            operations: Vec::new(),
            properties: Vec::new(),
            cases: 6,
            seed: 0,
            rate_per_minute: None,
            budget: Some(20_000),
            time: None,
            workers: 1,
            allow_writes: false,
            run_id: String::new(),
            campaigns: BTreeMap::new(),
        }
    }

    /// The beginning of every name that the run makes.
    pub fn namespace(&self) -> String {
        if self.run_id.is_empty() { format!("fph-{:x}-", self.seed) } else { format!("fph-{}-", self.run_id) }
    }

    /// Whether an operation is attacked.
    pub fn wants_operation(&self, operation: &Operation) -> bool {
        let key = operation.key();
        self.versions.contains(&operation.version)
            && (self.operations.is_empty() || self.operations.iter().any(|part| key.contains(part.as_str())))
    }

    /// Whether a phase runs.
    pub fn wants_phase(&self, phase: Phase) -> bool {
        self.phases.contains(&phase)
    }

    /// Whether a property is tested.
    pub fn wants_property(&self, code: &str) -> bool {
        self.properties.is_empty() || self.properties.iter().any(|wanted| wanted == code)
    }
}

/// Versions by their names, as files keep them.
mod version_names {
    use fp_contract::Version;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(versions: &[Version], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(versions.iter().map(Version::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Version>, D::Error> {
        let known = |name: String| match name.as_str() {
            "v1" => Ok(Version::V1),
            "v2" => Ok(Version::V2),
            _ => Err(serde::de::Error::custom(format!("expected v1 or v2, found {name:?}"))),
        };
        Vec::<String>::deserialize(from)?.into_iter().map(known).collect()
    }
}

/// The seed of one case: it depends on what the case is, not on what ran before it.
pub fn case_seed(seed: u64, what: &str, number: u32) -> u64 {
    // FNV-1a: stable for all time, unlike the standard library's hashes.
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed;
    for byte in what.bytes().chain(number.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_the_same_seed_whatever_ran_before_it() {
        assert_eq!(case_seed(7, "GET /a", 3), case_seed(7, "GET /a", 3));
        assert_ne!(case_seed(7, "GET /a", 3), case_seed(7, "GET /a", 4));
        assert_ne!(case_seed(7, "GET /a", 3), case_seed(8, "GET /a", 3));
    }
}
