//! `/company/promoter_campaigns`: promoters in campaigns.

use crate::api::operation::{Call, Route, routes};
use crate::api::reply::Reply;
use crate::domain::chart;
use crate::domain::enrolment::{self, Enrolment};
use crate::domain::ids::EnrolmentId;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::v2::input;
use crate::wire::v2::view::chart::{ChartData, Totals};
use crate::wire::v2::view::promoter_campaign::{PromoterCampaign, ReferralLink};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/promoter_campaigns" => list,
    Get "/company/promoter_campaigns/search" => search,
    Put "/company/promoter_campaigns/{id}" => change,
    Get "/company/promoter_campaigns/{id}/referral_links" => referral_links,
    Get "/company/promoter_campaigns/{id}/chart_data" => chart,
];

/// Rows that a search answers at most.
///
/// Evidence: published v2 contract.
const FOUND_MAX: usize = 5;

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let page = Page::read(&call.fields())?;
    let rows = page.of(call.state.enrolments.iter().rev());
    Ok(Reply::ok(&rows.map(|row| PromoterCampaign::of(call.state, row)).collect::<Vec<_>>()))
}

fn search(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let part = call.fields().required_text("q")?;
    let found = enrolment::search(call.state, &part).take(FOUND_MAX);
    Ok(Reply::ok(&found.map(|row| PromoterCampaign::of(call.state, row)).collect::<Vec<_>>()))
}

fn change(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id: EnrolmentId = existing(call)?.id;
    let input = input::promoter_campaign::change(&call.fields())?;
    enrolment::change(call.state, id, input)?;
    Ok(Reply::ok(&PromoterCampaign::of(call.state, existing(call)?)))
}

fn referral_links(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let (page, row) = (Page::read(&call.fields())?, existing(call)?);
    let links = page.of(enrolment::referral_links(call.state, row).into_iter());
    Ok(Reply::ok(&links.map(|link| ReferralLink::of(call.state, row, link)).collect::<Vec<_>>()))
}

fn chart(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let enrolments = [existing(call)?.id];
    let fields = call.fields();
    let (figure, period) = input::chart::chart(&fields)?;
    let total = |figure| chart::total(call.state, &enrolments, figure, period);
    let totals = fields.flag("with_totals")?.unwrap_or(false).then(|| Totals::of(total));
    let chart = chart::draw(call.state, &enrolments, figure, period);
    Ok(Reply::ok(&ChartData::of_promoter_campaign(chart, figure, period, totals)))
}

fn existing<'s>(call: &'s Call<'_>) -> Result<&'s Enrolment, Refusal> {
    let id = call.path_id("id", Entity::PromoterCampaign)?;
    call.state.enrolments.get(id).ok_or(Refusal::NotFound(Entity::PromoterCampaign))
}
