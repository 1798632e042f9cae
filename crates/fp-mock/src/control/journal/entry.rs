//! One call in the journal, and how it is shown.

use axum::body::Bytes;
use fp_contract::Violation;
use serde_json::{Map, Value, json};

use super::base64;
use super::packed::{Headers, Packed, Response};
use crate::clock::timestamp::Timestamp;

/// The account that entries without one are listed under.
pub const NOBODY: &str = "nobody";

/// What went back to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The status.
    pub status: u16,
    /// The headers that the mock set, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// A call, whatever came of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number in its account's journal, from 1.
    pub number: u64,
    /// Where it stands among the calls of all accounts.
    pub order: u64,
    /// When it came in, by the account's clock.
    pub at: Timestamp,
    /// What was asked and answered.
    pub call: Packed,
    /// The operation that was hit, `POST /api/v2/track/sale`.
    pub operation: Option<&'static str>,
    /// The fault that was injected, in its own words.
    pub fault: Option<String>,
    /// What the contract has against request and answer.
    pub violations: Vec<Violation>,
}

impl Entry {
    /// Its name, unique on the server.
    pub fn id(&self) -> String {
        format!("{}-{}", self.account().unwrap_or(NOBODY), self.number)
    }

    /// The account that was acted on or named; `None` if there was none.
    pub fn account(&self) -> Option<&str> {
        self.call.account()
    }

    /// Whether it hit no operation.
    pub fn is_unmatched(&self) -> bool {
        self.operation.is_none()
    }

    /// The entry as the control API shows it.
    pub fn shown(&self) -> Value {
        json!({
            "id": self.id(),
            "request": self.request_shown(),
            "response": self.call.response().map(response_shown),
            "account": self.account(),
            "operation": self.operation,
            "fault": self.fault,
            "violations": self.violations,
        })
    }

    /// Its request alone.
    pub fn request_shown(&self) -> Value {
        let request = self.call.request();
        let host = request.header("host").unwrap_or("localhost");
        let mut shown = Map::new();
        shown.insert("url".into(), request.target.into());
        shown.insert("absoluteUrl".into(), format!("http://{host}{}", request.target).into());
        shown.insert("method".into(), request.method.into());
        shown.insert("headers".into(), headers_shown(request.headers));
        body_shown(request.body, &mut shown);
        shown.insert("loggedDate".into(), self.at.millis().into());
        shown.insert("loggedDateString".into(), self.at.to_string().into());
        Value::Object(shown)
    }
}

fn response_shown(response: Response<'_>) -> Value {
    let mut shown = Map::new();
    shown.insert("status".into(), response.status.into());
    shown.insert("headers".into(), headers_shown(response.headers));
    body_shown(response.body, &mut shown);
    Value::Object(shown)
}

/// Each header by its name as sent; one that was sent more than once is a list.
fn headers_shown(headers: Headers<'_>) -> Value {
    let mut shown = Map::new();
    for (name, value) in headers {
        match shown.get_mut(name) {
            None => {
                shown.insert(name.to_owned(), value.into());
            }
            Some(Value::Array(values)) => values.push(value.into()),
            Some(single) => *single = json!([single.take(), value]),
        }
    }
    Value::Object(shown)
}

/// A body as text; one that is no text in Base64 beside what can be read of it.
fn body_shown(body: &[u8], shown: &mut Map<String, Value>) {
    match std::str::from_utf8(body) {
        Ok(text) => shown.insert("body".into(), text.into()),
        Err(_) => {
            shown.insert("body".into(), String::from_utf8_lossy(body).into());
            shown.insert("bodyAsBase64".into(), base64::encode(body).into())
        }
    };
}

#[cfg(test)]
impl Entry {
    /// A sale in the journal of account 1.
    pub(super) fn sample(number: u64) -> Self {
        use crate::api::dispatch::Incoming;

        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = Incoming {
            method: "POST".into(),
            target: "/api/v2/track/sale?via=test".into(),
            headers: vec![header("host", "127.0.0.1:4010"), header("x-tag", "a"), header("x-tag", "b")],
            body: br#"{"email":"bob@example.com","amount":1000}"#.to_vec(),
        };
        let sent = Sent { status: 200, headers: vec![], body: Bytes::from_static(b"{}") };
        Self {
            number,
            order: number,
            at: Timestamp::from_millis(1_736_937_000_000),
            call: Packed::of(Some("1"), &request, Some(&sent)),
            operation: Some("POST /api/v2/track/sale"),
            fault: None,
            violations: vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_shown_with_its_whole_request_and_answer() {
        let shown = Entry::sample(7).shown();
        assert_eq!(shown["id"], "1-7");
        assert_eq!(shown["request"]["absoluteUrl"], "http://127.0.0.1:4010/api/v2/track/sale?via=test");
        assert_eq!(shown["request"]["headers"]["x-tag"], json!(["a", "b"]));
        assert_eq!(shown["request"]["loggedDate"], 1_736_937_000_000_i64);
        assert_eq!(shown["response"]["body"], "{}");
    }

    #[test]
    fn a_body_that_is_no_text_comes_in_base64() {
        let mut shown = Map::new();
        body_shown(b"\xff", &mut shown);
        assert_eq!(shown["bodyAsBase64"], "/w==");
    }
}
