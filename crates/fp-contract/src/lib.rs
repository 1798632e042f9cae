//! Knows the FirstPromoter contract: OpenAPI documents with their corrections, the operations they describe,
//! Rails-style parameters, and whether an HTTP exchange keeps to all of it.
//!
//! The documents are embedded: nothing is read when a program starts. Schemas are compiled when they first judge
//! something, and judging a sound exchange makes no message.
//!
//! # An exchange
//!
//! An exchange is plain data, wherever it was caught. [`Contract::check`] gives its violations, [`Contract::judge`]
//! also says what could not be judged, and [`assert_conforms!`] does so in a test.
//!
//! ```
//! use fp_contract::{Contract, Exchange, Request, Response};
//!
//! let headers = [("Authorization".to_owned(), "Bearer key".to_owned()), ("Account-ID".to_owned(), "1".to_owned())];
//! let request = Request { method: "GET", target: "/api/v2/company/referrals?page=0", headers: &headers, body: b"" };
//! let json = [("Content-Type".to_owned(), "application/json".to_owned())];
//! let response = Some(Response { status: 200, headers: &json, body: br#"[{"id": "7"}]"# });
//!
//! let violations = Contract::corrected().check(&Exchange { request, response });
//! assert!(violations.iter().any(|violation| violation.pointer == "/query/page"));
//! assert!(violations.iter().any(|violation| violation.pointer == "/body/0/id"));
//! ```
//!
//! # A client under test
//!
//! Whatever client a test uses, its messages become an exchange in a few lines. With reqwest:
//!
//! ```no_run
//! use fp_contract::{Exchange, Request, Response, assert_conforms};
//! use reqwest::header::HeaderMap;
//!
//! fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
//!     let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
//!     headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
//! }
//!
//! /// Sends a request, and fails the test unless it and its reply keep to the contract.
//! async fn send(client: &reqwest::Client, request: reqwest::Request) -> reqwest::Result<Vec<u8>> {
//!     let url = request.url().clone();
//!     let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
//!     let (method, headers) = (request.method().to_string(), pairs(request.headers()));
//!     let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default().to_vec();
//!
//!     let reply = client.execute(request).await?;
//!     let (status, received) = (reply.status().as_u16(), pairs(reply.headers()));
//!     let bytes = reply.bytes().await?.to_vec();
//!
//!     let request = Request { method: &method, target: &target, headers: &headers, body: &body };
//!     let response = Some(Response { status, headers: &received, body: &bytes });
//!     assert_conforms!(Exchange { request, response });
//!     Ok(bytes)
//! }
//! ```
//!
//! # A server under test
//!
//! A server that plays the service, or stands before it, can judge itself. As a layer of axum:
//!
//! ```no_run
//! use axum::Router;
//! use axum::body::{Body, to_bytes};
//! use axum::http::HeaderMap;
//! use axum::middleware::{Next, from_fn};
//! use fp_contract::{Contract, Exchange, Request, Response};
//!
//! fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
//!     let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
//!     headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
//! }
//!
//! async fn judge(request: axum::extract::Request, next: Next) -> axum::response::Response {
//!     let (sent, body) = request.into_parts();
//!     let asked = to_bytes(body, 1 << 20).await.unwrap_or_default();
//!     let request = axum::extract::Request::from_parts(sent.clone(), Body::from(asked.clone()));
//!     let (received, body) = next.run(request).await.into_parts();
//!     let answered = to_bytes(body, 1 << 24).await.unwrap_or_default();
//!
//!     let (headers, target) = (pairs(&sent.headers), sent.uri.to_string());
//!     let request = Request { method: sent.method.as_str(), target: &target, headers: &headers, body: &asked };
//!     let headers = pairs(&received.headers);
//!     let response = Some(Response { status: received.status.as_u16(), headers: &headers, body: &answered });
//!     for violation in Contract::corrected().check(&Exchange { request, response }) {
//!         eprintln!("{violation}");
//!     }
//!     axum::response::Response::from_parts(received, Body::from(answered))
//! }
//!
//! let app: Router = Router::new().layer(from_fn(judge));
//! ```
//!
//! # Recorded files
//!
//! [`recording`] reads HAR, JSON lines and `.http` files one exchange at a time, [`report`] adds judgements up and
//! tells them as text, JSON, JUnit, GitHub annotations or SARIF:
//!
//! ```
//! use fp_contract::recording::{Format, Subject, read};
//! use fp_contract::report::{Form, Sighting, Tally, Verdict};
//! use fp_contract::{Contract, Rules};
//!
//! let traffic = b"GET https://api.firstpromoter.com/api/v2/company/promoters?page=zero\nAccount-ID: 1\nAuthorization: Bearer key\n";
//! let mut tally = Tally::new(false);
//! for recorded in read(Format::Transcript, &traffic[..]) {
//!     let recorded = recorded.expect("a readable recording");
//!     if let Subject::Exchange(recording) = &recorded.subject {
//!         let judgement = Contract::corrected().judge(&recording.as_exchange(), &Rules::default());
//!         tally.add(judgement, &Sighting { file: "traffic.http".to_owned(), line: recorded.line });
//!     }
//! }
//! let report = tally.finish(&[], "2025-01-15");
//! assert_eq!(report.verdict(), Verdict::Violations);
//! assert!(report.render(Form::Text).contains("expected an integer, found the string \"zero\""));
//! ```
//!
//! # Features
//!
//! `command` (on by default) builds the `fp-contract` program, `proxy` the validating proxy that it contains. Programs
//! that only judge turn both off.

mod assertion;
mod base_url;
mod check;
pub mod codes;
mod content_coding;
mod contract;
pub mod day;
pub mod diff;
mod exchange;
pub mod lint;
mod media_type;
pub mod params;
#[cfg(feature = "proxy")]
pub mod proxy;
pub mod recording;
pub mod report;
mod router;
mod sample;
mod schema;
mod source;
pub mod strength;
mod violation;
pub mod waiver;

pub use base_url::{BaseUrl, NoBaseUrl};
pub use check::{Judgement, NotJudged, Outcome, Rules, WebhookSystem};
pub use contract::{
    Contract, Document, LoadError, LoadErrors, Method, Operation, Position, Role, Source, UnknownMethod,
    Version,
};
pub use exchange::{Exchange, Request, Response};
pub use media_type::MediaType;
pub use router::{Match, Resolution};
pub use schema::nearest;
pub use violation::{Side, Violation};
