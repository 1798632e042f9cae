//! What an enrolment amounts to: figures, link and rewards, all derived.

use super::Enrolment;
use crate::domain::ids::PromoterId;
use crate::domain::money::Amount;
use crate::domain::reward::RewardRule;
use crate::domain::state::State;

/// The figures of an enrolment, or the sum of several.
///
/// Evidence: published v2 contract and v1 reference (which figures there are); chosen (revenue counts sales
/// without taking refunds off, which have a figure of their own).
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
    pub revenue: Amount,
    /// Refunds.
    pub refunds: i64,
    /// Their sum in minor units, positive.
    pub refunds_amount: Amount,
    /// Cancellations.
    pub cancellations: i64,
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
            revenue: self.revenue + other.revenue,
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
        revenue: totals.sales_amount,
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

/// The link that credits the promoter: his own landing page or the campaign's, with his token as a parameter;
/// without it where visits are told by the page alone.
///
/// Evidence: v1 reference (`http://test.com?fp_ref=jane89`, URL tracking).
pub fn ref_link(state: &State, enrolment: &Enrolment) -> String {
    let campaign = state.campaigns.get(enrolment.campaign_id);
    let campaigns_page = campaign.map_or("", |campaign| campaign.landing_url.as_str());
    match enrolment.direct_url.as_deref() {
        Some(own) if enrolment.url_tracking => own.to_owned(),
        own => link(own.unwrap_or(campaigns_page), &state.company.link_parameter, &enrolment.ref_token),
    }
}

/// `page` with one more query parameter, before the fragment if it has one.
fn link(page: &str, parameter: &str, token: &str) -> String {
    let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
    let joint = match page.find('?') {
        None => "?",
        Some(at) if at + 1 == page.len() || page.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{page}{joint}{parameter}={token}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn the_token_joins_whatever_query_the_page_has() {
        for (page, linked) in [
            ("https://www.example.com", "https://www.example.com?fpr=jane89"),
            ("https://www.example.com/a?b=c", "https://www.example.com/a?b=c&fpr=jane89"),
            ("https://www.example.com/?", "https://www.example.com/?fpr=jane89"),
            ("https://www.example.com/#top", "https://www.example.com/?fpr=jane89#top"),
        ] {
            assert_eq!(link(page, "fpr", "jane89"), linked);
        }
    }
}
