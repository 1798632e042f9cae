//! A schema seen as one thing: references followed, compositions taken together.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::contract::composition::follow;

/// Compositions within compositions that are looked into.
const DEPTH_LIMIT: usize = 12;

/// What a schema allows, as far as two can be compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape<'d> {
    /// Kinds of values, `null` among them; `None` when any will do.
    pub(crate) types: Option<BTreeSet<&'d str>>,
    pub(crate) fields: IndexMap<&'d str, &'d Value>,
    pub(crate) required: BTreeSet<&'d str>,
    /// Enum values as JSON text.
    pub(crate) values: Option<BTreeSet<String>>,
    pub(crate) items: Option<&'d Value>,
    /// The schema of fields that are not named.
    pub(crate) others: Option<&'d Value>,
    /// No fields but the named ones.
    pub(crate) closed: bool,
    pub(crate) limits: BTreeMap<&'static str, f64>,
    pub(crate) format: Option<&'d str>,
    pub(crate) pattern: Option<&'d str>,
}

const LIMITS: [&str; 8] = [
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

impl<'d> Shape<'d> {
    pub(crate) fn of(root: &'d Value, schema: &'d Value) -> Shape<'d> {
        Shape::at_depth(root, schema, 0)
    }

    fn at_depth(root: &'d Value, schema: &'d Value, depth: usize) -> Shape<'d> {
        let schema = follow(root, schema);
        let mut shape = Shape::own(schema);
        if depth > DEPTH_LIMIT {
            return shape;
        }
        let list =
            |keyword: &str| schema.get(keyword).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for part in list("allOf") {
            shape.narrow(Shape::at_depth(root, part, depth + 1));
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut alternatives = list(keyword).iter().map(|part| Shape::at_depth(root, part, depth + 1));
            if let Some(first) = alternatives.next() {
                shape.narrow(alternatives.fold(first, Shape::widened));
            }
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            if let Some(types) = &mut shape.types {
                types.insert("null");
            }
            if let Some(values) = &mut shape.values {
                values.insert("null".to_owned());
            }
        }
        shape
    }

    fn own(schema: &'d Value) -> Shape<'d> {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let names = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let others = schema.get("additionalProperties");
        Shape {
            types: text("type").map(|kind| BTreeSet::from([kind])),
            fields: fields.map(|(name, field)| (name.as_str(), field)).collect(),
            required: names("required").filter_map(Value::as_str).collect(),
            values: schema.get("enum").map(|_| names("enum").map(ToString::to_string).collect()),
            items: schema.get("items"),
            others: others.filter(|others| others.is_object()),
            closed: others == Some(&Value::Bool(false)),
            limits: LIMITS.into_iter().filter_map(|key| Some((key, schema.get(key)?.as_f64()?))).collect(),
            format: text("format"),
            pattern: text("pattern"),
        }
    }

    /// Both must hold.
    fn narrow(&mut self, other: Shape<'d>) {
        self.types = match (self.types.take(), other.types) {
            (Some(own), Some(other)) => Some(own.intersection(&other).copied().collect()),
            (own, other) => own.or(other),
        };
        self.values = match (self.values.take(), other.values) {
            (Some(own), Some(other)) => Some(own.intersection(&other).cloned().collect()),
            (own, other) => own.or(other),
        };
        for (name, field) in other.fields {
            self.fields.entry(name).or_insert(field);
        }
        self.required.extend(other.required);
        self.items = self.items.or(other.items);
        self.others = self.others.or(other.others);
        self.closed |= other.closed;
        self.limits.extend(other.limits);
        self.format = self.format.or(other.format);
        self.pattern = self.pattern.or(other.pattern);
    }

    /// Either will do.
    fn widened(mut self, other: Shape<'d>) -> Shape<'d> {
        self.types = match (self.types, other.types) {
            (Some(own), Some(other)) => Some(own.union(&other).copied().collect()),
            _ => None,
        };
        self.values = match (self.values, other.values) {
            (Some(own), Some(other)) => Some(own.union(&other).cloned().collect()),
            _ => None,
        };
        for (name, field) in other.fields {
            self.fields.entry(name).or_insert(field);
        }
        self.required = self.required.intersection(&other.required).copied().collect();
        self.items = self.items.or(other.items);
        self.others = self.others.or(other.others);
        self.closed &= other.closed;
        self.limits.retain(|key, limit| other.limits.get(key) == Some(limit));
        self.format = self.format.filter(|format| other.format == Some(format));
        self.pattern = self.pattern.filter(|pattern| other.pattern == Some(pattern));
        self
    }
}
