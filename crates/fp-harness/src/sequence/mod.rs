//! Sequences of steps over promoters, referrals, sales and money: made, performed, judged by the model, and
//! cut down to what shows the failure.

mod action;
mod doors;
mod expectation;
mod make;
mod perform;
mod predict;
mod shrink;
mod verify;
mod watch;

pub use action::{Action, Door, Step};
pub use make::sequence;
pub use perform::{Disagreement, Outcome, perform};
pub use shrink::shrink;
