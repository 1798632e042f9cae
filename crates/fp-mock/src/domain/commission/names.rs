//! The order of commissions by the names of their referrals: names are numbered, with room between them for others.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::record::Commission;
use crate::domain::facets::short;
use crate::domain::ids::{CommissionId, ReferralId};
use crate::domain::members::Members;
use crate::domain::order::{Known, Order};
use crate::domain::referral::{self, Name, Referral, lower};
use crate::domain::state::State;

/// How far the numbers of names lie apart at first.
const STEP: i64 = if cfg!(test) { 4 } else { 1 << 40 };
/// How far a name that follows the last one that was put in is put from it: names often come in their order.
const NEAR: i64 = if cfg!(test) { 1 } else { 1 << 20 };

/// What a commission is sorted by when it is sorted by its referral.
pub(super) fn name(state: &State, row: &Commission) -> Option<String> {
    row.referral_id.and_then(|id| lower_name(state, id))
}

fn lower_name(state: &State, id: ReferralId) -> Option<String> {
    state.referrals.get(id)?.name().map(str::to_lowercase)
}

/// The order of all commissions.
pub(super) fn order(state: &State) -> Order {
    let numbers = Numbers::of(state);
    let number = |row: &Commission| row.referral_id.and_then(|id| numbers.number(id));
    Order::of(state.commissions.iter().rev().map(|row| (number(row), short(row.id.number()))))
}

/// The numbers that referrals have by their names.
struct Numbers {
    /// Those with a name, ascending.
    ids: Vec<ReferralId>,
    numbers: Vec<i64>,
}

impl Numbers {
    fn of(state: &State) -> Self {
        let named = referral::named(&state.referrals.index().facets);
        let (ids, names): (Vec<ReferralId>, Vec<Name<'_>>) = named.unzip();
        let mut numbers = vec![0; names.len()];
        let step = (i64::MAX / 2 / (names.len() as i64 + 1)).min(STEP);
        let (mut number, mut last) = (0, None);
        for at in sorted(&names) {
            if last.replace(names[at]).is_some_and(|last| last != names[at]) {
                number += step;
            }
            numbers[at] = number;
        }
        Self { ids, numbers }
    }

    fn number(&self, id: ReferralId) -> Option<i64> {
        // If none before it is missing.
        let expected = id.number().checked_sub(self.ids.first()?.number())? as usize;
        let at = match self.ids.get(expected) {
            Some(there) if *there == id => expected,
            _ => self.ids.binary_search(&id).ok()?,
        };
        Some(self.numbers[at])
    }
}

/// Where the names lie in their order. They are compared by the eight bytes behind those that all have in common, and
/// looked at where those are the same.
fn sorted(names: &[Name<'_>]) -> Vec<usize> {
    let alike =
        |one: &Name<'_>, other: &Name<'_>| one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let common = names.first().map_or(0, |first| {
        names.iter().fold(first.bytes().count(), |common, name| common.min(alike(first, name)))
    });
    let key = |name: &Name<'_>| {
        let bytes = name.bytes().skip(common).chain([0; 8]).take(8);
        bytes.fold(0, |key: u64, byte| key << 8 | u64::from(byte))
    };
    let mut keys: Vec<(u64, usize)> = names.iter().map(key).zip(0..).collect();
    keys.sort_unstable_by(|(one, at), (other, beside)| {
        one.cmp(other).then_with(|| names[*at].cmp(&names[*beside]))
    });
    keys.into_iter().map(|(_, at)| at).collect()
}

/// An order in which those that went astray find their places, and the number of the last name that got a new one.
/// `last` is that of the time before.
pub(super) fn mend(
    state: &State,
    mut order: Order,
    astray: &[CommissionId],
    mut last: Option<i64>,
) -> (Order, Option<i64>) {
    order.take_all(&Members::of(astray.iter().map(|id| id.number())));
    order.settle();
    for (name, ids) in by_name(state, astray) {
        let Some(name) = name else {
            ids.iter().for_each(|id| order.put(None, *id));
            continue;
        };
        let beside = order.beside(|other| compared(state, other, &name) == Ordering::Less);
        // Where no number is left between two names all get new ones.
        let Some(number) = number_between(state, &name, beside, last) else {
            return (self::order(state), None);
        };
        ids.iter().for_each(|id| order.put(Some(number), *id));
        order.settle();
        last = Some(number);
    }
    order.settle();
    (order, last)
}

/// The commissions that there are of these, by the names of their referrals, the names ascending.
fn by_name(state: &State, ids: &[CommissionId]) -> BTreeMap<Option<String>, Vec<u32>> {
    let mut of_referrals: BTreeMap<Option<ReferralId>, Vec<u32>> = BTreeMap::new();
    for row in ids.iter().filter_map(|id| state.commissions.get(*id)) {
        of_referrals.entry(row.referral_id).or_default().push(short(row.id.number()));
    }
    let mut of_names: BTreeMap<Option<String>, Vec<u32>> = BTreeMap::new();
    for (referral, mut ids) in of_referrals {
        of_names.entry(referral.and_then(|id| lower_name(state, id))).or_default().append(&mut ids);
    }
    of_names
}

/// How the name of a commission in the order compares to another.
fn compared(state: &State, id: u32, other: &str) -> Ordering {
    let row = state.commissions.get(CommissionId::new(id.into()));
    let referral = row.and_then(|row| row.referral_id).and_then(|id| state.referrals.get(id));
    referral.and_then(Referral::name).map_or(Ordering::Greater, |name| lower(name).as_ref().cmp(other))
}

/// The number of a name that belongs between two others: that of the one that is the same, or one between theirs, if
/// there is any.
fn number_between(
    state: &State,
    name: &str,
    (before, after): (Option<Known>, Option<Known>),
    last: Option<i64>,
) -> Option<i64> {
    let is_same = |(_, id): &Known| compared(state, *id, name) == Ordering::Equal;
    if let Some((number, _)) = before.filter(is_same).or(after.filter(is_same)) {
        return Some(number);
    }
    match (before.map(|(number, _)| number), after.map(|(number, _)| number)) {
        (None, None) => Some(0),
        (Some(before), None) => before.checked_add(STEP).filter(|number| *number < i64::MAX),
        (None, Some(after)) => after.checked_sub(STEP),
        (Some(before), Some(after)) => {
            let half = (after - before) / 2;
            let number = match last {
                Some(last) if last == before => before + half.min(NEAR),
                Some(last) if last == after => after - half.min(NEAR),
                _ => before + half,
            };
            (before < number && number < after).then_some(number)
        }
    }
}
