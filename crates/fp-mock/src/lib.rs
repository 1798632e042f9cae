//! A protocol-faithful, stateful mock of the FirstPromoter API.
//!
//! The rooms, from the outside in: [`server`] reads and writes bytes; [`api`] and [`control`] are the front
//! doors; [`world`] holds accounts and runs transactions; [`webhooks`] tells others what happened; [`wire`]
//! translates between JSON and the business; [`domain`] is the business; [`clock`] is time.

pub mod api;
pub mod clock;
pub mod control;
pub mod domain;
mod embedded;
#[cfg(feature = "planted-faults")]
pub mod planted;
pub mod scenario;
pub mod server;
pub mod webhooks;
pub mod wire;
pub mod world;

pub use control::journal::Entry;
pub use control::journal::matcher::Matcher;
pub use control::journal::pattern::Pattern;
pub use embedded::{
    Account, Answer, Builder, ClockHandle, Expectation, Given, InboxHandle, Mock, Record, request,
};
