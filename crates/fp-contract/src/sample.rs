//! Bodies made from schemas: every declared field, with plain values. What a document promises at its fullest.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Number, Value, json};

use crate::contract::composition::follow;
use crate::violation::Side;

/// Schemas within schemas that are filled in; a type that contains itself ends there.
const DEPTH_LIMIT: usize = 12;

/// The key under which a map shows what its values are.
pub(crate) const OTHER_KEY: &str = "key";

/// Makes bodies from the schemas of one document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sampler<'d> {
    root: &'d Value,
    side: Side,
    /// Which alternative of each `oneOf` and `anyOf` is taken, modulo their number.
    alternative: usize,
}

impl<'d> Sampler<'d> {
    pub(crate) fn new(root: &'d Value, side: Side) -> Sampler<'d> {
        Sampler { root, side, alternative: 0 }
    }

    /// The same sampler, taking another alternative where there is a choice.
    pub(crate) fn with_alternative(self, alternative: usize) -> Sampler<'d> {
        Sampler { alternative, ..self }
    }

    /// A body with every field that the schema declares for this side.
    pub(crate) fn sample(&self, schema: &Value) -> Value {
        self.fill(schema, 0).unwrap_or(Value::Null)
    }

    /// `None` where the schema nests beyond the limit or has no place on this side.
    fn fill(&self, schema: &Value, depth: usize) -> Option<Value> {
        let schema = follow(self.root, schema);
        let hidden = match self.side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
        };
        if depth > DEPTH_LIMIT || schema.get(hidden) == Some(&Value::Bool(true)) {
            return None;
        }
        let own = self.own(schema, depth);
        let mut parts: Vec<Value> =
            list(schema, "allOf").iter().filter_map(|part| self.fill(part, depth + 1)).collect();
        for keyword in ["oneOf", "anyOf"] {
            let alternatives = list(schema, keyword);
            if !alternatives.is_empty() {
                let index = self.alternative % alternatives.len();
                let mut taken = self.fill(&alternatives[index], depth + 1)?;
                self.tag(schema, keyword, index, &mut taken);
                parts.push(taken);
            }
        }
        let whole = parts.into_iter().fold(own, |whole, part| Some(merged(whole, part)));
        // Where anything goes, so does text.
        whole.or_else(|| example(schema)).or_else(|| Some("text".into()))
    }

    /// What the schema itself says, its compositions left out.
    fn own(&self, schema: &Value, depth: usize) -> Option<Value> {
        if let Some(first) = list(schema, "enum").first() {
            return Some(first.clone());
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => Some(self.object(schema, depth)),
            Some("array") => Some(self.array(schema, depth)),
            Some("string") => Some(text(schema)),
            Some("integer") => Some(number(schema, true)),
            Some("number") => Some(number(schema, false)),
            Some("boolean") => Some(example(schema).filter(Value::is_boolean).unwrap_or(Value::Bool(true))),
            _ if schema.get("properties").is_some() => Some(self.object(schema, depth)),
            _ => None,
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut map: Map<String, Value> =
            fields.filter_map(|(name, field)| Some((name.clone(), self.fill(field, depth + 1)?))).collect();
        let other = schema.get("additionalProperties").filter(|other| other.is_object());
        if let Some(value) = other.and_then(|other| self.fill(other, depth + 1)) {
            map.insert(OTHER_KEY.to_owned(), value);
        }
        Value::Object(map)
    }

    fn array(&self, schema: &Value, depth: usize) -> Value {
        let bound = |key: &str, other: u64| schema.get(key).and_then(Value::as_u64).unwrap_or(other);
        let count = bound("minItems", 1).max(1).min(bound("maxItems", u64::MAX));
        let Some(items) = schema.get("items") else { return Value::Array(Vec::new()) };
        let choice = list(follow(self.root, items), "enum");
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) && !choice.is_empty() {
            return choice.iter().take(usize::try_from(count).unwrap_or(usize::MAX)).cloned().collect();
        }
        let item = self.fill(items, depth + 1);
        Value::Array((0..count).filter_map(|_| item.clone()).collect())
    }

    /// Names the alternative in the field that discriminates.
    fn tag(&self, schema: &Value, keyword: &str, index: usize, taken: &mut Value) {
        let (Some(map), Value::Object(fields)) = (schema.as_object(), taken) else { return };
        let Some(branches) = crate::contract::discriminator::branches(map, "") else { return };
        let own = list(schema, keyword).len();
        if let Some(value) =
            branches.values.get(index).and_then(|names| names.first()).filter(|_| own > index)
        {
            fields.insert(branches.property.to_owned(), (*value).into());
        }
    }
}

fn list<'s>(schema: &'s Value, keyword: &str) -> &'s [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn example(schema: &Value) -> Option<Value> {
    schema.get("example").or_else(|| schema.get("default")).cloned()
}

/// Parts of a composition laid over each other: objects gather their fields.
fn merged(own: Option<Value>, part: Value) -> Value {
    match (own, part) {
        (Some(Value::Object(mut fields)), Value::Object(more)) => {
            for (name, value) in more {
                let value = merged(fields.remove(&name), value);
                fields.insert(name, value);
            }
            Value::Object(fields)
        }
        (Some(own @ Value::Object(_)), part) if !part.is_null() => own,
        (_, part) => part,
    }
}

