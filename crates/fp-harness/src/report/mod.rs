//! What came out of a run, for people and programs.

pub mod text;
