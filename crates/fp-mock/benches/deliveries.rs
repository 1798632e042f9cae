//! A load of webhooks on a receiver that flaps: nothing is lost, nothing is sent twice by accident, and each
//! delivery is accounted for. `cargo bench -p fp-mock --bench deliveries` sends 100,000; without `--bench` a
//! hundredth of that is sent, as a check.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fp_mock::Mock;
use fp_mock::webhooks::delivery::{Delivery, Lane, Status};
use serde_json::json;

/// Subscriptions, all of one receiver.
const SUBSCRIPTIONS: usize = 50;
/// Events of the full run: each goes to every subscription.
const EVENTS: usize = 2_000;
/// The receiver goes on as it is for so many requests: it works or it fails.
const FLAPS_EVERY: usize = 500;

/// Retries of every fifth subscription, which gives up soon, and of the others.
const IMPATIENT: usize = 1;
const PATIENT: usize = 10;

/// What the receiver saw: for each subscription and event, every status it answered.
#[derive(Default)]
struct Seen {
    answered: BTreeMap<(String, String), Vec<u16>>,
    requests: usize,
}

type Shared = Arc<Mutex<Seen>>;

fn lock(seen: &Shared) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the receiver works at its `number`th request: as often as not, in no simple rhythm, the same in
/// every run.
fn works(number: usize) -> bool {
    let phase = (number / FLAPS_EVERY) as u64 + 1;
    phase.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 63 == 0
}

async fn receive(State(seen): State<Shared>, Path(name): Path<String>, headers: HeaderMap) -> StatusCode {
    let event = headers.get("x-event-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let mut seen = lock(&seen);
    let status = if works(seen.requests) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    seen.requests += 1;
    seen.answered.entry((name, event)).or_default().push(status.as_u16());
    status
}

/// A receiver on a thread of its own, and where it listens.
fn receiver(seen: Shared) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a socket that does not block");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            let app = Router::new().route("/{name}", post(receive)).with_state(seen);
            axum::serve(listener, app).await.expect("the receiver serves");
        });
    });
    url
}

/// What a run took, and what came of it.
struct Report {
    deliveries: usize,
    attempts: usize,
    delivered: usize,
    exhausted: usize,
    first: Duration,
    all: Duration,
}

fn run(events: usize) -> Report {
    let seen = Shared::default();
    let url = receiver(Arc::clone(&seen));
    let mock = Mock::builder().journal_entries(0).start();
    for name in 0..SUBSCRIPTIONS {
        let body = json!({
            "url": format!("{url}/{name}"),
            "event_types": ["referral.created"],
            "max_retries": if name % 5 == 0 { IMPATIENT } else { PATIENT },
        });
        mock.given().record("/company/webhooks", body);
    }
    let began = Instant::now();
    for event in 0..events {
        let email = format!("lead{event}@example.com");
        mock.given().signup(json!({ "email": email, "ref_id": "jane89" }));
    }
    mock.clock().advance("0s");
    let first = began.elapsed();
    // The ten retries of the linear schedule take 18 hours and 20 minutes of the account's clock.
    mock.clock().advance("7d");
    let all = began.elapsed();
    account_for(&mock.deliveries(), &lock(&seen), events, (first, all))
}

/// Holds what the mock wrote down against what the receiver saw.
fn account_for(
    deliveries: &[Delivery],
    seen: &Seen,
    events: usize,
    (first, all): (Duration, Duration),
) -> Report {
    assert_eq!(deliveries.len(), events * SUBSCRIPTIONS, "a delivery for each event and subscription");
    assert_eq!(seen.answered.len(), deliveries.len(), "each of them was tried");
    let attempts: usize = deliveries.iter().map(|delivery| delivery.tries.len()).sum();
    assert_eq!(attempts, seen.requests, "every attempt was received once");
    let (mut delivered, mut exhausted) = (0, 0);
    for delivery in deliveries {
        let answered = delivery.tries.iter().map(|attempt| attempt.status().expect("an answer"));
        let answered: Vec<u16> = answered.collect();
        let (last, before) = answered.split_last().expect("an attempt");
        assert!(before.iter().all(|status| *status == 503), "nothing is sent after it was acknowledged");
        assert!(matches!(delivery.lane, Lane::Subscription(_)));
        match delivery.status {
            Status::Delivered => delivered += usize::from(*last == 200),
            Status::Failed => {
                let tried_enough = [IMPATIENT + 1, PATIENT + 1].contains(&answered.len());
                exhausted += usize::from(tried_enough && *last == 503);
            }
            Status::Pending | Status::Retrying => {}
        }
    }
    assert_eq!(delivered + exhausted, deliveries.len(), "each ended acknowledged or exhausted");
    let acknowledged = seen.answered.values().filter(|answers| answers.last() == Some(&200)).count();
    assert_eq!(acknowledged, delivered, "the receiver acknowledged what the mock calls delivered");
    Report { deliveries: deliveries.len(), attempts, delivered, exhausted, first, all }
}

#[expect(clippy::print_stdout, reason = "a load program prints what it measured")]
fn main() {
    let full = std::env::args().any(|argument| argument == "--bench");
    let report = run(if full { EVENTS } else { EVENTS / 100 });
    let a_second = report.attempts as f64 / report.all.as_secs_f64();
    println!("deliveries          {:>9}", report.deliveries);
    println!("attempts            {:>9}", report.attempts);
    println!("acknowledged        {:>9}", report.delivered);
    println!("retries exhausted   {:>9}", report.exhausted);
    println!("first attempts      {:>9.2} s", report.first.as_secs_f64());
    println!("all attempts        {:>9.2} s", report.all.as_secs_f64());
    println!("attempts a second   {a_second:>9.0}");
}
