//! Which referrals a list is about.

use std::collections::BTreeSet;

use super::facts::{FactColumns, Test};
use super::record::{EntrySource, FraudCheck, Referral, ReferralState};
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::{Block, Part, Places, ShortIds, short};
use crate::domain::ids::{CampaignId, EnrolmentId, PlanId, PromoterId, ReferralId};
use crate::domain::lookup::holds;
use crate::domain::searched::{DEEP, Progress};
use crate::domain::span::Span;
use crate::domain::state::State;

/// What referrals must be to be listed; what is empty or open asks for nothing.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// Referrals of a promoter or a campaign are looked at one by one up to this number.
const FEW: usize = 1_000;

/// The referrals that fit, the newest first, found as far as they are asked for: those of a few enrolments by their
/// ids, of others by their facts.
///
/// Evidence: published v2 referrals document (the filters and what `q` searches); chosen (the order).
pub fn select<'a>(state: &'a State, wanted: &'a Selection) -> Box<dyn Iterator<Item = &'a Referral> + 'a> {
    let (table, index) = (&state.referrals, state.referrals.index());
    let enrolments = enrolments(state, wanted);
    if let Some(ids) = &wanted.ids {
        let mut ids = ids.clone();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        let is_meant =
            move |row: &&Referral| enrolments.as_ref().is_none_or(|all| all.contains(&row.enrolment_id));
        let rows = ids.into_iter().filter_map(|id| table.get(id));
        return Box::new(rows.filter(is_meant).filter(|row| fits(wanted, row)));
    }
    if let Some(enrolments) = &enrolments
        && enrolments.iter().map(|id| index.by_enrolment.count(id)).sum::<usize>() <= FEW
    {
        let ids = index.by_enrolment.newest(enrolments).map(|id| id.number());
        return Box::new(table.rows(ids).filter(|row| fits(wanted, row)));
    }
    let asked = enrolments.as_ref().map(|ids| ShortIds::of(ids.iter().map(|id| id.number())));
    let test = Test::of(wanted, asked);
    let told = move |block: &Block<'_, FactColumns>, places: &mut Places| test.narrow(block, places);
    let progress = line_of(wanted).and_then(|part| index.searched.progress(part, revisions(state)));
    let ids: Box<dyn Iterator<Item = u64>> = match (line_of(wanted), progress) {
        (Some(part), progress) => {
            let mut part = Part::of(part);
            Box::new(index.facets.newest(move |block, places| {
                match progress.filter(|progress| block.lowest() >= progress.from) {
                    Some(progress) => {
                        block.keep_ids(places, &progress.found, true);
                        told(block, places);
                    }
                    None => {
                        told(block, places);
                        keep_holding(block, &mut part, places);
                    }
                }
            }))
        }
        (None, _) => Box::new(index.facets.newest(told)),
    };
    let rows = table.rows(ids);
    match is_told_by_facts(wanted, enrolments.as_ref()) {
        true => Box::new(rows),
        false => Box::new(rows.filter(move |row| {
            fits(wanted, row) && enrolments.as_ref().is_none_or(|all| all.contains(&row.enrolment_id))
        })),
    }
}

/// Searches for what a list wants that goes past `skipped` rows, as far as it needs, and keeps what is found. Without it
/// the list is the same, but slower.
pub fn arrange(state: &mut State, wanted: &Selection, skipped: usize) {
    let Some(part) = line_of(wanted).filter(|_| skipped >= DEEP && wanted.ids.is_none()) else { return };
    if let Some(progress) = searched_on(state, wanted, part, skipped.saturating_add(DEEP)) {
        let revisions = revisions(state);
        state.referrals.index_mut().searched.keep(part, revisions, progress);
    }
}

/// How far a search went that goes on until it finds enough that pass what else is wanted; `None` if it went so far
/// before.
fn searched_on(state: &State, wanted: &Selection, part: &str, enough: usize) -> Option<Progress> {
    let index = state.referrals.index();
    let before = index.searched.progress(part, revisions(state));
    if before.is_some_and(|progress| progress.from == 0) {
        return None;
    }
    let asked = enrolments(state, wanted).map(|ids| ShortIds::of(ids.iter().map(|id| id.number())));
    let test = Test::of(wanted, asked);
    let passing = |block: &Block<'_, FactColumns>, mut places: Places| {
        test.narrow(block, &mut places);
        places.len()
    };
    let none = || Progress { found: index.facets.no_members(), from: u64::MAX };
    let mut progress = before.cloned().unwrap_or_else(none);
    let (mut sought, from) = (Part::of(part), progress.from);
    let (mut count, mut is_further) = (0, false);
    for block in index.facets.blocks().rev() {
        let is_known = block.lowest() >= from;
        if !is_known && count >= enough {
            return is_further.then_some(progress);
        }
        let places = match is_known {
            true => block.among(&progress.found),
            false => block.holding_anywhere(&mut sought),
        };
        if !is_known {
            block.put_into(&mut progress.found, &places);
            (progress.from, is_further) = (block.lowest(), true);
        }
        count += passing(&block, places);
    }
    progress.from = 0;
    Some(progress)
}

