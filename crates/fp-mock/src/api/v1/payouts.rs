//! `/payouts`: what promoters are paid.

use super::identify;
use crate::api::operation::{Call, Route, routes};
use crate::domain::enrolment;
use crate::domain::ids::PayoutId;
use crate::domain::payout::{self, Filter};
use crate::domain::refusal::{Entity, Refusal, Sought};
use crate::domain::state::State;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v1::{input, links, view};

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Get "/payouts/list" => list,
    Post "/payouts/create" => create,
    Put "/payouts/update" => update,
];

/// Evidence: v1 reference.
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let wanted = Filter {
        promoter: identify::promoter_of_list(call)?,
        campaigns: identify::campaign(call)?.into_iter().collect(),
        status: input::payout::status(&call.fields())?,
        ..Filter::default()
    };
    let (state, url) = (&*call.state, call.list_url());
    let total = payout::search(state, call.now, &wanted).count();
    let rows = page.of(payout::search(state, call.now, &wanted));
    let rows: Vec<_> = rows.map(|payout| view::payout::Payout::of(state, payout)).collect();
    Ok(links::reply(url, page, total, &rows))
}

/// Evidence: v1 reference (the promoter's default campaign where none is named).
fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let promoter = identify::payee(call)?;
    let status = input::payout::status(&call.fields())?;
    let campaign = match identify::campaign(call)? {
        Some(campaign) => campaign,
        None => {
            let default = enrolment::default_of(call.state, promoter);
            default.ok_or(Refusal::NotFound(Entity::PromoterCampaign))?.campaign_id
        }
    };
    let id = payout::generate_for_everything_unpaid(call.state, call.now, promoter, campaign)?;
    if let Some(status) = status {
        payout::move_to(call.state, call.now, id, status)?;
    }
    Ok(shown(call.state, id))
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let named = fields.text("id")?.ok_or(Refusal::NoIdentifier(Sought::Payout))?;
    let id = named.parse().ok().map(PayoutId::new).filter(|id| call.state.payouts.contains(*id));
    let id = id.ok_or(Refusal::NotFoundBy { entity: Entity::Payout, by: "id" })?;
    if let Some(status) = input::payout::status(&fields)? {
        payout::move_to(call.state, call.now, id, status)?;
    }
    Ok(shown(call.state, id))
}

fn shown(state: &State, id: PayoutId) -> Reply {
    let payout = state.payouts.get(id).expect("the payout just found");
    Reply::ok(&view::payout::Payout::of(state, payout))
}
