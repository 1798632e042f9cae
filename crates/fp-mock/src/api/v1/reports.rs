//! `/reports`: what happened, in figures.

use crate::api::operation::{Call, Route, routes};
use crate::domain::ids::PromoterId;
use crate::domain::refusal::Refusal;
use crate::domain::report::{self, Promoters, Query};
use crate::domain::state::State;
use crate::wire::page::Page;
use crate::wire::reply::Reply;
use crate::wire::v1::input::report as input;
use crate::wire::v1::links;
use crate::wire::v1::view::report::{self as view, Frame};

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Get "/reports/overview" => overview,
    Get "/reports/campaigns" => campaigns,
    Get "/reports/promoters" => promoters,
];

fn overview(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let query = input::query(&fields, call.now)?;
    let query = Query { order: input::order(&fields, &query.columns)?, ..query };
    let report = report::overview(call.state, &query);
    Ok(Reply::ok(&view::overview(frame(call.state, &query), &report)))
}

fn campaigns(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let query = input::query(&call.fields(), call.now)?;
    let report = report::campaigns(call.state, &query);
    Ok(Reply::ok(&view::campaigns(frame(call.state, &query), &report)))
}

/// Evidence: v1 reference (with a page all promoters by their total revenue, without one the first fifty).
fn promoters(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let query = input::query(&fields, call.now)?;
    let (among, order) = (input::promoters(&fields)?, input::head_order(&fields)?);
    if fields.text("page")?.is_some() {
        return paged(call, &query, among);
    }
    let query = Query { order: Some(order), ..query };
    let which = among.as_deref().map_or(Promoters::All, Promoters::These);
    let report = report::head(call.state, &query, which);
    Ok(Reply::ok(&view::promoters(frame(call.state, &query), &report)))
}

fn paged(call: &Call<'_>, query: &Query, among: Option<Vec<PromoterId>>) -> Result<Reply, Refusal> {
    let (page, state) = (Page::read(&call.fields())?, &*call.state);
    let mut among = among.unwrap_or_else(|| state.promoters.iter().map(|promoter| promoter.id).collect());
    among.retain(|id| state.promoters.contains(*id));
    let report = report::by_total_revenue(state, query, &among, (page.skipped(), page.size));
    Ok(links::reply(call.list_url(), page, among.len(), &view::promoters(frame(state, query), &report)))
}

fn frame<'a>(state: &'a State, query: &'a Query) -> Frame<'a> {
    Frame { query, currency: &state.company.rates.base }
}
