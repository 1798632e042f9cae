//! A violation: one way in which an exchange breaks the contract, as data.

use std::fmt;

use serde::Serialize;

use crate::contract::{Document, Position};

/// The message that is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The client's.
    Request,
    /// The service's, webhook payloads included.
    Response,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Request => "request",
            Side::Response => "response",
        })
    }
}

/// One way in which an exchange breaks the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Permanent kebab-case name of the kind of violation.
    pub code: &'static str,
    /// The operation, `POST /api/v2/track/sale`, or the webhook event, `webhook v2 promoter.created`; `None` when
    /// the request leads to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Whose message is at fault.
    pub side: Side,
    /// JSON pointer into the message: `/body/data/0/email`, `/query/page`, `/path/id`, `/header/account-id`,
    /// `/status`, or empty for the whole.
    pub pointer: String,
    /// What was expected and what was found, in one line.
    pub message: String,
    /// What was expected there.
    pub expected: String,
    /// What was found there, values included.
    pub found: String,
    /// The next step, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where the contract says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// JSON pointer into the document that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was found without its value: `a string`.
    #[serde(skip)]
    pub(crate) kind: Option<String>,
}

impl Violation {
    /// A violation of no operation yet; the judge fills in the operation.
    pub(crate) fn new(
        code: &'static str,
        side: Side,
        pointer: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Violation {
        let (expected, found) = (expected.into(), found.into());
        Violation {
            code,
            operation: None,
            side,
            pointer: pointer.into(),
            message: format!("expected {expected}, found {found}"),
            expected,
            found,
            hint: None,
            position: None,
            rule: None,
            kind: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Violation {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_kind(mut self, kind: impl Into<String>) -> Violation {
        self.kind = Some(kind.into());
        self
    }

    /// Names the part of a document that is broken.
    pub(crate) fn against(mut self, document: &Document, pointer: &str) -> Violation {
        self.position = document.position(pointer);
        self.rule = Some(pointer.to_owned());
        self
    }

    /// The same violation without any value of the message: `a string` in place of `"jane@example.com"`.
    #[must_use]
    pub fn masked(mut self) -> Violation {
        if let Some(kind) = self.kind.take() {
            self.message = format!("expected {}, found {kind}", self.expected);
            self.found = kind;
        }
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.code)?;
        if let Some(operation) = &self.operation {
            write!(f, "{operation} ")?;
        }
        write!(f, "{}", self.side)?;
        if !self.pointer.is_empty() {
            write!(f, " {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(position) = &self.position {
            write!(f, " ({position})")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
