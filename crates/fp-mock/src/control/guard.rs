//! Who may steer the mock, and answers of one shape whatever goes wrong.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::BODY_LIMIT_BYTES;
use super::desk::Desk;
use super::journal::entry::Sent;
use super::query::Query;
use super::recorder::Recorder;
use super::reply::{Named, Problem, read};
use crate::api::dispatch::Incoming;

/// Where control calls are.
const PREFIX: &str = "/__admin";

/// Bytes of a message that the framework words itself.
const MESSAGE_MAX: usize = 4 * 1024;

/// Lets a control call through if it may be made, and gives refusals of the framework the shape of ours.
pub async fn watch(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if let Err(problem) = admit(&desk, &request) {
        return problem.into_response();
    }
    let response = match &desk.terms().recorder {
        Some(recorder) if is_recorded(&request) => record(&desk, recorder, request, next).await,
        _ => next.run(request).await,
    };
    let is_json = |value: &axum::http::HeaderValue| value.as_bytes().starts_with(b"application/json");
    if !response.status().is_client_error()
        || response.headers().get(header::CONTENT_TYPE).is_some_and(is_json)
    {
        return response;
    }
    let status = response.status();
    let text = to_bytes(response.into_body(), MESSAGE_MAX).await.unwrap_or_default();
    let message = match String::from_utf8_lossy(&text).trim() {
        "" => status.to_string(),
        text => text.to_owned(),
    };
    (status, Json(json!({ "message": message, "hint": "see docs/control-api.md" }))).into_response()
}

/// Refuses whatever a call does not know in its query: a misspelt `?acount=7` must not reset everybody.
pub async fn refuse_parameters(request: Request, next: Next) -> Response {
    match Query::of(request.uri()).only(&[]) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Refuses a body that says something where nothing can be said: `{"id": 1}` must not take all away.
pub async fn refuse_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let hint = "send no body; ?account= or Account-ID names an account, the path everything else";
    let said = match to_bytes(body, BODY_LIMIT_BYTES).await {
        Ok(bytes) => read::<Nothing>(&bytes, hint),
        Err(_) => Err(Problem::bad_request("the body is too large or broke off", hint)),
    };
    match said {
        Ok(Nothing {}) => next.run(Request::from_parts(parts, Body::empty())).await,
        Err(problem) => problem.into_response(),
    }
}

/// What a body may say where nothing can be said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Whether a call may change what later calls answer. What the mock itself sends to an inbox comes again by
/// itself, and a wait changes nothing.
fn is_recorded(request: &Request) -> bool {
    let path = below_prefix(request.uri().path());
    let is_webhook = path.starts_with("/inbox/") && request.method() == Method::POST;
    request.method() != Method::GET && !is_webhook && !["/wait", "/shutdown"].contains(&path)
}

/// Makes a control call and writes it down. Calls of the APIs are not held up meanwhile: an `advance` may take
/// its time, and receivers of webhooks may call back.
async fn record(desk: &Desk, recorder: &Recorder, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT_BYTES).await else {
        return Problem::bad_request("the body is too large or broke off", "see docs/control-api.md")
            .into_response();
    };
    let headers = texts(&parts.headers);
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    let target = if target.starts_with(PREFIX) { target.to_owned() } else { format!("{PREFIX}{target}") };
    let incoming = Incoming { method: parts.method.to_string(), target, headers, body: bytes.to_vec() };
    let named = Named::of(&parts);
    let at = named.account(desk.world()).lock().clock.now();
    let (parts, body) = next.run(Request::from_parts(parts, Body::from(bytes))).await.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let sent = Sent { status: parts.status.as_u16(), headers: texts(&parts.headers), body: body.clone() };
    recorder.write(named.0.as_deref(), at, &incoming, Some(&sent));
    Response::from_parts(parts, Body::from(body))
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// The path of a control call, whether or not the router has taken the prefix off.
fn below_prefix(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

fn admit(desk: &Desk, request: &Request) -> Result<(), Problem> {
    let path = below_prefix(request.uri().path());
    if desk.terms().disabled {
        let hint = "it was switched off by --disable-admin-api";
        return Err(Problem::not_found("there is no control API here", hint));
    }
    let Some(token) = &desk.terms().admin_token else { return Ok(()) };
    // Whoever asks whether the server is up, or delivers a webhook to a built-in receiver, has no token.
    let is_open = path == "/health" || path.starts_with("/inbox/") && request.method() == Method::POST;
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if is_open || sent.and_then(|value| value.strip_prefix("Bearer ")) == Some(token.as_str()) {
        return Ok(());
    }
    Err(Problem::unauthorized(
        "control calls need the token of --admin-token",
        "send Authorization: Bearer <token>",
    ))
}
