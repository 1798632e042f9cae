//! `/promoters`: the people who refer.

use super::identify;
use crate::api::operation::{Call, Route, routes};
use crate::domain::enrolment::{self, EnrolmentState};
use crate::domain::ids::{EnrolmentId, PromoterId};
use crate::domain::promoter::{self, FindBy, Selection, Standing};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;
use crate::wire::legacy;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v1::input;
use crate::wire::v1::links;
use crate::wire::v1::view::message::{Message, RefreshedToken};

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Get "/promoters/list" => list,
    Post "/promoters/create" => create,
    Put "/promoters/update" => update,
    Get "/promoters/show" => show,
    Post "/promoters/move_to_campaign" => move_to_campaign,
    Post "/promoters/add_to_campaign" => add_to_campaign,
    Put "/promoters/refresh_token" => refresh_token,
    Delete "/promoters/delete" => delete,
];

/// Evidence: v1 reference (those accepted to the campaign), published v1 promoters document (newest first).
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let campaign = identify::campaign(call)?;
    let wanted = Selection {
        campaigns: campaign.into_iter().collect(),
        standing: campaign.map(|_| Standing::Enrolled(EnrolmentState::Accepted)),
        ..Selection::default()
    };
    let state = &*call.state;
    let total = match campaign {
        None => state.promoters.len(),
        Some(_) => promoter::select(state, call.now, &wanted).count(),
    };
    let rows = page.of(promoter::select(state, call.now, &wanted));
    let rows: Vec<_> = rows.map(|promoter| legacy::Promoter::whole(state, promoter)).collect();
    Ok(links::reply(call.list_url(), page, total, &rows))
}

/// Evidence: v1 reference; published v1 promoters document (the parent by id or e-mail).
fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    identify::campaign(call)?;
    let parent = match call.fields().id("parent_promoter_id")? {
        Some(id) => Some(PromoterId::new(id)),
        None => parent_by_email(call)?,
    };
    let (input, joined_at) = input::promoter::create(&call.fields(), parent)?;
    if call.fields().flag("skip_email_notification")?.unwrap_or(false) {
        call.state.agenda.send_no_emails();
    }
    let id = promoter::create(call.state, joined_at.unwrap_or(call.now), input)?;
    Ok(shown(call.state, id))
}

fn parent_by_email(call: &Call<'_>) -> Result<Option<PromoterId>, Refusal> {
    let Some(email) = call.fields().text("parent_promoter_email")? else { return Ok(None) };
    let found = promoter::find(call.state, FindBy::Email, &email);
    found.map(Some).ok_or(Refusal::NotFound(Entity::Promoter))
}

/// Changes the promoter himself and one of his promotions: that in the named campaign, else the default one.
///
/// Evidence: v1 reference; published v1 promoters document (found by `email` where nothing else names him);
/// which promotion is meant is chosen.
fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (fields, parent) = (call.fields(), parent_by_email(call)?);
    let (id, by_email) = identify::promoter_to_change(call)?;
    let promotion = promotion_to_change(call, id)?;
    let change = input::promoter::change(&fields, parent, by_email)?;
    promoter::change(call.state, call.now, id, &change)?;
    if let Some(promotion) = promotion {
        let change = input::promoter::change_promotion(&fields)?;
        enrolment::change(call.state, promotion, change)?;
    }
    Ok(shown(call.state, id))
}

fn promotion_to_change(call: &Call<'_>, id: PromoterId) -> Result<Option<EnrolmentId>, Refusal> {
    let Some(campaign) = identify::campaign(call)? else {
        return Ok(enrolment::default_of(call.state, id).map(|enrolment| enrolment.id));
    };
    let enrolment = enrolment::in_campaign(call.state, id, campaign);
    enrolment.map(|enrolment| Some(enrolment.id)).ok_or(Refusal::NotFound(Entity::PromoterCampaign))
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::promoter_or_code(call)?;
    Ok(shown(call.state, id))
}

fn move_to_campaign(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::promoter(call)?;
    let to = input::promoter::move_to_campaign(&call.fields(), gets_drip_emails(call.state, id))?;
    promoter::move_to_campaign(call.state, call.now, id, &to)?;
    Ok(shown(call.state, id))
}

fn add_to_campaign(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::promoter(call)?;
    let to = input::promoter::add_to_campaign(&call.fields(), gets_drip_emails(call.state, id))?;
    promoter::add_to_campaign(call.state, call.now, id, &to)?;
    Ok(shown(call.state, id))
}

fn refresh_token(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::promoter(call)?;
    promoter::refresh_token(call.state, id)?;
    let promoter = call.state.promoters.get(id).expect("the promoter just found");
    Ok(Reply::ok(&RefreshedToken { auth_token: &promoter.auth_token }))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::promoter(call)?;
    promoter::delete(call.state, call.now, id)?;
    Ok(Reply::ok(&Message::PROMOTER_REMOVED))
}

fn gets_drip_emails(state: &State, id: PromoterId) -> bool {
    state.promoters.get(id).is_some_and(|promoter| promoter.drip_emails)
}

fn shown(state: &State, id: PromoterId) -> Reply {
    let promoter = state.promoters.get(id).expect("the promoter just found");
    Reply::ok(&legacy::Promoter::whole(state, promoter))
}
