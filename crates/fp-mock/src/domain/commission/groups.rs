//! Commissions in the order of several criteria, found as far as they are asked for.

use super::facts::FactColumns;
use super::record::Commission;
use super::selection::{FEW, SortBy, Sorting, sort};
use crate::domain::facets::{Block, Places};
use crate::domain::ids::CommissionId;
use crate::domain::members::Sieve;
use crate::domain::order::{Apart, Group, Groups, Order};
use crate::domain::state::State;

/// Ids in an order.
type Sorted<'a> = Box<dyn Iterator<Item = u64> + 'a>;

/// The commissions that pass (all, if it does not say which), by one criterion after the other and then the newest
/// first; `None` if there is no criterion or some order was not made.
pub(super) fn sorted<'a>(state: &'a State, sieve: Option<Sieve>, sorting: &[Sorting]) -> Option<Sorted<'a>> {
    let (first, rest) = sorting.split_first()?;
    let orders = &state.commissions.index().orders;
    if rest.iter().any(|criterion| orders.by(criterion.by).is_none()) {
        return None;
    }
    let order = orders.by(first.by)?;
    if rest.is_empty() {
        return Some(Box::new(order.walk(first.is_descending, sieve)));
    }
    if are_equal(state, sieve.as_ref(), first.by) {
        return sorted(state, sieve, rest);
    }
    let rest = rest.to_vec();
    let begin = Some(Begin { order, first: *first, sieve });
    Some(Box::new(Grouped {
        state,
        rest,
        begin,
        groups: None,
        present: Box::new(std::iter::empty()),
        left: 0,
    }))
}

/// Whether all that pass have the same number, and facts know it.
fn are_equal(state: &State, sieve: Option<&Sieve>, by: SortBy) -> bool {
    let mut number = None;
    let mut is_equal = |block: &Block<'_, FactColumns>| {
        let mut places = passing(block, sieve);
        let Some(first) = places.iter().next() else { return true };
        let number = *number.get_or_insert_with(|| block.facts.number(by, first));
        let all = places.len();
        block.facts.keep_number(by, number, &mut places);
        places.len() == all
    };
    by != SortBy::Referral && state.commissions.index().facets.blocks().all(|block| is_equal(&block))
}

/// The places of a block that pass.
fn passing(block: &Block<'_, FactColumns>, sieve: Option<&Sieve>) -> Places {
    sieve.map_or_else(|| block.places(), |sieve| block.among(&sieve.passed))
}

/// Tells groups of equals apart by facts.
fn apart(state: &State, by: SortBy) -> Apart<'_> {
    let facets = &state.commissions.index().facets;
    Box::new(move |number, sieve| {
        (by != SortBy::Referral).then(|| {
            facets.sieve(|block, places| {
                *places = passing(block, sieve);
                block.facts.keep_number(by, number, places);
            })
        })
    })
}

/// The groups that the first criterion makes, before they are gone through.
struct Begin<'a> {
    order: &'a Order,
    first: Sorting,
    sieve: Option<Sieve>,
}

/// Goes through the groups that the first criterion makes, and sorts only those by the others that rows are asked
/// of: the few of a small group by themselves; a large group is picked from the orders by the others.
struct Grouped<'a> {
    state: &'a State,
    rest: Vec<Sorting>,
    /// Until the first row is asked for.
    begin: Option<Begin<'a>>,
    groups: Option<Groups<'a>>,
    /// What is left of the last group that was come to, sorted, and how much.
    present: Sorted<'a>,
    left: usize,
}

impl Iterator for Grouped<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        if let Some(Begin { order, first, sieve }) = self.begin.take() {
            let apart = apart(self.state, first.by);
            let (groups, before) = order.groups(first.is_descending, count, sieve, apart);
            self.groups = Some(groups);
            count -= before;
        }
        while count >= self.left {
            count -= std::mem::take(&mut self.left);
            let group = self.groups.as_mut()?.advance()?;
            if group.count <= count {
                count -= group.count;
                continue;
            }
            self.left = group.count;
            self.present = sorted_group(self.state, &group, &self.rest);
        }
        self.left -= count + 1;
        self.present.nth(count)
    }
}

/// The rows of a group by the criteria that are left.
fn sorted_group<'a>(state: &'a State, group: &Group<'_>, rest: &[Sorting]) -> Sorted<'a> {
    if group.count > FEW
        && let Some(sorted) = sorted(state, sieve_of(state, group), rest)
    {
        return sorted;
    }
    let row = |id: u64| state.commissions.get(CommissionId::new(id));
    let mut rows: Vec<&Commission> = group.ids().filter_map(row).collect();
    rest.iter().rev().for_each(|criterion| sort(state, &mut rows, *criterion));
    Box::new(rows.into_iter().map(|row| row.id.number()))
}

/// Those of a group that pass; `None` if it has all commissions.
fn sieve_of(state: &State, group: &Group<'_>) -> Option<Sieve> {
    if group.count == state.commissions.len() {
        return None;
    }
    if let Some(sieve) = group.sieve {
        return Some(sieve.clone());
    }
    let mut passed = state.commissions.index().facets.no_members();
    group.ids().for_each(|id| passed.put(id, true));
    Some(Sieve { passed, count: group.count })
}
