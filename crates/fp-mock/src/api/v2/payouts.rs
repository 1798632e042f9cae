//! `/company/payouts`: money on its way to promoters, and `generate_payouts`, with which it sets out.

use serde::Serialize;

use super::batch_reply;
use crate::api::operation::{Call, Route, routes};
use crate::domain::batch::Action;
use crate::domain::id_set::IdSet;
use crate::domain::ids::PayoutId;
use crate::domain::payments_batch;
use crate::domain::payout::{self, DueCalendar, Payout, PayoutStatus, Sum};
use crate::domain::refusal::Refusal;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v2::input::payout as input;
use crate::wire::v2::view::batch::Batch;
use crate::wire::v2::view::payments_batch as batch_view;
use crate::wire::v2::view::payout as view;
use crate::wire::v2::view::payout_stats::{ActionTotals, DueStats, GroupTotals, Stats, WithTerms};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/payouts" => list,
    Get "/company/payouts/stats" => stats,
    Get "/company/payouts/due_stats" => due_stats,
    Get "/company/payouts/group_by_promoters" => group_by_promoters,
    Post "/company/payouts/create_payments_batch" => create_payments_batch,
    Post "/company/payouts/mark_as_paid" => mark_as_paid,
    Post "/company/payouts/mark_as_unpaid" => mark_as_unpaid,
    Delete "/company/payouts/destroy" => destroy,
    Post "/company/commissions/generate_payouts" => generate_payouts,
];

/// A body of two parts.
#[derive(Debug, Serialize)]
struct Wrapped<D, M> {
    data: D,
    meta: M,
}

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, filter, order) = (Page::read(&fields)?, input::filter(&fields)?, input::order(&fields)?);
    let state = &*call.state;
    let shown = |row| view::Payout::of(state, row);
    let views: Vec<_> = match order {
        None => page.of(payout::search(state, call.now, &filter)).map(shown).collect(),
        Some(order) => page.of(payout::sorted(state, call.now, &filter, order)).map(shown).collect(),
    };
    Ok(Reply::ok(&views))
}

fn stats(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (filter, by) = (input::filter(&fields)?, input::stats_by(&fields)?);
    let state = &*call.state;
    let payouts: Vec<&Payout> = payout::search(state, call.now, &filter).collect();
    let all = || payouts.iter().copied();
    let mut stats = Stats::default();
    if by.paid_period {
        let period = |row: &Payout| {
            (row.status == PayoutStatus::Completed).then_some((row.period_start, row.period_end))
        };
        stats = stats.by_paid_period(&payout::sums_by(state, all(), period));
    }
    if by.status {
        stats = stats.by_status(&payout::sums_by(state, all(), |row| Some(row.status)));
    }
    if by.payout_method {
        let method = |row: &Payout| Some(payout::method_of(state, row).map(|method| method.method));
        stats = stats.by_payout_method(&payout::sums_by(state, all(), method));
    }
    Ok(Reply::ok(&WithTerms::of(state, stats)))
}

fn due_stats(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let filter = input::filter(&call.fields())?;
    let state = &*call.state;
    let piles = payout::piles(state, call.now, payout::search(state, call.now, &filter));
    Ok(Reply::ok(&WithTerms::of(state, DueStats::of(&state.company.payouts, &piles))))
}

fn group_by_promoters(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, filter) = (Page::read(&fields)?, input::filter(&fields)?);
    let wanted = input::group_filter(&fields)?;
    let with_details = fields.flag("include_payout_method_details")?.unwrap_or(false);
    let state = &*call.state;
    let payouts = payout::search(state, call.now, &filter);
    let groups = payout::group_by_promoters(state, payouts, wanted);
    let next = DueCalendar::of(state, call.now).next_period_end();
    let sums = groups.iter().map(|group| &group.sum);
    let meta = GroupTotals::of(&state.company.payouts, sums, next);
    let data: Vec<_> =
        page.of(groups.iter()).map(|group| view::PayoutGroup::of(state, group, with_details)).collect();
    Ok(Reply::ok(&Wrapped { data, meta }))
}

fn create_payments_batch(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let method = input::batch_method(&call.fields())?;
    let created = payments_batch::create(call.state, call.now, method)?;
    let row = call.state.payments_batches.get(created.id).expect("the payments batch just made");
    Ok(Reply::json(201, &batch_view::Created::of(call.state, row, &created.left_out)))
}

fn mark_as_paid(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    act(call, Action::MarkPaid)
}

fn mark_as_unpaid(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    act(call, Action::MarkUnpaid)
}

fn destroy(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    act(call, Action::DeletePayouts)
}

/// The totals are those of the payouts named, as they were before the action.
///
/// Evidence: published v2 payouts document (the wrapper); chosen (the moment).
fn act(call: &mut Call<'_>, action: Action) -> Result<Reply, Refusal> {
    let ids: IdSet<PayoutId> = call.fields().required_ids("ids")?.into_iter().map(PayoutId::new).collect();
    let named = ids.into_iter().filter_map(|id| call.state.payouts.get(id));
    let meta = ActionTotals::of(call.state, &Sum::of(call.state, named));
    let batch = batch_reply::start(call, action)?;
    Ok(Reply::json(batch_reply::status(batch), &Wrapped { data: Batch::of(batch), meta }))
}

fn generate_payouts(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let batch = batch_reply::start(call, Action::GeneratePayouts)?;
    Ok(Reply::json(batch_reply::status(batch), &Batch::of_payout_generation(batch)))
}
