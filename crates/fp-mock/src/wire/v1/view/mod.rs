//! Records that only v1 shows so; the others are in [`crate::wire::legacy`].

pub mod message;
pub mod payout;
pub mod report;
pub mod subscriber;
