//! `/company/promo_codes`: codes that customers type in and that credit a promoter.

use crate::api::operation::{Call, Route, routes};
use crate::api::reply::Reply;
use crate::domain::ids::{EnrolmentId, PromoCodeId};
use crate::domain::promo_code;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::v2::{input, view};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/promo_codes" => list,
    Post "/company/promo_codes" => create,
    Get "/company/promo_codes/{id}" => show,
    Put "/company/promo_codes/{id}" => update,
    Delete "/company/promo_codes/{id}" => archive,
];

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, enrolment) = (Page::read(&fields)?, fields.id("promoter_campaign_id")?.map(EnrolmentId::new));
    let rows = page.of(promo_code::select(call.state, enrolment));
    Ok(Reply::ok(&rows.map(|row| view::promo_code::PromoCode::of(call.state, row)).collect::<Vec<_>>()))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = promo_code::create(call.state, call.now, input::promo_code::create(&call.fields())?)?;
    shown(call, id)
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::PromoCode)?;
    shown(call, id)
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::PromoCode)?;
    promo_code::update(call.state, id, input::promo_code::update(&call.fields())?)?;
    shown(call, id)
}

fn archive(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::PromoCode)?;
    promo_code::archive(call.state, call.now, id)?;
    shown(call, id)
}

fn shown(call: &Call<'_>, id: PromoCodeId) -> Result<Reply, Refusal> {
    let row = call.state.promo_codes.get(id).ok_or(Refusal::NotFound(Entity::PromoCode))?;
    Ok(Reply::ok(&view::promo_code::PromoCode::of(call.state, row)))
}
