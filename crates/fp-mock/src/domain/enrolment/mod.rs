//! Enrolments: a promoter in a campaign. v2 says promoter campaign, v1 promotion.

mod change;
mod enrol;
mod figures;
mod links;
mod moving;
mod own_page;

pub use change::{ChangeEnrolment, Customisation, change};
pub use enrol::{Wish, enrol};
pub use figures::{Stats, rewards_for_promoters, rewards_for_referrals, stats, stats_of_promoter};
pub use links::{ReferralLink, ref_link, referral_links};
pub use moving::{apply_threshold, move_referrals, move_to};
pub use own_page::by_own_page;

use std::collections::BTreeMap;

use super::campaign::default_campaign;
use super::ids::{CampaignId, EnrolmentId, PromoterId};
use super::lookup::{Many, folded, holds};
use super::named::named_values;
use super::reward::RewardRule;
use super::state::State;
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

impl Enrolment {
    /// Whether it has rewards or offers of its own.
    pub fn is_customized(&self) -> bool {
        self.rewards_for_promoters.is_some() || self.rewards_for_referrals.is_some()
    }
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
    /// By the page that tells their visits.
    pub(super) by_own_page: Many<String, EnrolmentId>,
    /// By state.
    pub by_state: Many<EnrolmentState, EnrolmentId>,
    /// How many campaigns a promoter waits for, for those who wait for any.
    pub pending: BTreeMap<PromoterId, usize>,
}

impl Index<Enrolment> for EnrolmentIndex {
    fn add(&mut self, row: &Enrolment) {
        self.by_promoter.add(row.promoter_id, row.id);
        self.by_campaign.add(row.campaign_id, row.id);
        self.by_ref_token.add(row.ref_token.clone(), row.id);
        if let Some(coupon) = &row.coupon {
            self.by_coupon.add(coupon.to_uppercase(), row.id);
        }
        if let Some(page) = row.telling_page() {
            self.by_own_page.add(page.to_owned(), row.id);
        }
        self.by_state.add(row.state, row.id);
        if row.state == EnrolmentState::Pending {
            *self.pending.entry(row.promoter_id).or_default() += 1;
        }
    }

    fn remove(&mut self, row: &Enrolment) {
        self.by_promoter.remove(&row.promoter_id, row.id);
        self.by_campaign.remove(&row.campaign_id, row.id);
        self.by_ref_token.remove(&row.ref_token, row.id);
        if let Some(coupon) = &row.coupon {
            self.by_coupon.remove(&coupon.to_uppercase(), row.id);
        }
        if let Some(page) = row.telling_page() {
            self.by_own_page.remove(page, row.id);
        }
        self.by_state.remove(&row.state, row.id);
        if row.state == EnrolmentState::Pending
            && let Some(campaigns) = self.pending.get_mut(&row.promoter_id)
        {
            *campaigns -= 1;
            if *campaigns == 0 {
                self.pending.remove(&row.promoter_id);
            }
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

/// The enrolments of a promoter, the oldest first.
pub fn of_promoter(state: &State, promoter: PromoterId) -> impl DoubleEndedIterator<Item = &Enrolment> {
    let ids = state.enrolments.index().by_promoter.of(&promoter);
    ids.filter_map(|id| state.enrolments.get(id))
}

/// The enrolment of a promoter in a campaign.
pub fn in_campaign(state: &State, promoter: PromoterId, campaign: CampaignId) -> Option<&Enrolment> {
    of_promoter(state, promoter).find(|enrolment| enrolment.campaign_id == campaign)
}

/// The enrolment that stands for a promoter where only one can: that in the default campaign, or else his
/// oldest that is not inactive, or else his oldest.
///
/// Evidence: v1 reference (`default_promotion_id`); which one it is, is chosen.
pub fn default_of(state: &State, promoter: PromoterId) -> Option<&Enrolment> {
    let default = default_campaign(state).map(|campaign| campaign.id);
    let in_use = || of_promoter(state, promoter).filter(|e| e.state != EnrolmentState::Inactive);
    in_use()
        .find(|enrolment| Some(enrolment.campaign_id) == default)
        .or_else(|| in_use().next())
        .or_else(|| of_promoter(state, promoter).next())
}

/// The enrolment with this referral token.
pub fn by_ref_token<'a>(state: &'a State, token: &str) -> Option<&'a Enrolment> {
    let id = state.enrolments.index().by_ref_token.first(token)?;
    state.enrolments.get(id)
}

/// The enrolment that this code credits, ignoring case: by its coupon, or by a promo code in use.
pub fn by_coupon<'a>(state: &'a State, code: &str) -> Option<&'a Enrolment> {
    let code = code.trim().to_uppercase();
    let by_coupon = state.enrolments.index().by_coupon.first(&code);
    let by_promo_code = || {
        let id = state.promo_codes.index().by_code.first(&code)?;
        state.promo_codes.get(id).map(|promo_code| promo_code.enrolment_id)
    };
    by_coupon.or_else(by_promo_code).and_then(|id| state.enrolments.get(id))
}

/// The enrolments whose promoter's e-mail address or name, or whose token or coupon holds `part`, whatever the
/// case, the newest first.
///
/// Evidence: published v2 contract (a search); what it searches is chosen.
pub fn search<'a>(state: &'a State, part: &str) -> impl Iterator<Item = &'a Enrolment> {
    let part = folded(part);
    state.enrolments.iter().rev().filter(move |row| {
        let promoter = state.promoters.get(row.promoter_id);
        holds(&row.ref_token, &part)
            || row.coupon.as_deref().is_some_and(|coupon| holds(coupon, &part))
            || promoter.is_some_and(|p| holds(&p.email, &part) || holds(&p.name(), &part))
    })
}
