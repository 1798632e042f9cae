//! Whether a document is OpenAPI 3.0 that the judge can work with. Contradictions are for the linter; this is
//! about parts that could not be read at all.

use std::collections::BTreeSet;

use openapiv3::{Components, PathItem};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::{Document, Role, reference_target};
use super::operation::{Method, template_params};
use crate::source::{pointer_step, push_step};

/// A JSON pointer and what is wrong there.
pub(crate) type Fault = (String, String);

/// Every structural fault of a document.
pub(crate) fn faults(document: &Document) -> Vec<Fault> {
    let mut audit = Audit { root: document.root(), patterns: BTreeSet::new(), faults: Vec::new() };
    audit.version();
    audit.keywords(document.root(), &mut String::new());
    audit.paths(document.role());
    if audit.faults.is_empty() {
        audit.types();
    }
    audit.faults
}

/// The pointers of every named schema and of every schema that something uses.
pub(crate) fn schema_pointers(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_schemas(root, "", &mut found);
    found
}

fn collect_schemas(value: &Value, pointer: &str, found: &mut Vec<String>) {
    for (key, child) in children(value) {
        let at = pointer_step(pointer, &key);
        match key.as_str() {
            "schema" => found.push(at),
            "schemas" if pointer == "/components" => {
                found.extend(children(child).map(|(name, _)| pointer_step(&at, &name)));
            }
            "example" | "examples" => {}
            _ => collect_schemas(child, &at, found),
        }
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = (String, &Value)> + '_> {
    match value {
        Value::Object(map) => Box::new(map.iter().map(|(key, child)| (key.clone(), child))),
        Value::Array(items) => Box::new(items.iter().enumerate().map(|(at, child)| (at.to_string(), child))),
        _ => Box::new(std::iter::empty()),
    }
}

struct Audit<'d> {
    root: &'d Value,
    /// Those that were compiled already.
    patterns: BTreeSet<&'d str>,
    faults: Vec<Fault>,
}

impl<'d> Audit<'d> {
    fn fault(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.faults.push((pointer.into(), message.into()));
    }

    fn version(&mut self) {
        match self.root.get("openapi").and_then(Value::as_str) {
            Some(version) if version.starts_with("3.0.") => {}
            Some(version) => self.fault("/openapi", format!("expected OpenAPI 3.0, found {version}")),
            None => self.fault("/openapi", "expected the version `openapi: 3.0.x`, found none"),
        }
    }

