//! What surrounds the data of the current system's events.

use std::sync::Arc;

use serde::Serialize;

use super::event_type::EventType;
use crate::clock::timestamp::Timestamp;
use crate::domain::json::{Json, JsonObject};

/// The body of an event.
///
/// Evidence: service behaviour notes (members and their order).
#[derive(Debug, Serialize)]
pub struct Envelope<'a> {
    event_id: uuid::Uuid,
    event_type: &'static str,
    action: &'static str,
    entity_type: &'static str,
    entity_id: Option<u64>,
    changes: &'a JsonObject,
    data: &'a Json,
    timestamp: Timestamp,
}

impl<'a> Envelope<'a> {
    /// Surrounds `data`.
    pub fn around(
        (event_id, kind): (uuid::Uuid, EventType),
        entity_id: Option<u64>,
        changes: &'a JsonObject,
        data: &'a Json,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            event_id,
            event_type: kind.name(),
            action: kind.action().name(),
            entity_type: kind.entity(),
            entity_id,
            changes,
            data,
            timestamp,
        }
    }

    /// As it is sent.
    pub fn bytes(&self) -> Arc<[u8]> {
        serde_json::to_vec(self).expect("an envelope is plain data").into()
    }
}
