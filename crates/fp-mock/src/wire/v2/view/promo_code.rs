//! Promo codes as v2 shows them.

use serde::Serialize;

use super::reference;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, PromoCodeId};
use crate::domain::json::JsonObject;
use crate::domain::promo_code;
use crate::domain::state::State;

/// A promo code.
#[derive(Debug, Serialize)]
pub struct PromoCode<'a> {
    id: PromoCodeId,
    code: &'a str,
    reward: Option<reference::Reward<'a>>,
    ext_id: Option<&'a str>,
    description: Option<&'a str>,
    company_id: u64,
    promoter_campaign_id: EnrolmentId,
    metadata: &'a JsonObject,
    details: &'a JsonObject,
    archived_at: Option<Timestamp>,
}

impl<'a> PromoCode<'a> {
    /// Shows a promo code.
    pub fn of(state: &'a State, row: &'a promo_code::PromoCode) -> Self {
        Self {
            id: row.id,
            code: &row.code,
            reward: state.rewards.get(row.reward_id).map(reference::Reward::of),
            ext_id: row.ext_id.as_deref(),
            description: row.description.as_deref(),
            company_id: state.company.id,
            promoter_campaign_id: row.enrolment_id,
            metadata: &row.metadata,
            details: &row.details,
            archived_at: row.archived_at,
        }
    }
}
