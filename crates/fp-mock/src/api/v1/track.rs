//! `/track`: what the customer's application reports.

use crate::api::operation::{Call, Route, routes};
use crate::domain::conversion::{self, Conversion};
use crate::domain::ids::ConversionId;
use crate::domain::refusal::Refusal;
use crate::wire::legacy;
use crate::wire::reply::Reply;
use crate::wire::v1::input::tracking;
use crate::wire::v1::view::subscriber::Subscriber;

pub(super) const OPERATIONS: &[Route] = routes![V1;
    Post "/track/signup" => signup,
    Post "/track/sale" => sale,
    Post "/track/refund" => refund,
    Post "/track/cancellation" => cancellation,
    Post "/track/subscriber" => subscriber,
];

fn signup(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let signup = tracking::signup(&call.fields())?;
    let id = conversion::signup(call.state, call.now, signup)?;
    Ok(shown(call, id))
}

fn sale(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let sale = tracking::sale(&call.fields())?;
    let id = conversion::sale(call.state, call.now, sale)?;
    Ok(shown(call, id))
}

fn refund(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let refund = tracking::refund(&call.fields())?;
    let id = conversion::refund(call.state, call.now, refund)?;
    Ok(shown(call, id))
}

fn cancellation(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let cancellation = tracking::cancellation(&call.fields())?;
    let id = conversion::cancellation(call.state, call.now, cancellation)?;
    Ok(shown(call, id))
}

fn subscriber(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let subscriber = tracking::signup(&call.fields())?;
    let id = conversion::subscriber(call.state, call.now, &subscriber)?;
    Ok(Reply::ok(&Subscriber::of(call.state, made(call, id))))
}

fn shown(call: &Call<'_>, id: ConversionId) -> Reply {
    Reply::ok(&legacy::Event::of(call.state, made(call, id)))
}

fn made<'s>(call: &'s Call<'_>, id: ConversionId) -> &'s Conversion {
    call.state.conversions.get(id).expect("the event just recorded")
}
