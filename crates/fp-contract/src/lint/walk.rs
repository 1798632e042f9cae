//! A document laid out for rules: its operations, and every schema at every depth.

use serde_json::{Map, Value};

use crate::contract::Method;
use crate::contract::composition::follow;
use crate::contract::soundness::schema_pointers;
use crate::source::pointer_step;

/// An operation where it stands.
pub(crate) struct OperationSite<'d> {
    pub(crate) method: Method,
    pub(crate) path: &'d str,
    pub(crate) pointer: String,
    pub(crate) value: &'d Value,
    /// Own parameters and those of the path, references followed, each with its pointer.
    pub(crate) parameters: Vec<(String, &'d Value)>,
}

impl OperationSite<'_> {
    /// Method and template: `GET /company/promoters/{id}`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Declared statuses with their reply objects, references not followed.
    pub(crate) fn replies(&self) -> impl Iterator<Item = (&str, &Value)> {
        let replies = self.value.get("responses").and_then(Value::as_object).into_iter().flatten();
        replies.map(|(status, reply)| (status.as_str(), reply))
    }

    /// The pointer of a reply.
    pub(crate) fn reply_pointer(&self, status: &str) -> String {
        pointer_step(&format!("{}/responses", self.pointer), status)
    }

    pub(crate) fn has_parameter(&self, place: &str, name: &str) -> bool {
        self.parameters.iter().any(|(_, parameter)| {
            parameter.get("in").is_some_and(|own| own == place)
                && parameter.get("name").and_then(Value::as_str).is_some_and(|own| {
                    if place == "header" { own.eq_ignore_ascii_case(name) } else { own == name }
                })
        })
    }
}

/// A schema where it stands.
pub(crate) struct SchemaSite<'d> {
    pub(crate) pointer: String,
    pub(crate) value: &'d Value,
    /// The name of the field that it describes, if it describes one.
    pub(crate) field: Option<&'d str>,
}

pub(crate) fn operations(root: &Value) -> Vec<OperationSite<'_>> {
    let mut sites = Vec::new();
    let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        let item_pointer = pointer_step("/paths", path);
        for (name, value) in item.as_object().into_iter().flatten() {
            let Ok(method) = name.parse::<Method>() else { continue };
            let pointer = pointer_step(&item_pointer, name);
            let mut parameters = parameters(root, value, &pointer);
            parameters.extend(self::parameters(root, item, &item_pointer));
            sites.push(OperationSite { method, path, pointer, value, parameters });
        }
    }
    sites
}

fn parameters<'d>(root: &'d Value, owner: &'d Value, pointer: &str) -> Vec<(String, &'d Value)> {
    let list = owner.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate();
    list.map(|(at, parameter)| (format!("{pointer}/parameters/{at}"), follow(root, parameter))).collect()
}

/// Every schema, the parts of schemas included; references are not followed, so each stands once.
pub(crate) fn schemas(root: &Value) -> Vec<SchemaSite<'_>> {
    let mut sites = Vec::new();
    for pointer in schema_pointers(root) {
        if let Some(value) = root.pointer(&pointer) {
            collect(value, pointer, None, &mut sites);
        }
    }
    sites
}

fn collect<'d>(value: &'d Value, pointer: String, field: Option<&'d str>, sites: &mut Vec<SchemaSite<'d>>) {
    let Value::Object(map) = value else { return };
    for (name, schema) in fields(map) {
        collect(schema, pointer_step(&format!("{pointer}/properties"), name), Some(name), sites);
    }
    for keyword in ["items", "additionalProperties", "not"] {
        if let Some(schema) = map.get(keyword) {
            collect(schema, format!("{pointer}/{keyword}"), field.filter(|_| keyword == "items"), sites);
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for (at, schema) in map.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate() {
            collect(schema, format!("{pointer}/{keyword}/{at}"), field, sites);
        }
    }
    sites.push(SchemaSite { pointer, value, field });
}

/// The declared fields of a schema itself.
pub(crate) fn fields(map: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let fields = map.get("properties").and_then(Value::as_object).into_iter().flatten();
    fields.map(|(name, schema)| (name.as_str(), schema))
}
