//! Schemas inferred from values that were seen.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// Fields of one object that are kept apart; an object with more is a map.
const MOST_FIELDS: usize = 200;

/// What was seen at one place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned {
    seen: u64,
    nulls: u64,
    booleans: u64,
    integers: u64,
    numbers: u64,
    texts: u64,
    dates: u64,
    date_times: u64,
    lists: u64,
    objects: u64,
    items: Option<Box<Learned>>,
    fields: IndexMap<String, Learned>,
}

impl Learned {
    /// Adds a value. Recursion is bounded by the JSON parser.
    pub(crate) fn see(&mut self, value: &Value) {
        self.seen += 1;
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => self.booleans += 1,
            Value::Number(number) if number.is_f64() => self.numbers += 1,
            Value::Number(_) => self.integers += 1,
            Value::String(text) => {
                self.texts += 1;
                self.dates += u64::from(is_date(text));
                self.date_times += u64::from(is_date_time(text));
            }
            Value::Array(items) => {
                self.lists += 1;
                let learned = self.items.get_or_insert_default();
                items.iter().for_each(|item| learned.see(item));
            }
            Value::Object(map) => {
                self.objects += 1;
                for (name, field) in map {
                    if self.fields.len() < MOST_FIELDS || self.fields.contains_key(name) {
                        self.fields.entry(name.clone()).or_default().see(field);
                    }
                }
            }
        }
    }

    /// A schema in OpenAPI 3.0 that takes all that was seen.
    pub(crate) fn schema(&self) -> Value {
        let mut kinds: Vec<Value> = Vec::new();
        if self.booleans > 0 {
            kinds.push(json!({"type": "boolean"}));
        }
        if self.numbers > 0 {
            kinds.push(json!({"type": "number"}));
        } else if self.integers > 0 {
            kinds.push(json!({"type": "integer"}));
        }
        if self.texts > 0 {
            kinds.push(match self.texts {
                texts if texts == self.date_times => json!({"type": "string", "format": "date-time"}),
                texts if texts == self.dates => json!({"type": "string", "format": "date"}),
                _ => json!({"type": "string"}),
            });
        }
        if self.lists > 0 {
            let items =
                self.items.as_ref().filter(|items| items.seen > 0).map_or(json!({}), |items| items.schema());
            kinds.push(json!({"type": "array", "items": items}));
        }
        if self.objects > 0 {
            kinds.push(self.object());
        }
        let mut schema = match kinds.len() {
            0 => Map::new(),
            1 => match kinds.remove(0) {
                Value::Object(map) => map,
                _ => Map::new(),
            },
            _ => Map::from_iter([("oneOf".to_owned(), Value::Array(kinds))]),
        };
        if self.nulls > 0 {
            schema.insert("nullable".to_owned(), true.into());
        }
        Value::Object(schema)
    }

    fn object(&self) -> Value {
        if self.fields.len() >= MOST_FIELDS {
            return json!({"type": "object", "additionalProperties": true});
        }
        let properties: Map<String, Value> =
            self.fields.iter().map(|(name, field)| (name.clone(), field.schema())).collect();
        let always: Vec<&String> = self
            .fields
            .iter()
            .filter(|(_, field)| field.seen == self.objects)
            .map(|(name, _)| name)
            .collect();
        if always.is_empty() {
            return json!({"type": "object", "properties": properties});
        }
        json!({"type": "object", "required": always, "properties": properties})
    }
}

/// `2025-01-15`, as far as a shape tells.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
}

/// `2025-01-15T10:30:00Z`, with or without fraction, in UTC or with an offset.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let clock = time.strip_suffix('Z').or_else(|| time.rsplit_once(['+', '-']).map(|(clock, _)| clock));
    is_date(date)
        && clock.is_some_and(|clock| {
            clock.len() >= 8 && clock.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(values: &[Value]) -> Value {
        let mut learned = Learned::default();
        values.iter().for_each(|value| learned.see(value));
        learned.schema()
    }

    #[test]
    fn types_formats_and_null_are_told_by_what_was_seen() {
        assert_eq!(learned(&[json!(1), json!(null)]), json!({"type": "integer", "nullable": true}));
        assert_eq!(learned(&[json!(1), json!(1.5)]), json!({"type": "number"}));
        assert_eq!(learned(&[json!("2025-01-15")]), json!({"type": "string", "format": "date"}));
        assert_eq!(
            learned(&[json!("2025-01-15T10:30:00Z")]),
            json!({"type": "string", "format": "date-time"})
        );
        assert_eq!(learned(&[json!("2025-01-15"), json!("x")]), json!({"type": "string"}));
        assert_eq!(
            learned(&[json!(1), json!("x")]),
            json!({"oneOf": [{"type": "integer"}, {"type": "string"}]})
        );
        assert_eq!(learned(&[json!(null)]), json!({"nullable": true}));
    }

    #[test]
    fn fields_that_were_always_there_are_required() {
        assert_eq!(
            learned(&[json!({"a": 1, "b": []}), json!({"a": 2, "b": [true]}), json!({"a": 3})]),
            json!({"type": "object", "required": ["a"], "properties": {
                "a": {"type": "integer"}, "b": {"type": "array", "items": {"type": "boolean"}}}})
        );
    }
}
