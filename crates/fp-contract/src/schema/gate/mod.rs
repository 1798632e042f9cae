//! A gate that lets pass what surely keeps to its schema.
//!
//! Nearly everything that is judged is in order, and to say so needs neither a tree of the body nor messages. A
//! schema is brought into a plain form, what each kind of value must be, and a body is held against it while it is
//! read, byte by byte. Whatever the plain form cannot say (alternatives of one kind, conditions, rare keywords) is
//! doubtful, and what is doubtful or wrong goes to the validator, which alone refuses and explains. The gate and
//! the validator are held against each other in the tests.

mod compile;
mod format;
mod merge;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::contract::Document;
use crate::contract::dialect::{Edition, rewrite_schema};
use format::Format;

/// A schema in plain form.
#[derive(Debug)]
pub(crate) struct Gate {
    shapes: Vec<Shape>,
    root: ShapeId,
}

/// The place of a shape in its gate.
type ShapeId = usize;

/// What a value must be, kind by kind.
#[derive(Debug, Clone)]
struct Shape {
    null: Slot<()>,
    boolean: Slot<()>,
    number: Slot<Number>,
    text: Slot<Text>,
    list: Slot<List>,
    object: Slot<Object>,
}

/// What is known about values of one kind.
#[derive(Debug, Clone)]
enum Slot<T> {
    /// None keeps to the schema.
    Refused,
    /// Those do that keep to this.
    Accepted(T),
    /// The validator knows.
    Doubtful,
}

/// What a number must be.
#[derive(Debug, Clone, Default)]
struct Number {
    is_integer: bool,
    at_least: Option<i64>,
    at_most: Option<i64>,
    choices: Option<Vec<i64>>,
}

/// What a text must be. Lengths are in letters.
#[derive(Debug, Clone, Default)]
struct Text {
    at_least: usize,
    at_most: Option<usize>,
    format: Option<Format>,
    pattern: Option<Arc<Validator>>,
    choices: Option<Vec<Box<str>>>,
}

/// What a list must be.
#[derive(Debug, Clone, Default)]
struct List {
    items: Option<ShapeId>,
    at_least: usize,
    at_most: Option<usize>,
    is_set: bool,
}

/// What an object must be.
#[derive(Debug, Clone, Default)]
struct Object {
    fields: Vec<Field>,
    /// Fields that must be there, a bit each.
    required: u128,
    /// Fields that must not be there.
    forbidden: u128,
    /// Of the fields of each, one must be there.
    one_of: Vec<u128>,
    others: Others,
    at_least: usize,
    at_most: Option<usize>,
}

/// A field by its name; without a shape it may be anything.
#[derive(Debug, Clone)]
struct Field {
    name: Box<str>,
    /// How it begins in a body without blanks: name and colon.
    opening: Box<[u8]>,
    shape: Option<ShapeId>,
}

/// What fields may be that an object does not name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Others {
    #[default]
    Anything,
    Refused,
    Shaped(ShapeId),
}

/// Fields that one object may name: a bit each.
const FIELDS_MAX: usize = 128;

/// Levels that are read; what is deeper is left to the validator.
const DEPTH_MAX: usize = 64;

impl Gate {
    /// The plain form of the schema at a pointer, or one that doubts everything.
    pub(crate) fn of(document: &Document, pointer: &str, edition: Edition) -> Gate {
        let mut compiler = compile::Compiler::new(document.root(), edition);
        let root = match rewrite_schema(document.root(), pointer, edition) {
            Some(schema) => compiler.child(&schema),
            None => compiler.doubt(),
        };
        Gate { shapes: compiler.shapes, root }
    }

    /// Whether a body is surely JSON without doubled keys that keeps to the schema.
    pub(crate) fn admits_text(&self, body: &[u8]) -> bool {
        text::admits(&self.shapes, self.root, body)
    }

    /// Whether an object of these fields surely keeps to the schema.
    pub(crate) fn admits_fields(&self, fields: &Map<String, Value>) -> bool {
        value::admits_fields(&self.shapes, self.root, fields)
    }

    /// Whether a value surely keeps to the schema.
    pub(crate) fn admits(&self, value: &Value) -> bool {
        value::admits(&self.shapes, self.root, value)
    }
}

