//! The front door of v2, one file a resource.

mod batch_processes;

use super::operation::Route;

/// The tables of every resource.
pub const OPERATIONS: &[&[Route]] = &[batch_processes::OPERATIONS];
