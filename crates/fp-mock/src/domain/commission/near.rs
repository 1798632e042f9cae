//! Searches in an order, of which the first few rows are wanted: going through the order until they are found mostly
//! takes less than searching all commissions.

use super::groups;
use super::record::Commission;
use super::selection::{Selection, Sorting, fits, line_of};
use crate::clock::timestamp::Timestamp;
use crate::domain::payout::DueCalendar;
use crate::domain::state::State;

/// So many rows of an order are gone through before everything is searched.
const NEAR: usize = if cfg!(test) { 8 } else { 200 };
/// So many rows a page has at most.
const PAGE_MAX: usize = if cfg!(test) { 2 } else { 100 };

/// The commissions that fit in their order, found by going through it, if all orders are there.
pub fn walked<'a>(
    state: &'a State,
    now: Timestamp,
    wanted: &'a Selection,
    sorting: &[Sorting],
) -> Option<impl Iterator<Item = &'a Commission> + 'a> {
    let calendar = DueCalendar::of(state, now);
    let rows = state.commissions.rows(groups::sorted(state, None, sorting)?);
    Some(rows.filter(move |row| fits(state, &calendar, wanted, row)))
}

/// Whether a search finds the page behind `skipped` rows among the first rows of the order.
pub fn has_page(
    state: &State,
    now: Timestamp,
    wanted: &Selection,
    sorting: &[Sorting],
    skipped: usize,
) -> bool {
    let last = skipped.saturating_add(PAGE_MAX) - 1;
    if last >= NEAR || line_of(wanted).is_none() {
        return false;
    }
    let calendar = DueCalendar::of(state, now);
    let Some(ids) = groups::sorted(state, None, sorting) else { return false };
    let rows = state.commissions.rows(ids).take(NEAR);
    rows.filter(|row| fits(state, &calendar, wanted, row)).nth(last).is_some()
}
