//! Documents as they are written: every node knows the file and line that it comes from.
//!
//! The build script compiles this module too: it reads and corrects the embedded documents once, so that
//! nothing parses YAML when a program starts.

pub(crate) mod json_path;
pub(crate) mod overlay;
pub(crate) mod yaml;

use indexmap::IndexMap;
use serde_json::Value;

/// A node of a document: a value and where it was written.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
}

/// What a node holds. Scalars are null, booleans, numbers and strings.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Scalar(Value),
    List(Vec<Node>),
    Map(IndexMap<String, Node>),
}

/// A place in one of the files that a contract is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Place in the list of files.
    pub(crate) file: u8,
    /// Line, from 1.
    pub(crate) line: u32,
}

impl Origin {
    /// Eight bits of file, 24 of line.
    pub(crate) fn pack(self) -> u32 {
        u32::from(self.file) << 24 | (self.line & 0x00ff_ffff)
    }
}

impl Node {
    /// The value without its origins.
    pub(crate) fn into_value(self) -> Value {
        match self.kind {
            Kind::Scalar(value) => value,
            Kind::List(items) => Value::Array(items.into_iter().map(Node::into_value).collect()),
            Kind::Map(map) => {
                Value::Object(map.into_iter().map(|(key, node)| (key, node.into_value())).collect())
            }
        }
    }

    /// Packed origins in document order, a node before its children.
    pub(crate) fn origins(&self) -> Vec<u32> {
        let mut list = Vec::new();
        self.push_origins(&mut list);
        list
    }

    fn push_origins(&self, list: &mut Vec<u32>) {
        list.push(self.origin.pack());
        match &self.kind {
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|node| node.push_origins(list)),
            Kind::Map(map) => map.values().for_each(|node| node.push_origins(list)),
        }
    }

    /// A child by key or index.
    pub(crate) fn child(&self, step: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Scalar(_) => None,
            Kind::List(items) => items.get(step.parse::<usize>().ok()?),
            Kind::Map(map) => map.get(step),
        }
    }

    /// The text of a string node.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// A JSON pointer with one more step.
pub(crate) fn pointer_step(pointer: &str, step: &str) -> String {
    let mut pointer = pointer.to_owned();
    push_step(&mut pointer, step);
    pointer
}

/// Appends a step to a JSON pointer, escaped.
pub(crate) fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    match step.contains(['~', '/']) {
        true => pointer.push_str(&step.replace('~', "~0").replace('/', "~1")),
        false => pointer.push_str(step),
    }
}

/// Something wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) origin: Origin,
    pub(crate) pointer: String,
    pub(crate) message: String,
}
