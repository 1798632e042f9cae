//! JSON as the judge reads it: strings borrowed from the body, objects as lists in their written order.
//!
//! Parsing dominates judging, and most of parsing is allocation; this tree makes half as many as
//! `serde_json::Value` and no hash table.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON value that borrows from the text it was read from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Tree<'t> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// Any number.
    Number(Digits),
    /// Text, borrowed unless it had escapes.
    String(Cow<'t, str>),
    /// A list.
    Array(Vec<Tree<'t>>),
    /// Members as written.
    Object(Vec<(Cow<'t, str>, Tree<'t>)>),
}

/// A number in the first of these forms that holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Digits {
    /// Zero and above.
    Unsigned(u64),
    /// Below zero.
    Signed(i64),
    /// With fraction or exponent, or beyond 64 bits.
    Float(f64),
}

/// Why a body is no tree: the code of its violation, and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) code: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) found: String,
}

/// How the error for a key twice begins. No error of the parser's own does.
const DUPLICATE: &str = "duplicate key";

impl<'t> Tree<'t> {
    /// Reads a whole body.
    pub(crate) fn parse(body: &'t [u8]) -> Result<Tree<'t>, Unreadable> {
        serde_json::from_slice(body).map_err(|error| {
            let found = error.to_string();
            if found.starts_with(DUPLICATE) {
                Unreadable { code: "duplicate-key", expected: "each key of an object once", found }
            } else {
                Unreadable { code: "malformed-json", expected: "JSON", found: found.to_lowercase() }
            }
        })
    }

    /// Borrows a parsed value.
    pub(crate) fn of(value: &'t Value) -> Tree<'t> {
        match value {
            Value::Null => Tree::Null,
            Value::Bool(value) => Tree::Boolean(*value),
            Value::Number(number) => Tree::Number(match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => Digits::Unsigned(value),
                (None, Some(value)) => Digits::Signed(value),
                (None, None) => Digits::Float(number.as_f64().unwrap_or(f64::MAX)),
            }),
            Value::String(text) => Tree::String(Cow::Borrowed(text)),
            Value::Array(items) => Tree::Array(items.iter().map(Tree::of).collect()),
            Value::Object(map) => Tree::Object(
                map.iter().map(|(key, item)| (Cow::Borrowed(key.as_str()), Tree::of(item))).collect(),
            ),
        }
    }

    /// An owned value, for messages.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Boolean(value) => Value::Bool(*value),
            Tree::Number(digits) => digits.to_value(),
            Tree::String(text) => Value::String(text.clone().into_owned()),
            Tree::Array(items) => Value::Array(items.iter().map(Tree::to_value).collect()),
            Tree::Object(members) => {
                let members = members.iter().map(|(key, item)| (key.clone().into_owned(), item.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

impl Digits {
    pub(crate) fn to_value(self) -> Value {
        match self {
            Digits::Unsigned(value) => value.into(),
            Digits::Signed(value) => value.into(),
            Digits::Float(value) => value.into(),
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Tree<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// One of 64 bits for a key. Keys whose bits differ differ, so most need no comparison.
fn mark_of(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let ends = bytes
        .first()
        .zip(bytes.last())
        .map_or(0, |(first, last)| usize::from(*first) * 31 + usize::from(*last) * 7);
    1 << ((ends + bytes.len() * 13) % 64)
}

/// A key, borrowed unless it had escapes.
struct Key<'t>(Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for Key<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyReader;
        impl<'de> Visitor<'de> for KeyReader {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyReader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(Digits::Unsigned(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(Digits::Signed(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::Number(Digits::Float(value)))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree<'de>, A::Error> {
        let mut list: Vec<(Cow<'de, str>, Tree<'de>)> = Vec::with_capacity(8);
        let mut seen = 0u64;
        while let Some(Key(key)) = members.next_key::<Key<'de>>()? {
            let mark = mark_of(&key);
            if seen & mark != 0 && list.iter().any(|(other, _)| *other == key) {
                return Err(A::Error::custom(format_args!("{DUPLICATE} `{key}`")));
            }
            seen |= mark;
            list.push((key, members.next_value()?));
        }
        Ok(Tree::Object(list))
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
        let tree = Tree::parse(text.as_bytes()).expect("JSON");
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(tree.to_value(), value);
        assert_eq!(Tree::of(&value), tree);
    }

    #[test]
    fn strings_without_escapes_are_borrowed() {
        let Tree::Array(items) = Tree::parse(br#"["plain", "esc\n"]"#).expect("JSON") else {
            panic!("a list")
        };
        assert!(matches!(&items[0], Tree::String(Cow::Borrowed("plain"))));
        assert!(matches!(&items[1], Tree::String(Cow::Owned(_))));
    }

    #[test]
    fn a_key_twice_is_refused_by_name() {
        let error = Tree::parse(br#"{"a": 1, "b": {"cc": 1, "dd": 2, "cc": 3}}"#).expect_err("a doubled key");
        assert_eq!(
            (error.code, error.found.as_str()),
            ("duplicate-key", "duplicate key `cc` at line 1 column 37")
        );
        let many: Vec<String> = (0..500).map(|at| format!("\"key{at}\": 1")).collect();
        assert!(Tree::parse(format!("{{{}}}", many.join(",")).as_bytes()).is_ok());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{\"a\":1}x", "nul", "\"\\ud800\""] {
            assert!(Tree::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Tree::parse("[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(Tree::parse(b"[]").expect("JSON").to_value(), json!([]));
    }
}
