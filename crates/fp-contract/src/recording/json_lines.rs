//! One JSON object a line.
//!
//! An exchange is `{"request": {"method", "url", "headers", "body"}, "response": {"status", "headers", "body"}}`.
//! Headers are an object, pairs, or objects of `name` and `value`; a body is text, JSON, or base64 in `bodyBase64`.
//! A webhook payload is the payload itself, or `{"webhook": {"system", "event_type", "body"}}`.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read as _};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{LARGEST, Recorded, RecordedResponse, Recording, RecordingError, Subject, base64};
use crate::check::WebhookSystem;

/// The lines of a recording. Blank lines are skipped.
pub(super) struct Lines<R> {
    reader: R,
    line: usize,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Lines<R> {
        Lines { reader, line: 0, buffer: Vec::new() }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Recorded, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.buffer.clear();
            self.line += 1;
            match (&mut self.reader).take(LARGEST as u64).read_until(b'\n', &mut self.buffer) {
                Err(error) => return Some(Err(error.into())),
                Ok(0) => return None,
                Ok(_) if self.buffer.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let line = self.line;
                    let read = subject(&self.buffer).map(|subject| Recorded { line, subject });
                    return Some(read.map_err(|message| RecordingError::Malformed { line, message }));
                }
            }
        }
    }
}

#[derive(serde::Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    request: Option<RequestPart<'l>>,
    #[serde(borrow)]
    response: Option<ResponsePart<'l>>,
    #[serde(borrow)]
    webhook: Option<WebhookPart<'l>>,
    #[serde(borrow)]
    event_type: Option<Cow<'l, str>>,
    #[serde(borrow)]
    event: Option<EventPart<'l>>,
}

#[derive(serde::Deserialize)]
struct RequestPart<'l> {
    method: String,
    #[serde(alias = "target", alias = "absoluteUrl")]
    url: String,
    #[serde(default)]
    headers: Headers,
    #[serde(borrow, default)]
    body: Option<&'l RawValue>,
    #[serde(rename = "bodyBase64", borrow, default)]
    body_base64: Option<Cow<'l, str>>,
}

#[derive(serde::Deserialize)]
struct ResponsePart<'l> {
    status: u16,
    #[serde(default)]
    headers: Headers,
    #[serde(borrow, default)]
    body: Option<&'l RawValue>,
    #[serde(rename = "bodyBase64", borrow, default)]
    body_base64: Option<Cow<'l, str>>,
}

#[derive(serde::Deserialize)]
struct WebhookPart<'l> {
    system: System,
    event_type: String,
    #[serde(borrow)]
    body: &'l RawValue,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum System {
    V2,
    Legacy,
}

#[derive(serde::Deserialize)]
struct EventPart<'l> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'l, str>,
}

fn subject(text: &[u8]) -> Result<Subject, String> {
    let line: Line<'_> = serde_json::from_slice(text)
        .map_err(|error| format!("expected a recorded exchange, found {error}"))?;
    match line {
        Line { webhook: Some(webhook), .. } => Ok(Subject::Webhook {
            system: match webhook.system {
                System::V2 => WebhookSystem::V2,
                System::Legacy => WebhookSystem::Legacy,
            },
            event_type: webhook.event_type,
            body: body(Some(webhook.body), None)?,
        }),
        Line { request: Some(request), response, .. } => exchange(request, response).map(delivered),
        Line { event_type: Some(event_type), .. } => Ok(Subject::Webhook {
            system: WebhookSystem::V2,
            event_type: event_type.into_owned(),
            body: text.to_vec(),
        }),
        Line { event: Some(event), .. } => Ok(Subject::Webhook {
            system: WebhookSystem::Legacy,
            event_type: event.kind.into_owned(),
            body: text.to_vec(),
        }),
        _ => Err("expected a `request`, a `webhook` or a webhook payload, found none".to_owned()),
    }
}

fn exchange(request: RequestPart<'_>, response: Option<ResponsePart<'_>>) -> Result<Recording, String> {
    let response = match response {
        None => None,
        Some(part) => Some(RecordedResponse {
            status: part.status,
            headers: part.headers.0,
            body: body(part.body, part.body_base64.as_deref())?,
        }),
    };
    Ok(Recording {
        method: request.method,
        url: request.url,
        headers: request.headers.0,
        body: body(request.body, request.body_base64.as_deref())?,
        response,
    })
}

/// A delivery of a webhook names its event in a header.
pub(super) fn delivered(recording: Recording) -> Subject {
    let event_type = recording.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-event-type"));
    match event_type {
        Some((_, event_type)) => Subject::Webhook {
            system: WebhookSystem::V2,
            event_type: event_type.clone(),
            body: recording.body,
        },
        None => Subject::Exchange(recording),
    }
}

/// A JSON string is the body's text; any other JSON is the body itself.
fn body(raw: Option<&RawValue>, wrapped: Option<&str>) -> Result<Vec<u8>, String> {
    if let Some(text) = wrapped {
        return base64::decode(text)
            .ok_or_else(|| "expected base64 in `bodyBase64`, found other text".to_owned());
    }
    let Some(raw) = raw.map(RawValue::get).filter(|raw| *raw != "null") else { return Ok(Vec::new()) };
    if raw.starts_with('"') {
        return serde_json::from_str::<String>(raw)
            .map(String::into_bytes)
            .map_err(|error| error.to_string());
    }
    Ok(raw.as_bytes().to_vec())
}

/// Headers in any of the forms in which tools write them.
#[derive(Default)]
pub(super) struct Headers(pub(super) Vec<(String, String)>);

/// A header's value, or several of one name.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
    Number(i64),
}

/// A header in a list.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Pair {
    Named { name: String, value: String },
    Plain(String, String),
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("headers as an object or a list")
            }

            fn visit_unit<E>(self) -> Result<Headers, E> {
                Ok(Headers::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Headers, A::Error> {
                let mut list = Vec::new();
                while let Some((name, values)) = entries.next_entry::<String, Values>()? {
                    match values {
                        Values::One(value) => list.push((name, value)),
                        Values::Many(values) => {
                            list.extend(values.into_iter().map(|value| (name.clone(), value)))
                        }
                        Values::Number(value) => list.push((name, value.to_string())),
                    }
                }
                Ok(Headers(list))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Headers, A::Error> {
                let mut list = Vec::new();
                while let Some(pair) = items.next_element::<Pair>()? {
                    list.push(match pair {
                        Pair::Named { name, value } | Pair::Plain(name, value) => (name, value),
                    });
                }
                Ok(Headers(list))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
