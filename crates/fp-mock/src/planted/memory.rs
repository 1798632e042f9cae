//! What a fault remembers from call to call.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Event ids that were sent, by account.
    pub events: BTreeSet<(String, String)>,
    /// Bodies by account and path.
    pub bodies: BTreeMap<(String, String), Vec<u8>>,
    /// Rows made, by account and list.
    pub rows: BTreeMap<(String, String), Vec<Value>>,
    /// Things counted.
    pub count: u64,
}
