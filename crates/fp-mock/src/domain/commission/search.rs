//! Which commissions mention what is searched for.

use std::collections::BTreeSet;

use super::facts::FactColumns;
use super::selection::{Selection, line_of};
use crate::domain::facets::{Ahead, Block, Columns, Facets, Part, Places};
use crate::domain::ids::{CommissionId, ReferralId};
use crate::domain::members::Members;
use crate::domain::referral::Mentions;
use crate::domain::searched::Progress;
use crate::domain::state::State;

/// A search of commissions by their event ids, and by the e-mail addresses and uids of their referrals.
#[derive(Debug)]
pub struct Search<'a> {
    own: Ahead<'a, FactColumns>,
    /// What was found by themselves in blocks that are still to come, by their lowest ids.
    ready: Vec<(u64, Places)>,
    referrals: Mentions<'a>,
    /// Whether the referrals of the block before mentioned most of what was found.
    begins_with_referrals: bool,
}

impl<'a> Search<'a> {
    /// For this text in lower case, which must be neither empty nor of several lines.
    pub fn of(state: &'a State, text: &'a str) -> Self {
        let own = Ahead::of(&state.commissions.index().facets, text);
        Self { own, ready: Vec::new(), referrals: Mentions::of(state, text), begins_with_referrals: false }
    }

    /// Leaves of a block those that mention the text. Where all of them do in one way, as they often do, the other is not
    /// gone into.
    pub fn keep(&mut self, block: &Block<'_, FactColumns>, places: &mut Places) {
        if places.is_empty() {
            return;
        }
        let mut found = self.found(block, places, self.begins_with_referrals);
        let others = places.clone().without(&found);
        if !others.is_empty() {
            let beside = self.found(block, &others, !self.begins_with_referrals);
            self.begins_with_referrals ^= beside.len() > found.len();
            found.put_all(&beside);
        }
        *places = found;
    }

    /// Those of these places that mention it in one of the ways.
    fn found(&mut self, block: &Block<'_, FactColumns>, among: &Places, by_referral: bool) -> Places {
        let mut found = among.clone();
        if by_referral {
            self.referrals.keep(&mut found, &block.facts.referral);
        } else {
            found.keep_words(self.holding(block.lowest()).words(), true);
        }
        found
    }

    /// The places of a block whose own texts hold it.
    fn holding(&mut self, lowest: u64) -> Places {
        let is_this = |(other, _): &(u64, Places)| *other == lowest;
        if !self.ready.iter().any(is_this) {
            let found = self.own.search(lowest, |_| true).into_iter();
            self.ready = found.map(|(block, places)| (block.lowest(), places)).collect();
        }
        let at = self.ready.iter().position(is_this);
        at.map_or_else(Places::default, |at| self.ready.swap_remove(at).1)
    }
}

/// Searches for what is wanted, and keeps what is found.
pub(super) fn arrange(state: &mut State, wanted: &Selection) {
    let Some(part) = line_of(wanted).filter(|part| kept(state, part).is_none()) else { return };
    let mut search = Search::of(state, part);
    let found = state.commissions.index().facets.sieve(|block, places| search.keep(block, places));
    let progress = Progress { found: found.passed, from: 0 };
    let revisions = revisions(state);
    state.commissions.index_mut().searched.keep(part, revisions, progress);
}

/// The commissions that mention a text, if it is what was searched for last.
pub(super) fn kept<'a>(state: &'a State, part: &str) -> Option<&'a Members> {
    state.commissions.index().searched.found(part, revisions(state))
}

/// The states of the tables that a search looks into.
fn revisions(state: &State) -> [u64; 2] {
    [state.referrals.revision(), state.commissions.revision()]
}

/// Referrals that mention what is searched for are gathered up to this number; of more, enough commissions are
/// found soon.
const REFERRALS_MAX: usize = 10_000;

/// The commissions that mention what is searched for, themselves or by their referrals, ascending; `None` if nothing
/// is searched for or many mention it.
pub(super) fn mentioning(state: &State, wanted: &Selection) -> Option<BTreeSet<CommissionId>> {
    let part = line_of(wanted)?;
    let (referrals, index) = (state.referrals.index(), state.commissions.index());
    let about: Vec<u64> = holding(&referrals.facets, part).take(REFERRALS_MAX + 1).collect();
    let own: Vec<u64> = holding(&index.facets, part).take(REFERRALS_MAX + 1).collect();
    if about.len().max(own.len()) > REFERRALS_MAX {
        return None;
    }
    let of_referrals = about.iter().flat_map(|id| index.by_referral.of(&ReferralId::new(*id)));
    Some(of_referrals.chain(own.into_iter().map(CommissionId::new)).collect())
}

