//! Why the parameters of a request could not be read.

/// A request whose parameters cannot be read. Each answers 400: the client must mend the message itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// The body says that it is JSON and is not.
    #[error("expected JSON in the request body, found {found} at line {line}, column {column}")]
    MalformedJson {
        /// The parser's complaint.
        found: String,
        /// Line in the body, from 1.
        line: usize,
        /// Column in that line, from 1.
        column: usize,
    },
    /// Query, form or body hold bytes that are no UTF-8.
    #[error("expected UTF-8 in the {place}, found the byte 0x{byte:02x} at offset {offset}")]
    InvalidUtf8 {
        /// `query`, `form body` or `request body`.
        place: &'static str,
        /// The first byte that fits no character.
        byte: u8,
        /// Its place: in the body, or in the decoded name or value.
        offset: usize,
    },
    /// A percent sign without two hexadecimal digits behind it.
    #[error("expected two hexadecimal digits after `%` in the {place}, found `{found}`")]
    InvalidPercentEncoding {
        /// `query` or `form body`.
        place: &'static str,
        /// The percent sign and what follows it.
        found: String,
    },
    /// A JSON object names one key twice: which of the two counts is anyone's guess.
    #[error("expected each key once, found `{key}` twice in one JSON object (line {line})")]
    DuplicateKey {
        /// The key, with its path: `address.city`.
        key: String,
        /// Line in the body, from 1.
        line: usize,
    },
    /// Brackets or JSON nested deeper than the service reads.
    #[error("expected at most {limit} levels of nesting, found more")]
    TooDeep {
        /// The deepest level that is read.
        limit: usize,
    },
    /// One name used as a value, a list or an object at once: `a=1&a[b]=2`.
    #[error("expected one shape for the parameter `{name}`, found it as {first} and as {second}")]
    Conflict {
        /// The parameter, with brackets.
        name: String,
        /// Its shape so far.
        first: &'static str,
        /// The shape that a later pair gives it.
        second: &'static str,
    },
    /// JSON parameters are an object; this body is something else.
    #[error("expected a JSON object as the request body, found {found}")]
    BodyNotAnObject {
        /// The kind of value found.
        found: &'static str,
    },
    /// A body in a format that carries no parameters.
    #[error("expected a body of application/json or application/x-www-form-urlencoded, found {found}")]
    UnsupportedContentType {
        /// The content type as sent.
        found: String,
    },
    /// A charset that is neither UTF-8 nor one of its one-byte cousins.
    #[error("expected the charset utf-8, us-ascii or iso-8859-1, found `{found}`")]
    UnsupportedCharset {
        /// The charset as sent.
        found: String,
    },
}

impl ParamError {
    /// The code under which the judge reports it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ParamError::MalformedJson { .. } => "malformed-json",
            ParamError::InvalidUtf8 { .. } => "invalid-utf8",
            ParamError::InvalidPercentEncoding { .. } => "invalid-percent-encoding",
            ParamError::DuplicateKey { .. } => "duplicate-key",
            ParamError::TooDeep { .. } => "too-deep",
            ParamError::Conflict { .. } => "conflicting-parameter",
            ParamError::BodyNotAnObject { .. } => "wrong-type",
            ParamError::UnsupportedContentType { .. } => "unsupported-media-type",
            ParamError::UnsupportedCharset { .. } => "unsupported-charset",
        }
    }
}
