//! Subscriptions of the current system: who wants which events, and how they are sent to him.

use super::event_type::EventType;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, SubscriptionId};
use crate::domain::table::{Index, Row};

/// In a campaign filter this stands for all campaigns.
///
/// Evidence: published v2 contract (`campaign_ids`).
pub const ALL_CAMPAIGNS: CampaignId = CampaignId::new(1);

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Where events are sent.
    pub url: String,
    /// A label for people.
    pub description: Option<String>,
    /// The events it wants.
    pub event_types: Vec<EventType>,
    /// The campaigns it listens to; [`ALL_CAMPAIGNS`] stands for all.
    pub campaign_ids: Vec<CampaignId>,
    /// Whether it gets anything at present.
    pub active: bool,
    /// How long an answer is waited for, in seconds.
    pub timeout_s: u32,
    /// How often a failed delivery is repeated by itself.
    pub max_retries: u32,
    /// Headers sent with every delivery, in the order given.
    pub headers: Vec<(String, String)>,
    /// User name for basic auth.
    pub basic_auth_user: Option<String>,
    /// Password for basic auth; never shown.
    pub basic_auth_password: Option<String>,
    /// The key of the signatures; shown once.
    pub secret_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Subscription {
    /// Whether it wants events of this type that concern these campaigns.
    ///
    /// Evidence: published v2 contract; that an event which concerns several campaigns reaches whoever
    /// listens to one of them is chosen.
    pub fn wants(&self, kind: EventType, campaigns: &[CampaignId]) -> bool {
        let listens = |id: &CampaignId| *id == ALL_CAMPAIGNS || campaigns.contains(id);
        self.active && self.event_types.contains(&kind) && self.campaign_ids.iter().any(listens)
    }
}

/// Counts who wants what, so that nothing is computed for nobody.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionIndex {
    wanted: std::collections::BTreeMap<EventType, usize>,
}

impl SubscriptionIndex {
    /// As if one subscription wanted events of this type alone.
    pub fn wanting(kind: EventType) -> Self {
        Self { wanted: [(kind, 1)].into() }
    }

    /// Whether any active subscription wants events of this type.
    pub fn is_wanted(&self, kind: EventType) -> bool {
        self.wanted.contains_key(&kind)
    }

    /// Whether any active subscription wants anything.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }
}

impl Index<Subscription> for SubscriptionIndex {
    fn add(&mut self, row: &Subscription) {
        for kind in row.event_types.iter().filter(|_| row.active) {
            *self.wanted.entry(*kind).or_default() += 1;
        }
    }

    fn remove(&mut self, row: &Subscription) {
        for kind in row.event_types.iter().filter(|_| row.active) {
            if let Some(count) = self.wanted.get_mut(kind) {
                *count -= 1;
                if *count == 0 {
                    self.wanted.remove(kind);
                }
            }
        }
    }
}

impl Row for Subscription {
    type Id = SubscriptionId;
    type Index = SubscriptionIndex;
    fn id(&self) -> SubscriptionId {
        self.id
    }
}
