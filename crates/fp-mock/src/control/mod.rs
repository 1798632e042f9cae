//! The control API under `/__admin`: what test code and people use to steer the mock.

mod accounts;
mod batches;
mod clicks;
mod clock;
mod deliveries;
pub mod desk;
mod emails;
pub mod faults;
pub mod fidelity;
mod guard;
mod inbox;
pub mod journal;
pub mod metrics;
mod past_sales;
mod payments_batches;
mod people;
pub mod prefer;
mod query;
pub mod recorder;
mod reply;
pub mod snapshots;
mod trigger;
mod violations;
mod wait;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{delete, get, post, put};

use desk::Desk;
pub(crate) use reply::unknown;

/// Bytes of the largest body: a scenario may be large.
const BODY_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Its routes.
pub fn router(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/health", get(accounts::health))
        .route("/reset", post(accounts::reset))
        .route("/scenario", put(accounts::load_scenario))
        .route("/shutdown", post(accounts::shut_down))
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
        .route("/webhooks/{id}/rotate_secret", post(webhooks::rotate_secret))
        .route("/trigger/{event_type}", post(trigger::pull))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::show))
        .route("/deliveries/{id}/replay", post(deliveries::again))
        .route("/inbox/{name}", get(inbox::list).post(inbox::take).put(inbox::program).delete(inbox::clear))
        .route("/batches", put(batches::set_progression))
        .route("/batches/{id}/{action}", post(batches::act))
        .route("/requests", get(journal::calls::list).delete(journal::calls::clear))
        .route("/requests/find", post(journal::calls::find))
        .route("/requests/count", post(journal::calls::count))
        .route("/requests/unmatched", get(journal::calls::unmatched))
        .route("/requests/unmatched/near-misses", get(journal::calls::near_misses))
        .route("/requests/{id}", get(journal::calls::show))
        .route("/wait", post(wait::wait))
        .route("/faults", get(faults::calls::list).post(faults::calls::add).delete(faults::calls::clear))
        .route("/faults/{id}", delete(faults::calls::remove))
        .route("/snapshots", get(snapshots::list).post(snapshots::keep))
        .route("/snapshots/{id}", delete(snapshots::forget))
        .route("/snapshots/{id}/restore", post(snapshots::restore))
        .route("/violations", get(violations::list))
        .route("/fidelity", get(fidelity::show))
        .route("/metrics", get(metrics::show))
        .route("/emails", get(emails::list))
        .route("/past_sales", post(past_sales::bill))
        .fallback(reply::unknown)
        .method_not_allowed_fallback(reply::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::watch))
}
