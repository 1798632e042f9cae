//! The order of a small part of all commissions, made of nothing but their facts.

use std::cmp::Reverse;

use super::facts::FactColumns;
use super::selection::{SortBy, Sorting};
use crate::domain::members::Sieve;
use crate::domain::state::State;

/// Up to the so manieth part of all rows are put in order by themselves: going through the order of all takes longer.
const PART: usize = if cfg!(test) { 2 } else { 256 };
/// By so many criteria, or less.
const CRITERIA: usize = 3;

/// A number to sort by; what has none comes last.
type Key = (bool, i64);

/// The rows that passed in their order, if they are few enough and facts, which must be exact, know all that they are
/// sorted by.
pub fn sorted(
    state: &State,
    sieve: &Sieve,
    sorting: &[Sorting],
) -> Option<impl Iterator<Item = u64> + use<>> {
    let is_known = sorting.iter().all(|criterion| criterion.by != SortBy::Referral);
    if !is_known || sorting.len() > CRITERIA || sieve.count > state.commissions.len() / PART {
        return None;
    }
    let rows = match sorting.len() {
        1 => by_keys::<1>(state, sieve, sorting),
        2 => by_keys::<2>(state, sieve, sorting),
        _ => by_keys::<CRITERIA>(state, sieve, sorting),
    };
    Some(rows.into_iter())
}

/// The same by no more than `N` criteria: what is compared is short where they are few.
fn by_keys<const N: usize>(state: &State, sieve: &Sieve, sorting: &[Sorting]) -> Vec<u64> {
    let mut rows: Vec<([Key; N], Reverse<u64>)> = Vec::with_capacity(sieve.count);
    for block in state.commissions.index().facets.blocks() {
        let places = block.among(&sieve.passed);
        rows.extend(places.iter().map(|at| (keys(block.facts, at, sorting), Reverse(block.id(at)))));
    }
    rows.sort_unstable();
    rows.into_iter().map(|(_, Reverse(id))| id).collect()
}

fn keys<const N: usize>(facts: &FactColumns, at: usize, sorting: &[Sorting]) -> [Key; N] {
    let mut keys = [Key::default(); N];
    for (key, criterion) in keys.iter_mut().zip(sorting) {
        let number = facts.number(criterion.by, at);
        let directed = |number: i64| if criterion.is_descending { !number } else { number };
        *key = (number.is_none(), number.map_or(0, directed));
    }
    keys
}
