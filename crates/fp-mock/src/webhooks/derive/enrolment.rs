//! Events of enrolments, the current API's promoter campaigns.

use super::{Subject, Witness, document};
use crate::domain::enrolment::Enrolment;
use crate::domain::ids::CampaignId;
use crate::domain::json::Json;
use crate::webhooks::event_type::EventType;
use crate::wire::v2::view::promoter_campaign::PromoterCampaign;

impl Subject for Enrolment {
    const CREATED: EventType = EventType::PromoterCampaignCreated;
    const UPDATED: EventType = EventType::PromoterCampaignUpdated;
    const DELETED: EventType = EventType::PromoterCampaignDeleted;

    fn number(&self) -> u64 {
        self.id.number()
    }

    fn campaigns(&self, _witness: &Witness<'_>) -> Vec<CampaignId> {
        vec![self.campaign_id]
    }

    fn data(&self, witness: &Witness<'_>) -> Json {
        self.shown(witness)
    }

    fn shown(&self, witness: &Witness<'_>) -> Json {
        document(&PromoterCampaign::of(witness.state, self))
    }
}
