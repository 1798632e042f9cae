//! The dialect of v1.

pub mod error;
