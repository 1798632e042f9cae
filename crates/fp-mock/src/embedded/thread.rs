//! The thread that a mock's server runs on.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;

use crate::api::dispatch::Incoming;
use crate::control::desk::Desk;
use crate::control::journal::entry::Sent;
use crate::server::{Door, Server};

/// A server on a thread of its own.
#[derive(Debug)]
pub(super) struct ServerThread {
    url: String,
    runtime: Handle,
    door: Door,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ServerThread {
    /// Starts it; connections are accepted when this returns.
    pub(super) fn start(desk: Desk) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let serve = move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                let server = Server::bind(any, desk).await.expect("a free port");
                let address = server.address().expect("the port just taken");
                ready.send((address, Handle::current(), server.door())).expect("the starter waits");
                tokio::select! {
                    served = server.serve(std::future::pending()) => served.expect("the listener works"),
                    // Dropping the mock drops the sender: both mean stop.
                    _ = stopped => {}
                }
            });
        };
        let thread = std::thread::Builder::new().name("fp-mock".into()).spawn(serve).expect("a thread");
        let (address, runtime, door) = started.recv().expect("the server starts");
        Self { url: format!("http://{address}"), runtime, door, stop: Some(stop), thread: Some(thread) }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Answers `incoming` without a socket.
    pub(super) fn call(&self, mut incoming: Incoming) -> Sent {
        let host = self.url.trim_start_matches("http://").to_owned();
        incoming.headers.insert(0, ("host".to_owned(), host));
        let door = self.door.clone();
        self.run(async move { door.call(incoming).await })
    }

    /// Runs `work` over there and waits for its outcome here. Whoever waits may block a thread of a runtime:
    /// what is waited for runs on another thread.
    ///
    /// # Panics
    /// If the server has been shut down, or `work` panics.
    pub(super) fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let (done, outcome) = mpsc::channel();
        self.runtime.spawn(async move {
            // Nobody waits any more if the test has given up meanwhile.
            let _ = done.send(work.await);
        });
        outcome.recv().expect("the mock runs")
    }

    /// The runtime over there.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Stops the server and waits for its end.
    pub(super) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.expect("the server thread does not panic");
            }
        }
    }
}