/// Leaves of a block what holds a part.
fn keep_holding(block: &Block<'_, FactColumns>, part: &mut Part<'_>, places: &mut Places) {
    if !places.is_empty() {
        places.keep_words(block.holding_anywhere(part).words(), true);
    }
}

/// The state of the table that a search looks into.
fn revisions(state: &State) -> [u64; 2] {
    [state.referrals.revision(), 0]
}

/// All referrals, the newest first.
pub fn newest(state: &State) -> impl Iterator<Item = &Referral> {
    state.referrals.rows(state.referrals.index().facets.newest(|_, _| {}))
}

/// What is searched for, if it can stand in one line.
fn line_of(wanted: &Selection) -> Option<&str> {
    wanted.q.as_deref().filter(|part| !part.is_empty() && !part.contains('\n'))
}

/// Whether facts and texts alone decide: they know no ids beyond 32 bits, of which 0
/// stands for none, and no text of several lines.
fn is_told_by_facts(wanted: &Selection, enrolments: Option<&BTreeSet<EnrolmentId>>) -> bool {
    let is_short = |id: u64| short(id) != u32::MAX;
    (wanted.q.as_deref().is_none_or(str::is_empty) || line_of(wanted).is_some())
        && wanted.plans.iter().all(|id| id.number() != 0 && is_short(id.number()))
        && enrolments.is_none_or(|ids| ids.iter().all(|id| is_short(id.number())))
}

/// The enrolments of the promoter in the campaigns, ascending; `None` if neither is asked for.
fn enrolments(state: &State, wanted: &Selection) -> Option<BTreeSet<EnrolmentId>> {
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
    let texts = [&row.email, &row.uid, &row.details.username, &row.details.website];
    texts.into_iter().flatten().any(|text| holds(text, part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{NewReferral, create, samples};
    use super::*;

    /// Referrals of which some follow each other in blocks without gaps, by the numbers in their addresses.
    fn state(ids: impl Iterator<Item = u64>) -> State {
        let (mut state, enrolments) = samples::two_campaigns();
        let new = NewReferral { uid: Some("a".into()), ..NewReferral::of(enrolments[0], EntrySource::Api) };
        let one = create(&mut state, samples::NOW, new).expect("a referral");
        let one = state.referrals.delete(one).expect("the referral").as_ref().clone();
        for id in ids {
            let mut row = one.clone();
            (row.id, row.email, row.uid) =
                (ReferralId::new(id), Some(format!("{id}@example.com").into()), None);
            row.state = if id.is_multiple_of(3) { ReferralState::Active } else { ReferralState::Signup };
            state.referrals.insert(row);
        }
        state
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_search_finds_the_same_however_far_it_went_before(
            ids in proptest::collection::btree_set(1u64..9_000, 0..200),
            first in 1u64..5_000,
            count in 0u64..2_300,
            asked in proptest::collection::vec((0usize..4, any::<bool>(), 0usize..2_500), 1..9),
        ) {
            let all: BTreeSet<u64> = ids.into_iter().chain(first..first + count).collect();
            let mut state = state(all.iter().copied());
            for (part, is_filtered, skipped) in asked {
                let part = ["1", "77", "@example", "none"][part];
                let states = if is_filtered { vec![ReferralState::Active] } else { Vec::new() };
                let wanted = Selection { q: Some(part.into()), states, ..Selection::default() };
                arrange(&mut state, &wanted, skipped);
                let is_wanted = |id: &&u64| {
                    format!("{id}@example.com").contains(part) && (!is_filtered || id.is_multiple_of(3))
                };
                let expected: Vec<u64> = all.iter().rev().filter(is_wanted).skip(skipped).copied().collect();
                let found = select(&state, &wanted).skip(skipped).map(|row| row.id.number());
                prop_assert_eq!(found.collect::<Vec<_>>(), expected);
            }
        }
    }
}
