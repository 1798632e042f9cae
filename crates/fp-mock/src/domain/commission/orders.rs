//! The orders of all commissions that lists have asked for.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::facts::Facts;
use super::record::Commission;
use super::selection::{Selection, SortBy, Sorting, line_of};
use crate::domain::ids::{CommissionId, ReferralId};
use crate::domain::lookup::holds;
use crate::domain::members::Members;
use crate::domain::order::Order;
use crate::domain::referral::Referral;
use crate::domain::searched::{DEEP, Searched};
use crate::domain::state::State;

/// Orders that are made when a list first asks for them and kept from then on, so that whoever never sorts pays
/// nothing. Orders of numbers follow every change. What is to find its place by the name of its referral is only
/// remembered, and finds it when somebody asks again. A kept state has none.
#[derive(Debug, Default)]
pub struct Orders {
    /// Of each [`SortBy`]; the numbers of the last one are those of names in their order.
    kept: [Option<Order>; SortBy::ALL.len()],
    /// Commissions whose place by name may not be what the order says.
    astray: BTreeSet<CommissionId>,
    /// What lists searched for last.
    searched: Searched,
}

/// If more commissions or referrals than so many changed, the order by name is made anew.
pub const ASTRAY_MAX: usize = if cfg!(test) { 12 } else { 20_000 };

impl Clone for Orders {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Orders {
    /// The order by this, if it was asked for and is up to date; see [`arrange`].
    pub fn by(&self, by: SortBy) -> Option<&Order> {
        self.kept[by as usize].as_ref().filter(|_| by != SortBy::Referral || self.astray.is_empty())
    }

