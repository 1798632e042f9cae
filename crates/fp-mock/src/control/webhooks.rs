//! `/webhooks/{id}/rotate_secret`: what can be done to a subscription outside the API.

use serde_json::json;

use super::call::Call;
use super::reply::{Answer, Problem, ok};
use crate::domain::ids::SubscriptionId;
use crate::webhooks::subscribe;

/// `POST /webhooks/{id}/rotate_secret`: gives a subscription a new secret and answers it.
///
/// Evidence: service behaviour notes (the API had such a call for a time; its contract has none).
pub fn rotate_secret(call: &Call) -> Answer {
    let id = call.path(0);
    let not_found = || {
        let message = format!("there is no subscription {id}");
        Problem::not_found(message, "GET /api/v2/company/webhooks lists them")
    };
    let subscription = SubscriptionId::new(id.parse().map_err(|_| not_found())?);
    let account = call.account();
    let mut ledger = account.lock();
    let rotated = ledger.transact_with(|_, webhooks, now| {
        subscribe::rotate_secret(webhooks, now, subscription)?;
        Ok(subscribe::find(webhooks, subscription)?.secret_key.clone())
    });
    let secret_key = rotated.map_err(|_| not_found())?;
    ok(&json!({ "id": subscription, "secret_key": secret_key }))
}
