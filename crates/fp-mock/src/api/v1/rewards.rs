//! `/rewards`: what promoters earn.

use super::identify;
use crate::api::operation::{Call, Route, routes};
use crate::domain::commission;
use crate::domain::ids::CommissionId;
use crate::domain::refusal::{Entity, Refusal, Sought};
use crate::domain::state::State;
use crate::wire::legacy::Reward;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v1::input::reward::{self as input, Earner};
use crate::wire::v1::links;

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Get "/rewards/list" => list,
    Post "/rewards/create" => create,
    Put "/rewards/update" => update,
];

/// Evidence: v1 reference; newest first is chosen.
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let enrolments = identify::enrolments(call)?;
    let (state, url) = (&*call.state, call.list_url());
    let whole = |row| Reward::whole(state, row);
    let Some(enrolments) = enrolments else {
        let rows: Vec<_> = page.of(commission::newest(state)).map(whole).collect();
        return Ok(links::reply(url, page, state.commissions.len(), &rows));
    };
    let index = &state.commissions.index().by_enrolment;
    let total = enrolments.iter().map(|id| index.count(id)).sum();
    let ids = page.of(index.newest(&enrolments));
    let rows: Vec<_> = ids.filter_map(|id| state.commissions.get(id)).map(whole).collect();
    Ok(links::reply(url, page, total, &rows))
}

/// Evidence: v1 reference.
fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (fields, earner) = (call.fields(), earner(call)?);
    let user_email = call.state.company.user_email.clone();
    let custom = input::create(&fields, earner, &user_email)?;
    if fields.flag("skip_email_notification")?.unwrap_or(false) {
        call.state.agenda.send_no_emails();
    }
    let id = commission::create_custom(call.state, call.now, custom)?;
    Ok(shown(call.state, id))
}

/// Whom a new reward is for: the promotion of a lead, or else a promotion that is named itself.
fn earner(call: &Call<'_>) -> Result<Earner, Refusal> {
    let Some(lead) = identify::lead_by(call, "lead_id")? else {
        let enrolment = identify::promotion(call)?.ok_or(Refusal::NoIdentifier(Sought::Earner))?;
        return Ok(Earner { enrolment, referral: None });
    };
    let lead = lead.and_then(|id| call.state.referrals.get(id));
    let lead = lead.ok_or(Refusal::NotFound(Entity::Referral))?;
    Ok(Earner { enrolment: lead.enrolment_id, referral: Some(lead.id) })
}

/// Evidence: v1 reference; that of several rewards of an event the first one is meant is chosen.
fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = sought(call)?;
    if let Some(status) = input::status(&call.fields())? {
        commission::decide(call.state, call.now, id, status)?;
    }
    Ok(shown(call.state, id))
}

fn sought(call: &Call<'_>) -> Result<CommissionId, Refusal> {
    let fields = call.fields();
    let missing = |by| Refusal::NotFoundBy { entity: Entity::Commission, by };
    if let Some(id) = fields.text("id")? {
        let id = id.parse().ok().map(CommissionId::new).filter(|id| call.state.commissions.contains(*id));
        return id.ok_or(missing("id"));
    }
    let event_id = fields.text("event_id")?.ok_or(Refusal::NoIdentifier(Sought::Commission))?;
    commission::of_event(call.state, &event_id).ok_or(missing("event_id"))
}

fn shown(state: &State, id: CommissionId) -> Reply {
    let commission = state.commissions.get(id).expect("the commission just found");
    Reply::ok(&Reward::whole(state, commission))
}
