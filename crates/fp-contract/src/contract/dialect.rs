//! OpenAPI 3.0 schemas rewritten to JSON Schema 2020-12, each staying at its own pointer.
//!
//! A rewritten schema is for one side: `readOnly` fields are not required of a request, `writeOnly` ones have no
//! place in a reply. The strict edition also refuses fields that no part of a composition declares, and asks
//! replies for every field that is declared.

use serde_json::{Map, Value, json};

use super::composition::{declares_fields, follow};
use super::discriminator::{BRANCHES, branches, discriminate};
use super::document::reference_target;
use crate::source::pointer_step;
use crate::violation::Side;

/// Which reading of a document's schemas is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edition {
    /// The message that the schemas judge.
    pub(crate) side: Side,
    /// Whether undeclared and absent fields are refused.
    pub(crate) strict: bool,
}

impl Edition {
    /// All four, at the places that [`Edition::index`] gives.
    pub(crate) const COUNT: usize = 4;

    pub(crate) fn index(self) -> usize {
        usize::from(self.side == Side::Response) * 2 + usize::from(self.strict)
    }
}

/// Rewrites every schema of a document. Prose and examples are left out.
pub(crate) fn rewrite(root: &Value, edition: Edition) -> Value {
    Dialect { root, edition }.part(root, "")
}

/// Rewrites the one schema at a pointer as [`rewrite`] rewrites it with all others: one that something uses, or a
/// named one. `None` for a schema within another, which only the whole document tells.
pub(crate) fn rewrite_schema(root: &Value, pointer: &str, edition: Edition) -> Option<Value> {
    let is_named = pointer.strip_prefix("/components/schemas/").map(|name| !name.contains('/'));
    let is_used =
        || pointer.ends_with("/schema") && pointer.split('/').filter(|step| *step == "schema").count() == 1;
    let use_site = match is_named {
        Some(true) => false,
        None if is_used() => true,
        Some(false) | None => return None,
    };
    Some(Dialect { root, edition }.schema(root.pointer(pointer)?, pointer, use_site))
}

struct Dialect<'d> {
    root: &'d Value,
    edition: Edition,
}

