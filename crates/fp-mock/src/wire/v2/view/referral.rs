//! Referrals as v2 shows them.

use serde::Serialize;

use super::reference;
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, PromoterId, ReferralId};
use crate::domain::json::JsonObject;
use crate::domain::referral;
use crate::domain::state::State;

/// A referral.
#[derive(Debug, Serialize)]
pub struct Referral<'a> {
    id: ReferralId,
    email: Option<&'a str>,
    uid: Option<&'a str>,
    state: &'static str,
    metadata: &'a JsonObject,
    entry_source: &'static str,
    created_at: Timestamp,
    customer_since: Option<Timestamp>,
    promoter_campaign: Option<reference::PromoterCampaign<'a>>,
    fraud_check: &'static str,
    created_by_user_email: Option<&'a str>,
    username: Option<&'a str>,
    split_details: Option<Vec<Share>>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    website: Option<&'a str>,
    comment: Option<&'a str>,
    is_expired: bool,
    custom_status: Option<CustomStatus>,
}

#[derive(Debug, Serialize)]
struct Share {
    promoter_campaign_id: EnrolmentId,
    promoter_id: Option<PromoterId>,
    percentage: u32,
}

/// A label of the account's own. No operation makes or sets one, so there is none.
///
/// Evidence: published v2 contract (that it may be null).
#[derive(Debug, Serialize)]
enum CustomStatus {}

impl<'a> Referral<'a> {
    /// Shows a referral as it stands at `now`.
    pub fn of(state: &'a State, row: &'a referral::Referral, now: Timestamp) -> Self {
        let enrolment = state.enrolments.get(row.enrolment_id);
        let campaign = enrolment.and_then(|enrolment| state.campaigns.get(enrolment.campaign_id));
        Self {
            id: row.id,
            email: row.email.as_deref(),
            uid: row.uid.as_deref(),
            state: row.state.name(),
            metadata: &row.metadata,
            entry_source: row.entry_source.name(),
            created_at: row.created_at,
            customer_since: row.customer_since,
            promoter_campaign: enrolment.map(|enrolment| reference::PromoterCampaign::of(state, enrolment)),
            fraud_check: row.fraud_check.name(),
            created_by_user_email: row.created_by_user_email.as_deref(),
            username: row.username.as_deref(),
            split_details: shares(state, row),
            first_name: row.first_name.as_deref(),
            last_name: row.last_name.as_deref(),
            website: row.website.as_deref(),
            comment: row.comment.as_deref(),
            is_expired: campaign.is_some_and(|campaign| row.is_expired(now, campaign.cookie_days)),
            custom_status: None,
        }
    }
}

fn shares(state: &State, row: &referral::Referral) -> Option<Vec<Share>> {
    let share = |share: &referral::SplitShare| Share {
        promoter_campaign_id: share.enrolment_id,
        promoter_id: state.enrolments.get(share.enrolment_id).map(|enrolment| enrolment.promoter_id),
        percentage: share.percentage,
    };
    (!row.split.is_empty()).then(|| row.split.iter().map(share).collect())
}
