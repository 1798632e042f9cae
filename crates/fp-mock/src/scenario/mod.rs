//! Scenarios: the states that accounts start from, read from YAML or JSON.

mod build;
mod demo;
mod document;
mod nearest;
mod progress;
mod refused;

use std::path::Path;
use std::sync::Arc;

pub use document::Document;

use crate::clock::timestamp::Timestamp;
use crate::domain::state::State;

/// The scenarios that come with the program, by name.
const BUILT_IN: [(&str, &str); 3] = [
    ("demo", include_str!("../../../../fixtures/scenarios/demo.yaml")),
    ("empty", include_str!("../../../../fixtures/scenarios/empty.yaml")),
    ("starter", include_str!("../../../../fixtures/scenarios/starter.yaml")),
];

/// When the account begins in which a scenario is tried: its order of things holds for every other start.
const TRIAL_START: Timestamp = Timestamp::from_millis(1_736_937_000_000);

/// A state that accounts start from.
#[derive(Clone, Debug)]
pub struct Scenario {
    document: Document,
}

/// Why a scenario cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a name nor a file.
    #[error("no scenario is named {name:?} and there is no such file\n{hint}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What may have been meant, or what there is.
        hint: String,
    },
    /// The file cannot be read.
    #[error("cannot read the scenario file {path}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The text is no scenario.
    #[error("{origin}: {problem}")]
    Malformed {
        /// Name or file.
        origin: String,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// The parts do not fit together.
    #[error("{origin}: {}", .problems.join("\n"))]
    Inconsistent {
        /// Name or file.
        origin: String,
        /// Everything that does not fit.
        problems: Vec<String>,
    },
}

impl Scenario {
    /// A built-in scenario by name, or one from a file.
    ///
    /// # Errors
    /// [`ScenarioError`] says what is wrong and where.
    pub fn open(name_or_file: &str) -> Result<Arc<Self>, ScenarioError> {
        let path = Path::new(name_or_file);
        if !path.exists() || BUILT_IN.iter().any(|(name, _)| *name == name_or_file) {
            return Self::open_built_in(name_or_file);
        }
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScenarioError::Unreadable { path: name_or_file.to_owned(), source })?;
        Self::parse(name_or_file, &text)
    }

    /// A built-in scenario by name.
    ///
    /// # Errors
    /// [`ScenarioError::Unknown`] names what there is.
    pub fn open_built_in(name: &str) -> Result<Arc<Self>, ScenarioError> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => Self::parse(name, text),
            None => {
                let known = BUILT_IN.map(|(name, _)| name);
                let hint = match nearest::nearest(name, known) {
                    Some(meant) => format!("hint: did you mean {meant}?"),
                    None => format!("hint: the built-in ones are {}", known.join(", ")),
                };
                Err(ScenarioError::Unknown { name: name.to_owned(), hint })
            }
        }
    }

    /// Reads a scenario from text: YAML, or JSON, which is YAML too. `origin` names it in errors.
    ///
    /// # Errors
    /// [`ScenarioError::Malformed`] with line and column, [`ScenarioError::Inconsistent`].
    pub fn parse(origin: &str, text: &str) -> Result<Arc<Self>, ScenarioError> {
        let document: Document = serde_yaml::from_str(text).map_err(|error| ScenarioError::Malformed {
            origin: origin.to_owned(),
            problem: with_hint(error.to_string()),
        })?;
        let problems = document.problems();
        if !problems.is_empty() {
            return Err(ScenarioError::Inconsistent { origin: origin.to_owned(), problems });
        }
        if let Err(refused) = build::state(&document.without_made_up_past(), 0, "trial", TRIAL_START) {
            let problems = vec![refused.to_string()];
            return Err(ScenarioError::Inconsistent { origin: origin.to_owned(), problems });
        }
        Ok(Arc::new(Self { document }))
    }

    /// The state of the account named `account` at its start.
    ///
    /// # Panics
    /// Never: a scenario that cannot be built is refused when it is read.
    pub fn build(&self, seed: u64, account: &str, start: Timestamp) -> State {
        let built = build::state(&self.document, seed, account, start);
        built.expect("what is in a scenario was tried when it was read")
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.document.name
    }
}

/// A message of the reader, with what may have been meant instead of a name it does not know.
fn with_hint(message: String) -> String {
    match nearest::hint(&message) {
        Some(hint) => format!("{message}\n{hint}"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_manual_is_in_order() {
        let manual = include_str!("../../../../docs/scenarios.md");
        let example = manual.split("```yaml").nth(1).and_then(|rest| rest.split("```").next());
        let scenario =
            Scenario::parse("docs/scenarios.md", example.expect("an example")).expect("a scenario");
        let state = scenario.build(0, "1", TRIAL_START);
        assert_eq!((state.promoters.len(), state.referrals.len(), state.conversions.len()), (2, 2, 5));
        assert_eq!(state.payouts.len(), 4, "two promoters, two months");
    }

    #[test]
    fn every_built_in_scenario_is_in_order() {
        for (name, _) in BUILT_IN {
            let scenario = Scenario::open_built_in(name).expect("a scenario");
            assert_eq!(scenario.name(), name);
        }
    }
}
