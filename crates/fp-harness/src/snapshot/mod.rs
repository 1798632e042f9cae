//! Payload snapshots: what each operation and each event sends, without its values, and what changed since.
//!
//! [`shape`] is what is kept of payloads, [`redaction`] what stands for their values, [`promise`] what the contract
//! says of a place, [`written`] the text of a snapshot, [`subject`] names what a snapshot is of. [`album`] gathers
//! payloads: from a target, which [`provoke`] asks as [`script`] says, or from recordings. [`store`] holds the files,
//! [`difference`] compares, [`check`] compares everything, with [`pins`] what concerns an application; [`keep`]
//! records and reviews, [`report`] tells. [`assertion`] is for tests of applications.

pub mod album;
pub mod assertion;
pub mod check;
pub mod difference;
pub mod keep;
pub mod pins;
pub mod promise;
pub mod provoke;
pub mod recording;
pub mod redaction;
pub mod report;
pub mod script;
pub mod shape;
pub mod store;
pub mod subject;
pub mod written;
