//! Enrolments: a promoter in a campaign. v2 says promoter campaign, v1 promotion.

use super::ids::{CampaignId, EnrolmentId, PromoterId};
use super::lookup::Many;
use super::named::named_values;
use super::reward::RewardRule;
use super::table::{Index, Row};
use crate::clock::timestamp::Timestamp;

/// A promoter's enrolment in a campaign.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// Who.
    pub promoter_id: PromoterId,
    /// In which campaign.
    pub campaign_id: CampaignId,
    /// How it stands.
    pub state: EnrolmentState,
    /// The token in the referral link; unique in the account. v1: `ref_id`.
    pub ref_token: String,
    /// The promo code that credits this promoter; unique in the account, ignoring case. v1: `promo_code`.
    pub coupon: Option<String>,
    /// The code shown to the promoter instead.
    pub display_coupon: Option<String>,
    /// The code offered to customers (v1's `customer_promo_code`).
    pub customer_promo_code: Option<String>,
    /// A landing page of his own. v1: `landing_url`.
    pub direct_url: Option<String>,
    /// Whether visits are told by `direct_url` alone, without a token in it (v1).
    pub url_tracking: bool,
    /// Rewards that replace the campaign's for promoters; `None`: the campaign's.
    pub rewards_for_promoters: Option<Vec<RewardRule>>,
    /// Offers that replace the campaign's for referrals; `None`: the campaign's.
    pub rewards_for_referrals: Option<Vec<RewardRule>>,
    /// When the target reward was reached.
    pub target_reached_at: Option<Timestamp>,
    /// Whether promoters do not see it.
    pub hidden: bool,
    /// When the promoter joined the campaign.
    pub created_at: Timestamp,
}

named_values! {
    /// How an enrolment stands.
    ///
    /// Evidence: published v2 contract (`PromoterCampaign.state`).
    EnrolmentState {
        /// Applied, not yet accepted.
        Pending = "pending",
        /// Takes part.
        Accepted = "accepted",
        /// Turned down.
        Rejected = "rejected",
        /// Thrown out: referrals earn nothing.
        Blocked = "blocked",
        /// No longer takes part.
        Inactive = "inactive",
    }
}

/// Finds enrolments by promoter, campaign, token and coupon.
#[derive(Clone, Debug, Default)]
pub struct EnrolmentIndex {
    /// By promoter.
    pub by_promoter: Many<PromoterId, EnrolmentId>,
    /// By campaign.
    pub by_campaign: Many<CampaignId, EnrolmentId>,
    /// By referral token.
    pub by_ref_token: Many<String, EnrolmentId>,
    /// By coupon, in upper case.
    pub by_coupon: Many<String, EnrolmentId>,
}

impl Index<Enrolment> for EnrolmentIndex {
    fn add(&mut self, row: &Enrolment) {
        self.by_promoter.add(row.promoter_id, row.id);
        self.by_campaign.add(row.campaign_id, row.id);
        self.by_ref_token.add(row.ref_token.clone(), row.id);
        if let Some(coupon) = &row.coupon {
            self.by_coupon.add(coupon.to_uppercase(), row.id);
        }
    }

    fn remove(&mut self, row: &Enrolment) {
        self.by_promoter.remove(&row.promoter_id, row.id);
        self.by_campaign.remove(&row.campaign_id, row.id);
        self.by_ref_token.remove(&row.ref_token, row.id);
        if let Some(coupon) = &row.coupon {
            self.by_coupon.remove(&coupon.to_uppercase(), row.id);
        }
    }
}

impl Row for Enrolment {
    type Id = EnrolmentId;
    type Index = EnrolmentIndex;
    fn id(&self) -> EnrolmentId {
        self.id
    }
}
