//! Attacks an endpoint, real or fake: requests generated from the contract, checks on every exchange, and a
//! model of the business that knows what the answer should be.
//!
//! The rooms: [`target`] is what is attacked, [`client`] talks to it and keeps every exchange, [`generate`]
//! makes requests from the contract, [`property`] holds the properties one a file, [`model`] knows the business,
//! [`sequence`] performs steps and compares with the model, [`sink`] receives webhooks, [`run`] puts all together,
//! [`failure`] is what comes out, [`report`] shows it. [`snapshot`] stands apart: it keeps what payloads look like and
//! tells what changed. With the feature `planted-faults` there is a bench too, which puts the harness itself to
//! the test.

pub mod baseline;
#[cfg(feature = "planted-faults")]
pub mod bench;
pub mod client;
pub mod config;
pub mod coverage;
pub mod exchange;
pub mod failure;
pub mod generate;
pub mod guard;
pub mod head;
pub mod line;
pub mod model;
pub mod names;
pub mod plan;
pub mod probe;
pub mod promise;
pub mod property;
pub mod replay;
pub mod report;
pub mod run;
pub mod sequence;
pub mod sink;
pub mod snapshot;
pub mod target;

#[doc(hidden)]
pub use insta as __insta;
