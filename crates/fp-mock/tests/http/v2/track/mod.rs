//! `/track`.

mod cancellation;
mod refund;
mod sale;
mod signup;
