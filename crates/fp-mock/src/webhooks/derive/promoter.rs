//! Events of promoters.

use serde::Serialize;

use super::{Draft, Subject, Witness, difference, document};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, PromoterId};
use crate::domain::json::{Json, JsonObject};
use crate::domain::promoter;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view::balance::Balances;
use crate::wire::v2::view::profile::Profile;
use crate::wire::v2::view::promoter::{Parts, Promoter};

/// A promoter as events show him.
///
/// Evidence: service behaviour notes.
#[derive(Debug, Serialize)]
struct Data<'a> {
    id: PromoterId,
    email: &'a str,
    name: String,
    cust_id: Option<&'a str>,
    balances: Balances,
    joined_at: Timestamp,
    profile: Profile<'a>,
}

pub(super) fn data(witness: &Witness<'_>, row: &promoter::Promoter) -> Json {
    document(&Data {
        id: row.id,
        email: &row.email,
        name: row.name(),
        cust_id: row.cust_id.as_deref(),
        balances: Balances::of(witness.state, row.id),
        joined_at: row.joined_at,
        profile: Profile::of(&row.profile),
    })
}

impl Subject for promoter::Promoter {
    const CREATED: EventType = EventType::PromoterCreated;
    const UPDATED: EventType = EventType::PromoterUpdated;
    const DELETED: EventType = EventType::PromoterDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId> {
        witness.campaigns_of(self.id)
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        data(witness, self)
    }

    /// All that the API shows of him but his profile, and his name, which is made of it.
    fn shown(&self, witness: &Witness<'_>) -> Json {
        let parts = Parts { parent: true, payout_method: false };
        let mut shown = document(&Promoter::of(witness.state, self, parts));
        if let Json::Object(members) = &mut shown {
            for of_profile in ["profile", "name"] {
                members.remove(of_profile);
            }
        }
        shown
    }
}

/// The events of the account and of the profile.
///
/// Evidence: v2 event types (that they are told apart).
pub(super) fn follow(witness: &Witness<'_>, drafts: &mut Vec<Draft>) {
    witness.follow(&witness.changes.promoters, drafts);
    if !witness.wants(EventType::PromoterProfileUpdated) {
        return;
    }
    for change in &witness.changes.promoters {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
        let changes = profile_changes(before, after);
        if !changes.is_empty() {
            drafts.push(Draft {
                kind: EventType::PromoterProfileUpdated,
                entity_id: after.id.number(),
                campaigns: witness.campaigns_of(after.id),
                changes,
                data: data(witness, after),
            });
        }
    }
}

fn profile_changes(before: &promoter::Promoter, after: &promoter::Promoter) -> JsonObject {
    difference(&document(&Profile::of(&before.profile)), &document(&Profile::of(&after.profile)))
}