impl Dialect<'_> {
    /// A part that is no schema itself. Recursion is as deep as the document, which its reader bounds.
    fn part(&self, value: &Value, pointer: &str) -> Value {
        match value {
            Value::Object(map) => {
                let parts = map.iter().filter_map(|(key, child)| {
                    let at = pointer_step(pointer, key);
                    let rewritten = match key.as_str() {
                        "description" | "summary" | "example" | "examples" | "tags" | "info" => return None,
                        "schema" => self.schema(child, &at, true),
                        "schemas" if pointer == "/components" => self.each(child, &at, false),
                        _ => self.part(child, &at),
                    };
                    Some((key.clone(), rewritten))
                });
                Value::Object(parts.collect())
            }
            Value::Array(items) => {
                let parts = items.iter().enumerate();
                parts.map(|(at, child)| self.part(child, &pointer_step(pointer, &at.to_string()))).collect()
            }
            scalar => scalar.clone(),
        }
    }

    /// The schemas of a map or a list.
    fn each(&self, value: &Value, pointer: &str, use_site: bool) -> Value {
        match value {
            Value::Object(map) => {
                let schemas = map.iter().map(|(key, child)| {
                    (key.clone(), self.schema(child, &pointer_step(pointer, key), use_site))
                });
                Value::Object(schemas.collect())
            }
            Value::Array(items) => {
                let at = |index: usize| pointer_step(pointer, &index.to_string());
                items
                    .iter()
                    .enumerate()
                    .map(|(index, child)| self.schema(child, &at(index), use_site))
                    .collect()
            }
            other => other.clone(),
        }
    }

    /// A schema. At a use site a value is judged by it alone; elsewhere it is one part of a composition.
    fn schema(&self, schema: &Value, pointer: &str, use_site: bool) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        let mut out = match map.get("$ref").and_then(Value::as_str) {
            Some(reference) => Map::from_iter([("$ref".to_owned(), self.reference(reference).into())]),
            None => self.keywords(map, pointer),
        };
        if self.edition.strict && use_site && declares_fields(self.root, schema) {
            out.insert("unevaluatedProperties".to_owned(), false.into());
        }
        Value::Object(out)
    }

    /// Follows branches that moved: `#/…/oneOf/0` of a discriminated schema.
    fn reference(&self, reference: &str) -> String {
        let Some(target) = reference_target(reference) else { return reference.to_owned() };
        let mut at = String::new();
        for step in target.split('/').skip(1) {
            let moved = matches!(step, "oneOf" | "anyOf")
                && self.root.pointer(&at.replace(BRANCHES, "oneOf")).is_some_and(|parent| {
                    parent.as_object().and_then(|parent| branches(parent, &at)).is_some()
                });
            at = format!("{at}/{}", if moved { BRANCHES } else { step });
        }
        format!("#{}", escape_fragment(&at))
    }

    fn keywords(&self, map: &Map<String, Value>, pointer: &str) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in map {
            let at = pointer_step(pointer, key);
            match key.as_str() {
                "properties" => {
                    out.insert(key.clone(), self.properties(value, &at));
                }
                "allOf" | "oneOf" | "anyOf" => {
                    out.insert(key.clone(), self.each(value, &at, false));
                }
                "items" | "additionalProperties" => {
                    out.insert(key.clone(), self.schema(value, &at, true));
                }
                "not" => {
                    out.insert(key.clone(), self.schema(value, &at, false));
                }
                "type" | "enum" | "format" | "pattern" | "minLength" | "maxLength" | "minItems"
                | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" | "multipleOf"
                | "minimum" | "maximum" | "required" | "exclusiveMinimum" | "exclusiveMaximum" => {
                    out.insert(key.clone(), value.clone());
                }
                _ => {}
            }
        }
        mend_limits(&mut out);
        self.mend_required(map, &mut out);
        discriminate(map, &mut out, pointer);
        if map.get("nullable") == Some(&Value::Bool(true)) { allow_null(out) } else { out }
    }

    fn properties(&self, value: &Value, pointer: &str) -> Value {
        let Value::Object(map) = value else { return value.clone() };
        let fields = map.iter().map(|(name, schema)| {
            let at = pointer_step(pointer, name);
            let refused = match self.edition.side {
                Side::Request => self.edition.strict && self.is_marked(schema, "readOnly"),
                Side::Response => self.is_marked(schema, "writeOnly"),
            };
            (name.clone(), if refused { Value::Bool(false) } else { self.schema(schema, &at, true) })
        });
        Value::Object(fields.collect())
    }

    fn is_marked(&self, schema: &Value, mark: &str) -> bool {
        follow(self.root, schema).get(mark) == Some(&Value::Bool(true))
    }

    /// `x-optional` says when a declared field is left out.
    fn is_optional(&self, schema: &Value) -> bool {
        schema.get("x-optional").or_else(|| follow(self.root, schema).get("x-optional")).is_some()
    }

    /// A field that has no place on this side is not required; the strict edition requires all others of replies.
    fn mend_required(&self, map: &Map<String, Value>, out: &mut Map<String, Value>) {
        let mark = match self.edition.side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
        };
        let fields = map.get("properties").and_then(Value::as_object);
        let one_sided = |name: &str| {
            fields.and_then(|fields| fields.get(name)).is_some_and(|schema| self.is_marked(schema, mark))
        };
        let mut required: Vec<Value> = match map.get("required") {
            Some(Value::Array(names)) => names.clone(),
            _ => Vec::new(),
        };
        required.retain(|name| !name.as_str().is_some_and(one_sided));
        if self.edition.strict && self.edition.side == Side::Response {
            let always = |schema: &Value| !self.is_optional(schema);
            for (name, _) in
                fields.into_iter().flatten().filter(|(name, schema)| !one_sided(name) && always(schema))
            {
                let name = Value::from(name.as_str());
                if !required.contains(&name) {
                    required.push(name);
                }
            }
        }
        out.remove("required");
        if !required.is_empty() {
            out.insert("required".to_owned(), required.into());
        }
    }
}

