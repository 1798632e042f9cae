//! `/webhooks/{id}/rotate_secret`: what can be done to a subscription outside the API.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::json;

use super::reply::{Answer, Named, Problem, ok};
use crate::domain::ids::SubscriptionId;
use crate::webhooks::subscribe;
use crate::world::World;

/// `POST /webhooks/{id}/rotate_secret`: gives a subscription a new secret and answers it.
///
/// Evidence: service behaviour notes (the API had such a call for a time; its contract has none).
pub async fn rotate_secret(State(world): State<Arc<World>>, named: Named, Path(id): Path<String>) -> Answer {
    let not_found = || {
        let message = format!("there is no subscription {id}");
        Problem::not_found(message, "GET /api/v2/company/webhooks lists them")
    };
    let subscription = SubscriptionId(id.parse().map_err(|_| not_found())?);
    let account = named.account(&world);
    let mut ledger = account.lock();
    let rotated = ledger.transact_with(|_, webhooks, now| {
        subscribe::rotate_secret(webhooks, now, subscription)?;
        Ok(subscribe::find(webhooks, subscription)?.secret_key.clone())
    });
    let secret_key = rotated.map_err(|_| not_found())?;
    ok(&json!({ "id": subscription, "secret_key": secret_key }))
}
