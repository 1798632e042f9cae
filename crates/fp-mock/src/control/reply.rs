//! Answers of the control API, its errors, and reading what it is asked.

use axum::Json;
use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::api::auth::DEFAULT_ACCOUNT;
use crate::world::{Account, World};

/// The control API says no: `{"message", "hint"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    message: String,
    hint: String,
    nearest: Option<Box<Value>>,
}

/// What every handler answers.
pub type Answer = Result<Response, Problem>;

impl Problem {
    /// What was asked makes no sense: 400.
    pub fn bad_request(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message, hint)
    }

    /// What was named does not exist: 404.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message, hint)
    }

    /// What was asked does not fit the present state: 422.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message, hint)
    }

    /// The call may not be made: 401.
    pub fn unauthorized(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message, hint)
    }

    /// What was waited for did not happen: 408, with what came nearest.
    pub fn timed_out(message: impl Into<String>, hint: impl Into<String>, nearest: Option<Value>) -> Self {
        Self { nearest: nearest.map(Box::new), ..Self::new(StatusCode::REQUEST_TIMEOUT, message, hint) }
    }

    fn new(status: StatusCode, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: hint.into(), nearest: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({ "message": self.message, "hint": self.hint });
        if let Some(nearest) = self.nearest {
            body["nearest"] = *nearest;
        }
        (self.status, Json(body)).into_response()
    }
}

/// 200 with a JSON body.
pub fn ok(body: &impl Serialize) -> Answer {
    with_status(StatusCode::OK, body)
}

/// A JSON body with another status.
pub fn with_status(status: StatusCode, body: &impl Serialize) -> Answer {
    let body = serde_json::to_value(body).expect("control replies are plain data");
    Ok((status, Json(body)).into_response())
}

/// The answer to a path that does not exist.
pub(crate) async fn unknown(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::not_found(format!("there is no control call at {}", uri.path()), "see docs/control-api.md")
}

/// The answer to a method that a path does not have.
pub async fn wrong_method(OriginalUri(uri): OriginalUri) -> Problem {
    let message = format!("the control call {} has no such method", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, message, "see docs/control-api.md")
}

/// Reads a JSON body; an empty one counts as `{}`.
///
/// # Errors
/// [`Problem`] for malformed JSON, unknown fields and wrong types.
pub fn read<T: DeserializeOwned>(body: &[u8], example: &str) -> Result<T, Problem> {
    let body = match body.trim_ascii() {
        [] => b"{}",
        object @ [b'{', ..] => object,
        _ => return Err(Problem::bad_request("expected a JSON object", example)),
    };
    serde_json::from_slice(body).map_err(|error| Problem::bad_request(error.to_string(), example))
}

/// Reads a part of a body; null counts as `{}`.
///
/// # Errors
/// [`Problem`] for unknown fields and wrong types.
pub fn read_value<T: DeserializeOwned>(part: &Value, example: &str) -> Result<T, Problem> {
    let empty = Value::Object(serde_json::Map::new());
    let part = if part.is_null() { &empty } else { part };
    T::deserialize(part).map_err(|error| Problem::bad_request(error.to_string(), example))
}

/// The account that a call names by the `Account-ID` header or `?account=`, if it names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named(pub Option<String>);

impl Named {
    /// What a request names.
    pub fn of(parts: &Parts) -> Self {
        let header = parts.headers.get("account-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let query = parts.uri.query().unwrap_or_default();
        let of_query = || {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == "account").map(|(_, value)| value.into_owned())
        };
        Self(header.or_else(of_query).filter(|name| !name.is_empty()))
    }

    /// The named account, else the default one.
    pub fn account(&self, world: &World) -> Arc<Account> {
        world.account(self.0.as_deref().unwrap_or(DEFAULT_ACCOUNT))
    }
}
