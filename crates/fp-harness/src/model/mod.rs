//! A small model of the business, written from what the service documents say, not from the mock: who
//! referred whom, what was sold, what that earns, what was paid.
//!
//! Things are named by the number of the step that made them, never by the target's ids, so that a sequence
//! means the same when a step is taken out of it.

mod book;
mod terms;

pub use book::{Book, Commission, Promoter, Referral, Refund, Sale, Settlement, Standing, Sums};
pub use terms::{Program, Share, round_half_away};

/// The name of a unit, kept for all time.
pub fn unit(name: &str) -> &'static str {
    const UNITS: [&str; 6] = ["cash", "credits", "points", "free_months", "mon_discount", "discount_per"];
    UNITS.into_iter().find(|unit| *unit == name).unwrap_or("unknown")
}

/// The step that made a thing.
pub type Handle = u32;
