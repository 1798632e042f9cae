//! A request that was sent and what came back, kept as it went over the wire.

use std::time::Duration;

use fp_contract::{Exchange as Borrowed, Judgement, Request, Response, Side};
use serde_json::Value;

/// A request before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// All headers, credentials included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub call: Call,
    /// The status that came back.
    pub status: u16,
    /// The headers that came back, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body that came back.
    pub body: Vec<u8>,
    /// How long it took.
    pub took: Duration,
    /// What the contract says of it.
    pub judgement: Judgement,
}

/// What the contract says of a request as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It keeps to the contract.
    Valid,
    /// It breaks the contract.
    Invalid,
    /// It could not be judged.
    NotJudged,
}

impl Call {
    /// The same, as the contract reads it.
    pub fn as_request(&self) -> Request<'_> {
        Request { method: &self.method, target: &self.target, headers: &self.headers, body: &self.body }
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// As a line for a shell; whoever shows it hides the keys. Brackets in the query are no globs.
    pub fn curl(&self, base: &str) -> String {
        let mut line = format!("curl -gsS -X {} {}", self.method, quoted(&format!("{base}{}", self.target)));
        for (name, value) in &self.headers {
            line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
        }
        if !self.body.is_empty() {
            line.push_str(&format!(" --data-raw {}", quoted(&String::from_utf8_lossy(&self.body))));
        }
        line
    }
}

/// In single quotes for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

impl Exchange {
    /// The same, as the contract reads it.
    pub fn as_borrowed(&self) -> Borrowed<'_> {
        let response = Response { status: self.status, headers: &self.headers, body: &self.body };
        Borrowed { request: self.call.as_request(), response: Some(response) }
    }

    /// The body as JSON, if it is some.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The value of a reply header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the call was done.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the call was refused as the client's mistake.
    pub fn is_refusal(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// What the contract says of the request.
    pub fn verdict(&self) -> Verdict {
        let on_request = |side: Side| side == Side::Request;
        if self.judgement.violations.iter().any(|violation| on_request(violation.side)) {
            Verdict::Invalid
        } else if self.judgement.not_judged.iter().any(|skipped| on_request(skipped.side)) {
            Verdict::NotJudged
        } else {
            Verdict::Valid
        }
    }

    /// The machine-readable code of a v2 error body.
    pub fn error_code(&self) -> Option<String> {
        Some(self.json()?.get("code")?.as_str()?.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_becomes_a_line_that_a_shell_reads_back() {
        let call = Call {
            method: "POST".into(),
            target: "/api/v2/track/sale".into(),
            headers: vec![("content-type".into(), "application/json".into())],
            body: br#"{"plan":"it's"}"#.to_vec(),
        };
        let line = call.curl("http://127.0.0.1:1");
        let expected = r#"curl -gsS -X POST 'http://127.0.0.1:1/api/v2/track/sale' -H 'content-type: application/json' --data-raw '{"plan":"it'\''s"}'"#;
        assert_eq!(line, expected);
    }
}