impl Shape {
    /// Takes anything.
    fn anything() -> Shape {
        Shape {
            null: Slot::Accepted(()),
            boolean: Slot::Accepted(()),
            number: Slot::Accepted(Number::default()),
            text: Slot::Accepted(Text::default()),
            list: Slot::Accepted(List::default()),
            object: Slot::Accepted(Object::default()),
        }
    }

    /// Takes nothing.
    fn nothing() -> Shape {
        Shape {
            null: Slot::Refused,
            boolean: Slot::Refused,
            number: Slot::Refused,
            text: Slot::Refused,
            list: Slot::Refused,
            object: Slot::Refused,
        }
    }

    /// Leaves everything to the validator.
    fn doubtful() -> Shape {
        Shape {
            null: Slot::Doubtful,
            boolean: Slot::Doubtful,
            number: Slot::Doubtful,
            text: Slot::Doubtful,
            list: Slot::Doubtful,
            object: Slot::Doubtful,
        }
    }
}

impl<T> Slot<T> {
    #[inline]
    fn is_accepted(&self) -> bool {
        matches!(self, Slot::Accepted(_))
    }
}

impl Number {
    #[inline]
    fn admits_integer(&self, number: i64) -> bool {
        self.at_least.is_none_or(|limit| number >= limit)
            && self.at_most.is_none_or(|limit| number <= limit)
            && self.choices.as_ref().is_none_or(|choices| choices.contains(&number))
    }

    /// Whole numbers may be written with a fraction of zero; that is left to the validator.
    #[inline]
    fn admits_float(&self, number: f64) -> bool {
        // Limits beyond this are no exact floats.
        const EXACT: i64 = 1 << 52;
        let exact = |limit: i64| (limit.abs() < EXACT).then_some(limit as f64);
        !self.is_integer
            && self.choices.is_none()
            && number.is_finite()
            && self.at_least.is_none_or(|limit| exact(limit).is_some_and(|limit| number >= limit))
            && self.at_most.is_none_or(|limit| exact(limit).is_some_and(|limit| number <= limit))
    }
}

impl Text {
    /// Whether any text will do.
    #[inline]
    fn is_free(&self) -> bool {
        self.at_least == 0
            && self.at_most.is_none()
            && self.format.is_none()
            && self.pattern.is_none()
            && self.choices.is_none()
    }

    fn admits(&self, text: &str) -> bool {
        if let Some(choices) = &self.choices
            && !choices.iter().any(|choice| **choice == *text)
        {
            return false;
        }
        if (self.at_least > 0 || self.at_most.is_some()) && !self.admits_length(text) {
            return false;
        }
        self.format.is_none_or(|format| format.admits(text))
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_valid(&Value::String(text.to_owned())))
    }

    fn admits_length(&self, text: &str) -> bool {
        let length = text.chars().count();
        length >= self.at_least && self.at_most.is_none_or(|most| length <= most)
    }
}

impl List {
    #[inline]
    fn admits_length(&self, length: usize) -> bool {
        length >= self.at_least
            && self.at_most.is_none_or(|most| length <= most)
            && (!self.is_set || length <= 1)
    }
}

impl Field {
    fn new(name: &str, shape: Option<ShapeId>) -> Field {
        let opening = format!("{}:", Value::from(name)).into_bytes();
        Field { name: name.into(), opening: opening.into(), shape }
    }
}

impl Object {
    /// Whether the fields that were seen, a bit each, and `count` of all fields are enough.
    #[inline]
    fn admits_fields(&self, seen: u128, count: usize) -> bool {
        seen & self.required == self.required
            && seen & self.forbidden == 0
            && self.one_of.iter().all(|fields| seen & fields != 0)
            && count >= self.at_least
            && self.at_most.is_none_or(|most| count <= most)
    }

    /// The place of a field; `next` is where it is if fields come in the order of the schema.
    #[inline]
    fn find(&self, name: &str, next: usize) -> Option<usize> {
        if self.fields.get(next).is_some_and(|field| *field.name == *name) {
            return Some(next);
        }
        self.fields.iter().position(|field| *field.name == *name)
    }
}
