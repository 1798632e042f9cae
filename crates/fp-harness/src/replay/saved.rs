//! Failures in a file, JSON lines: first what the run was made from, then a failure a line.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Asked;
use crate::failure::{Case, Failure, Sent};
use crate::head::{Hashed, Head};

/// A saved failure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SavedFailure {
    /// The property's code.
    pub property: String,
    /// The operation's key.
    pub operation: String,
    /// What exactly was wrong.
    pub cause: String,
    /// What was expected and what was found.
    pub message: String,
    /// The case.
    pub case: Case,
    /// The call that showed it.
    #[serde(default)]
    pub call: Option<Sent>,
}

/// A file of failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// What the run was made from.
    pub head: Head,
    /// What it found, in the order of its report.
    pub failures: Vec<SavedFailure>,
}

/// The file makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: expected {expected}, found {found}\nhint: `fp-harness run --save FILE` writes such files"
)]
pub struct NotReadable {
    /// The line, from 1.
    pub line: usize,
    /// What was expected.
    pub expected: &'static str,
    /// What was found.
    pub found: String,
}

/// The file that keeps the failures of a run.
pub fn write<'f>(head: &Head, failures: impl Iterator<Item = &'f Failure>) -> String {
    let mut text = format!("{}\n", json!(head));
    for failure in failures {
        text.push_str(&format!("{}\n", json!(failure)));
    }
    text
}

/// Reads such a file.
///
/// # Errors
/// [`NotReadable`] for the first line that is none.
pub fn read(text: &str) -> Result<Saved, NotReadable> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let fault = |at: usize, expected, found: String| NotReadable { line: at + 1, expected, found };
    let (at, first) = lines.next().ok_or_else(|| fault(0, "the head of a run", "nothing".into()))?;
    let head =
        serde_json::from_str(first).map_err(|error| fault(at, "the head of a run", error.to_string()))?;
    let failures = lines.map(|(at, line)| {
        serde_json::from_str(line).map_err(|error| fault(at, "a saved failure", error.to_string()))
    });
    Ok(Saved { head, failures: failures.collect::<Result<_, _>>()? })
}

impl Saved {
    /// The documents that are not what they were.
    pub fn changed_documents(&self, now: &[Hashed]) -> Vec<String> {
        let known = |document: &&Hashed| !now.contains(document);
        self.head.documents.iter().filter(known).map(|document| document.document.clone()).collect()
    }
}

impl SavedFailure {
    /// What a replay looks for.
    pub fn asked(&self) -> Asked {
        Asked {
            property: self.property.clone(),
            operation: self.operation.clone(),
            cause: Some(self.cause.clone()),
            case: self.case.clone(),
            call: self.call.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::failure::{Confirmed, Identity};
    use crate::model::Program;
    use crate::sequence::{Action, Door, Step};

    #[test]
    fn what_is_written_is_read_back() {
        let steps = vec![
            Step { handle: 1, action: Action::Promoter { program: Program::Main, parent: None } },
            Step { handle: 4, action: Action::Signup { promoter: 1, door: Door::V1 } },
        ];
        let failure = Failure {
            identity: Identity {
                property: "money_is_conserved",
                operation: "GET /x".into(),
                cause: "c".into(),
            },
            case: Case::Sequence { number: 3, steps, shrunk: true },
            call: None,
            message: "m".into(),
            reproduction: Vec::new(),
            seed: 1,
            confirmed: Confirmed::ONCE,
            calls_to_detection: 5,
        };
        let head = Head::of(&Config::short(), "in process");
        let saved = read(&write(&head, [&failure].into_iter())).expect("a sound file");
        assert_eq!(saved.head, head);
        assert_eq!(saved.failures[0].case, failure.case);
        assert!(saved.changed_documents(&head.documents).is_empty());
        assert_eq!(saved.changed_documents(&[]).len(), head.documents.len());
    }

    #[test]
    fn a_line_that_makes_no_sense_is_named() {
        assert_eq!(read("").expect_err("nothing").line, 1);
        let head = Head::of(&Config::short(), "in process");
        let text = format!("{}\n{{\"property\":1}}\n", json!(head));
        let error = read(&text).expect_err("no failure");
        assert_eq!((error.line, error.expected), (2, "a saved failure"));
    }
}
