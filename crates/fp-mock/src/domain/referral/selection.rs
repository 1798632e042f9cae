//! Which referrals a list is about.

use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{CampaignId, EnrolmentId, PlanId, PromoterId, ReferralId};
use crate::domain::lookup::holds;
use crate::domain::span::Span;
use crate::domain::state::State;

/// What referrals must be to be listed; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// In lower case: part of the e-mail address, uid, user name or website.
    pub q: Option<String>,
    /// One of these.
    pub ids: Option<Vec<ReferralId>>,
    /// Whether it ever bought.
    pub is_customer: Option<bool>,
    /// Whose it is.
    pub promoter: Option<PromoterId>,
    /// In which campaigns.
    pub campaigns: Vec<CampaignId>,
    /// How it stands.
    pub states: Vec<ReferralState>,
    /// When it first bought.
    pub customer_since: Span<Timestamp>,
    /// When it came in.
    pub created_at: Span<Timestamp>,
    /// When it cancelled.
    pub cancelled_at: Span<Timestamp>,
    /// How it came in.
    pub entry_sources: Vec<EntrySource>,
    /// What looks wrong about it.
    pub fraud_checks: Vec<FraudCheck>,
    /// Its plans.
    pub plans: Vec<PlanId>,
}

/// The referrals that fit, the newest first, found as far as they are asked for: by the narrowest of ids,
/// promoter and campaign, or state.
///
/// Evidence: published v2 referrals document (the filters and what `q` searches); chosen (the order).
pub fn select<'a>(state: &'a State, wanted: &'a Selection) -> impl Iterator<Item = &'a Referral> + 'a {
    candidates(state, wanted).filter(|row| fits(wanted, row))
}

fn candidates<'a>(state: &'a State, wanted: &Selection) -> Box<dyn Iterator<Item = &'a Referral> + 'a> {
    let index = state.referrals.index();
    let row = |id| state.referrals.get(id);
    if let Some(ids) = &wanted.ids {
        let mut ids = ids.clone();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        let of_campaigns = enrolments(state, wanted);
        let fits =
            move |row: &&Referral| of_campaigns.as_ref().is_none_or(|all| all.contains(&row.enrolment_id));
        return Box::new(ids.into_iter().filter_map(row).filter(fits));
    }
    let of_states = || index.by_state.newest(&wanted.states).filter_map(row);
    let in_states = || wanted.states.iter().map(|standing| index.by_state.count(standing)).sum::<usize>();
    match enrolments(state, wanted) {
        Some(enrolments) => {
            let of_enrolments = enrolments.iter().map(|id| index.by_enrolment.count(id)).sum::<usize>();
            if wanted.states.is_empty() || of_enrolments <= in_states() {
                return Box::new(index.by_enrolment.newest(&enrolments).filter_map(row));
            }
            Box::new(of_states().filter(move |row| enrolments.contains(&row.enrolment_id)))
        }
        None if wanted.states.is_empty() => Box::new(state.referrals.iter().rev()),
        None => Box::new(of_states()),
    }
}

/// The enrolments of the promoter in the campaigns, ascending; `None` if neither is asked for.
fn enrolments(state: &State, wanted: &Selection) -> Option<std::collections::BTreeSet<EnrolmentId>> {
    let index = state.enrolments.index();
    let in_campaigns = wanted.campaigns.iter().flat_map(|campaign| index.by_campaign.of(campaign));
    match wanted.promoter {
        None if wanted.campaigns.is_empty() => None,
        None => Some(in_campaigns.collect()),
        Some(promoter) => {
            let campaign_of = |id: &EnrolmentId| state.enrolments.get(*id).map(|row| row.campaign_id);
            let fits = |id: &EnrolmentId| {
                wanted.campaigns.is_empty()
                    || campaign_of(id).is_some_and(|id| wanted.campaigns.contains(&id))
            };
            Some(index.by_promoter.of(&promoter).filter(fits).collect())
        }
    }
}

fn fits(wanted: &Selection, row: &Referral) -> bool {
    fn any<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
        wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
    }
    any(&wanted.states, Some(&row.state))
        && any(&wanted.entry_sources, Some(&row.entry_source))
        && any(&wanted.fraud_checks, Some(&row.fraud_check))
        && any(&wanted.plans, row.plan_id.as_ref())
        && wanted.is_customer.is_none_or(|is_customer| row.customer_since.is_some() == is_customer)
        && wanted.created_at.holds(&row.created_at)
        && wanted.customer_since.holds_some(row.customer_since.as_ref())
        && wanted.cancelled_at.holds_some(row.cancelled_at.as_ref())
        && wanted.q.as_deref().is_none_or(|part| mentions(row, part))
}

fn mentions(row: &Referral, part: &str) -> bool {
    let texts = [&row.email, &row.uid, &row.username, &row.website];
    texts.into_iter().flatten().any(|text| holds(text, part))
}