    /// The commissions that mention `part`, if that was searched for; see [`arrange`].
    pub fn mentioning(&self, state: &State, part: &str) -> Option<&Members> {
        self.searched.found(part, revisions(state))
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
        for by in SortBy::ALL.iter().copied() {
            let Some(order) = &mut self.kept[by as usize] else { continue };
            let number = |row: Option<&Commission>| row.map(|row| (Facts::of(row).number(by), row.id.0));
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
pub fn arrange(state: &mut State, wanted: &Selection, sorting: &[Sorting], skipped: usize) {
    if skipped >= DEEP || !sorting.is_empty() {
        search(state, wanted);
    }
    if wanted.is_first.is_some() {
        state.conversions.index_mut().keep_first_sales();
    }
    sorting.iter().for_each(|criterion| arrange_by(state, criterion.by));
}

fn arrange_by(state: &mut State, by: SortBy) {
    if by == SortBy::Referral {
        arrange_names(state);
        return;
    }
    let index = state.commissions.index();
    if index.orders.by(by).is_none() {
        let mut numbers = Vec::with_capacity(state.commissions.len());
        index.facets.blocks().for_each(|block| numbers.extend(block.facts.numbers(by).zip(block.ids())));
        let order = Order::of(numbers.into_iter());
        state.commissions.index_mut().orders.kept[by as usize] = Some(order);
    }
}

/// Searches for what is wanted, and keeps what is found.
fn search(state: &mut State, wanted: &Selection) {
    let Some(part) = line_of(wanted) else { return };
    if state.commissions.index().orders.mentioning(state, part).is_some() {
        return;
    }
    let index = state.commissions.index();
    let mut found = index.facets.no_members();
    index.facets.newest_with(part, |_, _| {}).for_each(|id| found.put(id, true));
    for id in state.referrals.index().facets.newest_with(part, |_, _| {}).map(ReferralId) {
        // Referrals are found by more texts than commissions.
        if state.referrals.get(id).is_some_and(|row| is_named(row, part)) {
            index.by_referral.of(&id).for_each(|id| found.put(id.0, true));
        }
    }
    let revisions = revisions(state);
    state.commissions.index_mut().orders.searched.keep(part, revisions, found);
}

/// The states of the tables that a search looks into.
fn revisions(state: &State) -> [u64; 2] {
    [state.referrals.revision(), state.commissions.revision()]
}

fn is_named(referral: &Referral, part: &str) -> bool {
    [&referral.email, &referral.uid].into_iter().flatten().any(|text| holds(text, part))
}

fn arrange_names(state: &mut State) {
    let renamed = state.referrals.index_mut().renamed.replace(BTreeSet::new());
    let orders = &mut state.commissions.index_mut().orders;
    let order = orders.kept[SortBy::Referral as usize].take().filter(|_| renamed.is_some());
    let mut astray = std::mem::take(&mut orders.astray);
    let of = |id| state.commissions.index().by_referral.of(id);
    astray.extend(renamed.iter().flatten().flat_map(of));
    let order = match order {
        Some(order) if astray.is_empty() => order,
        Some(order) => renewed(state, &order, &astray),
        None => by_name(state),
    };
    state.commissions.index_mut().orders.kept[SortBy::Referral as usize] = Some(order);
}

/// What a commission is sorted by when it is sorted by its referral.
pub fn name(state: &State, row: &Commission) -> Option<String> {
    let referral = row.referral_id.and_then(|id| state.referrals.get(id))?;
    name_of(referral).map(str::to_lowercase)
}

/// The name that a referral goes by in lists: its e-mail address, or uid without one.
fn name_of(referral: &Referral) -> Option<&str> {
    referral.email.as_deref().or(referral.uid.as_deref())
}

fn by_name(state: &State) -> Order {
    let mut named: Vec<(Option<String>, Reverse<u64>)> =
        state.commissions.iter().map(|row| (name(state, row), Reverse(row.id.0))).collect();
    named.sort_unstable();
    let (mut number, mut last) = (0, None);
    let numbered = named.iter().map(|(name, Reverse(id))| {
        number += i64::from(last.replace(name) != Some(name));
        (name.is_some().then_some(number), *id)
    });
    Order::of(numbered)
}

/// An order by name in which those that went astray find their places. Of the others only those beside such a place
/// are looked at.
fn renewed(state: &State, order: &Order, astray: &BTreeSet<CommissionId>) -> Order {
    let there = order.rows().filter(|(_, id)| !astray.contains(&CommissionId(*id)));
    let (named, mut nameless): (Vec<_>, Vec<_>) = there.partition(|(number, _)| number.is_some());
    let mut coming: Vec<(String, Reverse<u64>)> = Vec::new();
    for row in astray.iter().filter_map(|id| state.commissions.get(*id)) {
        match name(state, row) {
            Some(name) => coming.push((name, Reverse(row.id.0))),
            None => nameless.push((None, row.id.0)),
        }
    }
    coming.sort_unstable();
    let mut numbering = Numbering::of(state, named.len() + coming.len());
    let mut done = 0;
    for (its_name, id) in coming {
        let is_before =
            |other: u64| (numbering.name_of(other), Reverse(other)) < (Some(its_name.clone()), id);
        let place = named.partition_point(|(_, other)| is_before(*other));
        named[done..place].iter().for_each(|(old, id)| numbering.pass_on(*old, *id));
        numbering.take_in(its_name, id.0);
        done = place;
    }
    named[done..].iter().for_each(|(old, id)| numbering.pass_on(*old, *id));
    Order::of(numbering.rows.into_iter().chain(nameless))
}

/// Rows that come in the order of their names, and the numbers that their names get.
struct Numbering<'s> {
    state: &'s State,
    rows: Vec<(Option<i64>, u64)>,
    number: i64,
    /// What the last row had for a number, if it was passed on.
    last_old: Option<i64>,
    /// The name of the last row, if it was taken in.
    last_name: Option<String>,
}

impl<'s> Numbering<'s> {
    fn of(state: &'s State, rows: usize) -> Self {
        Self { state, rows: Vec::with_capacity(rows), number: 0, last_old: None, last_name: None }
    }

    fn name_of(&self, id: u64) -> Option<String> {
        self.state.commissions.get(CommissionId(id)).and_then(|row| name(self.state, row))
    }

    /// A row that had a number: it has the name of the one before if it had the same number.
    fn pass_on(&mut self, old: Option<i64>, id: u64) {
        let is_new = match self.last_name.take() {
            Some(last) => self.name_of(id) != Some(last),
            None => self.last_old != old,
        };
        self.last_old = old;
        self.push(is_new, id);
    }

    /// A row that had no number.
    fn take_in(&mut self, name: String, id: u64) {
        let before = self.rows.last().map(|(_, before)| *before);
        let before = self.last_name.take().or_else(|| before.and_then(|id| self.name_of(id)));
        self.push(before.as_ref() != Some(&name), id);
        self.last_name = Some(name);
    }

    fn push(&mut self, is_new: bool, id: u64) {
        self.number += i64::from(is_new);
        self.rows.push((Some(self.number), id));
    }
}
