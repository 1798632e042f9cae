//! The control API under `/__admin`: what test code and people use to steer the mock.

mod accounts;
mod batches;
pub mod call_log;
mod clicks;
mod clock;
mod deliveries;
pub mod desk;
mod emails;
mod evidence;
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
use axum::routing::{MethodRouter, delete, get, post, put};

use desk::Desk;
pub(crate) use reply::unknown;

/// Bytes of the largest body: a scenario may be large.
const BODY_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Its routes.
pub fn router(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/health", bare(get(accounts::health)))
        .route("/reset", bare(post(accounts::reset)))
        .route("/scenario", plain(put(accounts::load_scenario)))
        .route("/shutdown", bare(post(accounts::shut_down)))
        .route("/clock", plain(get(clock::show).put(clock::set)))
        .route("/clock/advance", plain(post(clock::advance)))
        .route("/clicks", plain(post(clicks::visit)))
        .route("/payments_batches", bare(get(payments_batches::list)))
        .route("/payments_batches/{id}", bare(get(payments_batches::show).delete(payments_batches::delete)))
        .route("/payments_batches/{id}/step", bare(post(payments_batches::step)))
        .route("/payments_batches/{id}/fail", plain(post(payments_batches::fail)))
        .route("/payout_methods", plain(post(people::add_payout_method)))
        .route(
            "/payout_methods/{id}",
            bare(delete(people::remove_payout_method)).merge(plain(put(people::change_payout_method))),
        )
        .route("/contract_documents", plain(post(people::create_contract_document)))
        .route("/contract_documents/{id}/sign", bare(post(people::sign_contract_document)))
        .route("/webhooks/{id}/rotate_secret", bare(post(webhooks::rotate_secret)))
        .route("/trigger/{event_type}", plain(post(trigger::pull)))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", bare(get(deliveries::show)))
        .route("/deliveries/{id}/replay", plain(post(deliveries::again)))
        // Whoever delivers to an inbox may add to its URL what he likes.
        .route(
            "/inbox/{name}",
            bare(get(inbox::list).delete(inbox::clear)).merge(plain(put(inbox::program))).post(inbox::take),
        )
        .route("/batches", plain(put(batches::set_progression)))
        .route("/batches/{id}/{action}", plain(post(batches::act)))
        .route("/requests", bare(delete(journal::calls::clear)).get(journal::calls::list))
        .route("/requests/find", plain(post(journal::calls::find)))
        .route("/requests/count", plain(post(journal::calls::count)))
        .route("/requests/unmatched", bare(get(journal::calls::unmatched)))
        .route("/requests/unmatched/near-misses", bare(get(journal::calls::near_misses)))
        .route("/requests/{id}", bare(get(journal::calls::show)))
        .route("/wait", plain(post(wait::wait)))
        .route(
            "/faults",
            bare(get(faults::calls::list).delete(faults::calls::clear))
                .merge(plain(post(faults::calls::add))),
        )
        .route("/faults/{id}", bare(delete(faults::calls::remove)))
        .route("/snapshots", bare(get(snapshots::list).post(snapshots::keep)))
        .route("/snapshots/{id}", bare(delete(snapshots::forget)))
        .route("/snapshots/{id}/restore", bare(post(snapshots::restore)))
        .route("/violations", get(violations::list))
        .route("/fidelity", get(fidelity::show))
        .route("/metrics", bare(get(metrics::show)))
        .route("/emails", get(emails::list))
        .route("/past_sales", plain(post(past_sales::bill)))
        .fallback(reply::unknown)
        .method_not_allowed_fallback(reply::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::watch))
}

/// Calls without parameters but `account`.
fn plain(calls: MethodRouter<Desk>) -> MethodRouter<Desk> {
    calls.route_layer(middleware::from_fn(guard::refuse_parameters))
}

/// Calls without parameters but `account`, and without a body.
fn bare(calls: MethodRouter<Desk>) -> MethodRouter<Desk> {
    plain(calls.route_layer(middleware::from_fn(guard::refuse_body)))
}
