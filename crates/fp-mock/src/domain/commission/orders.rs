//! The orders of all commissions that lists have asked for.

use std::collections::BTreeSet;

use super::facts::{self, is_beyond};
use super::record::Commission;
use super::selection::{Selection, SortBy, Sorting};
use super::{firsts, names, near, search};
use crate::clock::timestamp::Timestamp;
use crate::domain::facets::short;
use crate::domain::ids::CommissionId;
use crate::domain::order::Order;
use crate::domain::searched::DEEP;
use crate::domain::state::State;

/// Orders that are made when a list first asks for them, so that whoever never sorts pays nothing; where there are
/// many commissions they are made before, so that no list waits for them. From then on those of numbers follow every
/// change. What is to find its place by the name of its referral is only remembered, and finds it when somebody asks
/// again or some have come together.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// Of each [`SortBy`]; the numbers of the last one are those of names in their order.
    kept: [Option<Order>; SortBy::ALL.len()],
    /// The number that a name got last.
    last_name: Option<i64>,
    /// Commissions whose place by name may not be what the order says.
    astray: Vec<CommissionId>,
}

/// If more commissions or referrals than so many changed, the order by name is made anew.
pub const ASTRAY_MAX: usize = if cfg!(test) { 12 } else { 20_000 };
/// Of so many commissions all orders are kept, asked for or not: making one for fewer takes no longer than a list may.
const MANY: usize = if cfg!(test) { 8 } else { 20_000 };
/// Where there are many, so many changes may wait: a list that asks finds them places by their names soon.
const WAITING_MAX: usize = if cfg!(test) { 3 } else { 64 };

impl Orders {
    /// The order by this, if it was asked for and is up to date; see [`arrange`].
    pub fn by(&self, by: SortBy) -> Option<&Order> {
        let order = self.kept[by as usize].as_ref().filter(|order| order.is_settled());
        order.filter(|_| by != SortBy::Referral || self.astray.is_empty())
    }

    /// A commission came in.
    pub fn add(&mut self, row: &Commission) {
        self.follow(None, Some(row));
    }

    /// A commission goes out.
    pub fn remove(&mut self, row: &Commission) {
        self.follow(Some(row), None);
    }

    /// A commission becomes another.
    pub fn change(&mut self, before: &Commission, after: &Commission) {
        self.follow(Some(before), Some(after));
    }

    fn follow(&mut self, before: Option<&Commission>, after: Option<&Commission>) {
        if self.kept.iter().all(Option::is_none) {
            return;
        }
        if before.into_iter().chain(after).any(is_beyond) {
            (self.kept, self.astray) = Default::default();
            return;
        }
        for by in SortBy::ALL.iter().copied() {
            let Some(order) = &mut self.kept[by as usize] else { continue };
            let number =
                |row: Option<&Commission>| row.map(|row| (facts::number(row, by), short(row.id.number())));
            let (old, new) = (number(before), number(after));
            if by == SortBy::Referral || old == new {
                continue;
            }
            old.into_iter().for_each(|(number, id)| order.take(number, id));
            new.into_iter().for_each(|(number, id)| order.put(number, id));
        }
        let referral = |row: Option<&Commission>| row.map(|row| row.referral_id);
        if self.kept[SortBy::Referral as usize].is_some() && referral(before) != referral(after) {
            self.astray.extend(before.or(after).map(|row| row.id));
            self.forget_if_too_many();
        }
    }

    fn forget_if_too_many(&mut self) {
        if self.astray.len() > ASTRAY_MAX {
            self.kept[SortBy::Referral as usize] = None;
            self.astray.clear();
        }
    }
}

/// Brings up to date, or makes, what a list asks for that goes past `skipped` rows and is only kept for those that
/// do. Without it lists are the same, but slower.
pub fn arrange(state: &mut State, now: Timestamp, wanted: &Selection, sorting: &[Sorting], skipped: usize) {
    if wanted.is_first.is_some() && firsts::waiting(state) != Some(0) {
        firsts::arrange(state);
    }
    sorting.iter().for_each(|criterion| arrange_by(state, criterion.by));
    let is_near = match sorting {
        [] => skipped < DEEP,
        _ => near::has_page(state, now, wanted, sorting, skipped),
    };
    if !is_near {
        search::arrange(state, wanted);
    }
}

/// Arranges all that lists may ask for, where there are many commissions; to be called whenever something changed.
pub fn keep_arranged(state: &mut State) {
    if state.commissions.len() < MANY {
        return;
    }
    if firsts::waiting(state).is_none_or(|waiting| waiting > WAITING_MAX) {
        firsts::arrange(state);
    }
    let renamed = state.referrals.index().renamed.as_ref().map_or(WAITING_MAX + 1, BTreeSet::len);
    for by in SortBy::ALL.iter().copied() {
        let orders = &state.commissions.index().orders;
        let waiting = if by == SortBy::Referral { orders.astray.len() + renamed } else { 0 };
        if orders.kept[by as usize].is_none() || waiting > WAITING_MAX {
            arrange_by(state, by);
        }
    }
}

fn arrange_by(state: &mut State, by: SortBy) {
    // Orders hold no more than facts do.
    if state.commissions.index().beyond_facts > 0 {
        return;
    }
    if by == SortBy::Referral {
        arrange_names(state);
        return;
    }
    let index = state.commissions.index_mut();
    match &mut index.orders.kept[by as usize] {
        Some(order) => order.settle(),
        none => {
            let blocks = index.facets.blocks().rev();
            let rows = blocks.flat_map(|block| block.facts.numbers(by).zip(block.ids().map(short)).rev());
            *none = Some(Order::of(rows));
        }
    }
}

fn arrange_names(state: &mut State) {
    let renamed = state.referrals.index_mut().renamed.replace(BTreeSet::new());
    let orders = &mut state.commissions.index_mut().orders;
    let order = orders.kept[SortBy::Referral as usize].take().filter(|_| renamed.is_some());
    let (mut astray, last) = (std::mem::take(&mut orders.astray), orders.last_name.take());
    let of = |id| state.commissions.index().by_referral.of(id);
    astray.extend(renamed.iter().flatten().flat_map(of));
    let (order, last) = match order {
        Some(order) => names::mend(state, order, &astray, last),
        None => (names::order(state), None),
    };
    let orders = &mut state.commissions.index_mut().orders;
    orders.last_name = last;
    orders.kept[SortBy::Referral as usize] = Some(order);
}
