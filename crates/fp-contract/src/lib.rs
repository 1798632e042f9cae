//! Knows the FirstPromoter contract: OpenAPI documents with their corrections, the operations they describe,
//! Rails-style parameters, and whether an HTTP exchange keeps to all of it.

mod contract;
mod exchange;
mod media_type;
pub mod params;
mod router;
mod source;

pub use contract::{
    Contract, Document, LoadError, LoadErrors, Method, Operation, Position, Role, Source, UnknownMethod,
    Version,
};
pub use exchange::{Exchange, Request, Response};
pub use media_type::MediaType;
pub use router::{Match, Resolution};
