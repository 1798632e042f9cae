//! Recorded traffic: HAR, JSON lines and `.http` transcripts, read one exchange at a time.
//!
//! Memory holds one exchange, whatever the size of the file.
//!
//! ```
//! use fp_contract::recording::{Format, Subject, read};
//! use fp_contract::{Contract, Rules};
//!
//! let lines = br#"{"request": {"method": "GET", "url": "https://api.firstpromoter.com/api/v2/company/batch_processes/7"}}"#;
//! for recorded in read(Format::JsonLines, &lines[..]) {
//!     let recorded = recorded.expect("a readable line");
//!     let Subject::Exchange(exchange) = &recorded.subject else { continue };
//!     let judgement = Contract::corrected().judge(&exchange.as_exchange(), &Rules::default());
//!     assert_eq!(judgement.operation.as_deref(), Some("GET /api/v2/company/batch_processes/{id}"));
//! }
//! ```

mod base64;
mod har;
mod json_lines;
mod transcript;
mod write;

use std::io::{self, BufRead};
use std::path::Path;

pub use write::{Mask, line};

use crate::check::WebhookSystem;
use crate::exchange::{Exchange, Request, Response};

/// The largest single exchange that is read, in bytes.
const LARGEST: usize = 256 * 1024 * 1024;

/// How a recording is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An HTTP archive, as browsers and proxies export it.
    Har,
    /// One JSON object a line: an exchange, or a webhook payload.
    JsonLines,
    /// Raw messages, exchanges parted by lines that begin with `###`.
    Transcript,
}

impl Format {
    /// The format that a file's name tells.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "har" => Some(Format::Har),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            "http" | "rest" => Some(Format::Transcript),
            _ => None,
        }
    }

    /// The format that the first bytes of a file tell.
    #[must_use]
    pub fn of_bytes(start: &[u8]) -> Format {
        let text = start.trim_ascii_start();
        if !text.starts_with(b"{") {
            return Format::Transcript;
        }
        let text = String::from_utf8_lossy(text);
        let first_key = text[1..].trim_start().strip_prefix("\"log\"").map(str::trim_start);
        if first_key.is_some_and(|rest| rest.starts_with(':')) { Format::Har } else { Format::JsonLines }
    }
}

/// One thing found in a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The line at which it begins, from 1.
    pub line: usize,
    /// What it is.
    pub subject: Subject,
}

/// What a recording holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A request and perhaps its reply.
    Exchange(Recording),
    /// A webhook payload.
    Webhook {
        /// The system that sent it.
        system: WebhookSystem,
        /// The event that it tells of.
        event_type: String,
        /// The payload as sent.
        body: Vec<u8>,
    },
}

/// An exchange as it was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// The request's method.
    pub method: String,
    /// Absolute URL, or path and query.
    pub url: String,
    /// The request's headers in order.
    pub headers: Vec<(String, String)>,
    /// The request's body.
    pub body: Vec<u8>,
    /// The reply, if there was one.
    pub response: Option<RecordedResponse>,
}

/// A reply as it was recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The status code.
    pub status: u16,
    /// The reply's headers in order.
    pub headers: Vec<(String, String)>,
    /// The reply's body.
    pub body: Vec<u8>,
}

impl Recording {
    /// The URL's path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        target_of(&self.url)
    }

    /// The exchange for the judge.
    #[must_use]
    pub fn as_exchange(&self) -> Exchange<'_> {
        self.with_target(self.target())
    }

    /// The exchange with another path and query, as a mapping of base URLs gives.
    #[must_use]
    pub fn with_target<'r>(&'r self, target: &'r str) -> Exchange<'r> {
        Exchange {
            request: Request { method: &self.method, target, headers: &self.headers, body: &self.body },
            response: self.response.as_ref().map(|response| Response {
                status: response.status,
                headers: &response.headers,
                body: &response.body,
            }),
        }
    }
}

/// The path and query of an absolute URL; a relative one is both already.
pub(crate) fn target_of(url: &str) -> &str {
    match url.split_once("://") {
        Some((_, rest)) => rest.find(['/', '?']).map_or("/", |at| &rest[at..]),
        None => url,
    }
}

/// Why a recording cannot be read further.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file itself cannot be read.
    #[error("the recording cannot be read")]
    Io(#[from] io::Error),
    /// A part of it is not what its format wants.
    #[error("line {line}: {message}")]
    Malformed {
        /// The line at which the part begins, from 1.
        line: usize,
        /// What was expected and what was found.
        message: String,
    },
}

/// Reads a recording, one subject at a time.
///
/// After a malformed line of JSON lines or a malformed part of a transcript, reading goes on with the next; a
/// malformed HAR ends.
pub fn read<'r>(
    format: Format,
    reader: impl BufRead + 'r,
) -> Box<dyn Iterator<Item = Result<Recorded, RecordingError>> + 'r> {
    match format {
        Format::Har => Box::new(har::Entries::new(reader)),
        Format::JsonLines => Box::new(json_lines::Lines::new(reader)),
        Format::Transcript => Box::new(transcript::Parts::new(reader)),
    }
}

#[cfg(test)]
mod tests;
