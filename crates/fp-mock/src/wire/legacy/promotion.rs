//! Promotions: promoters in campaigns.

use serde::Serialize;

use super::{Offer, RewardTerms};
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::money::Amount;
use crate::domain::reward::Basis;
use crate::domain::state::State;

/// A promotion. Counts and totals are computed, not stored.
#[derive(Debug, Serialize)]
pub struct Promotion<'a> {
    id: EnrolmentId,
    status: &'static str,
    ref_id: &'a str,
    promo_code: Option<&'a str>,
    customer_promo_code: Option<&'a str>,
    target_reached_at: Option<Timestamp>,
    promoter_id: PromoterId,
    campaign_id: CampaignId,
    referral_link: String,
    current_offer: Option<Offer<'a>>,
    current_referral_reward: Option<RewardTerms<'a>>,
    current_promotion_reward: Option<RewardTerms<'a>>,
    current_target_reward: Option<RewardTerms<'a>>,
    campaign_name: &'a str,
    hidden: bool,
    visitors_count: u64,
    leads_count: u64,
    customers_count: u64,
    refunds_count: i64,
    cancellations_count: i64,
    sales_count: i64,
    sales_total: Amount,
    refunds_total: Amount,
    active_customers_count: u64,
}

impl<'a> Promotion<'a> {
    /// Shows an enrolment.
    pub fn of(state: &'a State, enrolment: &'a Enrolment) -> Self {
        let campaign = state.campaigns.get(enrolment.campaign_id);
        let rewards = enrolment::rewards_for_promoters(state, enrolment);
        let current_offer = Offer::first(state, enrolment::rewards_for_referrals(state, enrolment));
        let stats = enrolment::stats(state, enrolment);
        Self {
            id: enrolment.id,
            status: if current_offer.is_some() { "offer_running" } else { "offer_inactive" },
            ref_id: &enrolment.ref_token,
            promo_code: enrolment.coupon.as_deref(),
            customer_promo_code: enrolment.customer_promo_code.as_deref(),
            target_reached_at: enrolment.target_reached_at,
            promoter_id: enrolment.promoter_id,
            campaign_id: enrolment.campaign_id,
            referral_link: enrolment::ref_link(state, enrolment),
            current_offer,
            current_referral_reward: RewardTerms::first(state, rewards, Basis::PerReferral),
            current_promotion_reward: RewardTerms::first(state, rewards, Basis::PerPromotion),
            current_target_reward: RewardTerms::first(state, rewards, Basis::Target),
            campaign_name: campaign.map_or("", |campaign| &campaign.name),
            hidden: enrolment.hidden,
            visitors_count: stats.clicks,
            leads_count: stats.referrals,
            customers_count: stats.customers,
            refunds_count: stats.refunds,
            cancellations_count: stats.cancellations,
            sales_count: stats.sales,
            sales_total: stats.sales_amount,
            refunds_total: -stats.refunds_amount,
            active_customers_count: stats.active_customers,
        }
    }
}
