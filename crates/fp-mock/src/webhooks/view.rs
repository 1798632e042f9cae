//! Subscriptions and deliveries as the API shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::delivery::{self, Identity};
use super::subscription;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, DeliveryId, SubscriptionId};
use crate::domain::json::{Json, JsonObject};

/// A subscription.
///
/// Evidence: corrected v2 contract (`WebhookSubscription`).
#[derive(Debug, Serialize)]
pub struct Subscription<'a> {
    id: SubscriptionId,
    url: &'a str,
    description: Option<&'a str>,
    event_types: Vec<&'static str>,
    campaign_ids: &'a [CampaignId],
    active: bool,
    timeout: u32,
    max_retries: u32,
    headers: BTreeMap<&'a str, &'a str>,
    basic_auth_user: Option<&'a str>,
    basic_auth_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_key: Option<&'a str>,
}

impl<'a> Subscription<'a> {
    /// Shows a subscription without its secret.
    pub fn of(row: &'a subscription::Subscription) -> Self {
        Self {
            id: row.id,
            url: &row.url,
            description: row.description.as_deref(),
            event_types: row.event_types.iter().map(|kind| kind.name()).collect(),
            campaign_ids: &row.campaign_ids,
            active: row.active,
            timeout: row.timeout_s,
            max_retries: row.max_retries,
            headers: row.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            basic_auth_user: row.basic_auth_user.as_deref(),
            basic_auth_enabled: row.basic_auth_user.is_some() && row.basic_auth_password.is_some(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            secret_key: None,
        }
    }

    /// Shows a subscription whose secret was just made.
    pub fn with_secret(row: &'a subscription::Subscription) -> Self {
        Self { secret_key: Some(&row.secret_key), ..Self::of(row) }
    }
}

/// A delivery of the current system.
///
/// Evidence: corrected v2 contract (`WebhookDelivery`).
#[derive(Debug, Serialize)]
pub struct Delivery<'a> {
    id: DeliveryId,
    event_id: String,
    event_type: &'static str,
    action: &'static str,
    entity_type: &'static str,
    entity_id: u64,
    status: &'static str,
    attempts: u32,
    last_error: Option<String>,
    response_code: Option<u16>,
    response_body: Option<&'a str>,
    object_changes: Option<&'a JsonObject>,
    payload: Json,
    created_at: Timestamp,
    delivered_at: Option<Timestamp>,
}

impl<'a> Delivery<'a> {
    /// Shows a delivery. Error, code and body are those of the latest attempt there was.
    pub fn of(row: &'a delivery::Delivery) -> Self {
        let event = &row.event;
        let event_id = match event.identity {
            Identity::Current { id, .. } => id.to_string(),
            Identity::Legacy { id, .. } => id.to_string(),
        };
        let answer = row.tries.last().and_then(|attempt| attempt.outcome.result.as_ref().ok());
        Self {
            id: row.id,
            event_id,
            event_type: event.identity.type_name(),
            action: event.action.name(),
            entity_type: event.entity,
            entity_id: event.entity_id,
            status: row.status.name(),
            attempts: row.attempts,
            last_error: row.last_error(),
            response_code: answer.map(|answer| answer.status),
            response_body: answer.map(|answer| answer.body.as_str()),
            object_changes: Some(&event.changes).filter(|changes| !changes.is_empty()),
            payload: serde_json::from_slice(&event.body).unwrap_or_default(),
            created_at: row.created_at,
            delivered_at: row.delivered_at,
        }
    }
}
