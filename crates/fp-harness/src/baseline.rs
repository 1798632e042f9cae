//! Known failures that a team has decided to live with until a day.
//!
//! ```yaml
//! - property: response_schema_conformance
//!   operation: GET /api/v2/company/promoters
//!   cause: "200 undeclared-field at /body/data/*/nickname"
//!   reason: the service added a field last week, our client ignores it
//!   expires: 2026-03-31
//! ```
//!
//! `operation` and `cause` may be `*`. An entry that covers nothing, or whose last day is over, fails the run.

use std::collections::BTreeMap;

use fp_contract::waiver::{self, WaiverErrors};
use serde::Deserialize;

use crate::failure::{Failure, Findings, Identity};
use crate::promise;

/// One known failure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The property's code.
    pub property: String,
    /// The operation's key, or `*` for any.
    pub operation: String,
    /// What exactly is wrong, or `*` for anything.
    pub cause: String,
    /// Why one lives with it.
    pub reason: String,
    /// The last day on which it counts, as `2026-03-31`.
    pub expires: String,
    /// The line in its file, from 1.
    #[serde(skip)]
    pub line: u32,
}

/// Reads a file of known failures, YAML or JSON.
///
/// # Errors
/// Every entry that lacks a part, names an unknown property or an impossible day.
pub fn read(name: &str, text: &str) -> Result<Vec<Known>, WaiverErrors> {
    let known = waiver::read_list(name, text, problems)?;
    Ok(known.into_iter().map(|(line, known)| Known { line, ..known }).collect())
}

fn problems(known: &Known) -> Vec<String> {
    let mut problems = Vec::new();
    if promise::of(&known.property).is_none() {
        problems.push(format!("expected the code of a property, found `{}`", known.property));
    }
    problems.extend(waiver::problems_of_an_excuse(&known.reason, &known.expires));
    problems
}

impl Known {
    /// Whether it is about a failure. Expiry is another matter.
    pub fn covers(&self, identity: &Identity) -> bool {
        let fits = |wanted: &str, found: &str| wanted == "*" || wanted == found;
        self.property == identity.property
            && fits(&self.operation, &identity.operation)
            && fits(&self.cause, &identity.cause)
    }
}

/// What known failures say about a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weighed {
    /// Failures that are excused, with the reason.
    pub excused: BTreeMap<Identity, String>,
    /// Entries that cover nothing or whose day is over.
    pub stale: Vec<String>,
}

/// Weighs what was found against what is known, on `today` (`2026-04-01`).
pub fn weigh(known: &[Known], findings: &Findings, today: &str) -> Weighed {
    let mut weighed = Weighed::default();
    for one in known {
        let covered: Vec<&Identity> =
            findings.failures.keys().filter(|identity| one.covers(identity)).collect();
        let what = format!("{} on {}: {} (line {})", one.property, one.operation, one.cause, one.line);
        if one.expires.as_str() < today {
            weighed.stale.push(format!("{what} expired on {}", one.expires));
        } else if covered.is_empty() {
            weighed.stale.push(format!("{what} covers nothing: remove it"));
        } else {
            weighed.excused.extend(covered.into_iter().map(|found| (found.clone(), one.reason.clone())));
        }
    }
    weighed
}

/// A file that excuses everything found until `expires`; reasons are left to be written.
pub fn write<'f>(failures: impl Iterator<Item = &'f Failure>, expires: &str) -> String {
    let mut text = String::from("# Known failures: say why in `reason`, and until when in `expires`.\n");
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut none = true;
    for failure in failures {
        none = false;
        let identity = &failure.identity;
        text.push_str(&format!(
            "- property: {}\n  operation: {}\n  cause: {}\n  reason: {}\n  expires: {expires}\n",
            identity.property,
            quoted(&identity.operation),
            quoted(&identity.cause),
            quoted(&format!("not looked into yet: {}", failure.message)),
        ));
    }
    if none {
        text.push_str("[]\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Case, Confirmed};

    fn findings() -> Findings {
        let mut findings = Findings::default();
        findings.fail(Failure {
            identity: Identity {
                property: "not_a_server_error",
                operation: "GET /x".into(),
                cause: "status 500: \"odd\"".into(),
            },
            case: Case::Other,
            call: None,
            message: "expected less\nfound more".into(),
            reproduction: Vec::new(),
            seed: 0,
            confirmed: Confirmed::ONCE,
            calls_to_detection: 1,
        });
        findings
    }

    #[test]
    fn what_was_written_excuses_what_it_was_written_for() {
        let findings = findings();
        let text = write(findings.failures.values().map(|(failure, _)| failure), "2026-03-31");
        let known = read("known.yaml", &text).expect("a sound file");
        let weighed = weigh(&known, &findings, "2026-03-31");
        assert_eq!((weighed.excused.len(), weighed.stale.len()), (1, 0));
    }

    #[test]
    fn entries_that_are_expired_or_cover_nothing_are_stale() {
        let text = "- {property: not_a_server_error, operation: '*', cause: '*', reason: r, expires: 2026-03-31}\n\
                    - {property: ignored_auth, operation: '*', cause: '*', reason: r, expires: 2027-03-31}\n";
        let known = read("known.yaml", text).expect("a sound file");
        let weighed = weigh(&known, &findings(), "2026-04-01");
        assert!(weighed.excused.is_empty());
        assert_eq!(
            weighed.stale,
            [
                "not_a_server_error on *: * (line 1) expired on 2026-03-31",
                "ignored_auth on *: * (line 2) covers nothing: remove it",
            ]
        );
    }

    #[test]
    fn an_unknown_property_is_told_with_its_line() {
        let text = "- {property: no_such, operation: '*', cause: '*', reason: r, expires: 2026-02-31x}\n";
        let errors = read("known.yaml", text).expect_err("faults").0;
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[0], "known.yaml:1: expected the code of a property, found `no_such`");
    }
}
