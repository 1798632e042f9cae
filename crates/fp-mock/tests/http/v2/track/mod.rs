//! `/track`.

mod cancellation;
mod laws;
mod refund;
mod rewards;
mod sale;
mod shares;
mod signup;
mod standing;
