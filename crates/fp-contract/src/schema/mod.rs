//! Schemas: rewritten, compiled, applied, and their complaints told as violations.

mod body;
mod branch;
mod coerce;
mod compiled;
mod gate;
mod telling;
mod words;

pub(crate) use body::read_body;
pub(crate) use coerce::{coerce, wants_list};
pub(crate) use compiled::{Registries, Schema};
pub(crate) use telling::{MOST, judge};
pub(crate) use words::describe;
pub use words::nearest;