fn holding<'a, C: Columns>(facets: &'a Facets<C>, part: &'a str) -> impl Iterator<Item = u64> + 'a {
    let mut part = Part::of(part);
    facets.newest(move |block, places| *places = block.holding(&mut part))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::commission::tests::earned;
    use crate::domain::commission::{Commission, Sorting};
    use crate::domain::referral::{EntrySource, NewReferral, create, samples};

    /// What a referral is known by: e-mail, uid and user name.
    type Names = [Option<String>; 3];

    fn text() -> impl Strategy<Value = Option<String>> {
        let text = prop_oneof![9 => "[ab1]{1,4}", 3 => "[a-b]@example", 1 => Just("b".repeat(70_000) + "1a")];
        proptest::option::of(text)
    }

    /// Referrals by their ids: some, and blocks without gaps that are alike.
    fn referrals() -> impl Strategy<Value = BTreeMap<u64, Names>> {
        let some = proptest::collection::btree_map(1u64..6_000, [text(), text(), text()], 0..60);
        let alike = |id: u64| (id, [Some(format!("{id}@example")), Some(format!("a{id}")), None]);
        (some, 0u64..3).prop_map(move |(some, blocks)| {
            let mut all: BTreeMap<u64, Names> = (2_000..2_000 + 1_100 * blocks).map(alike).collect();
            all.extend(some);
            all
        })
    }

    /// Commissions: of which referral, and of which event.
    fn commissions() -> impl Strategy<Value = BTreeMap<u64, (Option<u64>, Option<String>)>> {
        let of = (proptest::option::of(1u64..6_000), text());
        let some = proptest::collection::btree_map(1u64..4_000, of, 0..60);
        let alike = |id: u64| (id, (Some(id + 900), Some(format!("a_{id}"))));
        (some, 0u64..3).prop_map(move |(some, blocks)| {
            let mut all: BTreeMap<_, _> = (1_100..1_100 + 1_100 * blocks).map(alike).collect();
            all.extend(some);
            all
        })
    }

    fn state(
        referrals: &BTreeMap<u64, Names>,
        commissions: &BTreeMap<u64, (Option<u64>, Option<String>)>,
    ) -> State {
        let (mut state, enrolments) = samples::two_campaigns();
        let new = NewReferral { uid: Some("one".into()), ..NewReferral::of(enrolments[0], EntrySource::Api) };
        let one = create(&mut state, samples::NOW, new).expect("a referral");
        let one = state.referrals.delete(one).expect("the referral").as_ref().clone();
        for (id, names) in referrals {
            let [email, uid, username] = names.clone().map(|name| name.map(Into::into));
            let mut row = one.clone();
            (row.id, row.email, row.uid) = (ReferralId::new(*id), email, uid);
            row.details.username = username;
            state.referrals.insert(row);
        }
        for (id, (referral, event)) in commissions {
            let mut row = earned(&mut state, enrolments[0], 1);
            row.id = CommissionId::new(*id);
            row.referral_id = referral.filter(|id| referrals.contains_key(id)).map(ReferralId::new);
            row.event_id = event.as_deref().map(Into::into);
            state.commissions.insert(row);
        }
        state
    }

    fn found(state: &State, part: &str) -> Vec<u64> {
        let holds =
            |text: &Option<std::sync::Arc<str>>| text.as_deref().is_some_and(|text| text.contains(part));
        let is_found = |row: &&Commission| {
            let referral = row.referral_id.and_then(|id| state.referrals.get(id));
            holds(&row.event_id) || referral.is_some_and(|row| holds(&row.email) || holds(&row.uid))
        };
        state.commissions.iter().rev().filter(is_found).map(|row| row.id.number()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn commissions_are_found_by_their_events_and_by_their_referrals(
            referrals in referrals(),
            commissions in commissions(),
            parts in proptest::collection::vec("[ab1]{1,3}|@example|a_|_1|29", 1..4),
        ) {
            let mut state = state(&referrals, &commissions);
            for part in &parts {
                let wanted = Selection { q: Some(part.clone()), ..Selection::default() };
                for skipped in [0, usize::MAX] {
                    super::super::arrange(&mut state, samples::NOW, &wanted, &[] as &[Sorting], skipped);
                    let rows = super::super::select(&state, samples::NOW, &wanted, &[]);
                    prop_assert_eq!(rows.map(|row| row.id.number()).collect::<Vec<_>>(), found(&state, part));
                }
            }
        }
    }
}
