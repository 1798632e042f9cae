//! Files to a contract: every fault of every file is reported, each with its place.

use std::fmt;

use serde_json::Value;

use super::Contract;
use super::document::{Document, Position, Role};
use super::operation::{Method, Operation, Version, template_params};
use super::soundness;
use crate::check::Bench;
use crate::router::Router;
use crate::source::overlay::Overlay;
use crate::source::{Fault, Node, pointer_step, yaml};

/// A file that a contract is made of, as text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, for messages and for an overlay's `extends`.
    pub name: String,
    /// YAML or JSON.
    pub text: String,
    /// What it describes.
    pub role: Role,
}

/// One fault of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// Line in the file, from 1, where it is known.
    pub line: Option<u32>,
    /// JSON pointer to the part at fault.
    pub pointer: String,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: {}", if self.pointer.is_empty() { "/" } else { &self.pointer }, self.message)
    }
}

/// Everything that keeps a set of files from being a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadErrors(pub Vec<LoadError>);

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadErrors {}

impl Contract {
    /// Builds a contract from files: API and webhook documents, and overlays for them.
    ///
    /// An overlay corrects the file that its `extends` names, or the only document there is.
    ///
    /// # Errors
    ///
    /// All faults of all files at once: unreadable YAML, overlays that match nothing, references to nothing,
    /// parts of the wrong kind.
    pub fn load(sources: &[Source]) -> Result<Contract, LoadErrors> {
        let mut errors = Vec::new();
        let mut documents = Vec::new();
        let mut overlays = Vec::new();
        for source in sources {
            match yaml::parse(&source.text, 0) {
                Ok(node) if source.role == Role::Overlay => overlays.push((source, node)),
                Ok(node) => documents.push((vec![source.name.clone()], source.role, node)),
                Err(fault) => errors.push(at_file(&source.name, fault)),
            }
        }
        for (source, node) in overlays {
            if let Err(faults) = lay_over(source, &node, &mut documents) {
                errors.extend(faults);
            }
        }
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        let documents: Vec<Document> =
            documents.into_iter().map(|(files, role, node)| Document::from_node(files, role, node)).collect();
        for document in &documents {
            let faults = soundness::faults(document).into_iter();
            errors.extend(faults.map(|(pointer, message)| at_document(document, &pointer, message)));
        }
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        Contract::build(documents)
    }

    /// Collects operations; the documents themselves are sound YAML by now.
    pub(super) fn build(documents: Vec<Document>) -> Result<Contract, LoadErrors> {
        let mut errors = Vec::new();
        let mut operations = Vec::new();
        for (index, document) in documents.iter().enumerate() {
            if document.role() == Role::Api {
                collect_operations(index, document, &mut operations, &mut errors);
            }
        }
        if !errors.is_empty() {
            return Err(LoadErrors(errors));
        }
        let router = Router::new(&operations);
        let bench = Bench::new(&documents, operations.len());
        Ok(Contract { documents, operations, router, bench })
    }
}

type Draft = (Vec<String>, Role, Node);

fn lay_over(source: &Source, node: &Node, documents: &mut [Draft]) -> Result<(), Vec<LoadError>> {
    let named = |faults: Vec<Fault>| faults.into_iter().map(|fault| at_file(&source.name, fault)).collect();
    let overlay = Overlay::read(node).map_err(named)?;
    let only = documents.len() == 1;
    let target = documents.iter_mut().find(|(files, ..)| match &overlay.extends {
        Some(extended) => file_name(&files[0]) == file_name(extended),
        None => only,
    });
    let Some((files, _, document)) = target else {
        let found = overlay.extends.as_deref().unwrap_or("nothing");
        return Err(vec![LoadError {
            file: source.name.clone(),
            line: Some(node.origin.line),
            pointer: "/extends".to_owned(),
            message: format!("expected `extends` to name one of the documents, found {found}"),
        }]);
    };
    let file = u8::try_from(files.len()).unwrap_or(u8::MAX);
    files.push(source.name.clone());
    let node = yaml::parse(&source.text, file).map_err(|fault| vec![at_file(&source.name, fault)])?;
    let faults = Overlay::read(&node).map_err(named)?.apply(document);
    if faults.is_empty() { Ok(()) } else { Err(named(faults)) }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(super) fn at_file(file: &str, fault: Fault) -> LoadError {
    let Fault { origin, pointer, message } = fault;
    LoadError { file: file.to_owned(), line: Some(origin.line), pointer, message }
}

fn at_document(document: &Document, pointer: &str, message: String) -> LoadError {
    let position = document.position(pointer);
    let file =
        position.as_ref().map_or_else(|| document.name().to_owned(), |Position { file, .. }| file.clone());
    LoadError { file, line: position.map(|position| position.line), pointer: pointer.to_owned(), message }
}

fn collect_operations(
    index: usize,
    document: &Document,
    operations: &mut Vec<Operation>,
    errors: &mut Vec<LoadError>,
) {
    let base = base_path(document.at("/servers/0/url").and_then(Value::as_str).unwrap_or_default());
    let version = if base.ends_with("/v1") { Version::V1 } else { Version::V2 };
    let Some(Value::Object(paths)) = document.at("/paths") else {
        errors.push(at_document(document, "/paths", "expected an object of paths".to_owned()));
        return;
    };
    for (path, item) in paths {
        let item_pointer = pointer_step("/paths", path);
        for (name, operation) in item.as_object().into_iter().flatten() {
            let Ok(method) = name.parse::<Method>() else { continue };
            operations.push(Operation {
                version,
                base: base.clone(),
                method,
                path: path.clone(),
                operation_id: operation.get("operationId").and_then(Value::as_str).map(str::to_owned),
                path_params: template_params(path),
                beyond_reference: operation.get("x-beyond-reference") == Some(&Value::Bool(true)),
                document: index,
                pointer: pointer_step(&item_pointer, name),
                name: format!("{method} {base}{path}"),
            });
        }
    }
}

/// The path of a server URL, without a trailing slash: `/api/v2`.
fn base_path(url: &str) -> String {
    let after_host = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => url,
    };
    after_host.trim_end_matches('/').to_owned()
}
