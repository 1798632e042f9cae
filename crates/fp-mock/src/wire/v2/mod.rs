//! The dialect of v2.

pub mod error;
pub mod input;
pub mod view;
