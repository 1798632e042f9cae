//! What one schema needs of a document: rewriting all of it takes milliseconds, which the first message that is not
//! plainly in order would wait for.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::dialect::{Edition, rewrite_schema};
use super::document::reference_target;

/// The part of a rewritten document that has the schema at a pointer and the named schemas that it leads to, each at
/// its own pointer. `None` for a schema within another, or one that leads to such.
pub(crate) fn excerpt(root: &Value, pointer: &str, edition: Edition) -> Option<Value> {
    let (mut part, mut done) = (Map::new(), BTreeSet::new());
    let mut open = vec![pointer.to_owned()];
    while let Some(pointer) = open.pop() {
        if !done.insert(pointer.clone()) {
            continue;
        }
        let schema = rewrite_schema(root, &pointer, edition)?;
        gather(&schema, &mut open)?;
        put(&mut part, &pointer, schema);
    }
    Some(Value::Object(part))
}

/// Adds the pointers of the named schemas that a schema refers to; `None` if it refers to anything else.
fn gather(schema: &Value, pointers: &mut Vec<String>) -> Option<()> {
    match schema {
        Value::Object(map) => map.iter().try_for_each(|(key, child)| match child.as_str() {
            Some(reference) if key == "$ref" => {
                pointers.push(named(&reference_target(reference)?)?);
                Some(())
            }
            _ => gather(child, pointers),
        }),
        Value::Array(items) => items.iter().try_for_each(|item| gather(item, pointers)),
        _ => Some(()),
    }
}

/// The pointer of the named schema in which a place is.
fn named(pointer: &str) -> Option<String> {
    const SCHEMAS: &str = "/components/schemas/";
    let (name, _) = pointer.strip_prefix(SCHEMAS)?.split_once('/').unwrap_or((&pointer[SCHEMAS.len()..], ""));
    Some(format!("{SCHEMAS}{name}"))
}

/// Puts a schema where its pointer leads. Places in a list are told by their numbers, as fields are by their names.
fn put(part: &mut Map<String, Value>, pointer: &str, schema: Value) {
    let mut steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    let Some(mut step) = steps.next() else { return };
    let mut at = part;
    for next in steps {
        let below = at.entry(std::mem::replace(&mut step, next)).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(below) = below else { return };
        at = below;
    }
    at.insert(step, schema);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::dialect::rewrite;
    use crate::violation::Side;

    const RESPONSE: Edition = Edition { side: Side::Response, strict: false };

    #[test]
    fn a_schema_comes_with_all_that_it_leads_to_and_nothing_else() {
        let root = json!({
            "paths": {"/a": {"get": {"parameters": [{"name": "x"}, {"schema": {"$ref": "#/components/schemas/A"}}]}}},
            "components": {"schemas": {
                "A": {"type": "array", "items": {"$ref": "#/components/schemas/B~1C"}},
                "B/C": {"properties": {"again": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/D/properties/d"}}},
                "D": {"properties": {"d": {"nullable": true, "type": "string"}}},
                "E": {"type": "string"},
            }},
        });
        let whole = rewrite(&root, RESPONSE);
        let pointer = "/paths/~1a/get/parameters/1/schema";
        let part = excerpt(&root, pointer, RESPONSE).expect("it leads to named schemas");
        assert_eq!(part.pointer(pointer), whole.pointer(pointer));
        let schemas = &part["components"]["schemas"];
        assert_eq!(schemas.as_object().map(Map::len), Some(3));
        for name in ["A", "B/C", "D"] {
            assert_eq!(schemas[name], whole["components"]["schemas"][name]);
        }
    }

    #[test]
    fn what_lies_within_another_schema_has_none() {
        let root = json!({"components": {"schemas": {
            "A": {"properties": {"a": {}}},
            "B": {"$ref": "#/components/parameters/P/schema"},
        }}});
        assert_eq!(excerpt(&root, "/components/schemas/A/properties/a", RESPONSE), None);
        assert_eq!(excerpt(&root, "/components/schemas/B", RESPONSE), None);
    }
}
