//! Calls from browsers, which ask first whether they may.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers the question before a call, and lets pages of any origin read every answer.
pub(super) async fn share(request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let is_question = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if is_question { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    let mut allow =
        |name: HeaderName, value: &'static str| set(headers, name, HeaderValue::from_static(value));
    allow(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    allow(header::ACCESS_CONTROL_EXPOSE_HEADERS, "sl-violations, link, allow, content-disposition");
    if is_question {
        allow(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE");
        allow(header::ACCESS_CONTROL_MAX_AGE, "600");
        // A star would leave Authorization out, so what was asked for is what is allowed.
        let named = HeaderValue::from_static("authorization, account-id, content-type, x-api-key, prefer");
        set(response.headers_mut(), header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(named));
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}
