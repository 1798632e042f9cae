//! What customers do with subscriptions and deliveries.

use super::delivery::{Lane, Status};
use super::event_type::EventType;
use super::store::Store;
use super::subscription::{ALL_CAMPAIGNS, Subscription};
use super::url;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, DeliveryId, SubscriptionId};
use crate::domain::refusal::{Entity, FieldError, Refusal};

/// Seconds that an answer is waited for.
///
/// Evidence: published v2 contract.
pub const TIMEOUT_S: std::ops::RangeInclusive<i64> = 1..=120;
/// The same, unless asked otherwise.
///
/// Evidence: published v2 contract.
pub const DEFAULT_TIMEOUT_S: u32 = 30;
/// How often a failed delivery is repeated.
///
/// Evidence: published v2 contract.
pub const MAX_RETRIES: std::ops::RangeInclusive<i64> = 0..=10;
/// The same, unless asked otherwise.
///
/// Evidence: published v2 contract.
pub const DEFAULT_MAX_RETRIES: u32 = 3;

/// Digits of a secret.
///
/// Evidence: service behaviour notes.
const SECRET_DIGITS: usize = 64;

/// What a customer wants of a subscription; `None` leaves it as it is, or at its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Where events are sent.
    pub url: Option<String>,
    /// A label; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// Names of event types.
    pub event_types: Option<Vec<String>>,
    /// The campaigns; none means all.
    pub campaign_ids: Option<Vec<CampaignId>>,
    /// Whether it is active.
    pub active: Option<bool>,
    /// Seconds.
    pub timeout_s: Option<i64>,
    /// How often.
    pub max_retries: Option<i64>,
    /// Headers of its own.
    pub headers: Option<Vec<(String, String)>>,
    /// `Some(None)` takes it away.
    pub basic_auth_user: Option<Option<String>>,
    /// `Some(None)` takes it away.
    pub basic_auth_password: Option<Option<String>>,
}

/// Makes a subscription.
///
/// # Errors
/// [`Refusal::MissingParam`] without URL or event types, [`Refusal::Invalid`] naming every field in which it
/// would not be valid.
pub fn subscribe(store: &mut Store, now: Timestamp, wish: Wish) -> Result<SubscriptionId, Refusal> {
    if wish.url.is_none() {
        return Err(Refusal::MissingParam("url"));
    }
    if wish.event_types.as_ref().is_none_or(Vec::is_empty) {
        return Err(Refusal::MissingParam("event_types"));
    }
    let subscription = Subscription {
        id: store.ids.issue(),
        url: String::new(),
        description: None,
        event_types: Vec::new(),
        campaign_ids: vec![ALL_CAMPAIGNS],
        active: true,
        timeout_s: DEFAULT_TIMEOUT_S,
        max_retries: DEFAULT_MAX_RETRIES,
        headers: Vec::new(),
        basic_auth_user: None,
        basic_auth_password: None,
        secret_key: store.ids.hex(SECRET_DIGITS),
        created_at: now,
        updated_at: now,
    };
    let subscription = wish.apply(subscription, store.settings.private_urls)?;
    let id = subscription.id;
    store.subscriptions.insert(subscription);
    Ok(id)
}

/// Changes a subscription. One that becomes active again takes up what it left when it was paused.
///
/// # Errors
/// [`Refusal::NotFound`], or [`Refusal::Invalid`] naming every field in which it would not be valid.
///
/// Evidence: published v2 contract; that deliveries are held while it is paused is chosen.
pub fn change(store: &mut Store, now: Timestamp, id: SubscriptionId, wish: Wish) -> Result<(), Refusal> {
    let before = find(store, id)?;
    let was_active = before.active;
    let mut after = wish.apply(before.clone(), store.settings.private_urls)?;
    after.updated_at = now;
    let resumes = after.active && !was_active;
    store.subscriptions.update(id, |row| *row = after);
    if resumes {
        let lane = Lane::Subscription(id);
        let open = store.deliveries.index().by_lane.of(&lane);
        let due = open.filter_map(|id| Some((id, store.deliveries.get(id)?.due?.max(now))));
        for (id, at) in due.collect::<Vec<_>>() {
            store.send_at(at, id);
        }
    }
    Ok(())
}

/// Deletes a subscription and its deliveries.
///
/// # Errors
/// [`Refusal::NotFound`].
///
/// Evidence: published v2 contract.
pub fn unsubscribe(store: &mut Store, id: SubscriptionId) -> Result<(), Refusal> {
    find(store, id)?;
    let deliveries: Vec<_> = store.deliveries.index().by_lane.of(&Lane::Subscription(id)).collect();
    for delivery in deliveries {
        store.deliveries.delete(delivery);
    }
    store.subscriptions.delete(id);
    Ok(())
}

