//! One document of a contract: its value, and the file and line of each part of it.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use super::embedded::inflated;
use super::load::{LoadError, at_file};
use crate::source::{Node, yaml};

/// What a document describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Operations that clients call.
    Api,
    /// Webhook payloads: a path for each event, `/v2/<type>` or `/legacy/<type>`.
    Webhooks,
    /// Corrections laid over another document (OpenAPI Overlay 1.0).
    Overlay,
    /// A tool's own file, of which lines are to be named.
    Settings,
}

/// A place in a file of the contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Position {
    /// The file's name as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Deflated JSON, and the deflated origins of its nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packed {
    pub json: &'static [u8],
    pub origins: &'static [u8],
}

/// A document with its corrections applied.
#[derive(Debug)]
pub struct Document {
    files: Vec<String>,
    role: Role,
    /// Of an embedded document: its JSON, and the origins, both deflated until somebody asks for the first part or
    /// position: who starts a mock does not wait for the document of webhooks.
    packed: Packed,
    root: OnceLock<Value>,
    origins: OnceLock<Vec<u8>>,
    /// Nodes in each part, for positions; measured when the first one is asked for.
    sizes: OnceLock<Vec<usize>>,
}

impl Document {
    /// Reads a tool's own file, YAML or JSON, so that messages can name the line of each part.
    ///
    /// # Errors
    ///
    /// What is no YAML, with its line.
    pub fn of_settings(name: &str, text: &str) -> Result<Document, LoadError> {
        match yaml::parse(text, 0) {
            Ok(node) => Ok(Document::from_node(vec![name.to_owned()], Role::Settings, node)),
            Err(fault) => Err(at_file(name, fault)),
        }
    }

    /// An embedded document.
    pub(super) fn new(files: Vec<String>, role: Role, packed: Packed) -> Document {
        let (root, origins, sizes) = Default::default();
        Document { files, role, packed, root, origins, sizes }
    }

    pub(crate) fn from_node(files: Vec<String>, role: Role, node: Node) -> Document {
        let origins =
            OnceLock::from(node.origins().into_iter().flat_map(u32::to_le_bytes).collect::<Vec<_>>());
        Document {
            files,
            role,
            packed: Packed::default(),
            root: OnceLock::from(node.into_value()),
            origins,
            sizes: OnceLock::new(),
        }
    }

    /// The file that the document was read from; its corrections are further files.
    #[must_use]
    pub fn name(&self) -> &str {
        self.files.first().map_or("", String::as_str)
    }

    /// What it describes.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The whole document.
    #[must_use]
    pub fn root(&self) -> &Value {
        self.root.get_or_init(|| {
            serde_json::from_slice(&inflated(self.packed.json)).expect("the build script wrote this JSON")
        })
    }

    /// The part at a JSON pointer.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.root().pointer(pointer)
    }

    /// Where the part at a pointer was written; for a pointer that leads nowhere, its nearest existing parent.
    #[must_use]
    pub fn position(&self, pointer: &str) -> Option<Position> {
        let origins = self.origins.get_or_init(|| inflated(self.packed.origins));
        let sizes = self.sizes.get_or_init(|| {
            let mut sizes = Vec::with_capacity(origins.len() / 4);
            measure(self.root(), &mut sizes);
            sizes
        });
        let mut value = self.root();
        let mut index = 0;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let Some((at, child)) = child_at(value, index, &step, sizes) else { break };
            index = at;
            value = child;
        }
        let packed = origins.get(index * 4..index * 4 + 4)?;
        let packed = u32::from_le_bytes(packed.try_into().ok()?);
        let file = self.files.get(usize::try_from(packed >> 24).ok()?)?.clone();
        Some(Position { file, line: packed & 0x00ff_ffff })
    }
}

/// The pointer behind a local reference: `#/components/schemas/Referral`.
pub(crate) fn reference_target(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    Some(percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned())
}

/// The number of nodes in each part, a node before its children.
fn measure(value: &Value, sizes: &mut Vec<usize>) {
    let own = sizes.len();
    sizes.push(1);
    match value {
        Value::Array(items) => items.iter().for_each(|item| measure(item, sizes)),
        Value::Object(map) => map.values().for_each(|child| measure(child, sizes)),
        _ => {}
    }
    sizes[own] = sizes.len() - own;
}

/// A child and its place among all nodes: behind its parent and its elder siblings with all that is theirs.
fn child_at<'v>(value: &'v Value, index: usize, step: &str, sizes: &[usize]) -> Option<(usize, &'v Value)> {
    let mut at = index + 1;
    match value {
        Value::Array(items) => {
            let wanted = step.parse::<usize>().ok().filter(|wanted| *wanted < items.len())?;
            (0..wanted).for_each(|_| at += sizes[at]);
            Some((at, &items[wanted]))
        }
        Value::Object(map) => {
            for (key, child) in map {
                if key == step {
                    return Some((at, child));
                }
                at += sizes[at];
            }
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml;

    #[test]
    fn every_pointer_has_its_line_and_a_lost_one_its_nearest_parents() {
        let text = "a:\n  - x\n  - b:\n      c: 1\n      d~/e: 2\nf: 3\n";
        let node = yaml::parse(text, 0).expect("YAML");
        let document = Document::from_node(vec!["spec/x.yaml".to_owned()], Role::Api, node);
        let line = |pointer| document.position(pointer).map(|position| position.line);
        assert_eq!(line("/a/1/b/c"), Some(4));
        assert_eq!(line("/a/1/b/d~0~1e"), Some(5));
        assert_eq!(line("/f"), Some(6));
        assert_eq!(line("/a/1/b/nowhere/at/all"), Some(3));
        assert_eq!(
            document.position("/f").map(|position| position.to_string()).as_deref(),
            Some("spec/x.yaml:6")
        );
    }
}
