//! Schemas: rewritten, compiled, applied, and their complaints told as violations.

mod branch;
mod coerce;
mod compiled;
mod gate;
mod reading;
mod telling;
mod tree;
mod words;

pub(crate) use coerce::{coerce, wants_list};
pub(crate) use compiled::{Registries, Schema};
pub(crate) use telling::{MOST, judge};
pub(crate) use tree::Tree;
pub(crate) use words::describe;
pub use words::nearest;