    /// What can be wrong with single keywords, wherever they are. Examples are data and may hold anything.
    fn keywords(&mut self, value: &'d Value, pointer: &mut String) {
        let above = pointer.len();
        match value {
            Value::Object(map) => {
                self.reference(map, pointer);
                self.pattern(map, pointer);
                let is_data = |key: &str| matches!(key, "example" | "examples" | "default" | "enum");
                for (key, child) in map.iter().filter(|(key, _)| !is_data(key)) {
                    push_step(pointer, key);
                    self.keywords(child, pointer);
                    pointer.truncate(above);
                }
            }
            Value::Array(items) => {
                for (at, child) in items.iter().enumerate() {
                    push_step(pointer, &at.to_string());
                    self.keywords(child, pointer);
                    pointer.truncate(above);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, map: &Map<String, Value>, pointer: &str) {
        let Some(reference) = map.get("$ref").and_then(Value::as_str) else { return };
        let message = match reference_target(reference) {
            None => format!("expected a reference within the file, found `{reference}`"),
            Some(target) if self.root.pointer(&target).is_none() => {
                format!("expected a reference to something, found nothing at `{reference}`")
            }
            Some(_) => return,
        };
        self.fault(pointer_step(pointer, "$ref"), message);
    }

    /// The one keyword that only a compiler can read.
    fn pattern(&mut self, map: &'d Map<String, Value>, pointer: &str) {
        if let Some(Value::String(pattern)) = map.get("pattern")
            && !self.patterns.contains(pattern.as_str())
        {
            match jsonschema::draft202012::new(&serde_json::json!({ "pattern": pattern })) {
                Ok(_) => drop(self.patterns.insert(pattern)),
                Err(error) => {
                    let message = format!("expected a regular expression, found `{pattern}`: {error}");
                    self.fault(pointer_step(pointer, "pattern"), message.to_lowercase());
                }
            }
        }
    }

    fn paths(&mut self, role: Role) {
        let Some(Value::Object(paths)) = self.root.get("paths") else {
            self.fault("/paths", "expected an object of paths");
            return;
        };
        let mut seen: Vec<(String, &str)> = Vec::new();
        for (path, item) in paths {
            let pointer = pointer_step("/paths", path);
            if !path.starts_with('/') {
                self.fault(&pointer, format!("expected a path that begins with a slash, found `{path}`"));
            }
            let mixed = |segment: &&str| {
                segment.contains(['{', '}']) && !(segment.starts_with('{') && segment.ends_with('}'))
            };
            if let Some(segment) = path.split('/').find(mixed) {
                self.fault(
                    &pointer,
                    format!("expected parameters that fill a whole segment, found `{segment}`"),
                );
            }
            let shape: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
            let shape = shape.join("/");
            if let Some((_, other)) = seen.iter().find(|(known, _)| *known == shape) {
                let (other, path) = ((*other).to_owned(), path.clone());
                self.fault(&pointer, format!("expected each path once, found `{path}` beside `{other}`"));
            }
            seen.push((shape, path));
            let Value::Object(item) = item else {
                self.fault(&pointer, "expected an object of operations");
                continue;
            };
            for (name, operation) in item {
                if name.parse::<Method>().is_ok() {
                    self.operation(path, item, operation, &pointer_step(&pointer, name), role);
                }
            }
        }
    }

    fn operation(
        &mut self,
        path: &str,
        item: &Map<String, Value>,
        operation: &Value,
        pointer: &str,
        role: Role,
    ) {
        if operation.get("responses").and_then(Value::as_object).is_none_or(Map::is_empty) {
            self.fault(pointer_step(pointer, "responses"), "expected at least one reply");
        }
        if role == Role::Webhooks {
            return;
        }
        let lists = [operation.get("parameters"), item.get("parameters")];
        let declared: Vec<&Value> = lists
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .map(|parameter| super::composition::follow(self.root, parameter))
            .collect();
        for parameter in &declared {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str);
            if text("name").is_none() || text("in").is_none() || parameter.get("schema").is_none() {
                self.fault(
                    pointer_step(pointer, "parameters"),
                    "expected name, in and schema of each parameter",
                );
            }
        }
        let is_path = |name: &str| {
            declared.iter().any(|parameter| {
                parameter.get("in").is_some_and(|place| place == "path")
                    && parameter.get("name").is_some_and(|own| own == name)
            })
        };
        for name in template_params(path) {
            if !is_path(&name) {
                self.fault(pointer, format!("expected the path parameter `{name}` to be declared"));
            }
        }
    }

    /// What is left: parts of the wrong type, read by the typed model of the standard.
    fn types(&mut self) {
        let parts = |value: Option<&'d Value>| value.and_then(Value::as_object).into_iter().flatten();
        for (path, item) in parts(self.root.get("paths")) {
            if let Err(error) = PathItem::deserialize(item) {
                self.fault(pointer_step("/paths", path), error.to_string().to_lowercase());
            }
        }
        for (kind, named) in parts(self.root.get("components")) {
            for (name, part) in parts(Some(named)) {
                let named = Map::from_iter([(name.clone(), part.clone())]);
                let one = Map::from_iter([(kind.clone(), named.into())]);
                if let Err(error) = serde_json::from_value::<Components>(one.into()) {
                    let pointer = pointer_step(&pointer_step("/components", kind), name);
                    self.fault(pointer, error.to_string().to_lowercase());
                }
            }
        }
    }
}
