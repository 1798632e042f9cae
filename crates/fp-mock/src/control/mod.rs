//! The control API under `/__admin`: what test code and people use to steer the mock.

mod accounts;
mod batches;
mod clicks;
mod clock;
pub mod duration;
mod payments_batches;
mod people;
mod reply;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post, put};

use crate::api::front::Front;
use crate::world::World;

/// What control calls work on.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The front door.
    pub front: Arc<Front>,
    /// The accounts behind it.
    pub world: Arc<World>,
}

impl FromRef<Desk> for Arc<Front> {
    fn from_ref(desk: &Desk) -> Self {
        Arc::clone(&desk.front)
    }
}

impl FromRef<Desk> for Arc<World> {
    fn from_ref(desk: &Desk) -> Self {
        Arc::clone(&desk.world)
    }
}

/// Its routes.
pub fn router() -> Router<Desk> {
    Router::new()
        .route("/health", get(accounts::health))
        .route("/reset", post(accounts::reset))
        .route("/scenario", put(accounts::load_scenario))
        .route("/clock", get(clock::show).put(clock::set))
        .route("/clock/advance", post(clock::advance))
        .route("/clicks", post(clicks::visit))
        .route("/payments_batches", get(payments_batches::list))
        .route("/payments_batches/{id}", get(payments_batches::show).delete(payments_batches::delete))
        .route("/payments_batches/{id}/step", post(payments_batches::step))
        .route("/payments_batches/{id}/fail", post(payments_batches::fail))
        .route("/payout_methods", post(people::add_payout_method))
        .route("/payout_methods/{id}", put(people::change_payout_method).delete(people::remove_payout_method))
        .route("/contract_documents", post(people::create_contract_document))
        .route("/contract_documents/{id}/sign", post(people::sign_contract_document))
        .route("/batches", put(batches::set_progression))
        .route("/batches/{id}/{action}", post(batches::act))
        .fallback(reply::unknown)
        .method_not_allowed_fallback(reply::wrong_method)
}