/// Gives a subscription a new secret. Deliveries that are tried after it are signed with that.
///
/// # Errors
/// [`Refusal::NotFound`].
///
/// Evidence: service behaviour notes; what it means for deliveries under way is chosen.
pub fn rotate_secret(store: &mut Store, now: Timestamp, id: SubscriptionId) -> Result<(), Refusal> {
    find(store, id)?;
    let secret = store.ids.hex(SECRET_DIGITS);
    store.subscriptions.update(id, |subscription| {
        subscription.secret_key = secret;
        subscription.updated_at = now;
    });
    Ok(())
}

/// Lets a delivery be tried again at once, as if it were new.
///
/// # Errors
/// [`Refusal::NotFound`] if the subscription has no such delivery, [`Refusal::RetriesExhausted`] if it was
/// tried as often as the subscription allows, [`Refusal::WrongState`] if it arrived.
///
/// Evidence: published v2 contract; that one that arrived is refused and one that is pending stays as it is
/// is chosen.
pub fn retry_by_hand(
    store: &mut Store,
    now: Timestamp,
    subscription: SubscriptionId,
    id: DeliveryId,
) -> Result<(), Refusal> {
    let max_retries = find(store, subscription)?.max_retries;
    let delivery = store.deliveries.get(id).filter(|row| row.lane == Lane::Subscription(subscription));
    let delivery = delivery.ok_or(Refusal::NotFound(Entity::WebhookDelivery))?;
    match delivery.status {
        Status::Pending => return Ok(()),
        Status::Delivered => {
            let problem = "the delivery was acknowledged and cannot be retried";
            return Err(Refusal::wrong_state(Entity::WebhookDelivery, problem));
        }
        Status::Retrying | Status::Failed => {}
    }
    if delivery.attempts > max_retries {
        return Err(Refusal::RetriesExhausted);
    }
    store.deliveries.update(id, |delivery| {
        delivery.status = Status::Pending;
        delivery.attempts = 0;
        delivery.withdrawn = None;
        delivery.due = Some(now);
    });
    store.send_at(now, id);
    Ok(())
}

/// The subscription of this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn find(store: &Store, id: SubscriptionId) -> Result<&Subscription, Refusal> {
    store.subscriptions.get(id).ok_or(Refusal::NotFound(Entity::WebhookSubscription))
}

impl Wish {
    fn apply(self, mut row: Subscription, private_urls: bool) -> Result<Subscription, Refusal> {
        let mut errors = Vec::new();
        if let Some(url) = self.url {
            if let Err(problem) = url::check(&url, private_urls) {
                errors.push(FieldError::new("url", problem.sentence()));
            }
            row.url = url;
        }
        if let Some(names) = self.event_types {
            match event_types(&names) {
                Ok(types) => row.event_types = types,
                Err(problem) => errors.push(FieldError::new("event_types", problem)),
            }
        }
        if let Some(ids) = self.campaign_ids {
            row.campaign_ids = if ids.is_empty() { vec![ALL_CAMPAIGNS] } else { ids };
        }
        if let Some(seconds) = self.timeout_s {
            match within(seconds, &TIMEOUT_S) {
                Ok(seconds) => row.timeout_s = seconds,
                Err(problem) => errors.push(FieldError::new("timeout", problem)),
            }
        }
        if let Some(retries) = self.max_retries {
            match within(retries, &MAX_RETRIES) {
                Ok(retries) => row.max_retries = retries,
                Err(problem) => errors.push(FieldError::new("max_retries", problem)),
            }
        }
        if let Some(headers) = self.headers {
            if let Some(problem) = headers.iter().find_map(header_problem) {
                errors.push(FieldError::new("headers", problem));
            }
            row.headers = headers;
        }
        row.description = self.description.unwrap_or(row.description);
        row.active = self.active.unwrap_or(row.active);
        row.basic_auth_user = self.basic_auth_user.unwrap_or(row.basic_auth_user);
        row.basic_auth_password = self.basic_auth_password.unwrap_or(row.basic_auth_password);
        if errors.is_empty() {
            Ok(row)
        } else {
            Err(Refusal::Invalid { entity: Entity::WebhookSubscription, errors })
        }
    }
}

/// The types of these names, doubles left out.
fn event_types(names: &[String]) -> Result<Vec<EventType>, String> {
    let mut types = Vec::new();
    for name in names {
        let kind = EventType::named(name).ok_or_else(|| format!("contain an unknown type {name:?}"))?;
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    if types.is_empty() { Err("can't be blank".into()) } else { Ok(types) }
}

fn within(number: i64, range: &std::ops::RangeInclusive<i64>) -> Result<u32, String> {
    let number = Some(number).filter(|number| range.contains(number));
    let number = number.and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("must be between {} and {}", range.start(), range.end()))
}

/// Why a header cannot be sent.
pub fn header_problem((name, value): &(String, String)) -> Option<String> {
    use reqwest::header::{HeaderName, HeaderValue};
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Some(format!("have the name {name:?}, which is no header's"));
    }
    HeaderValue::from_str(value).is_err().then(|| format!("have a value for {name} that no header can have"))
}
