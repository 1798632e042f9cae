//! Promotions: promoters in campaigns.

use serde::Serialize;

use super::{Offer, RewardTerms};
use crate::clock::timestamp::Timestamp;
use crate::domain::enrolment::Enrolment;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::money::Amount;
use crate::domain::reward::{Basis, RewardRule};
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
    visitors_count: usize,
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
        let rules = |own: &'a Option<Vec<RewardRule>>, general: Option<&'a Vec<RewardRule>>| {
            own.as_ref().or(general).map_or(&[][..], Vec::as_slice)
        };
        let rewards =
            rules(&enrolment.rewards_for_promoters, campaign.map(|campaign| &campaign.rewards_for_promoters));
        let offers =
            rules(&enrolment.rewards_for_referrals, campaign.map(|campaign| &campaign.rewards_for_referrals));
        let current_offer = Offer::first(state, offers);
        let referrals = state.referrals.index().counts.get(&enrolment.id).copied().unwrap_or_default();
        let conversions = state.conversions.index().totals.get(&enrolment.id).copied().unwrap_or_default();
        Self {
            id: enrolment.id,
            status: if current_offer.is_some() { "offer_running" } else { "offer_inactive" },
            ref_id: &enrolment.ref_token,
            promo_code: enrolment.coupon.as_deref(),
            customer_promo_code: enrolment.customer_promo_code.as_deref(),
            target_reached_at: enrolment.target_reached_at,
            promoter_id: enrolment.promoter_id,
            campaign_id: enrolment.campaign_id,
            referral_link: referral_link(state, enrolment),
            current_offer,
            current_referral_reward: RewardTerms::first(state, rewards, Basis::PerReferral),
            current_promotion_reward: RewardTerms::first(state, rewards, Basis::PerPromotion),
            current_target_reward: RewardTerms::first(state, rewards, Basis::Target),
            campaign_name: campaign.map_or("", |campaign| &campaign.name),
            hidden: enrolment.hidden,
            visitors_count: state.clicks.index().by_enrolment.count(&enrolment.id),
            leads_count: referrals.referrals,
            customers_count: referrals.customers,
            refunds_count: conversions.refunds,
            cancellations_count: conversions.cancellations,
            sales_count: conversions.sales,
            sales_total: conversions.sales_amount,
            refunds_total: -conversions.refunds_amount,
            active_customers_count: referrals.active_customers,
        }
    }
}

/// The landing page of the promoter or the campaign, with the referral id unless visits are told by the page.
///
/// Evidence: published v1 promoters document (`https://www.example.com?fpr=heubv`), v1 reference
/// (`url_tracking`).
fn referral_link(state: &State, enrolment: &Enrolment) -> String {
    let campaign = state.campaigns.get(enrolment.campaign_id).map(|campaign| &campaign.landing_url);
    let page = enrolment.direct_url.as_ref().or(campaign).map_or("", String::as_str);
    if enrolment.url_tracking && enrolment.direct_url.is_some() {
        return page.to_owned();
    }
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}{}={}", state.company.link_parameter, enrolment.ref_token)
}
