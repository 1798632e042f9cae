//! `/company/referrals`: the people who were referred.

use super::batch_reply;
use crate::api::operation::{Call, Route, routes};
use crate::api::reply::Reply;
use crate::domain::batch::{self, Action};
use crate::domain::ids::{EnrolmentId, ReferralId};
use crate::domain::referral;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::v2::{input, view};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/referrals" => list,
    Post "/company/referrals" => create,
    Delete "/company/referrals" => delete,
    Get "/company/referrals/{id}" => show,
    Put "/company/referrals/{id}" => update,
    Post "/company/referrals/approve" => approve,
    Post "/company/referrals/disable" => disable,
    Post "/company/referrals/enable" => enable,
    Post "/company/referrals/move_to_promoter" => move_to_promoter,
    Post "/company/referrals/{id}/import_events" => import_events,
];

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, wanted) = (Page::read(&fields)?, input::referral::select(&fields)?);
    referral::arrange(call.state, &wanted, page.skipped());
    let mut written = std::mem::take(&mut call.state.written_referrals);
    let rows = page.of(referral::select(call.state, &wanted));
    let body = view::referral::page(call.state, rows, call.now, &mut written);
    call.state.written_referrals = written;
    Ok(Reply::bytes(200, "application/json", body))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let new = input::referral::create(&call.fields(), &call.state.company.user_email)?;
    let id = referral::create(call.state, call.now, new)?;
    shown(call, id)
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = named(call)?;
    shown(call, id)
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = named(call)?;
    let change = input::referral::update(&call.fields())?;
    referral::update(call.state, call.now, id, change)?;
    shown(call, id)
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::DeleteReferrals)
}

fn approve(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::ApproveReferrals)
}

fn disable(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::DisableReferrals)
}

fn enable(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::EnableReferrals)
}

/// Evidence: published v2 referrals document; that commissions stay unless it is said is chosen.
fn move_to_promoter(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let to = EnrolmentId::new(fields.required_id("promoter_campaign_id")?);
    let with_commissions = fields.flag("move_associated_commissions")?.unwrap_or(false);
    fields.required_ids("ids")?;
    if !call.state.enrolments.contains(to) {
        return Err(Refusal::NotFound(Entity::PromoterCampaign));
    }
    batch_reply::answer(call, Action::MoveReferrals { to, with_commissions })
}

/// Evidence: published v2 referrals document (accepted, and done as a batch of this one referral).
fn import_events(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = named(call)?;
    if !call.state.referrals.contains(id) {
        return Err(Refusal::NotFound(Entity::Referral));
    }
    let batch = batch::start_in_background(call.state, call.now, Action::ImportEvents, &[id.number()]);
    let batch = call.state.batches.get(batch).expect("the batch just made");
    Ok(Reply::json(202, &view::batch::Batch::of(batch)))
}

/// The referral that the path names: by its id, or by what `find_by` says.
///
/// Evidence: published v2 referrals document; service behaviour notes (the refusal).
fn named(call: &Call<'_>) -> Result<ReferralId, Refusal> {
    let Some(by) = input::referral::find_by(&call.fields())? else {
        return call.path_id("id", Entity::Referral);
    };
    let found = referral::find(call.state, by, call.path_text("id"));
    found.ok_or(Refusal::NotFoundBy { entity: Entity::Referral, by: by.name() })
}

fn shown(call: &Call<'_>, id: ReferralId) -> Result<Reply, Refusal> {
    let row = call.state.referrals.get(id).ok_or(Refusal::NotFound(Entity::Referral))?;
    Ok(Reply::ok(&view::referral::Referral::of(call.state, row, call.now)))
}
