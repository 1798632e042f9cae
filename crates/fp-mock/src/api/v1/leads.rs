//! `/leads`: the people who were referred.

use super::identify;
use crate::api::operation::{Call, Route, routes};
use crate::domain::enrolment;
use crate::domain::ids::{PlanId, ReferralId};
use crate::domain::refusal::{Entity, Refusal, Sought};
use crate::domain::state::State;
use crate::domain::{campaign, referral};
use crate::wire::legacy::Lead;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v1::view::message::Message;
use crate::wire::v1::{input, links};

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Get "/leads/list" => list,
    Post "/leads/create" => create,
    Put "/leads/update" => update,
    Get "/leads/show" => show,
    Delete "/leads/delete" => delete,
];

/// Evidence: v1 reference; newest first is chosen.
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let enrolments = identify::enrolments(call)?;
    let (state, url) = (&*call.state, call.list_url());
    let whole = |row| Lead::whole(state, row);
    let Some(enrolments) = enrolments else {
        let rows: Vec<_> = page.of(referral::newest(state)).map(whole).collect();
        return Ok(links::reply(url, page, state.referrals.len(), &rows));
    };
    let index = &state.referrals.index().by_enrolment;
    let total = enrolments.iter().map(|id| index.count(id)).sum();
    let ids = page.of(index.newest(&enrolments));
    let rows: Vec<_> = ids.filter_map(|id| state.referrals.get(id)).map(whole).collect();
    Ok(links::reply(url, page, total, &rows))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let enrolment = identify::promotion(call)?.ok_or(Refusal::NoIdentifier(Sought::Enrolment))?;
    let plan = plan(call)?;
    let input = input::lead::create(&call.fields(), enrolment, plan)?;
    let id = referral::create(call.state, call.now, input)?;
    Ok(shown(call.state, id))
}

/// Evidence: v1 reference (a new referral id moves the lead); published v1 leads document (`soft_switch` leaves
/// the rewards behind).
fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::lead(call)?;
    let fields = call.fields();
    let plan = plan(call)?;
    let change = input::lead::update(&fields, plan)?;
    if let Some(token) = fields.text("new_ref_id")? {
        let to = enrolment::by_ref_token(call.state, &token);
        let to = to.ok_or(Refusal::NotFound(Entity::PromoterCampaign))?.id;
        let with_commissions = !fields.flag("soft_switch")?.unwrap_or(false);
        referral::move_to_promoter(call.state, call.now, id, to, with_commissions)?;
    }
    referral::update(call.state, call.now, id, change)?;
    Ok(shown(call.state, id))
}

/// The plan that `plan_name` names by its id at the billing provider.
fn plan(call: &mut Call<'_>) -> Result<Option<PlanId>, Refusal> {
    let named = call.fields().text("plan_name")?;
    Ok(named.map(|ext_id| campaign::ensure_plan(call.state, &ext_id)))
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::lead(call)?;
    Ok(shown(call.state, id))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = identify::lead(call)?;
    referral::delete(call.state, call.now, id)?;
    Ok(Reply::ok(&Message::LEAD_REMOVED))
}

fn shown(state: &State, id: ReferralId) -> Reply {
    let referral = state.referrals.get(id).expect("the referral just found");
    Reply::ok(&Lead::whole(state, referral))
}
