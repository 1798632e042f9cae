//! The mock inside a Rust test: a server of its own on a thread of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::api::auth::Keys;
use crate::api::front::{Front, Policy, Validate};
use crate::clock::Mode;
use crate::clock::timestamp::Timestamp;
use crate::control::desk::{Desk, Terms};
use crate::scenario::{Scenario, ScenarioError};
use crate::server::Server;
use crate::webhooks::Settings;
use crate::world::{Options, World};

/// A running mock. It stops when it is dropped.
///
/// ```
/// let mock = fp_mock::Mock::start();
/// assert!(mock.url().starts_with("http://127.0.0.1:"));
/// ```
#[derive(Debug)]
pub struct Mock {
    url: String,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How a mock is to be started.
#[derive(Clone, Debug)]
pub struct Builder {
    options: Options,
    policy: Policy,
    terms: Terms,
}

impl Mock {
    /// Starts one with the starter scenario, seed 0 and a manual clock.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Starts one another way.
    pub fn builder() -> Builder {
        let scenario = Scenario::open_built_in("starter").expect("the built-in scenarios are in order");
        Builder {
            options: Options {
                scenario,
                seed: 0,
                clock: Mode::Manual,
                start: None,
                webhooks: Settings::default(),
            },
            policy: Policy::default(),
            terms: Terms::default(),
        }
    }

    /// Where it listens, `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its accounts.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }
}

impl Builder {
    /// Lets accounts start from a built-in scenario or a file.
    ///
    /// # Errors
    /// [`ScenarioError`] if it cannot be used.
    pub fn scenario(mut self, name_or_file: &str) -> Result<Self, ScenarioError> {
        self.options.scenario = Scenario::open(name_or_file)?;
        Ok(self)
    }

    /// Lets other ids and tokens come out.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Lets clocks go another way than by hand.
    #[must_use]
    pub fn clock(mut self, mode: Mode) -> Self {
        self.options.clock = mode;
        self
    }

    /// Lets accounts begin at another moment.
    #[must_use]
    pub fn start_at(mut self, start: Timestamp) -> Self {
        self.options.start = Some(start);
        self
    }

    /// Lets only these keys in.
    #[must_use]
    pub fn keys(mut self, keys: Keys) -> Self {
        self.policy.keys = keys;
        self
    }

    /// Refuses calls beyond so many a minute for each account, on the account's clock.
    #[must_use]
    pub fn rate_limit(mut self, calls_a_minute: u32) -> Self {
        self.policy.rate_limit = Some(calls_a_minute);
        self
    }

    /// Holds other things against the contract than requests and answers.
    #[must_use]
    pub fn validate(mut self, validate: Validate) -> Self {
        self.policy.validate = validate;
        self
    }

    /// Answers a request that breaks the contract with what is wrong, as problem+json.
    #[must_use]
    pub fn errors(mut self) -> Self {
        self.policy.errors = true;
        self
    }

    /// Goes by the contract as published, without corrections.
    #[must_use]
    pub fn published(mut self) -> Self {
        self.policy.published = true;
        self
    }

    /// Keeps so many entries in each account's journal; 0 switches it off.
    #[must_use]
    pub fn journal_entries(mut self, entries: usize) -> Self {
        self.terms.journal_entries = entries;
        self
    }

    /// Lets control calls in with this token alone.
    #[must_use]
    pub fn admin_token(mut self, token: &str) -> Self {
        self.terms.admin_token = Some(token.to_owned());
        self
    }

    /// Has no control API.
    #[must_use]
    pub fn without_admin_api(mut self) -> Self {
        self.terms.disabled = true;
        self
    }

    /// Handles webhooks another way.
    #[must_use]
    pub fn webhooks(mut self, settings: Settings) -> Self {
        self.options.webhooks = settings;
        self
    }

    /// Starts the server; it accepts connections when this returns.
    ///
    /// # Panics
    /// If the system has no port or thread left for it.
    pub fn start(self) -> Mock {
        let world = World::new(self.options);
        let front =
            Front::open(self.policy, Arc::clone(&world)).expect("the operation tables fit the contract");
        let desk = Desk::new(front, self.terms);
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("fp-mock".into())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(async move {
                    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                    let server = Server::bind(any, desk).await.expect("a free port");
                    ready.send(server.address().expect("the port just taken")).expect("the starter waits");
                    let stop = async {
                        // Dropping the mock drops the sender: both mean stop.
                        let _ = stopped.await;
                    };
                    tokio::select! {
                        served = server.serve(std::future::pending()) => served.expect("the listener works"),
                        () = stop => {}
                    }
                });
            })
            .expect("a thread");
        let address = started.recv().expect("the server starts");
        Mock { url: format!("http://{address}"), world, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.expect("the server thread does not panic");
            }
        }
    }
}
