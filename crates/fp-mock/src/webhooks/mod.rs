//! Telling others what happened: subscriptions, events derived from committed changes, and their deliveries.
//!
//! Nobody raises an event. A committed transaction leaves the set of rows it changed; from that follow the
//! events of both systems, and a delivery for each receiver that wants them.

pub mod delivery;
pub mod event_type;
pub mod sender;
pub mod store;
pub mod subscription;
