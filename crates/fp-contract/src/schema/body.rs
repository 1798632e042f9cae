//! JSON bodies as the judge reads them: as any reader does, but a key twice is a mistake.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// Why a body is no JSON: the code of its violation, and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) code: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) found: String,
}

/// How the error for a key twice begins. No error of the parser's own does.
const DUPLICATE: &str = "duplicate key";

/// Reads a whole body.
pub(crate) fn read_body(body: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(body).map(|Read(value)| value).map_err(|error| {
        let found = error.to_string();
        if found.starts_with(DUPLICATE) {
            Unreadable { code: "duplicate-key", expected: "each key of an object once", found }
        } else {
            Unreadable { code: "malformed-json", expected: "JSON", found: found.to_lowercase() }
        }
    })
}

/// A value without doubled keys.
struct Read(Value);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Read)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Read(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            match map.entry(key) {
                Entry::Occupied(first) => {
                    return Err(A::Error::custom(format_args!("{DUPLICATE} `{}`", first.key())));
                }
                Entry::Vacant(free) => free.insert(members.next_value::<Read>()?.0),
            };
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_reads_the_same_as_any_json_reader_reads_it() {
        let text =
            r#"{"a": [1, -2, 3.5, 1e3, 18446744073709551615, true, null], "b\n": {"c": "x\"y"}, "é": ""}"#;
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(read_body(text.as_bytes()), Ok(value));
    }

    #[test]
    fn a_key_twice_is_refused_by_name() {
        let error = read_body(br#"{"a": 1, "b": {"cc": 1, "dd": 2, "cc": 3}}"#).expect_err("a doubled key");
        assert_eq!(
            (error.code, error.found.as_str()),
            ("duplicate-key", "duplicate key `cc` at line 1 column 37")
        );
        let many: Vec<String> = (0..500).map(|at| format!("\"key{at}\": 1")).collect();
        assert!(read_body(format!("{{{}}}", many.join(",")).as_bytes()).is_ok());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{\"a\":1}x", "nul", "\"\\ud800\""] {
            assert!(read_body(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read_body("[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(read_body(b"[]"), Ok(json!([])));
    }
}
