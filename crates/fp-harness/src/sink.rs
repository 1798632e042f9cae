//! A webhook receiver on this machine: keeps what comes, answers as it is told.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::oneshot;

/// One webhook as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What it was answered.
    pub answered: u16,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it carries the signature of its bytes under this secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
        mac.update(&self.body);
        let expected = hex::encode(mac.finalize().into_bytes());
        self.header("x-webhook-signature") == Some(expected.as_str())
    }
}

#[derive(Debug, Default)]
struct Kept {
    received: Vec<Received>,
    answers: VecDeque<u16>,
}

/// A receiver; it stops when it is dropped.
#[derive(Debug)]
pub struct Sink {
    url: String,
    kept: Arc<Mutex<Kept>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// If the system has no port or thread left.
    pub fn start() -> Self {
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, started) = mpsc::channel();
        let state = Arc::clone(&kept);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                let listener = tokio::net::TcpListener::bind(any).await.expect("a free port");
                ready.send(listener.local_addr().expect("the port just taken")).expect("the starter waits");
                let app = Router::new().fallback(receive).with_state(state);
                tokio::select! {
                    served = axum::serve(listener, app) => served.expect("the listener works"),
                    _ = stopped => {}
                }
            });
        });
        let address = started.recv().expect("the receiver starts");
        Self { url: format!("http://{address}/hook"), kept, stop: Some(stop), thread: Some(thread) }
    }

    /// Where webhooks are to be sent.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers the next webhooks with these statuses, then 200 again.
    pub fn answer_next(&self, statuses: impl IntoIterator<Item = u16>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).answers.extend(statuses);
    }

    /// Answers 200 to whatever comes next.
    pub fn forget_answers(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).answers.clear();
    }

    /// Takes out what came so far, oldest first.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner).received)
    }
}

async fn receive(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let answered = kept.answers.pop_front().unwrap_or(200);
    kept.received.push(Received { headers, body: body.to_vec(), answered });
    StatusCode::from_u16(answered).unwrap_or(StatusCode::OK)
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.expect("the receiver's thread does not panic");
            }
        }
    }
}
