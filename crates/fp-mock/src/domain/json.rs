//! Documents that the business keeps for the customer without looking inside: metadata, custom fields.

use std::sync::LazyLock;

use super::rare::{Nothing, Rare};

/// An opaque JSON document.
pub type Json = serde_json::Value;

/// An opaque JSON object.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;

/// An opaque JSON object of a record. Most have none.
pub type Attachment = Rare<JsonObject>;

impl Nothing for JsonObject {
    fn nothing() -> &'static Self {
        static NOTHING: LazyLock<JsonObject> = LazyLock::new(JsonObject::new);
        &NOTHING
    }
}

impl From<JsonObject> for Attachment {
    fn from(object: JsonObject) -> Self {
        if object.is_empty() { Self::default() } else { Self::of(object) }
    }
}
