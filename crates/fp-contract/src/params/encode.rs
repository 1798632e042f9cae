//! A tree of parameters written as query or form text, the way that Rails clients write it.

use form_urlencoded::byte_serialize;
use serde_json::{Map, Value};

/// Writes a tree as `a=1&b%5Bc%5D=2&ids%5B%5D=3`.
///
/// Lists of scalars use `ids[]`, other lists `items[0][name]`. Numbers and booleans become their text and null
/// an empty value. An empty list or object has no written form and is left out.
#[must_use]
pub fn encode(tree: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in tree {
        write(&mut pairs, name.clone(), value);
    }
    pairs.join("&")
}

fn write(pairs: &mut Vec<String>, name: String, value: &Value) {
    match value {
        Value::Array(items) => {
            let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
            for (index, item) in items.iter().enumerate() {
                let name = if plain { format!("{name}[]") } else { format!("{name}[{index}]") };
                write(pairs, name, item);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                write(pairs, format!("{name}[{key}]"), item);
            }
        }
        Value::Null => pairs.push(pair(&name, "")),
        Value::String(text) => pairs.push(pair(&name, text)),
        Value::Bool(_) | Value::Number(_) => pairs.push(pair(&name, &value.to_string())),
    }
}

fn pair(name: &str, value: &str) -> String {
    let name: String = byte_serialize(name.as_bytes()).collect();
    let value: String = byte_serialize(value.as_bytes()).collect();
    format!("{name}={value}")
}
