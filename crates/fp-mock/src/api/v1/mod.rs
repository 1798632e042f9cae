//! The front door of v1, one file a resource.

use super::operation::Route;

/// The tables of every resource.
pub const OPERATIONS: &[&[Route]] = &[];
