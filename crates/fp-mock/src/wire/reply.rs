//! What a call answers, as plain data.

use std::borrow::Cow;

use axum::body::Bytes;
use serde::Serialize;

use super::json;

/// Room for a body from the start: most are no longer.
const ROOM: usize = 1_500;

/// Status, headers and bytes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers beside `content-type`, names in lower case.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The media type; `None` without a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Bytes,
}

impl Reply {
    /// A JSON body, written at once.
    ///
    /// # Panics
    /// If `body` cannot be written as JSON: our views always can.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let text = json::written(body, ROOM).expect("views are made of what JSON can show");
        Self::bytes(status, "application/json", text)
    }

    /// 200 with a JSON body.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(200, body)
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content_type: None, body: Bytes::new() }
    }

    /// A body of another media type.
    pub fn bytes(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), content_type: Some(content_type), body: body.into() }
    }

    /// The same with one more header, its name in lower case.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}
