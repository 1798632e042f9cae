//! JSON read strictly: a key twice in one object and absurd nesting are errors, not surprises.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::{DEPTH_LIMIT, ParamError};

/// Reads one JSON value.
///
/// # Errors
///
/// [`ParamError::MalformedJson`], [`ParamError::DuplicateKey`] or [`ParamError::TooDeep`].
#[inline]
pub fn parse(text: &str) -> Result<Value, ParamError> {
    let refusal = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Strict { depth: 0, refusal: &refusal };
    let read = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| match refusal.take() {
        Some(Refusal::TooDeep) => ParamError::TooDeep { limit: DEPTH_LIMIT },
        Some(Refusal::Duplicate(path)) => {
            ParamError::DuplicateKey { key: path.join("."), line: error.line() }
        }
        None => ParamError::MalformedJson {
            found: complaint(&error),
            line: error.line(),
            column: error.column().max(1),
        },
    })
}

/// The parser's words without the position, which has fields of its own.
fn complaint(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(words, _)| words.to_owned()).to_lowercase()
}

/// The kind of a value as messages name it.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Entries for which a body has room from the start.
const BODY_ENTRIES: usize = 8;

enum Refusal {
    TooDeep,
    Duplicate(Vec<String>),
}

#[derive(Clone, Copy)]
struct Strict<'r> {
    depth: usize,
    refusal: &'r RefCell<Option<Refusal>>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_LIMIT {
            self.refusal.replace(Some(Refusal::TooDeep));
            return Err(E::custom("too deep"));
        }
        Ok(Strict { depth: self.depth + 1, ..self })
    }

    /// On the way out of a failed value, each object adds the key that led there.
    fn trace(&self, key: &str) {
        if let Some(Refusal::Duplicate(path)) = self.refusal.borrow_mut().as_mut() {
            path.insert(0, key.to_owned());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(inner) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.trace(&list.len().to_string());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        // Whole bodies have several entries; what lies in them has few.
        let mut map = Map::with_capacity(if self.depth == 0 { BODY_ENTRIES } else { 0 });
        while let Some(key) = entries.next_key::<String>()? {
            let place = match map.entry(key) {
                Entry::Vacant(place) => place,
                Entry::Occupied(known) => {
                    self.refusal.replace(Some(Refusal::Duplicate(vec![known.key().clone()])));
                    return Err(A::Error::custom("duplicate key"));
                }
            };
            let value = entries.next_value_seed(inner).inspect_err(|_| self.trace(place.key()))?;
            place.insert(value);
        }
        Ok(Value::Object(map))
    }
}
