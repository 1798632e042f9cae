//! `/track/cancellation`.
