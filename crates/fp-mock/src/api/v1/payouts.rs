//! `/payouts`: what promoters are paid.

use super::identify;
use crate::api::operation::{Call, Route, routes};
use crate::domain::enrolment;
use crate::domain::ids::{CampaignId, PayoutId, PromoterId};
use crate::domain::payout::{self, PayoutStatus};
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

/// Evidence: v1 reference; newest first is chosen.
fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let wanted = Wanted {
        promoter: identify::promoter_of_list(call)?,
        campaign: identify::campaign(call)?,
        status: input::payout::status(&call.fields())?,
    };
    let (state, url) = (&*call.state, call.list_url());
    let total = wanted.ids(state).filter(|id| wanted.includes(state, *id)).count();
    let ids = page.of(wanted.ids(state).filter(|id| wanted.includes(state, *id)));
    let rows = ids.filter_map(|id| state.payouts.get(id));
    let rows: Vec<_> = rows.map(|payout| view::payout::Payout::of(state, payout)).collect();
    Ok(links::reply(url, page, total, &rows))
}

/// Which payouts a list is of.
struct Wanted {
    promoter: Option<PromoterId>,
    campaign: Option<CampaignId>,
    status: Option<PayoutStatus>,
}

impl Wanted {
    /// The payouts that may be wanted by the narrowest of the conditions, newest first.
    fn ids<'s>(&self, state: &'s State) -> Box<dyn Iterator<Item = PayoutId> + 's> {
        let index = state.payouts.index();
        match *self {
            Self { promoter: Some(promoter), .. } => Box::new(index.by_promoter.of(&promoter).rev()),
            Self { campaign: Some(campaign), .. } => Box::new(index.by_campaign.of(&campaign).rev()),
            Self { status: Some(status), .. } => Box::new(index.by_status.of(&status).rev()),
            _ => Box::new(state.payouts.iter().rev().map(|payout| payout.id)),
        }
    }

    fn includes(&self, state: &State, id: PayoutId) -> bool {
        state.payouts.get(id).is_some_and(|payout| {
            self.promoter.is_none_or(|promoter| promoter == payout.promoter_id)
                && self.campaign.is_none_or(|campaign| campaign == payout.campaign_id)
                && self.status.is_none_or(|status| status == payout.status)
        })
    }
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
    let id = named.parse().ok().map(PayoutId).filter(|id| call.state.payouts.contains(*id));
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
