//! Which promoters a report is about, told by what they brought in.

use std::cmp::Reverse;

use super::table::{Promoters, Query, Report, promoters};
use crate::domain::enrolment;
use crate::domain::ids::PromoterId;
use crate::domain::promoter::Promoter;
use crate::domain::state::State;

/// How many promoters the head of the list has.
///
/// Evidence: v1 reference.
const HEAD: usize = 50;

/// The promoters with the highest figure of the time, by the order of the query.
///
/// Evidence: v1 reference.
pub fn head<'a>(state: &'a State, query: &Query, which: Promoters<'_>) -> Report<'a, &'a Promoter> {
    let mut report = promoters(state, query, which);
    report.lines.truncate(HEAD);
    report
}

/// A part of all promoters by the revenue they ever made, the largest first, whatever they made in the time that
/// the report is about; those equal by age. `skipped` come before the part, which has up to `size`.
///
/// Evidence: v1 reference (total revenue, not the period's); that refunds are taken off and age decides is chosen.
pub fn by_total_revenue<'a>(
    state: &'a State,
    query: &Query,
    among: &[PromoterId],
    (skipped, size): (usize, usize),
) -> Report<'a, &'a Promoter> {
    let mut ranked: Vec<(Reverse<i64>, PromoterId)> =
        among.iter().map(|id| (Reverse(enrolment::stats_of_promoter(state, *id).revenue()), *id)).collect();
    ranked.sort_unstable();
    let ids: Vec<PromoterId> = ranked.into_iter().map(|(_, id)| id).skip(skipped).take(size).collect();
    let mut report = promoters(state, query, Promoters::These(&ids));
    report.lines.sort_by_key(|line| ids.iter().position(|id| *id == line.subject.id));
    report
}
