//! What an operation takes, read from its document once.

use fp_contract::{Contract, Document, Method, Operation, Version};
use serde_json::Value;

/// The parameters and the body of one operation, schemas resolved to the document they stand in.
#[derive(Clone, Debug)]
pub struct Blueprint {
    /// Its place in the contract.
    pub index: usize,
    /// The operation.
    pub operation: Operation,
    /// Parameters in path and query.
    pub parameters: Vec<Parameter>,
    /// The body's schema, and whether there must be a body.
    pub body: Option<(Value, bool)>,
    /// The document's root, for references.
    pub document: &'static Document,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Between the slashes.
    Path,
    /// Behind the question mark.
    Query,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name as declared, `filters[amount][from]`.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
    /// What it may be.
    pub schema: Value,
}

impl Blueprint {
    /// The blueprints of every operation of a contract.
    pub fn all(contract: &'static Contract) -> Vec<Self> {
        let operations = contract.operations().iter().enumerate();
        operations.filter_map(|(index, operation)| Self::of(contract, index, operation)).collect()
    }

    fn of(contract: &'static Contract, index: usize, operation: &Operation) -> Option<Self> {
        let method = operation.method.as_str().to_lowercase();
        let find = |document: &&'static Document| {
            let entry = document.root().get("paths")?.get(&operation.path)?;
            let base = document.root().pointer("/servers/0/url")?.as_str()?;
            (base.ends_with(&operation.base) && entry.get(&method).is_some()).then_some(entry)
        };
        let document = contract.documents().iter().find(|document| find(document).is_some())?;
        let entry = find(&document)?;
        let declared = entry.get(&method)?;
        let lists = [entry.get("parameters"), declared.get("parameters")];
        let parameters = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        let parameters = parameters.filter_map(|parameter| Parameter::of(document, parameter)).collect();
        let body = declared.get("requestBody").map(|body| resolve(document, body));
        let body = body.and_then(|body| {
            let schema = body.pointer("/content/application~1json/schema")?.clone();
            Some((schema, body.get("required").and_then(Value::as_bool).unwrap_or(false)))
        });
        Some(Self { index, operation: operation.clone(), parameters, body, document })
    }

    /// Whether calling it changes nothing.
    pub fn is_read(&self) -> bool {
        self.operation.method == Method::Get
    }

    /// Whether it is one of v1's, whose parameters may come in any encoding.
    pub fn is_v1(&self) -> bool {
        self.operation.version == Version::V1
    }
}

impl Parameter {
    fn of(document: &Document, declared: &Value) -> Option<Self> {
        let declared = resolve(document, declared);
        let place = match declared.get("in")?.as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            _ => return None,
        };
        Some(Self {
            name: declared.get("name")?.as_str()?.to_owned(),
            place,
            required: declared.get("required").and_then(Value::as_bool).unwrap_or(false),
            schema: declared.get("schema")?.clone(),
        })
    }

    /// The keys that lead to it in a tree of parameters: `filters[amount][from]` is three, `ids[]` one.
    pub fn keys(&self) -> Vec<&str> {
        let split = self.name.split('[').map(|part| part.trim_end_matches(']'));
        split.filter(|part| !part.is_empty()).collect()
    }
}

/// Follows a reference within a document.
pub fn resolve<'v>(document: &'v Document, value: &'v Value) -> &'v Value {
    let target = |value: &Value| Some(value.get("$ref")?.as_str()?.trim_start_matches('#').to_owned());
    let mut value = value;
    for _ in 0..16 {
        match target(value).and_then(|pointer| document.root().pointer(&pointer)) {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_blueprint() {
        let contract = Contract::corrected();
        assert_eq!(Blueprint::all(contract).len(), contract.operations().len());
    }

    #[test]
    fn bracketed_names_are_keys_of_a_tree() {
        let parameter = |name: &str| Parameter {
            name: name.into(),
            place: Place::Query,
            required: false,
            schema: Value::Null,
        };
        assert_eq!(parameter("filters[amount][from]").keys(), ["filters", "amount", "from"]);
        assert_eq!(parameter("ids[]").keys(), ["ids"]);
    }
}
