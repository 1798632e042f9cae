//! What documents of one API say of one another.

use serde_json::{Map, Value};

use super::{Findings, Subject};
use crate::contract::{Contract, Document};

/// What says nothing about which values are good.
const WORDS: [&str; 5] = ["title", "description", "example", "examples", "externalDocs"];

/// One name for different schemas: whoever merges the documents keeps the last of them, without a word.
pub(super) fn clashing_schemas(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (name, schema) in named_schemas(subject.document) {
        let clash = documents_before(subject).find(|(_, document)| {
            let other = named_schemas(document).find(|(known, _)| *known == name);
            other.is_some_and(|(_, other)| meaning(other) != meaning(schema))
        });
        if let Some((at, document)) = clash {
            let pointer = crate::source::pointer_step("/components/schemas", name);
            let place = document
                .position(&pointer)
                .map_or_else(|| format!("document {at}"), |place| place.to_string());
            let message =
                format!("expected one schema named `{name}` in an API, found another one at {place}");
            findings.warn("clashing-schema", &pointer, message);
            findings.hint("give them different names before the documents are merged");
        }
    }
}

fn named_schemas(document: &Document) -> impl Iterator<Item = (&String, &Value)> {
    document.at("/components/schemas").and_then(Value::as_object).into_iter().flatten()
}

/// Documents of the same API that were given before this one.
fn documents_before<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = (usize, &'s Document)> {
    let base = base(subject.contract, subject.index);
    let before = subject.contract.documents().iter().enumerate().take(subject.index);
    before.filter(move |(at, _)| base.is_some() && self::base(subject.contract, *at) == base)
}

fn base(contract: &Contract, document: usize) -> Option<&str> {
    contract
        .operations()
        .iter()
        .find(|operation| operation.document == document)
        .map(|found| found.base.as_str())
}

/// A schema without the words about it.
fn meaning(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(key, _)| !WORDS.contains(&key.as_str()))
                .map(|(key, value)| {
                    (key.clone(), if key == "properties" { of_each(value) } else { meaning(value) })
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(meaning).collect()),
        other => other.clone(),
    }
}

/// Fields may have the names of words.
fn of_each(properties: &Value) -> Value {
    let fields = properties.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, schema)| (name.clone(), meaning(schema))).collect::<Map<_, _>>())
}
