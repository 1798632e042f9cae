//! The front door of v2, one file a resource.

mod batch_processes;
#[expect(dead_code, reason = "TEMPORARY until the first action")]
mod batch_reply;

use super::operation::Route;

/// The tables of every resource.
pub const OPERATIONS: &[&[Route]] = &[batch_processes::OPERATIONS];
