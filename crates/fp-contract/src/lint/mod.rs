//! Defects of OpenAPI documents: contradictions, promises that bind nobody, and what a Rails service reads otherwise.

mod documents;
mod operations;
mod parameters;
mod replies;
mod schemas;
mod values;
mod walk;

use std::fmt;

use serde::Serialize;

use crate::contract::{Contract, Document, Position, Role};
use walk::{OperationSite, SchemaSite};

/// How much a defect matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document contradicts itself, or refuses what the service takes.
    Error,
    /// The document says less than it should, or tools will misread it.
    Warning,
    /// Worth a look.
    Note,
}

/// One defect of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Permanent kebab-case name of the kind of defect.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// JSON pointer into the document.
    pub pointer: String,
    /// File and line.
    pub position: Option<Position>,
    /// What was expected and what was found.
    pub message: String,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(f, "{position}: ")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{severity} {}: {}\n  at {}", self.code, self.message, self.pointer)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// A document under the linter, with its operations and schemas laid out once.
pub(crate) struct Subject<'d> {
    contract: &'d Contract,
    index: usize,
    document: &'d Document,
    operations: Vec<OperationSite<'d>>,
    schemas: Vec<SchemaSite<'d>>,
}

/// Where rules put what they find.
pub(crate) struct Findings<'d> {
    document: &'d Document,
    defects: Vec<Defect>,
}

impl Findings<'_> {
    fn push(&mut self, severity: Severity, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.defects.push(Defect {
            code,
            severity,
            pointer: pointer.to_owned(),
            position: self.document.position(pointer),
            message: message.into(),
            hint: None,
        });
    }

    fn error(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.push(Severity::Error, code, pointer, message);
    }

    fn warn(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.push(Severity::Warning, code, pointer, message);
    }

    fn note(&mut self, code: &'static str, pointer: &str, message: impl Into<String>) {
        self.push(Severity::Note, code, pointer, message);
    }

    /// A next step for the defect found last.
    fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.defects.last_mut() {
            last.hint = Some(hint.into());
        }
    }
}

type Rule = fn(&Subject<'_>, &mut Findings<'_>);

/// Every rule. A rule finds one kind of defect, or a few that are found in one look.
const RULES: [Rule; 22] = [
    documents::clashing_schemas,
    operations::duplicate_ids,
    operations::missing_ids,
    operations::bodies_on_get_and_delete,
    operations::unused_components,
    parameters::objects_without_style,
    parameters::lists_without_brackets,
    parameters::optional_path_parameters,
    parameters::headers_that_siblings_have,
    parameters::lists_without_paging,
    replies::missing_schemas,
    replies::undeclared_failures,
    replies::lists_for_a_single_creation,
    replies::empty_acceptance,
    schemas::required_but_undeclared,
    schemas::exclusive_requirements,
    schemas::discriminators_into_themselves,
    schemas::enums,
    schemas::numbers_as_text,
    schemas::nullability,
    schemas::shapeless,
    values::examples_and_defaults,
];

/// Lints every API document of a contract; defects by document, severity and line.
#[must_use]
pub fn lint(contract: &Contract) -> Vec<Defect> {
    let documents =
        contract.documents().iter().enumerate().filter(|(_, document)| document.role() == Role::Api);
    documents.flat_map(|(index, document)| lint_document(contract, index, document)).collect()
}

fn lint_document(contract: &Contract, index: usize, document: &Document) -> Vec<Defect> {
    let subject = Subject {
        contract,
        index,
        document,
        operations: walk::operations(document.root()),
        schemas: walk::schemas(document.root()),
    };
    let mut findings = Findings { document, defects: Vec::new() };
    for rule in RULES {
        rule(&subject, &mut findings);
    }
    let mut defects = findings.defects;
    let line = |defect: &Defect| defect.position.as_ref().map_or(0, |position| position.line);
    defects.sort_by(|a, b| {
        (a.severity, line(a), a.code, &a.pointer).cmp(&(b.severity, line(b), b.code, &b.pointer))
    });
    defects
}

#[cfg(test)]
mod tests;
