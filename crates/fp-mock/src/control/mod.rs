//! The control API under `/__admin`: what test code and people use to steer the mock.

mod accounts;
mod batches;
mod clock;
pub mod duration;
mod reply;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post, put};

use crate::world::World;

/// Its routes.
pub fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/health", get(accounts::health))
        .route("/reset", post(accounts::reset))
        .route("/scenario", put(accounts::load_scenario))
        .route("/clock", get(clock::show).put(clock::set))
        .route("/clock/advance", post(clock::advance))
        .route("/batches", put(batches::set_progression))
        .route("/batches/{id}/{action}", post(batches::act))
        .fallback(reply::unknown)
        .method_not_allowed_fallback(reply::wrong_method)
}