/// Boolean exclusive limits become numbers, and integer formats limits: a validator knows neither.
fn mend_limits(out: &mut Map<String, Value>) {
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match out.get(exclusive) {
            Some(Value::Bool(true)) => {
                out.remove(exclusive);
                if let Some(bound) = out.remove(limit) {
                    out.insert(exclusive.to_owned(), bound);
                }
            }
            Some(Value::Bool(false)) => {
                out.remove(exclusive);
            }
            _ => {}
        }
    }
    let range = match out.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    out.remove("format");
    type Tighter = fn(i64, i64) -> i64;
    for (key, bound, tighter) in [("minimum", range.0, i64::max as Tighter), ("maximum", range.1, i64::min)] {
        let limit = match out.get(key) {
            None => bound,
            // A limit that is no integer of 64 bits lies within them or says nothing new.
            Some(own) => match own.as_i64() {
                Some(own) => tighter(own, bound),
                None => continue,
            },
        };
        out.insert(key.to_owned(), limit.into());
    }
}

/// `nullable: true`. With a composition beside it null must pass that too, so it is asked first.
fn allow_null(mut out: Map<String, Value>) -> Map<String, Value> {
    if ["allOf", "oneOf", "anyOf", "not"].iter().any(|keyword| out.contains_key(*keyword)) {
        return Map::from_iter([
            ("if".to_owned(), json!({"type": "null"})),
            ("then".to_owned(), Value::Bool(true)),
            ("else".to_owned(), Value::Object(out)),
        ]);
    }
    if let Some(kind) = out.get_mut("type")
        && kind.is_string()
    {
        *kind = json!([kind.clone(), "null"]);
    }
    if let Some(Value::Array(values)) = out.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    out
}

