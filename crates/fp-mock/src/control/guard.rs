//! Who may steer the mock, and answers of one shape whatever goes wrong.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::desk::Desk;
use super::reply::Problem;

/// Bytes of a message that the framework words itself.
const MESSAGE_MAX: usize = 4 * 1024;

/// Lets a control call through if it may be made, and gives refusals of the framework the shape of ours.
pub async fn watch(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if let Err(problem) = admit(&desk, &request) {
        return problem.into_response();
    }
    let response = next.run(request).await;
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

fn admit(desk: &Desk, request: &Request) -> Result<(), Problem> {
    let path = request.uri().path();
    let path = path.strip_prefix("/__admin").unwrap_or(path);
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
