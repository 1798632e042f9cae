//! `/fidelity`: for each operation and rule, whether it is documented, observed or chosen, and by which source.
//!
//! The rules are the `Evidence:` lines of the sources, gathered when the program is built; the operations are
//! those of the contract with their handlers.

use std::fmt::Write;

use fp_contract::{Contract, Document, Operation};
use serde::Serialize;
use serde_json::json;

use super::call::Call;
use super::evidence::{EVIDENCE, Rule};
use super::reply::{Answer, Problem, ok};
use crate::api::operation::{Bound, Route};
use crate::domain::named::named_values;

named_values! {
    /// How sure we are.
    Grade {
        /// The service's documents say so.
        Documented = "documented",
        /// The service was seen to do so.
        Observed = "observed",
        /// Neither: it is our decision.
        Chosen = "chosen",
    }
}

/// Words by which evidence names documents.
const DOCUMENTS: [&str; 7] =
    ["published", "reference", "event types", "legacy webhook", "help pages", "corrected", "document"];

/// The grades of a piece of evidence, surest first. One that names no source counts as chosen.
fn grades(evidence: &str) -> Vec<Grade> {
    let evidence = evidence.to_lowercase();
    let is_documented = DOCUMENTS.iter().any(|word| evidence.contains(word));
    let is_observed = evidence.contains("behaviour notes");
    let is_chosen = evidence.contains("chosen") || !(is_documented || is_observed);
    let all =
        [(is_documented, Grade::Documented), (is_observed, Grade::Observed), (is_chosen, Grade::Chosen)];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, grade)| grade).collect()
}

/// A rule or a correction as it is shown.
#[derive(Debug, Serialize)]
struct ShownRule {
    rule: &'static str,
    says: &'static str,
    grades: Vec<&'static str>,
    source: &'static str,
}

/// An operation as it is shown.
#[derive(Debug, Serialize)]
struct ShownOperation {
    operation: String,
    handler: &'static str,
    grades: Vec<&'static str>,
    source: String,
    /// Where the contract describes it.
    position: Option<String>,
}

fn shown(rule: &'static Rule) -> ShownRule {
    let grades = grades(rule.evidence).into_iter().map(Grade::name).collect();
    ShownRule { rule: rule.place, says: rule.says, grades, source: rule.evidence }
}

fn operation_shown(contract: &Contract, operation: &Operation, route: &Route) -> ShownOperation {
    let handler = route.name.trim_start_matches("fp_mock::");
    let own = EVIDENCE.0.iter().find(|rule| rule.place == handler);
    let described = described_by(operation);
    let source = own.map_or_else(|| described.to_owned(), |rule| format!("{described}; {}", rule.evidence));
    let path = operation.path.replace('~', "~0").replace('/', "~1");
    let pointer = format!("/paths/{path}/{}", operation.method.as_str().to_lowercase());
    let own_document = |document: &&Document| {
        let url = document.at("/servers/0/url").and_then(|url| url.as_str());
        url.is_some_and(|url| url.ends_with(&operation.base)) && document.at(&pointer).is_some()
    };
    let document = contract.documents().iter().find(own_document);
    let position = document.and_then(|document| document.position(&pointer)).map(|at| at.to_string());
    ShownOperation {
        operation: operation.key(),
        handler,
        grades: grades(&source).into_iter().map(Grade::name).collect(),
        source,
        position,
    }
}

/// Evidence: published v2 contract, v1 reference.
fn described_by(operation: &Operation) -> &'static str {
    if operation.base.ends_with("v1") { "v1 reference" } else { "published v2 contract" }
}

fn operations(contract: &Contract, bound: &Bound) -> Vec<ShownOperation> {
    let pairs = contract.operations().iter().zip(bound.routes());
    pairs.map(|(operation, route)| operation_shown(contract, operation, route)).collect()
}

/// `GET /fidelity`: all, or with `?grade=` and `?rule=` (a part of its place) some.
pub fn show(call: &Call) -> Answer {
    call.query.only(&["grade", "rule"])?;
    let grade = call.query.text("grade");
    if let Some(unknown) = grade.filter(|grade| Grade::named(grade).is_none()) {
        let hint = "send documented, observed or chosen";
        return Err(Problem::bad_request(format!("there is no grade {unknown:?}"), hint));
    }
    let fits = |place: &str, grades: &[&str]| {
        grade.is_none_or(|grade| grades.contains(&grade))
            && call.query.text("rule").is_none_or(|part| place.contains(part))
    };
    let front = call.desk.front();
    let mut operations = operations(front.contract(), front.bound());
    operations.retain(|one| fits(one.handler, &one.grades) || fits(&one.operation, &one.grades));
    let some = |rules: &'static [Rule]| {
        let all = rules.iter().map(shown);
        all.filter(|one| fits(one.rule, &one.grades)).collect::<Vec<_>>()
    };
    let (rules, corrections) = (some(&EVIDENCE.0), some(&EVIDENCE.1));
    let meta =
        json!({ "operations": operations.len(), "rules": rules.len(), "corrections": corrections.len() });
    ok(&json!({ "operations": operations, "rules": rules, "corrections": corrections, "meta": meta }))
}

/// The same as a document.
pub fn markdown(contract: &Contract, bound: &Bound) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = write_markdown(&mut text, contract, bound);
    text
}

