//! What changed between two contracts: each change breaking or not, with a body that one takes and the other refuses.

mod learned;
mod operations;
mod schemas;
mod shape;
mod traffic;
mod witness;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

pub use operations::diff;
pub use traffic::Observer;

use crate::contract::Position;
use crate::violation::Side;

/// One change between an old and a new contract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Permanent kebab-case name of the kind of change.
    pub code: &'static str,
    /// Whether a client that kept to the old contract can fail on the new one.
    pub breaking: bool,
    /// The operation's key.
    pub operation: String,
    /// The message concerned, if it is one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// JSON pointer into the message: `/body/data/0/email`, `/query/page`, `/status`.
    pub pointer: String,
    /// What changed.
    pub message: String,
    /// A value that shows it: taken by one contract, refused by the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Value>,
    /// Where the contract that still says something about it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = if self.breaking { "breaking" } else { "safe" };
        write!(f, "{weight} {}: {}", self.code, self.operation)?;
        if let Some(side) = self.side {
            write!(f, " {side}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, " {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(position) = &self.position {
            write!(f, " ({position})")?;
        }
        if let Some(witness) = &self.witness {
            write!(f, "\n  witness: {witness}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