/// A pointer as it stands in a URI's fragment: path templates bring braces.
pub(crate) fn escape_fragment(pointer: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PLAIN: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'$');
    utf8_percent_encode(pointer, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: Edition = Edition { side: Side::Request, strict: false };
    const RESPONSE: Edition = Edition { side: Side::Response, strict: false };

    fn schema(schema: Value, edition: Edition) -> Value {
        let document =
            json!({"components": {"schemas": {"X": schema, "P": {"type": "string", "readOnly": true}}}});
        rewrite(&document, edition)["components"]["schemas"]["X"].clone()
    }

    #[test]
    fn nullable_adds_null_to_type_and_enum() {
        assert_eq!(
            schema(json!({"type": "string", "nullable": true}), REQUEST),
            json!({"type": ["string", "null"]})
        );
        assert_eq!(
            schema(json!({"type": "string", "enum": ["a"], "nullable": true}), REQUEST),
            json!({"type": ["string", "null"], "enum": ["a", null]})
        );
        assert_eq!(
            schema(json!({"nullable": true, "allOf": [{"type": "object"}]}), REQUEST),
            json!({"if": {"type": "null"}, "then": true, "else": {"allOf": [{"type": "object"}]}})
        );
    }

    #[test]
    fn boolean_exclusive_limits_become_numbers() {
        assert_eq!(
            schema(
                json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false}),
                REQUEST
            ),
            json!({"maximum": 9, "exclusiveMinimum": 1})
        );
    }

    #[test]
    fn integer_formats_become_limits_and_narrower_ones_stand() {
        assert_eq!(
            schema(json!({"type": "integer", "format": "int32", "minimum": 0}), REQUEST),
            json!({"type": "integer", "minimum": 0, "maximum": 2_147_483_647})
        );
    }

    #[test]
    fn siblings_of_a_reference_are_dropped() {
        assert_eq!(
            schema(json!({"$ref": "#/components/schemas/P", "nullable": true}), REQUEST),
            json!({"$ref": "#/components/schemas/P"})
        );
    }

    #[test]
    fn one_sided_fields_are_required_on_their_side_only() {
        let fields = json!({
            "required": ["id", "secret", "name"],
            "properties": {"id": {"$ref": "#/components/schemas/P"}, "secret": {"writeOnly": true}, "name": {}}
        });
        let request = schema(fields.clone(), REQUEST);
        assert_eq!(request["required"], json!(["secret", "name"]));
        assert_eq!(request["properties"]["id"], json!({"$ref": "#/components/schemas/P"}));
        let response = schema(fields.clone(), RESPONSE);
        assert_eq!(response["required"], json!(["id", "name"]));
        assert_eq!(response["properties"]["secret"], json!(false));
        let strict = schema(fields, Edition { strict: true, ..REQUEST });
        assert_eq!(strict["properties"]["id"], json!(false));
    }

    #[test]
    fn the_strict_edition_closes_use_sites_and_asks_replies_for_every_field() {
        let composed = json!({"properties": {"list": {"type": "array", "items": {"allOf": [
            {"properties": {"a": {}, "o": {"x-optional": "at times"}}}, {"type": "object", "properties": {"b": {}}, "required": ["b"]}]}}}});
        let strict = schema(composed, Edition { strict: true, ..RESPONSE });
        let items = &strict["properties"]["list"]["items"];
        assert_eq!(items["unevaluatedProperties"], json!(false));
        assert_eq!(items["allOf"][0], json!({"properties": {"a": {}, "o": {}}, "required": ["a"]}));
        assert_eq!(strict["unevaluatedProperties"], Value::Null, "a component is closed where it is used");
        let free_form =
            schema(json!({"properties": {"m": {"type": "object"}}}), Edition { strict: true, ..RESPONSE });
        assert_eq!(free_form["properties"]["m"], json!({"type": "object"}));
    }

    #[test]
    fn a_discriminator_becomes_one_condition_for_each_value() {
        let rewritten = schema(
            json!({
                "oneOf": [{"$ref": "#/components/schemas/P"}, {"type": "object"}],
                "discriminator": {"propertyName": "kind", "mapping": {"b": "#/components/schemas/X/oneOf/1"}}
            }),
            REQUEST,
        );
        assert_eq!(
            rewritten,
            json!({
                "$defs": {"0": {"$ref": "#/components/schemas/P"}, "1": {"type": "object"}},
                "allOf": [
                    {"properties": {"kind": {"enum": ["P", "b"]}}},
                    {"if": {"properties": {"kind": {"enum": ["P"]}}, "required": ["kind"]},
                        "then": {"$ref": "#/components/schemas/X/$defs/0"}},
                    {"if": {"properties": {"kind": {"enum": ["b"]}}, "required": ["kind"]},
                        "then": {"$ref": "#/components/schemas/X/$defs/1"}},
                ],
                "required": ["kind"]
            })
        );
    }

    #[test]
    fn references_into_moved_branches_follow_them() {
        let document = json!({"components": {"schemas": {
            "X": {"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "k", "mapping": {"a": "#/components/schemas/X/oneOf/0"}}},
            "Y": {"$ref": "#/components/schemas/X/oneOf/0"},
            "Z": {"$ref": "#/paths/~1a~1%7Bid%7D/x"}
        }}});
        let schemas = &rewrite(&document, REQUEST)["components"]["schemas"];
        assert_eq!(schemas["Y"], json!({"$ref": "#/components/schemas/X/$defs/0"}));
        assert_eq!(schemas["Z"], json!({"$ref": "#/paths/~1a~1%7Bid%7D/x"}));
    }
}
