//! What an enrolment amounts to: figures and rewards, all derived.

use super::Enrolment;
use crate::domain::ids::PromoterId;
use crate::domain::money::Amount;
use crate::domain::reward::RewardRule;
use crate::domain::state::State;

/// The figures of an enrolment, or the sum of several.
///
/// Evidence: published v2 contract and v1 reference (which figures there are; v1 sums sales and refunds apart).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Visits through the link.
    pub clicks: u64,
    /// Referrals.
    pub referrals: u64,
    /// Referrals that ever bought.
    pub customers: u64,
    /// Referrals that are paying customers now.
    pub active_customers: u64,
    /// Sales.
    pub sales: i64,
    /// Their sum in minor units.
    pub sales_amount: Amount,
    /// Refunds.
    pub refunds: i64,
    /// Their sum in minor units, positive.
    pub refunds_amount: Amount,
    /// Cancellations.
    pub cancellations: i64,
}

impl Stats {
    /// What referrals bought without what they got back, in minor units.
    ///
    /// Evidence: service help pages (revenue in reports); that it means the same here is chosen.
    pub fn revenue(&self) -> Amount {
        self.sales_amount - self.refunds_amount
    }
}

impl std::ops::Add for Stats {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            clicks: self.clicks + other.clicks,
            referrals: self.referrals + other.referrals,
            customers: self.customers + other.customers,
            active_customers: self.active_customers + other.active_customers,
            sales: self.sales + other.sales,
            sales_amount: self.sales_amount + other.sales_amount,
            refunds: self.refunds + other.refunds,
            refunds_amount: self.refunds_amount + other.refunds_amount,
            cancellations: self.cancellations + other.cancellations,
        }
    }
}

/// The figures of one enrolment.
pub fn stats(state: &State, enrolment: &Enrolment) -> Stats {
    let counts = state.referrals.index().counts.get(&enrolment.id).copied().unwrap_or_default();
    let totals = state.conversions.index().totals.get(&enrolment.id).copied().unwrap_or_default();
    Stats {
        clicks: state.clicks.index().by_enrolment.count(&enrolment.id) as u64,
        referrals: counts.referrals,
        customers: counts.customers,
        active_customers: counts.active_customers,
        sales: totals.sales,
        sales_amount: totals.sales_amount,
        refunds: totals.refunds,
        refunds_amount: totals.refunds_amount,
        cancellations: totals.cancellations,
    }
}

/// The figures of all enrolments of a promoter together.
pub fn stats_of_promoter(state: &State, promoter: PromoterId) -> Stats {
    super::of_promoter(state, promoter)
        .map(|enrolment| stats(state, enrolment))
        .fold(Stats::default(), std::ops::Add::add)
}

/// What the promoter earns: his own rewards if he has some, else the campaign's.
pub fn rewards_for_promoters<'a>(state: &'a State, enrolment: &'a Enrolment) -> &'a [RewardRule] {
    match (&enrolment.rewards_for_promoters, state.campaigns.get(enrolment.campaign_id)) {
        (Some(own), _) => own,
        (None, Some(campaign)) => &campaign.rewards_for_promoters,
        (None, None) => &[],
    }
}

/// What his referrals are offered: his own offers if he has some, else the campaign's.
pub fn rewards_for_referrals<'a>(state: &'a State, enrolment: &'a Enrolment) -> &'a [RewardRule] {
    match (&enrolment.rewards_for_referrals, state.campaigns.get(enrolment.campaign_id)) {
        (Some(own), _) => own,
        (None, Some(campaign)) => &campaign.rewards_for_referrals,
        (None, None) => &[],
    }
}
