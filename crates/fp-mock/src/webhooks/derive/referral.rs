//! Events of referrals.

use serde::Serialize;

use super::{Subject, Witness, document};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, ReferralId};
use crate::domain::json::Json;
use crate::domain::referral;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view::referral::Referral;

/// A referral as events show it.
///
/// Evidence: service behaviour notes.
#[derive(Debug, Serialize)]
struct Data<'a> {
    id: ReferralId,
    state: &'static str,
    email: Option<&'a str>,
    uid: Option<&'a str>,
    customer_since: Option<Timestamp>,
    fraud_check: &'static str,
    created_at: Timestamp,
}

impl Subject for referral::Referral {
    const CREATED: EventType = EventType::ReferralCreated;
    const UPDATED: EventType = EventType::ReferralUpdated;
    const DELETED: EventType = EventType::ReferralDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, witness: &Witness<'_>) -> Vec<CampaignId> {
        witness.campaign_of(self.enrolment_id)
    }

    fn data(&self, _witness: &Witness<'_>) -> Json {
        document(&Data {
            id: self.id,
            state: self.state.name(),
            email: self.email.as_deref(),
            uid: self.uid.as_deref(),
            customer_since: self.customer_since,
            fraud_check: self.fraud_check.name(),
            created_at: self.created_at,
        })
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&Referral::of(witness.state, self, witness.now))
    }

    /// Evidence: v2 event types (`referral.moved` follows a threshold and nothing else).
    fn updated(before: &Self, after: &Self) -> EventType {
        if before.details.moved_by_threshold_at == after.details.moved_by_threshold_at {
            EventType::ReferralUpdated
        } else {
            EventType::ReferralMoved
        }
    }
}
