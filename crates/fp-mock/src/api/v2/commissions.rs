//! `/company/commissions`: what promoters earn. Generating payouts is with the payouts.

use super::batch_reply;
use crate::api::operation::{Call, Route, routes};
use crate::domain::batch::Action;
use crate::domain::commission;
use crate::domain::conversion;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v2::input::commission::{self as input, Creation};
use crate::wire::v2::view::commission::Commission;

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/commissions" => list,
    Post "/company/commissions" => create,
    Put "/company/commissions/{id}" => update,
    Post "/company/commissions/approve" => approve,
    Post "/company/commissions/deny" => deny,
    Post "/company/commissions/mark_fulfilled" => mark_fulfilled,
    Post "/company/commissions/mark_unfulfilled" => mark_unfulfilled,
    Delete "/company/commissions/destroy" => destroy,
];

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, wanted, sorting) =
        (Page::read(&fields)?, input::selection(&fields)?, input::sorting(&fields)?);
    commission::arrange(call.state, call.now, &wanted, &sorting, page.skipped());
    let rows = commission::select(call.state, call.now, &wanted, &sorting);
    let views: Vec<_> = page.of(rows).map(|row| Commission::of(call.state, row)).collect();
    Ok(Reply::ok(&views))
}

/// Evidence: published v2 contract (an array: one sale can make several); published v2 commissions document (an
/// e-mail only if wished).
fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let user_email = call.state.company.user_email.clone();
    let wish = input::create(&call.fields(), &user_email)?;
    if !wish.notifies {
        call.state.agenda.send_no_emails();
    }
    let made = match wish.creation {
        Creation::Sale(sale) => conversion::sale_by_hand(call.state, call.now, sale)?,
        Creation::Custom(custom) => vec![commission::create_custom(call.state, call.now, custom)?],
    };
    let rows = made.into_iter().filter_map(|id| call.state.commissions.get(id));
    let views: Vec<_> = rows.map(|row| Commission::of(call.state, row)).collect();
    Ok(Reply::ok(&views))
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::Commission)?;
    let notes = input::notes(&call.fields())?;
    commission::update_notes(call.state, id, notes)?;
    let row = call.state.commissions.get(id).ok_or(Refusal::NotFound(Entity::Commission))?;
    Ok(Reply::ok(&Commission::of(call.state, row)))
}

fn approve(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::ApproveCommissions)
}

fn deny(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::DenyCommissions)
}

fn mark_fulfilled(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::FulfilCommissions)
}

fn mark_unfulfilled(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::UnfulfilCommissions)
}

fn destroy(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::DeleteCommissions)
}
