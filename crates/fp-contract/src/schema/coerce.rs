//! Text from query and form read as the schema means it. JSON says its own types and is left alone.

use serde_json::{Number, Value};

use crate::contract::composition::{composition, declared_fields};

/// Reads every text of a value as the type that the schema asks for there; what does not fit stays text.
///
/// Evidence: service behaviour notes (numbers and booleans may arrive as strings)
pub(crate) fn coerce(root: &Value, schema: &Value, value: Value) -> Value {
    let parts = composition(root, schema);
    match value {
        Value::String(text) => scalar(&parts, text),
        // Keys that were all numbers made a list; where only an object will do, they are keys again.
        Value::Array(items) if has_type(&parts, "object") && !has_type(&parts, "array") => {
            let fields = items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item));
            coerce(root, schema, Value::Object(fields.collect()))
        }
        Value::Array(items) => {
            let schema = parts.iter().find_map(|part| part.get("items"));
            match schema {
                Some(schema) => items.into_iter().map(|item| coerce(root, schema, item)).collect(),
                None => Value::Array(items),
            }
        }
        Value::Object(map) => {
            let other = parts
                .iter()
                .find_map(|part| part.get("additionalProperties"))
                .filter(|part| part.is_object());
            let fields = map.into_iter().map(|(name, value)| {
                let declared = declared_fields(root, schema).find(|(field, _)| *field == name);
                match declared.map(|(_, schema)| schema).or(other) {
                    Some(schema) => {
                        let value = coerce(root, schema, value);
                        (name, value)
                    }
                    None => (name, value),
                }
            });
            Value::Object(fields.collect())
        }
        other => other,
    }
}

/// Whether a schema takes lists but no text: `columns=sale` is then a list of one.
pub(crate) fn wants_list(root: &Value, schema: &Value) -> bool {
    let parts = composition(root, schema);
    has_type(&parts, "array") && !has_type(&parts, "string")
}

fn has_type(parts: &[&Value], wanted: &str) -> bool {
    parts.iter().any(|part| part.get("type").and_then(Value::as_str) == Some(wanted))
}

fn scalar(parts: &[&Value], text: String) -> Value {
    if has_type(parts, "string") {
        return Value::String(text);
    }
    if text.is_empty() && parts.iter().any(|part| part.get("nullable") == Some(&Value::Bool(true))) {
        return Value::Null;
    }
    let read = if has_type(parts, "number") {
        number(&text)
    } else if has_type(parts, "integer") {
        integer(&text)
    } else {
        None
    };
    let read = read.map(Value::Number).or_else(|| boolean(&text).filter(|_| has_type(parts, "boolean")));
    read.unwrap_or(Value::String(text))
}

fn boolean(text: &str) -> Option<Value> {
    match text {
        "true" | "1" => Some(Value::Bool(true)),
        "false" | "0" => Some(Value::Bool(false)),
        _ => None,
    }
}

fn integer(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>()
        .map(Number::from)
        .or_else(|_| text.parse::<u64>().map(Number::from))
        .ok()
        .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
}

fn number(text: &str) -> Option<Number> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
    integer(text).or_else(|| text.parse::<f64>().ok().filter(|_| plain).and_then(Number::from_f64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: Value, value: Value) -> Value {
        let root = json!({"components": {"schemas": {"Id": {"type": "integer"}}}});
        coerce(&root, &schema, value)
    }

    #[test]
    fn text_becomes_what_the_schema_asks_for() {
        assert_eq!(read(json!({"type": "integer"}), json!("-12")), json!(-12));
        assert_eq!(read(json!({"type": "number"}), json!("1.50")), json!(1.5));
        assert_eq!(read(json!({"type": "boolean"}), json!("true")), json!(true));
        assert_eq!(read(json!({"type": "boolean"}), json!("0")), json!(false));
        assert_eq!(read(json!({"$ref": "#/components/schemas/Id"}), json!("7")), json!(7));
        assert_eq!(read(json!({"type": "integer", "nullable": true}), json!("")), json!(null));
    }

    #[test]
    fn text_that_does_not_fit_stays_text() {
        for (kind, text) in [
            ("integer", "12x"),
            ("integer", ""),
            ("integer", "1.5"),
            ("integer", "-"),
            ("number", "NaN"),
            ("number", "inf"),
            ("number", "0x10"),
            ("boolean", "yes"),
            ("string", "12"),
            ("object", "12"),
        ] {
            assert_eq!(read(json!({"type": kind}), json!(text)), json!(text), "{kind}");
        }
    }

    #[test]
    fn where_text_is_welcome_it_stays_text() {
        let schema = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
        assert_eq!(read(schema, json!("12")), json!("12"));
        assert_eq!(read(json!({}), json!("12")), json!("12"));
    }

    #[test]
    fn lists_and_objects_are_read_through_compositions() {
        let schema = json!({"allOf": [
            {"properties": {"ids": {"type": "array", "items": {"type": "integer"}}}},
            {"properties": {"on": {"type": "boolean"}}, "additionalProperties": {"type": "number"}}
        ]});
        let value = json!({"ids": ["1", "x"], "on": "false", "other": "2.5"});
        assert_eq!(read(schema, value), json!({"ids": [1, "x"], "on": false, "other": 2.5}));
    }

    #[test]
    fn a_list_is_an_object_where_only_an_object_will_do() {
        let schema = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        assert_eq!(read(schema, json!(["5", "6"])), json!({"0": 5, "1": 6}));
    }

    #[test]
    fn numbers_beyond_64_bits_stay_numbers() {
        assert_eq!(read(json!({"type": "integer"}), json!("99999999999999999999")), json!(1e20));
        assert_eq!(read(json!({"type": "integer"}), json!("18446744073709551615")), json!(u64::MAX));
    }
}
