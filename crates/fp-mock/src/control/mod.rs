//! The control API under `/__admin`: what test code and people use to steer the mock.

mod accounts;
mod batches;
mod call;
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

use call::{later, now};
use desk::Desk;
pub(crate) use reply::unknown;

/// Bytes of the largest body: a scenario may be large.
const BODY_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Its routes.
pub fn router(desk: &Desk) -> Router<Desk> {
    Router::new()
        .route("/health", bare(get(now(accounts::health))))
        .route("/reset", bare(post(now(accounts::reset))))
        .route("/scenario", plain(put(now(accounts::load_scenario))))
        .route("/shutdown", bare(post(now(accounts::shut_down))))
        .route("/clock", plain(get(now(clock::show)).put(now(clock::set))))
        .route("/clock/advance", plain(post(later(|call| Box::pin(clock::advance(call))))))
        .route("/clicks", plain(post(now(clicks::visit))))
        .route("/payments_batches", bare(get(now(payments_batches::list))))
        .route(
            "/payments_batches/{id}",
            bare(get(now(payments_batches::show)).delete(now(payments_batches::delete))),
        )
        .route("/payments_batches/{id}/step", bare(post(now(payments_batches::step))))
        .route("/payments_batches/{id}/fail", plain(post(now(payments_batches::fail))))
        .route("/payout_methods", plain(post(now(people::add_payout_method))))
        .route(
            "/payout_methods/{id}",
            bare(delete(now(people::remove_payout_method)))
                .merge(plain(put(now(people::change_payout_method)))),
        )
        .route("/contract_documents", plain(post(now(people::create_contract_document))))
        .route("/contract_documents/{id}/sign", bare(post(now(people::sign_contract_document))))
        .route("/webhooks/{id}/rotate_secret", bare(post(now(webhooks::rotate_secret))))
        .route("/trigger/{event_type}", plain(post(now(trigger::pull))))
        .route("/deliveries", get(now(deliveries::list)))
        .route("/deliveries/{id}", bare(get(now(deliveries::show))))
        .route("/deliveries/{id}/replay", plain(post(later(|call| Box::pin(deliveries::again(call))))))
        // Whoever delivers to an inbox may add to its URL what he likes.
        .route(
            "/inbox/{name}",
            bare(get(now(inbox::list)).delete(now(inbox::clear)))
                .merge(plain(put(now(inbox::program))))
                .post(later(|call| Box::pin(inbox::take(call)))),
        )
        .route("/batches", plain(put(now(batches::set_progression))))
        .route("/batches/{id}/{action}", plain(post(now(batches::act))))
        .route("/requests", bare(delete(now(journal::calls::clear))).get(now(journal::calls::list)))
        .route("/requests/find", plain(post(now(journal::calls::find))))
        .route("/requests/count", plain(post(now(journal::calls::count))))
        .route("/requests/unmatched", bare(get(now(journal::calls::unmatched))))
        .route("/requests/unmatched/near-misses", bare(get(now(journal::calls::near_misses))))
        .route("/requests/{id}", bare(get(now(journal::calls::show))))
        .route("/wait", plain(post(later(|call| Box::pin(wait::wait(call))))))
        .route(
            "/faults",
            bare(get(now(faults::calls::list)).delete(now(faults::calls::clear)))
                .merge(plain(post(now(faults::calls::add)))),
        )
        .route("/faults/{id}", bare(delete(now(faults::calls::remove))))
        .route("/snapshots", bare(get(now(snapshots::list)).post(now(snapshots::keep))))
        .route("/snapshots/{id}", bare(delete(now(snapshots::forget))))
        .route("/snapshots/{id}/restore", bare(post(now(snapshots::restore))))
        .route("/violations", get(now(violations::list)))
        .route("/fidelity", get(now(fidelity::show)))
        .route("/metrics", bare(get(now(metrics::show))))
        .route("/emails", get(now(emails::list)))
        .route("/past_sales", plain(post(now(past_sales::bill))))
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