fn write_markdown(out: &mut String, contract: &Contract, bound: &Bound) -> std::fmt::Result {
    let operations = operations(contract, bound);
    let (rules, corrections) = &*EVIDENCE;
    let with = |grade: Grade| rules.iter().filter(|rule| grades(rule.evidence).contains(&grade)).count();
    writeln!(out, "# Fidelity\n")?;
    writeln!(
        out,
        "How sure we are of what. Written by `fp-mock fidelity` from the operation tables and the `Evidence:` lines of \
         the sources; `just fidelity` writes it anew. The same is at `GET /__admin/fidelity`.\n"
    )?;
    writeln!(
        out,
        "- **documented**: the service's published documents say so.\n- **observed**: notes of how the service \
         behaves say so.\n- **chosen**: neither does; it is our decision.\n"
    )?;
    writeln!(
        out,
        "{} operations; {} rules, of which {} are documented, {} observed and {} chosen, in whole or in part; {} \
         corrections of the published contract.\n",
        operations.len(),
        rules.len(),
        with(Grade::Documented),
        with(Grade::Observed),
        with(Grade::Chosen),
        corrections.len()
    )?;
    writeln!(out, "## Operations\n\n| operation | handler | source |\n| --- | --- | --- |")?;
    for one in &operations {
        writeln!(out, "| `{}` | `{}` | {} |", one.operation, one.handler, cell(&one.source))?;
    }
    let mut room = "";
    for rule in rules {
        let of = rule.place.split("::").next().unwrap_or_default();
        if of != room {
            room = of;
            writeln!(out, "\n## Rules of {room}\n\n| rule | says | source |\n| --- | --- | --- |")?;
        }
        writeln!(out, "| `{}` | {} | {} |", rule.place, cell(rule.says), cell(rule.evidence))?;
    }
    writeln!(
        out,
        "\n## Corrections of the published contract\n\n| part | why | source |\n| --- | --- | --- |"
    )?;
    for one in corrections {
        writeln!(out, "| `{}` | {} | {} |", cell(one.place), cell(one.says), cell(one.evidence))?;
    }
    Ok(())
}

/// A text that may stand in a cell; links of the documentation lead nowhere here.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("[`", "`").replace("`]", "`")
}

#[cfg(test)]
#[path = "../../build/evidence.rs"]
mod evidence;

#[cfg(test)]
mod tests {
    use super::evidence::{of_overlay, of_source};
    use super::*;

    #[test]
    fn every_line_of_evidence_is_found_with_what_it_is_about() {
        let source = "//! Rules.\n//!\n//! Evidence: v1 reference.\n\nuse x;\n\n/// Says so.\n///\n/// Evidence: chosen\n\
                      /// (in two lines).\n#[derive(\n    Debug\n)]\npub(super) fn decide(a: A) -> B {\n    /// Evidence: chosen.\n\
                      \x20   const C: u8 = 1;\n}\n\nimpl<'a> Call<'a> {\n    /// Does.\n    ///\n    /// Evidence: published v2 contract.\n\
                      \x20   pub fn path_id(&self) {}\n}\n\nnamed_values! {\n    /// How.\n    ///\n    /// Evidence: chosen.\n    Status {\n\
                      \x20       /// Evidence: service behaviour notes.\n        Open = \"open\",\n    }\n}\n";
        let found = of_source("domain::x", source);
        let places: Vec<&str> = found.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(
            places,
            [
                "domain::x",
                "domain::x::decide",
                "domain::x::C",
                "domain::x::Call::path_id",
                "domain::x::Status",
                "domain::x::Status::Open",
            ]
        );
        assert_eq!(
            (found[1].says.as_str(), found[1].evidence.as_str()),
            ("Says so.", "chosen (in two lines).")
        );
    }

    #[test]
    fn corrections_are_found_with_their_reasons() {
        let overlay = "actions:\n  - target: $.a\n    description: >-\n      Half of it\n      lacks. Evidence: chosen\n    \
                       update: {}\n\n  - target: $.b\n    description: No. Evidence: v1 reference\n    update: {}\n";
        let found = of_overlay(overlay);
        assert_eq!((found[0].place.as_str(), found[0].says.as_str()), ("$.a", "Half of it lacks."));
        assert_eq!((found[1].place.as_str(), found[1].evidence.as_str()), ("$.b", "v1 reference"));
    }

    #[test]
    fn no_line_of_evidence_of_this_crate_is_lost() {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).expect("a folder").flatten();
            let of = |path: std::path::PathBuf| match path.extension() {
                _ if path.is_dir() => count(&path),
                Some(ending) if ending == "rs" => {
                    let text = std::fs::read_to_string(&path).expect("a text");
                    let starts = |line: &&str| {
                        line.trim().trim_start_matches(['/', '!', ' ']).starts_with("Evidence:")
                    };
                    text.lines().filter(|line| line.trim().starts_with("//")).filter(starts).count()
                }
                _ => 0,
            };
            entries.map(|entry| of(entry.path())).sum()
        }
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let written = count(&here.join("src")) + count(&here.join("../fp-contract/src"));
        assert_eq!(EVIDENCE.0.len(), written);
        let unsaid: Vec<_> = EVIDENCE.0.iter().filter(|rule| rule.evidence.is_empty()).collect();
        assert!(unsaid.is_empty(), "{unsaid:?}");
    }

    #[test]
    fn evidence_is_graded_by_the_sources_it_names() {
        let names = |evidence| grades(evidence).into_iter().map(Grade::name).collect::<Vec<_>>();
        assert_eq!(names("published v2 contract; chosen (the limits)."), ["documented", "chosen"]);
        assert_eq!(names("service behaviour notes."), ["observed"]);
        assert_eq!(names("chosen."), ["chosen"]);
        assert_eq!(names("hearsay."), ["chosen"]);
    }
}
