//! The dialect of v1: key-value parameters in, bare records out.

pub mod error;
pub mod input;
pub mod links;
pub mod view;
