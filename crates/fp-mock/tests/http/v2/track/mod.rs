//! `/track`.

mod cancellation;
mod refund;
mod rewards;
mod sale;
mod shares;
mod signup;
mod standing;
