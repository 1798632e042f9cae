//! Waivers: known violations that a team has decided to live with until a day.
//!
//! ```yaml
//! - code: undeclared-status
//!   operation: POST /api/v2/track/sale
//!   pointer: /status
//!   reason: the gateway answers 503 while it deploys
//!   expires: 2026-03-31
//! ```

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::codes::explain;
use crate::source::yaml;
use crate::violation::Violation;

/// One waiver of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The code that is waived.
    pub code: String,
    /// The operation's key, or `*` for any.
    pub operation: String,
    /// The pointer; a step `*` stands for any one step, `**` at the end for any number.
    pub pointer: String,
    /// Why it is waived.
    pub reason: String,
    /// The last day on which it counts, as `2026-03-31`.
    pub expires: String,
    /// The line in its file, from 1.
    #[serde(skip)]
    pub line: u32,
}

/// Why a file of waivers cannot be used. All faults at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverErrors(pub Vec<String>);

impl fmt::Display for WaiverErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for WaiverErrors {}

/// Reads a file of waivers, YAML or JSON.
///
/// # Errors
///
/// Every entry that lacks a part, names an unknown code or an impossible day.
pub fn read(name: &str, text: &str) -> Result<Vec<Waiver>, WaiverErrors> {
    let waivers = read_list(name, text, problems)?;
    Ok(waivers.into_iter().map(|(line, waiver)| Waiver { line, ..waiver }).collect())
}

/// Reads a list of entries of any kind, YAML or JSON, each with its line from 1; `problems` says what is wrong with
/// one that could be read.
///
/// # Errors
///
/// Everything that is wrong with any entry, with file and line.
pub fn read_list<T: DeserializeOwned>(
    name: &str,
    text: &str,
    problems: impl Fn(&T) -> Vec<String>,
) -> Result<Vec<(u32, T)>, WaiverErrors> {
    let fault = |line: u32, message: &dyn fmt::Display| format!("{name}:{line}: {message}");
    let root = match yaml::parse(text, 0) {
        Ok(root) => root,
        Err(error) => return Err(WaiverErrors(vec![fault(error.origin.line, &error.message)])),
    };
    let crate::source::Kind::List(items) = root.kind else {
        return Err(WaiverErrors(vec![fault(1, &"expected a list of entries")]));
    };
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    for item in items {
        let line = item.origin.line;
        match serde_json::from_value::<T>(item.clone().into_value()) {
            Ok(entry) => {
                faults.extend(problems(&entry).iter().map(|problem| fault(line, problem)));
                entries.push((line, entry));
            }
            Err(error) => faults.push(fault(line, &error)),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(WaiverErrors(faults)) }
}

fn problems(waiver: &Waiver) -> Vec<String> {
    let mut problems = Vec::new();
    if explain(&waiver.code).is_none() {
        problems.push(format!("expected the code of a violation, found `{}`", waiver.code));
    }
    problems.extend(problems_of_an_excuse(&waiver.reason, &waiver.expires));
    problems
}

/// What is wrong with the two parts that every excuse for a known failure has.
#[must_use]
pub fn problems_of_an_excuse(reason: &str, expires: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if !is_day(expires) {
        problems.push(format!("expected `expires` as 2026-03-31, found `{expires}`"));
    }
    if reason.trim().is_empty() {
        problems.push("expected a reason, found none".to_owned());
    }
    problems
}

/// A day of the calendar written as `2026-03-31`: such days compare as text.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number =
        |part: &str, digits: usize| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] if number(year, 4) && number(month, 2) && number(day, 2) => {
            ("01"..="12").contains(month) && ("01"..="31").contains(day)
        }
        _ => false,
    }
}

impl Waiver {
    /// Whether this waiver is about a violation. Expiry is another matter.
    #[must_use]
    pub fn covers(&self, violation: &Violation) -> bool {
        self.code == violation.code
            && (self.operation == "*" || Some(self.operation.as_str()) == violation.operation.as_deref())
            && pointer_matches(&self.pointer, &violation.pointer)
    }

    /// Whether its last day is over on `today` (`2026-04-01`).
    #[must_use]
    pub fn is_expired(&self, today: &str) -> bool {
        self.expires.as_str() < today
    }
}

fn pointer_matches(pattern: &str, pointer: &str) -> bool {
    let mut steps = pointer.split('/');
    for part in pattern.split('/') {
        if part == "**" {
            return true;
        }
        match steps.next() {
            Some(step) if part == "*" || part == step => {}
            _ => return false,
        }
    }
    steps.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::Side;

    const FILE: &str = "- code: wrong-type\n  operation: GET /a\n  pointer: /body/*/id\n  reason: old clients\n  expires: 2026-03-31\n";

    #[test]
    fn a_waiver_covers_its_code_operation_and_pointer_only() {
        let waivers = read("w.yaml", FILE).expect("a sound file");
        let violation = |code, operation: &str, pointer: &str| Violation {
            operation: Some(operation.to_owned()),
            ..Violation::new(code, Side::Response, pointer, "x", "y")
        };
        assert!(waivers[0].covers(&violation("wrong-type", "GET /a", "/body/3/id")));
        assert!(!waivers[0].covers(&violation("wrong-value", "GET /a", "/body/3/id")));
        assert!(!waivers[0].covers(&violation("wrong-type", "GET /b", "/body/3/id")));
        assert!(!waivers[0].covers(&violation("wrong-type", "GET /a", "/body/3/id/x")));
        assert!(pointer_matches("/body/**", "/body/a/b") && pointer_matches("", ""));
    }

    #[test]
    fn the_last_day_still_counts() {
        let waiver = &read("w.yaml", FILE).expect("a sound file")[0];
        assert!(!waiver.is_expired("2026-03-31"));
        assert!(waiver.is_expired("2026-04-01"));
    }

    #[test]
    fn every_fault_of_a_file_is_told_with_its_line() {
        let text = "- code: wrong-typo\n  operation: '*'\n  pointer: '**'\n  reason: ' '\n  expires: 2026-13-01\n- {code: wrong-type}\n- 5\n";
        let errors = read("w.yaml", text).expect_err("faults").0;
        assert_eq!(errors.len(), 5, "{errors:?}");
        assert_eq!(errors[0], "w.yaml:1: expected the code of a violation, found `wrong-typo`");
        assert!(errors[3].starts_with("w.yaml:6: missing field"), "{errors:?}");
        assert!(read("w.yaml", "a: 1").is_err());
    }
}
