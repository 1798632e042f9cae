//! Long runs: accounts do not see each other, and the same calls give the same bytes.

mod determinism;
mod isolation;
mod recording;
mod script;
