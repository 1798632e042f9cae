//! Commissions in the order of several criteria, found as far as they are asked for.

use super::record::Commission;
use super::selection::{FEW, Sorting, sort};
use crate::domain::ids::CommissionId;
use crate::domain::members::Members;
use crate::domain::order::{Groups, Order};
use crate::domain::state::State;

/// Ids in an order.
type Sorted<'a> = Box<dyn Iterator<Item = u64> + 'a>;

/// The commissions that pass (all, if it does not say which), by one criterion after the other and then the newest
/// first; `None` if there is no criterion or some order was not made.
pub(super) fn sorted<'a>(
    state: &'a State,
    passed: Option<Members>,
    sorting: &[Sorting],
) -> Option<Sorted<'a>> {
    let (first, rest) = sorting.split_first()?;
    let orders = &state.commissions.index().orders;
    if rest.iter().any(|criterion| orders.by(criterion.by).is_none()) {
        return None;
    }
    let order = orders.by(first.by)?;
    if !rest.is_empty() {
        return Some(Box::new(Grouped::of(state, passed, (order, first.is_descending), rest)));
    }
    let walk = order.walk(first.is_descending);
    Some(match passed {
        Some(passed) => Box::new(walk.filter(move |id| passed.has(*id))),
        None => Box::new(walk),
    })
}

/// Goes through the groups that the first criterion makes, and sorts only those by the others that rows are asked
/// of: the few of a small group by themselves; a large group is picked from the orders by the others.
struct Grouped<'a> {
    state: &'a State,
    passed: Option<Members>,
    order: &'a Order,
    is_descending: bool,
    rest: Vec<Sorting>,
    groups: Option<Groups<'a>>,
    /// The last group that was come to, the newest first.
    group: Vec<u64>,
    /// What is left of it, sorted, and how much.
    present: Sorted<'a>,
    left: usize,
}

impl<'a> Grouped<'a> {
    fn of(
        state: &'a State,
        passed: Option<Members>,
        (order, is_descending): (&'a Order, bool),
        rest: &[Sorting],
    ) -> Self {
        let present = Box::new(std::iter::empty());
        let (rest, groups, group) = (rest.to_vec(), None, Vec::new());
        Self { state, passed, order, is_descending, rest, groups, group, present, left: 0 }
    }

    /// Begins at the group with the row that so many come before, and says how many come before the group. Where not
    /// all pass it begins at the first.
    fn begin(&mut self, skipped: usize) -> usize {
        if self.groups.is_some() {
            return 0;
        }
        let skipped = if self.passed.is_some() { 0 } else { skipped };
        let (groups, before) = self.order.groups(self.is_descending, skipped);
        self.groups = Some(groups);
        before
    }

    fn sorted_group(&self) -> Sorted<'a> {
        let table = &self.state.commissions;
        if self.group.len() > FEW {
            let members = Members::of(self.group.iter().copied());
            if let Some(sorted) = sorted(self.state, Some(members), &self.rest) {
                return sorted;
            }
        }
        let row = |id: &u64| table.get(CommissionId(*id));
        let mut rows: Vec<&Commission> = self.group.iter().filter_map(row).collect();
        self.rest.iter().rev().for_each(|criterion| sort(self.state, &mut rows, *criterion));
        Box::new(rows.into_iter().map(|row| row.id.0))
    }
}

impl Iterator for Grouped<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        count -= self.begin(count);
        while count >= self.left {
            count -= std::mem::take(&mut self.left);
            let passed = |id| self.passed.as_ref().is_none_or(|passed| passed.has(id));
            if !self.groups.as_mut()?.gather(passed, &mut self.group) {
                return None;
            }
            if self.group.len() <= count {
                count -= self.group.len();
                continue;
            }
            self.left = self.group.len();
            self.present = self.sorted_group();
        }
        self.left -= count + 1;
        self.present.nth(count)
    }
}
