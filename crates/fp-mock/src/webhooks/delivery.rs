//! Deliveries: one event on its way to one receiver, with every attempt.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::event_type::{Action, EventType};
use super::sender::{Outcome, Request};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, CommissionId, DeliveryId, LegacyEventId, SubscriptionId};
use crate::domain::json::JsonObject;
use crate::domain::lookup::Many;
use crate::domain::named::named_values;
use crate::domain::table::{Index, Row};

/// Where deliveries wait for one another: what goes to one receiver goes in order, different receivers are
/// served at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A subscription of the current system.
    Subscription(SubscriptionId),
    /// A campaign's default URL in the legacy system.
    Campaign(CampaignId),
    /// A campaign's fulfilment URL in the legacy system.
    Fulfilment(CampaignId),
    /// Nobody's: a delivery that a test sends again waits for no other.
    Replay(DeliveryId),
}

named_values! {
    /// How a delivery stands.
    ///
    /// Evidence: published v2 contract (`WebhookDelivery.status`).
    Status {
        /// To be sent.
        Pending = "pending",
        /// Acknowledged.
        Delivered = "delivered",
        /// Failed, to be sent again.
        Retrying = "retrying",
        /// Failed for good.
        Failed = "failed",
    }
}

named_values! {
    /// The names of the legacy system's events.
    ///
    /// Evidence: service behaviour notes.
    LegacyType {
        /// A lead signed up.
        LeadSignup = "lead_signup",
        /// A lead bought for the first time.
        LeadBecomesReferral = "lead_becomes_referral",
        /// The same, as a new customer.
        NewCustomer = "new_customer",
        /// A lead cancelled.
        LeadCancelled = "lead_cancelled",
        /// A promoter signed up.
        PromoterSignedUp = "promoter_signed_up",
        /// A promoter was accepted in a campaign.
        PromoterAccepted = "promoter_accepted",
        /// A reward was made.
        RewardCreated = "reward_created",
        /// A reward that is not money waits to be handed over.
        FulfilmentPending = "fulfilment_pending",
    }
}

/// Which event of which system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The current system.
    Current {
        /// Its id, the same for all deliveries of the event.
        id: uuid::Uuid,
        /// Its type.
        kind: EventType,
    },
    /// The legacy system.
    Legacy {
        /// Its id.
        id: LegacyEventId,
        /// Its type.
        kind: LegacyType,
    },
}

impl Identity {
    /// The event's type on the wire.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Current { kind, .. } => kind.name(),
            Self::Legacy { kind, .. } => kind.name(),
        }
    }
}

/// Something that happened, as receivers are told.
#[derive(Clone, Debug)]
pub struct Event {
    /// Which event.
    pub identity: Identity,
    /// What was done to the record.
    pub action: Action,
    /// The kind of record.
    pub entity: &'static str,
    /// The record's id.
    pub entity_id: u64,
    /// `{field: [old, new]}`; empty unless the record was updated.
    pub changes: JsonObject,
    /// The body that is sent.
    pub body: Arc<[u8]>,
    /// For `fulfilment_pending`: the commission that waits.
    pub waits: Option<CommissionId>,
    /// When it happened.
    pub at: Timestamp,
}

/// One attempt to deliver.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began, by the account's clock.
    pub at: Timestamp,
    /// What was sent.
    pub request: Request,
    /// What came of it.
    pub outcome: Outcome,
}

/// A request that is about to be sent, and for what.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The delivery.
    pub delivery: DeliveryId,
    /// What it delivers.
    pub event: Arc<Event>,
    /// Which of the delivery's attempts this is, from 1.
    pub number: usize,
    /// Whether these bytes leave for the first time.
    pub is_new: bool,
    /// When the attempt begins, by the account's clock.
    pub at: Timestamp,
    /// What is sent.
    pub request: Request,
}

impl Outgoing {
    /// The attempt in one line, for people; `again` is when the next one is due.
    pub fn line(&self, account: &str, outcome: &Outcome, again: Option<Timestamp>) -> String {
        let came = match &outcome.result {
            Ok(answer) => answer.status.to_string(),
            Err(error) => error.clone(),
        };
        let again = again.map_or_else(String::new, |at| format!(", again at {at}"));
        format!(
            "webhook out  {kind}  {came}  {took_ms:.1} ms  {url}  account {account}, delivery {id}, attempt {number}{again}",
            kind = self.event.identity.type_name(),
            took_ms = outcome.took.as_secs_f64() * 1_000.0,
            url = self.request.url,
            id = self.delivery,
            number = self.number,
        )
    }
}

impl Attempt {
    /// Whether the receiver acknowledged it.
    ///
    /// Evidence: published v2 contract (any 2xx).
    pub fn is_acknowledged(&self) -> bool {
        self.status().is_some_and(|status| (200..300).contains(&status))
    }

    /// The status that was answered, if any was.
    pub fn status(&self) -> Option<u16> {
        self.outcome.result.as_ref().ok().map(|answer| answer.status)
    }

    /// Why it failed; `None` if it did not.
    ///
    /// Evidence: published v2 contract (a timeout, a connection error or an answer other than 2xx); the
    /// words are chosen.
    pub fn error(&self) -> Option<String> {
        match &self.outcome.result {
            Ok(_) if self.is_acknowledged() => None,
            Ok(answer) => Some(format!("the receiver answered {}", answer.status)),
            Err(error) => Some(error.clone()),
        }
    }
}

/// One event on its way to one receiver.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom, and behind which others.
    pub lane: Lane,
    /// What is delivered.
    pub event: Arc<Event>,
    /// For one that a test sends again: which delivery it repeats, and what is sent.
    pub fixed: Option<(DeliveryId, Arc<Request>)>,
    /// How it stands.
    pub status: Status,
    /// Attempts since it was made or last retried by hand.
    pub attempts: u32,
    /// Every attempt there was, oldest first.
    pub tries: Vec<Arc<Attempt>>,
    /// Why it failed without an attempt.
    pub withdrawn: Option<&'static str>,
    /// When the next attempt is due; `None` when it is over.
    pub due: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was acknowledged.
    pub delivered_at: Option<Timestamp>,
}

impl Delivery {
    /// Why the latest attempt failed, or why there was none.
    pub fn last_error(&self) -> Option<String> {
        let of_attempt = || self.tries.last().and_then(|attempt| attempt.error());
        self.withdrawn.map(str::to_owned).or_else(of_attempt)
    }
}

/// Finds deliveries.
#[derive(Clone, Debug, Default)]
pub struct DeliveryIndex {
    /// By receiver.
    pub by_lane: Many<Lane, DeliveryId>,
    /// Those that are not over.
    pub open: BTreeSet<DeliveryId>,
}

impl Index<Delivery> for DeliveryIndex {
    fn add(&mut self, row: &Delivery) {
        self.by_lane.add(row.lane, row.id);
        if row.due.is_some() {
            self.open.insert(row.id);
        }
    }

    fn remove(&mut self, row: &Delivery) {
        self.by_lane.remove(&row.lane, row.id);
        self.open.remove(&row.id);
    }
}

impl Row for Delivery {
    type Id = DeliveryId;
    type Index = DeliveryIndex;
    fn id(&self) -> DeliveryId {
        self.id
    }
}
