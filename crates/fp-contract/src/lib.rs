//! Knows the FirstPromoter contract: OpenAPI documents with their corrections, the operations they describe,
//! Rails-style parameters, and whether an HTTP exchange keeps to all of it.
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

mod base_url;
mod check;
pub mod codes;
mod content_coding;
mod contract;
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
pub use violation::{Side, Violation};
