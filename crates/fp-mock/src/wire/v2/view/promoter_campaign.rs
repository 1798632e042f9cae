//! Promoter campaigns as v2 shows them.

use serde::Serialize;

use super::reference;
use super::reward::RewardRule;
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::state::State;

/// A promoter's enrolment in a campaign.
#[derive(Debug, Serialize)]
pub struct PromoterCampaign<'a> {
    id: EnrolmentId,
    campaign_id: CampaignId,
    promoter_id: PromoterId,
    created_at: Timestamp,
    promoter: Option<reference::Promoter<'a>>,
    campaign: Option<reference::Campaign<'a>>,
    state: &'static str,
    stats: Stats,
    coupon: Option<&'a str>,
    display_coupon: Option<&'a str>,
    ref_token: &'a str,
    ref_link: String,
    is_customized: bool,
    direct_url: Option<&'a str>,
    referral_rewards_customized: bool,
    promoter_rewards_customized: bool,
    rewards_for_promoters: Vec<RewardRule<'a>>,
    rewards_for_referrals: Vec<RewardRule<'a>>,
    promo_codes: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Stats {
    clicks_count: u64,
    referrals_count: u64,
    sales_count: i64,
    customers_count: u64,
    revenue_amount: i64,
}

impl<'a> PromoterCampaign<'a> {
    /// Shows an enrolment. Its promo codes are those in use.
    ///
    /// Evidence: published v2 promoter campaigns document; leaving archived codes out is chosen.
    pub fn of(state: &'a State, row: &'a Enrolment) -> Self {
        let stats = enrolment::stats(state, row);
        let codes = state.promo_codes.index().by_enrolment.of(&row.id);
        let codes =
            codes.filter_map(|id| state.promo_codes.get(id)).filter(|code| code.archived_at.is_none());
        Self {
            id: row.id,
            campaign_id: row.campaign_id,
            promoter_id: row.promoter_id,
            created_at: row.created_at,
            promoter: state.promoters.get(row.promoter_id).map(reference::Promoter::of),
            campaign: state.campaigns.get(row.campaign_id).map(reference::Campaign::of),
            state: row.state.name(),
            stats: Stats {
                clicks_count: stats.clicks,
                referrals_count: stats.referrals,
                sales_count: stats.sales,
                customers_count: stats.customers,
                revenue_amount: stats.revenue(),
            },
            coupon: row.coupon.as_deref(),
            display_coupon: row.display_coupon.as_deref(),
            ref_token: &row.ref_token,
            ref_link: enrolment::ref_link(state, row),
            is_customized: row.is_customized(),
            direct_url: row.direct_url.as_deref(),
            referral_rewards_customized: row.rewards_for_referrals.is_some(),
            promoter_rewards_customized: row.rewards_for_promoters.is_some(),
            rewards_for_promoters: RewardRule::all(state, enrolment::rewards_for_promoters(state, row)),
            rewards_for_referrals: RewardRule::all(state, enrolment::rewards_for_referrals(state, row)),
            promo_codes: codes.map(|code| code.code.as_str()).collect(),
        }
    }
}

/// A link that credits a promoter.
#[derive(Debug, Serialize)]
pub struct ReferralLink<'a> {
    id: u64,
    name: String,
    url: String,
    is_default: bool,
    source: &'static str,
    sub_id: Option<String>,
    campaign: Option<reference::Campaign<'a>>,
}

impl<'a> ReferralLink<'a> {
    /// Shows a link of an enrolment. Its id is made of the enrolment's and its number there.
    ///
    /// Evidence: published v2 promoter campaigns document; how the id is made is chosen.
    pub fn of(state: &'a State, enrolment: &Enrolment, link: enrolment::ReferralLink) -> Self {
        Self {
            id: enrolment.id.number() * 1_000 + link.number,
            name: link.name,
            url: link.url,
            is_default: link.is_default,
            source: if link.is_his_own { "promoter" } else { "campaign" },
            sub_id: link.sub_id,
            campaign: state.campaigns.get(enrolment.campaign_id).map(reference::Campaign::of),
        }
    }
}
