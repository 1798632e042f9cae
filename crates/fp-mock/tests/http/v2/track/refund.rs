//! `/track/refund`.
