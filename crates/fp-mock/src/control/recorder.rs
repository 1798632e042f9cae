//! Recordings: every call that may change something, with its answer and its moment, one JSON object a line.
//!
//! The lines are those that `fp-contract check` reads, with `account`, `at` and, in the first, `run` beside them.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex as Lock, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

use super::journal::base64;
use super::journal::entry::Sent;
use crate::api::dispatch::Incoming;
use crate::clock::timestamp::Timestamp;

/// Writes a recording.
#[derive(Debug)]
pub struct Recorder {
    out: Lock<Out>,
    /// Calls of the APIs are made one after another while they are recorded: the file has their order.
    turn: Mutex<()>,
}

#[derive(Debug)]
struct Out {
    file: File,
    run: Option<Value>,
}

/// One line of a recording.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Line {
    /// In the first line: how the server was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Value>,
    /// The account that was acted on or named.
    #[serde(default)]
    pub account: Option<String>,
    /// What its clock showed, ISO 8601.
    #[serde(default)]
    pub at: Option<String>,
    /// What was sent.
    pub request: Asked,
    /// What came back; nothing if the connection was cut.
    #[serde(default)]
    pub response: Option<Answered>,
}

/// What was sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// Path and query.
    pub url: String,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
}

/// What came back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
}

/// A body as text, or in Base64 if it is none.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Body {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, rename = "bodyBase64", skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl Body {
    /// These bytes.
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok("") => Self::default(),
            Ok(text) => Self { body: Some(text.to_owned()), base64: None },
            Err(_) => Self { body: None, base64: Some(base64::encode(bytes)) },
        }
    }

    /// The bytes; `None` if the Base64 is none.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match (&self.body, &self.base64) {
            (Some(text), _) => Some(text.clone().into_bytes()),
            (None, Some(text)) => base64::decode(text),
            (None, None) => Some(Vec::new()),
        }
    }
}

impl Recorder {
    /// Begins the file at `path`; the first line will say that the server was started as `run` tells.
    ///
    /// # Errors
    /// What the system says of the file.
    pub fn create(path: &Path, run: Value) -> io::Result<Self> {
        let out = Out { file: File::create(path)?, run: Some(run) };
        Ok(Self { out: Lock::new(out), turn: Mutex::default() })
    }

    /// Lets the first line say where the server listens; webhooks to its inboxes name that address.
    pub fn set_address(&self, address: &str) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = &mut out.run {
            run["address"] = address.into();
        }
    }

    /// Waits until no other recorded call is being made.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Writes one call. A file that cannot be written is complained about, and the server goes on.
    pub fn write(&self, account: Option<&str>, at: Timestamp, incoming: &Incoming, sent: Option<&Sent>) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let line = Line {
            run: out.run.take(),
            account: account.map(str::to_owned),
            at: Some(at.to_string()),
            request: Asked {
                method: incoming.method.clone(),
                url: incoming.target.clone(),
                headers: incoming.headers.clone(),
                body: Body::of(&incoming.body),
            },
            response: sent.map(|sent| Answered {
                status: sent.status,
                headers: sent.headers.clone(),
                body: Body::of(&sent.body),
            }),
        };
        let text = serde_json::to_string(&line).unwrap_or_default() + "\n";
        if let Err(error) = out.file.write_all(text.as_bytes()) {
            tracing::error!("the recording cannot be written: {error}");
        }
    }
}
