//! Documents that the business keeps for the customer without looking inside: metadata, custom fields.

/// An opaque JSON document.
pub type Json = serde_json::Value;

/// An opaque JSON object.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
