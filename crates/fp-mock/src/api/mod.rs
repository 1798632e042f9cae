//! The two front doors: for each resource a table of operations and their handlers.

pub mod auth;
pub mod dispatch;
pub mod front;
pub mod judged;
pub mod nearest;
pub mod operation;
pub mod rate;
pub use crate::wire::reply;
pub mod v1;
pub mod v2;
