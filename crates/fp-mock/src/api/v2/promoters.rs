//! `/company/promoters`: the people who refer.

use super::batch_reply;
use crate::api::operation::{Call, Route, routes};
use crate::api::reply::Reply;
use crate::domain::batch::Action;
use crate::domain::chart;
use crate::domain::enrolment;
use crate::domain::ids::{CampaignId, EnrolmentId, PromoterId};
use crate::domain::promoter::{self, AddToCampaign, FindBy, MoveToCampaign, Promoter};
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::v2::{input, view};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/promoters" => list,
    Post "/company/promoters" => create,
    Get "/company/promoters/{id}" => show,
    Put "/company/promoters/{id}" => change,
    Get "/company/promoters/{id}/chart_data" => chart,
    Post "/company/promoters/accept" => accept,
    Post "/company/promoters/reject" => reject,
    Post "/company/promoters/block" => block,
    Post "/company/promoters/archive" => archive,
    Post "/company/promoters/restore" => restore,
    Post "/company/promoters/move_to_campaign" => move_to_campaign,
    Post "/company/promoters/add_to_campaign" => add_to_campaign,
    Post "/company/promoters/assign_parent" => assign_parent,
];

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, wanted) = (Page::read(&fields)?, input::promoter::selection(&fields)?);
    let parts = view::promoter::Parts { parent: false, ..parts(call)? };
    let rows = page.of(promoter::select(call.state, call.now, &wanted));
    let data = rows.map(|row| view::promoter::Promoter::of(call.state, row, parts)).collect();
    let meta = view::promoter::Meta { pending_count: promoter::pending_count(call.state) };
    Ok(Reply::ok(&view::promoter::Promoters { data, meta }))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let input = input::promoter::create(&call.fields())?;
    let id = promoter::create(call.state, call.now, input)?;
    answer(call, 201, id)
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = named(call)?;
    answer(call, 200, id)
}

fn change(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (id, input) = (named(call)?, input::promoter::change(&call.fields())?);
    promoter::change(call.state, call.now, id, &input)?;
    answer(call, 200, id)
}

fn chart(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = existing(call, call.path_id("id", Entity::Promoter)?)?.id;
    let (figure, period) = input::chart::chart(&call.fields())?;
    let enrolments: Vec<EnrolmentId> = enrolment::of_promoter(call.state, id).map(|row| row.id).collect();
    let chart = chart::draw(call.state, &enrolments, figure, period);
    Ok(Reply::ok(&view::chart::ChartData::of_promoter(chart, figure, period)))
}

fn accept(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let campaign = campaign(call, "campaign_id")?;
    batch_reply::answer(call, Action::AcceptPromoters(campaign))
}

fn reject(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let campaign = campaign(call, "campaign_id")?;
    batch_reply::answer(call, Action::RejectPromoters(campaign))
}

fn block(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let campaign = campaign(call, "campaign_id")?;
    batch_reply::answer(call, Action::BlockPromoters(campaign))
}

fn archive(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::ArchivePromoters)
}

fn restore(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    batch_reply::answer(call, Action::RestorePromoters)
}

fn move_to_campaign(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (from, to) = (campaign(call, "from_campaign_id")?, campaign(call, "to_campaign_id")?);
    if from == to {
        return Err(call.fields().invalid("to_campaign_id", "another campaign than from_campaign_id"));
    }
    let drip_emails = call.fields().flag("drip_emails")?.unwrap_or(false);
    let soft_move_referrals = call.fields().flag("soft_move_referrals")?.unwrap_or(false);
    let moving = MoveToCampaign { from: Some(from), to, drip_emails, soft_move_referrals };
    batch_reply::answer(call, Action::MovePromoters(moving))
}

fn add_to_campaign(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let campaign = campaign(call, "campaign_id")?;
    let drip_emails = call.fields().flag("drip_emails")?.unwrap_or(false);
    batch_reply::answer(call, Action::AddPromoters(AddToCampaign { campaign, drip_emails }))
}

fn assign_parent(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let parent = PromoterId::new(call.fields().required_id("parent_promoter_id")?);
    existing(call, parent)?;
    batch_reply::answer(call, Action::AssignParent(parent))
}

/// The campaign that a parameter names.
///
/// Evidence: corrected contract (an unknown one is a 404 of the call, not a failure of each id).
fn campaign(call: &Call<'_>, name: &'static str) -> Result<CampaignId, Refusal> {
    let id = CampaignId::new(call.fields().required_id(name)?);
    if call.state.campaigns.contains(id) { Ok(id) } else { Err(Refusal::NotFound(Entity::Campaign)) }
}

/// The promoter that the path names: by his id, or by the attribute in `find_by`.
///
/// Evidence: published v2 promoters document.
fn named(call: &Call<'_>) -> Result<PromoterId, Refusal> {
    let Some(by) = input::promoter::find_by(&call.fields())? else {
        return call.path_id("id", Entity::Promoter);
    };
    found(call, by, call.path_text("id"))
}

fn found(call: &Call<'_>, by: FindBy, value: &str) -> Result<PromoterId, Refusal> {
    let missing = Refusal::NotFoundBy { entity: Entity::Promoter, by: by.name() };
    promoter::find(call.state, by, value).ok_or(missing)
}

fn existing<'s>(call: &'s Call<'_>, id: PromoterId) -> Result<&'s Promoter, Refusal> {
    call.state.promoters.get(id).ok_or(Refusal::NotFound(Entity::Promoter))
}

fn answer(call: &Call<'_>, status: u16, id: PromoterId) -> Result<Reply, Refusal> {
    let parts = parts(call)?;
    let promoter = existing(call, id)?;
    Ok(Reply::json(status, &view::promoter::Promoter::of(call.state, promoter, parts)))
}

/// Evidence: published v2 promoters document.
fn parts(call: &Call<'_>) -> Result<view::promoter::Parts, Refusal> {
    let fields = call.fields();
    Ok(view::promoter::Parts {
        parent: fields.flag("include_parent_promoter")?.unwrap_or(false),
        payout_method: !fields.flag("exclude_payout_method")?.unwrap_or(false),
    })
}
