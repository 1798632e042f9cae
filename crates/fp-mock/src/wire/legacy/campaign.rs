//! Campaigns.

use serde::Serialize;

use super::{Offer, RewardTerms};
use crate::domain::campaign;
use crate::domain::ids::CampaignId;
use crate::domain::reward::Basis;
use crate::domain::state::State;

/// A campaign, alone or (in legacy webhooks) with what it promises.
#[derive(Debug, Serialize)]
pub struct Campaign<'a> {
    id: CampaignId,
    name: &'a str,
    landing_url: &'a str,
    description: &'a str,
    private: bool,
    color: &'a str,
    default_webhook_url: &'a str,
    auto_approve_rewards: bool,
    auto_approve_promoters: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    promises: Option<Promises<'a>>,
}

#[derive(Debug, Serialize)]
struct Promises<'a> {
    offer: Option<Offer<'a>>,
    referral_reward: Option<RewardTerms<'a>>,
    promotion_reward: Option<RewardTerms<'a>>,
    target_reward: Option<RewardTerms<'a>>,
}

impl<'a> Campaign<'a> {
    /// Shows a campaign. Without a webhook URL that is empty.
    ///
    /// Evidence: v1 reference (payouts).
    pub fn of(campaign: &'a campaign::Campaign) -> Self {
        Self {
            id: campaign.id,
            name: &campaign.name,
            landing_url: &campaign.landing_url,
            description: &campaign.description,
            private: campaign.is_private,
            color: &campaign.color,
            default_webhook_url: campaign.default_webhook_url.as_deref().unwrap_or(""),
            auto_approve_rewards: campaign.approves_rewards,
            auto_approve_promoters: campaign.approves_promoters,
            promises: None,
        }
    }

    /// Shows a campaign with its offer and rewards.
    ///
    /// Evidence: legacy webhook documents.
    pub fn with_promises(state: &'a State, campaign: &'a campaign::Campaign) -> Self {
        let reward = |basis| RewardTerms::first(state, &campaign.rewards_for_promoters, basis);
        let promises = Promises {
            offer: Offer::first(state, &campaign.rewards_for_referrals),
            referral_reward: reward(Basis::PerReferral),
            promotion_reward: reward(Basis::PerPromotion),
            target_reward: reward(Basis::Target),
        };
        Self { promises: Some(promises), ..Self::of(campaign) }
    }
}
