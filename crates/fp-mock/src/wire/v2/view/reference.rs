//! Records as they are embedded in others: just enough to find them.

use serde::Serialize;

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId, ReferralId, RewardId};
use crate::domain::state::State;
use crate::domain::table::Table;
use crate::domain::written::Basis;
use crate::domain::{campaign, enrolment, promoter, referral, reward};

/// A promoter inside another record.
#[derive(Debug, Serialize)]
pub struct Promoter<'a> {
    id: PromoterId,
    email: &'a str,
    name: String,
}

impl<'a> Promoter<'a> {
    /// Shows a promoter.
    pub fn of(promoter: &'a promoter::Promoter) -> Self {
        Self { id: promoter.id, email: &promoter.email, name: promoter.name() }
    }
}

/// A campaign inside another record.
#[derive(Debug, Serialize)]
pub struct Campaign<'a> {
    id: CampaignId,
    name: &'a str,
    color: &'a str,
}

impl<'a> Campaign<'a> {
    /// Shows a campaign.
    pub fn of(campaign: &'a campaign::Campaign) -> Self {
        Self { id: campaign.id, name: &campaign.name, color: &campaign.color }
    }
}

/// A referral inside another record.
#[derive(Debug, Serialize)]
pub struct Referral<'a> {
    id: ReferralId,
    email: Option<&'a str>,
    uid: Option<&'a str>,
}

impl<'a> Referral<'a> {
    /// Shows a referral.
    pub fn of(referral: &'a referral::Referral) -> Self {
        Self { id: referral.id, email: referral.email.as_deref(), uid: referral.uid.as_deref() }
    }
}

/// A reward inside another record.
#[derive(Debug, Serialize)]
pub struct Reward<'a> {
    id: RewardId,
    name: &'a str,
}

impl<'a> Reward<'a> {
    /// Shows a reward.
    pub fn of(reward: &'a reward::Reward) -> Self {
        Self { id: reward.id, name: &reward.name }
    }
}

/// A promoter campaign inside another record.
#[derive(Debug, Serialize)]
pub struct PromoterCampaign<'a> {
    id: EnrolmentId,
    campaign_id: CampaignId,
    promoter_id: PromoterId,
    created_at: Timestamp,
    promoter: Option<Promoter<'a>>,
    campaign: Option<Campaign<'a>>,
}

/// Where enrolments are looked up, and what they belong to.
#[derive(Clone, Copy, Debug)]
pub struct Partners<'a> {
    /// Enrolments.
    pub enrolments: &'a Table<enrolment::Enrolment>,
    /// Promoters.
    pub promoters: &'a Table<promoter::Promoter>,
    /// Campaigns.
    pub campaigns: &'a Table<campaign::Campaign>,
}

impl<'a> Partners<'a> {
    /// Those of an account.
    pub fn of(state: &'a State) -> Self {
        Self { enrolments: &state.enrolments, promoters: &state.promoters, campaigns: &state.campaigns }
    }

    /// What anything rests on that is told by these tables alone.
    pub fn basis(self) -> Basis {
        [self.enrolments.revision(), self.promoters.revision(), self.campaigns.revision()]
    }
}

impl<'a> PromoterCampaign<'a> {
    /// Shows an enrolment with its promoter and campaign.
    pub fn of(partners: Partners<'a>, enrolment: &enrolment::Enrolment) -> Self {
        Self {
            id: enrolment.id,
            campaign_id: enrolment.campaign_id,
            promoter_id: enrolment.promoter_id,
            created_at: enrolment.created_at,
            promoter: partners.promoters.get(enrolment.promoter_id).map(Promoter::of),
            campaign: partners.campaigns.get(enrolment.campaign_id).map(Campaign::of),
        }
    }
}
