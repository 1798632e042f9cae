//! How the validator walks a [`Tree`].

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Number, Value};

use super::tree::{Digits, Tree};

/// The representation that [`Tree`] is.
pub(crate) struct Body;

impl Json for Body {
    type Node<'a> = &'a Tree<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    // A lookup walks the members, so one walk over them replaces several.
    const KEYS_PER_LOOKUP: usize = 8;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl for<'n> FnOnce(&'n Tree<'n>) -> T) -> T {
        f(&Tree::String(Cow::Borrowed(string)))
    }
}

impl<'a> Node<'a, Body> for &'a Tree<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = Digits;

    fn as_object(&self) -> Option<Members<'a>> {
        match self {
            Tree::Object(members) => Some(Members(members)),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Items<'a>> {
        match self {
            Tree::Array(items) => Some(Items(items)),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match self {
            Tree::String(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Digits> {
        match self {
            Tree::Number(digits) => Some(*digits),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Tree::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Tree::Null)
    }

    fn json_type(&self) -> JsonType {
        match self {
            Tree::Null => JsonType::Null,
            Tree::Boolean(_) => JsonType::Boolean,
            Tree::Number(_) => JsonType::Number,
            Tree::String(_) => JsonType::String,
            Tree::Array(_) => JsonType::Array,
            Tree::Object(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (*self, expected) {
            (Tree::Null, Value::Null) => true,
            (Tree::Boolean(own), Value::Bool(other)) => own == other,
            (Tree::String(own), Value::String(other)) => own == other,
            (Tree::Null | Tree::Boolean(_) | Tree::String(_), _) => false,
            _ => jsonschema::json::cmp::equal(&Tree::to_value(self), expected),
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(Tree::to_value(self))
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Tree<'_>>(self).addr()))
    }
}

/// The members of an object.
pub(crate) struct Members<'a>(&'a [(Cow<'a, str>, Tree<'a>)]);

/// Members in written order.
pub(crate) struct MembersIter<'a>(std::slice::Iter<'a, (Cow<'a, str>, Tree<'a>)>);

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, &'a Tree<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.as_ref(), value))
    }
}

impl<'a> Object<'a, Body> for Members<'a> {
    type Node = &'a Tree<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &String) -> Option<&'a Tree<'a>> {
        self.0.iter().find(|(name, _)| name.as_ref() == key.as_str()).map(|(_, value)| value)
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter(self.0.iter())
    }
}

/// The items of a list.
pub(crate) struct Items<'a>(&'a [Tree<'a>]);

impl<'a> Array<'a, Body> for Items<'a> {
    type Node = &'a Tree<'a>;
    type ElementsIter = std::slice::Iter<'a, Tree<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> std::slice::Iter<'a, Tree<'a>> {
        self.0.iter()
    }
}

impl JsonNumber for Digits {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Digits::Unsigned(value) => Some(*value),
            _ => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Digits::Unsigned(value) => i64::try_from(*value).ok(),
            Digits::Signed(value) => Some(*value),
            Digits::Float(_) => None,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a float is asked for; exact forms have their own accessors"
    )]
    fn as_f64(&self) -> Option<f64> {
        Some(match self {
            Digits::Unsigned(value) => *value as f64,
            Digits::Signed(value) => *value as f64,
            Digits::Float(value) => *value,
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_value().to_string())
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match self {
            Digits::Unsigned(value) => (*value).into(),
            Digits::Signed(value) => (*value).into(),
            Digits::Float(value) => Number::from_f64(*value).unwrap_or_else(|| 0.into()),
        })
    }

    fn is_integer(&self) -> bool {
        match self {
            Digits::Unsigned(_) | Digits::Signed(_) => true,
            Digits::Float(value) => value.fract() == 0.0,
        }
    }
}
