//! What a schema is made of: references followed, `allOf`, `oneOf` and `anyOf` taken together.

use serde_json::Value;

use super::document::reference_target;

/// The schema behind a reference, or the schema itself.
pub(crate) fn follow<'d>(root: &'d Value, schema: &'d Value) -> &'d Value {
    let mut schema = schema;
    for _ in 0..10 {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { break };
        let Some(target) = reference_target(reference).and_then(|pointer| root.pointer(&pointer)) else {
            break;
        };
        schema = target;
    }
    schema
}

/// Whether a schema names fields, itself or in a part of its composition. Free-form objects do not.
pub(crate) fn declares_fields(root: &Value, schema: &Value) -> bool {
    declared_fields(root, schema).next().is_some()
}

/// The names and schemas of the fields that a schema declares, in itself and in every part of its composition.
pub(crate) fn declared_fields<'d>(
    root: &'d Value,
    schema: &'d Value,
) -> impl Iterator<Item = (&'d str, &'d Value)> {
    composition(root, schema)
        .into_iter()
        .filter_map(|part| part.get("properties").and_then(Value::as_object))
        .flat_map(|fields| fields.iter().map(|(name, schema)| (name.as_str(), schema)))
}

/// A schema and all parts that it is composed of, references followed, each once.
pub(crate) fn composition<'d>(root: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let mut parts: Vec<&Value> = Vec::new();
    let mut open = vec![schema];
    while let Some(next) = open.pop() {
        let next = follow(root, next);
        if parts.iter().any(|part| std::ptr::eq(*part, next)) {
            continue;
        }
        parts.push(next);
        for keyword in ["anyOf", "oneOf", "allOf"] {
            open.extend(next.get(keyword).and_then(Value::as_array).into_iter().flatten().rev());
        }
    }
    parts
}
