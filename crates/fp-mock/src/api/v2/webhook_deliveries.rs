//! `/company/webhooks/{webhook_id}/webhook_deliveries`: what became of the events of a subscription.

use super::webhooks::PER_PAGE;
use crate::api::operation::{Call, Route, routes};
use crate::domain::ids::{DeliveryId, SubscriptionId};
use crate::domain::refusal::{Entity, Refusal};
use crate::webhooks::delivery::{Delivery, Lane};
use crate::webhooks::{subscribe, view};
use crate::wire::page::Page;
use crate::wire::reply::Reply;

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/webhooks/{webhook_id}/webhook_deliveries" => list,
    Get "/company/webhooks/{webhook_id}/webhook_deliveries/{id}" => show,
    Post "/company/webhooks/{webhook_id}/webhook_deliveries/{id}/retry_delivery" => retry,
];

/// Evidence: published v2 contract (the most recent first).
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let subscription = subscription(call)?;
    let page = Page::read_with(&call.fields(), PER_PAGE)?;
    let deliveries = &call.webhooks.deliveries;
    let ids = deliveries.index().by_lane.of(&Lane::Subscription(subscription)).rev();
    let rows = page.of(ids).filter_map(|id| deliveries.get(id));
    Ok(Reply::ok(&rows.map(view::Delivery::of).collect::<Vec<_>>()))
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (subscription, id) = (subscription(call)?, call.path_id("id", Entity::WebhookDelivery)?);
    Ok(Reply::ok(&view::Delivery::of(find(call, subscription, id)?)))
}

fn retry(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (subscription, id) = (subscription(call)?, call.path_id("id", Entity::WebhookDelivery)?);
    subscribe::retry_by_hand(call.webhooks, call.now, subscription, id)?;
    Ok(Reply::ok(&view::Delivery::of(find(call, subscription, id)?)))
}

fn subscription(call: &Call<'_>) -> Result<SubscriptionId, Refusal> {
    let id = call.path_id("webhook_id", Entity::WebhookSubscription)?;
    subscribe::find(call.webhooks, id).map(|subscription| subscription.id)
}

fn find<'c>(
    call: &'c Call<'_>,
    subscription: SubscriptionId,
    id: DeliveryId,
) -> Result<&'c Delivery, Refusal> {
    let found = call.webhooks.deliveries.get(id).filter(|row| row.lane == Lane::Subscription(subscription));
    found.ok_or(Refusal::NotFound(Entity::WebhookDelivery))
}