fn text(schema: &Value) -> Value {
    if let Some(Value::String(pattern)) = schema.get("pattern") {
        return match example(schema) {
            Some(example) => example,
            None => matching(pattern).into(),
        };
    }
    let fixed = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2025-01-15T10:30:00.000Z",
        Some("date") => "2025-01-15",
        Some("email") => "jane@example.com",
        Some("uri" | "url") => "https://www.example.com/page",
        Some("uuid") => "6f1b0c3e-5d5a-4c1b-9a53-0d4f6f6a9b21",
        Some("ipv4") => "203.0.113.7",
        Some("byte") => "aGVsbG8=",
        _ => "text",
    };
    let bound =
        |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    if let Some(Value::String(example)) = example(schema)
        && schema.get("format").is_none()
        && bound("minLength").is_none_or(|least| example.chars().count() >= least)
    {
        return example.into();
    }
    let mut text = fixed.to_owned();
    while bound("minLength").is_some_and(|least| text.len() < least) {
        text.push('x');
    }
    if let Some(most) = bound("maxLength") {
        text.truncate(most);
    }
    text.into()
}

/// The shortest plain text that a pattern takes; empty for what cannot be taken apart.
fn matching(pattern: &str) -> String {
    let mut text = String::new();
    if let Ok(hir) = regex_syntax::parse(pattern) {
        write_match(&hir, &mut text);
    }
    text
}

/// Recursion is bounded by the nesting limit of the pattern's parser.
fn write_match(hir: &Hir, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.push(plain_letter(class)),
        HirKind::Repetition(repetition) => {
            // One of what may be left out shows more than none.
            let times = if repetition.max == Some(0) { 0 } else { repetition.min.max(1) };
            (0..times.min(1_000)).for_each(|_| write_match(&repetition.sub, text));
        }
        HirKind::Capture(capture) => write_match(&capture.sub, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write_match(part, text)),
        HirKind::Alternation(parts) => parts.iter().take(1).for_each(|part| write_match(part, text)),
    }
}

/// A letter or digit of a class if it has one.
fn plain_letter(class: &Class) -> char {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
        }
    };
    let has = |letter: char| ranges.iter().any(|(start, end)| (*start..=*end).contains(&letter));
    let plain = ('a'..='z').chain('1'..='9').chain(['0', '$', 'A']).find(|letter| has(*letter));
    plain.or_else(|| ranges.first().map(|(start, _)| *start)).unwrap_or('a')
}

fn number(schema: &Value, whole: bool) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let exclusive = |key: &str| schema.get(key) == Some(&Value::Bool(true));
    let mut value: f64 = if whole { 1.0 } else { 1.5 };
    if let Some(least) = bound("minimum") {
        value = value.max(least + f64::from(u8::from(exclusive("exclusiveMinimum"))));
    }
    if let Some(most) = bound("maximum") {
        value = value.min(most - f64::from(u8::from(exclusive("exclusiveMaximum"))));
    }
    if let Some(step) = bound("multipleOf") {
        value = (value / step).ceil() * step;
    }
    let whole_value = format!("{value:.0}").parse::<i64>();
    match whole_value {
        Ok(integer) if whole => json!(integer),
        _ => Number::from_f64(value).map_or(Value::Null, Value::Number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contract;
    use crate::contract::dialect::Edition;
    use crate::contract::soundness::schema_pointers;

    #[test]
    fn a_sample_has_every_field_of_its_side() {
        let root = json!({"components": {"schemas": {
            "Base": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": true}, "self": {"$ref": "#/components/schemas/Base"}}},
        }}});
        let schema = json!({"allOf": [{"properties": {"id": {"type": "integer", "readOnly": true}}}, {"type": "object", "properties": {
            "secret": {"type": "string", "writeOnly": true}, "list": {"type": "array", "items": {"type": "number", "minimum": 2}},
            "tag": {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "minimum": 5}]},
            "at": {"type": "string", "format": "date"}}}]});
        let sampler = Sampler::new(&root, Side::Response);
        assert_eq!(sampler.sample(&schema), json!({"id": 1, "list": [2.0], "tag": "a", "at": "2025-01-15"}));
        let request = Sampler::new(&root, Side::Request).with_alternative(1).sample(&schema);
        assert_eq!(request["secret"], "text");
        assert_eq!(request["tag"], 5);
        assert_eq!(request.get("id"), None);
        assert!(sampler.sample(&json!({"$ref": "#/components/schemas/Base"}))["self"].is_object());
    }

    #[test]
    fn samples_of_the_embedded_documents_satisfy_their_own_schemas() {
        let contract = Contract::corrected();
        let mut refused = Vec::new();
        for (index, document) in contract.documents().iter().enumerate() {
            for pointer in schema_pointers(document.root()) {
                let side = if pointer.contains("/responses/") || document.name().contains("webhooks") {
                    Side::Response
                } else {
                    Side::Request
                };
                let edition = Edition { side, strict: false };
                let validator = contract
                    .bench()
                    .registries
                    .compile(document, index, &pointer, edition)
                    .expect("compiles");
                let schema = document.at(&pointer).expect("a schema");
                let sample = Sampler::new(document.root(), side).sample(schema);
                if !validator.is_valid(&sample) {
                    let why = validator.iter_errors(&sample).next().map(|error| error.to_string());
                    refused.push(format!("{} {pointer}: {why:?}", document.name()));
                }
            }
        }
        assert_eq!(refused, Vec::<String>::new());
    }
}
