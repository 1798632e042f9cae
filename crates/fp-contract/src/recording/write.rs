//! Exchanges written as JSON lines, without the keys that open an account.

use serde_json::{Map, Value, json};

use super::base64;
use crate::exchange::Exchange;
use crate::violation::Violation;

/// What a masked value reads.
const MASKED: &str = "***";

/// Headers that let their reader act as the sender.
const SECRET_HEADERS: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "cookie",
    "set-cookie",
    "x-webhook-signature",
    "x-auth-token",
];

/// Parameters and fields that do.
const SECRET_FIELDS: [&str; 10] = [
    "api_key",
    "access_token",
    "auth_token",
    "authentication_token",
    "basic_auth_password",
    "password",
    "password_setup_url",
    "secret",
    "secret_key",
    "temp_password",
];

/// What is left out of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mask {
    /// Credentials: in headers, in the query, and in the fields of JSON and form bodies.
    #[default]
    Credentials,
    /// Every value of every body too; their kinds stay.
    Values,
}

/// One line of a recording, without a line break: the form that [`read`](super::read) takes.
#[must_use]
pub fn line(exchange: &Exchange<'_>, violations: &[Violation], mask: Mask) -> String {
    let request = &exchange.request;
    let mut object = Map::new();
    let mut part = Map::new();
    part.insert("method".to_owned(), request.method.into());
    part.insert("url".to_owned(), masked_target(request.target, mask).into());
    part.insert("headers".to_owned(), masked_headers(request.headers));
    put_body(&mut part, request.body, request.header("content-type"), mask);
    object.insert("request".to_owned(), part.into());
    if let Some(response) = &exchange.response {
        let mut part = Map::new();
        part.insert("status".to_owned(), response.status.into());
        part.insert("headers".to_owned(), masked_headers(response.headers));
        put_body(&mut part, response.body, response.header("content-type"), mask);
        object.insert("response".to_owned(), part.into());
    }
    if !violations.is_empty() {
        let violations = violations.iter().cloned().map(|violation| match mask {
            Mask::Credentials => violation,
            Mask::Values => violation.masked(),
        });
        object.insert("violations".to_owned(), json!(violations.collect::<Vec<_>>()));
    }
    Value::Object(object).to_string()
}

fn masked_headers(headers: &[(String, String)]) -> Value {
    let shown = headers.iter().map(|(name, value)| {
        let secret = SECRET_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
        json!([name, if secret { masked_credentials(value) } else { value.clone() }])
    });
    Value::Array(shown.collect())
}

/// The scheme of `Bearer …` stays: the judge asks for it.
fn masked_credentials(value: &str) -> String {
    match value.trim().split_once(' ') {
        Some((scheme, _)) if ["bearer", "basic"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) => {
            format!("{scheme} {MASKED}")
        }
        _ => MASKED.to_owned(),
    }
}

fn is_secret(name: &str) -> bool {
    // `basic_auth[password]` is a password too.
    let last = name.rsplit('[').next().unwrap_or(name).trim_end_matches(']');
    SECRET_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(last))
}

fn masked_target(target: &str, mask: Mask) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{path}?{}", masked_pairs(query, mask)),
        None => target.to_owned(),
    }
}

fn masked_pairs(pairs: &str, mask: Mask) -> String {
    let masked = pairs.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if mask == Mask::Values || is_secret(&decoded(name)) => format!("{name}={MASKED}"),
        _ => pair.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}

fn decoded(name: &str) -> String {
    percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned()
}

/// JSON is masked field by field, forms pair by pair; text stays, and what is no text is wrapped.
fn put_body(part: &mut Map<String, Value>, body: &[u8], content_type: Option<&str>, mask: Mask) {
    if body.is_empty() {
        return;
    }
    if let Ok(mut value) = serde_json::from_slice::<Value>(body) {
        if mask_fields(&mut value, mask) {
            part.insert("body".to_owned(), value.to_string().into());
        } else {
            // Untouched, the body stays as it was sent, to the byte.
            part.insert("body".to_owned(), String::from_utf8_lossy(body).into());
        }
        return;
    }
    let is_form = content_type.is_some_and(|value| value.contains("x-www-form-urlencoded"));
    match std::str::from_utf8(body) {
        Ok(text) if is_form => {
            part.insert("body".to_owned(), masked_pairs(text, mask).into());
        }
        Ok(_) if mask == Mask::Values => {
            part.insert("body".to_owned(), MASKED.into());
        }
        Ok(text) => {
            part.insert("body".to_owned(), text.into());
        }
        Err(_) => {
            part.insert("bodyBase64".to_owned(), base64::encode(body).into());
        }
    }
}

/// Masks fields in place; whether there was anything to mask. Recursion is bounded by the JSON parser.
fn mask_fields(value: &mut Value, mask: Mask) -> bool {
    let mut touched = false;
    match value {
        Value::Object(map) => {
            for (name, field) in map {
                if is_secret(name) && field.is_string() {
                    *field = MASKED.into();
                    touched = true;
                }
                touched |= mask_fields(field, mask);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| touched |= mask_fields(item, mask)),
        Value::String(text) if mask == Mask::Values && text != MASKED => {
            MASKED.clone_into(text);
            touched = true;
        }
        Value::Number(number) if mask == Mask::Values => {
            *number = 0.into();
            touched = true;
        }
        _ => {}
    }
    touched
}
