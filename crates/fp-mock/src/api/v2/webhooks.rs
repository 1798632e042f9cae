//! `/company/webhooks`: subscriptions.

use serde_json::json;

use crate::api::operation::{Call, Outbound, Route, routes};
use crate::domain::json::JsonObject;
use crate::domain::refusal::{Entity, Refusal};
use crate::webhooks::attempt::{add_custom, basic_auth, json_header};
use crate::webhooks::envelope::Envelope;
use crate::webhooks::event_type::EventType;
use crate::webhooks::resolver::PrivateNetwork;
use crate::webhooks::sender::{Outcome, Request};
use crate::webhooks::signature::sign;
use crate::webhooks::url::UrlProblem;
use crate::webhooks::{input, subscribe, url, view};
use crate::wire::page::Page;
use crate::wire::reply::Reply;

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/webhooks" => list,
    Post "/company/webhooks" => create,
    Get "/company/webhooks/event_types" => event_types,
    Post "/company/webhooks/test" => outbound test,
    Get "/company/webhooks/{id}" => show,
    Put "/company/webhooks/{id}" => update,
    Delete "/company/webhooks/{id}" => delete,
];

/// Rows on a page of the webhook lists unless asked otherwise.
///
/// Evidence: published v2 contract.
pub(super) const PER_PAGE: usize = 25;

/// Evidence: published v2 contract (the newest first).
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read_with(&call.fields(), PER_PAGE)?;
    let rows = page.of(call.webhooks.subscriptions.iter().rev());
    Ok(Reply::ok(&rows.map(view::Subscription::of).collect::<Vec<_>>()))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let wish = input::wish(&call.fields())?;
    let id = subscribe::subscribe(call.webhooks, call.now, wish)?;
    Ok(Reply::json(201, &view::Subscription::with_secret(subscribe::find(call.webhooks, id)?)))
}

fn event_types(_call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let names: Vec<_> = EventType::ALL.iter().map(|kind| kind.name()).collect();
    Ok(Reply::ok(&json!({ "data": names })))
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::WebhookSubscription)?;
    Ok(Reply::ok(&view::Subscription::of(subscribe::find(call.webhooks, id)?)))
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::WebhookSubscription)?;
    let wish = input::wish(&call.fields())?;
    subscribe::change(call.webhooks, call.now, id, wish)?;
    Ok(Reply::ok(&view::Subscription::of(subscribe::find(call.webhooks, id)?)))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::WebhookSubscription)?;
    subscribe::unsubscribe(call.webhooks, id)?;
    Ok(Reply::ok(&json!({})))
}

/// Prepares a request that looks like a delivery, signed with a secret that nobody knows.
///
/// Evidence: published v2 webhooks document (the secret, the refusals); service behaviour notes (`data`); that
/// the envelope is the usual one, and the answer to a receiver that cannot be reached, are chosen.
fn test(call: &mut Call<'_>) -> Result<Outbound, Refusal> {
    let fields = call.fields();
    let url = fields.required_text("url")?;
    let names: Vec<_> = EventType::ALL.iter().map(|kind| kind.name()).collect();
    let kind = fields.named("event_type", EventType::named, &names)?;
    let kind = kind.ok_or(Refusal::MissingParam("event_type"))?;
    let custom = input::headers(&fields)?.unwrap_or_default();
    let refused = |problem: &str| Refusal::UrlRefused { problem: format!("Url {problem}") };
    url::check(&url, call.webhooks.settings.private_urls).map_err(|problem| refused(problem.sentence()))?;
    if let Some(problem) = custom.iter().find_map(subscribe::header_problem) {
        return Err(Refusal::invalid(Entity::WebhookSubscription, "headers", problem));
    }
    let event_id = call.webhooks.ids.uuid();
    let (changes, data) = (JsonObject::new(), json!({ "test": true }));
    let body = Envelope::around((event_id, kind), None, &changes, &data, call.now).bytes();
    let mut headers = json_header();
    headers.push(("X-Event-Id".into(), event_id.to_string()));
    headers.push(("X-Event-Type".into(), kind.name().into()));
    if call.webhooks.settings.signs {
        headers.push(("X-Webhook-Signature".into(), sign(&call.webhooks.ids.hex(64), &body)));
    }
    if let (Some(user), Some(password)) =
        (fields.text("basic_auth_user")?, fields.text("basic_auth_password")?)
    {
        headers.push(("Authorization".into(), basic_auth(&user, &password)));
    }
    add_custom(&mut headers, &custom);
    let request = Request { url, headers, body, timeout_s: subscribe::DEFAULT_TIMEOUT_S };
    Ok(Outbound { request, answer: mirror })
}

fn mirror(outcome: &Outcome) -> Result<Reply, Refusal> {
    match &outcome.result {
        Ok(answer) => Ok(Reply::ok(&json!({ "status": answer.status, "body": answer.body }))),
        Err(error) if *error == PrivateNetwork.to_string() => {
            Err(Refusal::UrlRefused { problem: format!("Url {}", UrlProblem::Private.sentence()) })
        }
        Err(error) => Err(Refusal::wrong_state(Entity::WebhookDelivery, error.as_str())),
    }
}
