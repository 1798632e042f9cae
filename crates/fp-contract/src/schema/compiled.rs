//! Schemas compiled on first use: a schema is a reference into an excerpt of its document.

use std::sync::OnceLock;

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::gate::Gate;
use crate::contract::Document;
use crate::contract::dialect::{Edition, escape_fragment, rewrite};
use crate::contract::excerpt::excerpt;

/// The documents of a contract, each registered for an edition when a schema needs the whole of it.
#[derive(Debug, Default)]
pub(crate) struct Registries {
    documents: Vec<[OnceLock<Registry<'static>>; Edition::COUNT]>,
}

impl Registries {
    pub(crate) fn new(documents: usize) -> Registries {
        Registries { documents: (0..documents).map(|_| Default::default()).collect() }
    }

    /// The whole document, for schemas within others.
    fn registry(
        &self,
        document: &Document,
        index: usize,
        edition: Edition,
    ) -> Result<&Registry<'static>, String> {
        let slot = &self.documents[index][edition.index()];
        if let Some(registry) = slot.get() {
            return Ok(registry);
        }
        let registry = registered(rewrite(document.root(), edition))?;
        Ok(slot.get_or_init(|| registry))
    }

    /// Compiles the schema at a pointer.
    ///
    /// Fails on what only a compiler sees: references that lead nowhere, patterns that are none.
    pub(crate) fn compile(
        &self,
        document: &Document,
        index: usize,
        pointer: &str,
        edition: Edition,
    ) -> Result<Validator, String> {
        let excerpt = excerpt(document.root(), pointer, edition).map(registered).transpose()?;
        let registry = match &excerpt {
            Some(excerpt) => excerpt,
            None => self.registry(document, index, edition)?,
        };
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(registry)
            .offline()
            .should_validate_formats(true)
            .build(&json!({"$ref": format!("{BASE}#{}", escape_fragment(pointer))}))
            .map_err(|error| error.to_string())
    }
}

const BASE: &str = "oas:/document";

fn registered(rewritten: Value) -> Result<Registry<'static>, String> {
    Registry::new()
        .draft(Draft::Draft202012)
        .add(BASE, Draft::Draft202012.create_resource(rewritten))
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|error| error.to_string())
}

/// One schema of a document, compiled when it first judges something.
pub(crate) struct Schema {
    pub(crate) document: usize,
    pub(crate) pointer: String,
    pub(crate) edition: Edition,
    gate: OnceLock<Gate>,
    validator: OnceLock<Validator>,
}

impl Schema {
    pub(crate) fn new(document: usize, pointer: String, edition: Edition) -> Schema {
        Schema { document, pointer, edition, gate: OnceLock::new(), validator: OnceLock::new() }
    }

    /// Lets pass what surely keeps to the schema, without the validator.
    pub(crate) fn gate(&self, documents: &[Document]) -> &Gate {
        self.gate.get_or_init(|| Gate::of(&documents[self.document], &self.pointer, self.edition))
    }

    /// The validator, compiled now if it was not yet.
    ///
    /// # Panics
    ///
    /// When the schema does not compile. Loading has looked at all that a compiler could refuse.
    pub(crate) fn validator(&self, documents: &[Document], registries: &Registries) -> &Validator {
        self.validator.get_or_init(|| {
            let document = &documents[self.document];
            registries.compile(document, self.document, &self.pointer, self.edition).unwrap_or_else(|error| {
                panic!("the schema at {} was sound when it was loaded: {error}", self.pointer)
            })
        })
    }

    /// The schema as the document has it.
    pub(crate) fn source<'d>(&self, documents: &'d [Document]) -> &'d Value {
        documents[self.document].at(&self.pointer).unwrap_or(&Value::Null)
    }

    /// Whether a value keeps to it.
    pub(crate) fn accepts(&self, documents: &[Document], registries: &Registries, value: &Value) -> bool {
        self.validator(documents, registries).is_valid(value)
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Schema({}, {:?})", self.pointer, self.edition)
    }
}
