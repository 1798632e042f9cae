//! The mock inside a Rust test: a server of its own on a thread of its own.

mod account;
mod builder;
mod clock;
mod expectation;
mod given;
mod inbox;
mod thread;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

pub use account::{Account, Answer};
pub use builder::Builder;
pub use clock::ClockHandle;
pub use expectation::Expectation;
pub use given::{Given, Record};
pub use inbox::InboxHandle;

use crate::api::auth::DEFAULT_ACCOUNT;
use crate::control::desk::Desk;
use crate::control::journal::Entry;
use crate::control::journal::pattern::Pattern;
use crate::webhooks::delivery::Delivery;
use crate::world::World;
use expectation::Expected;
use thread::ServerThread;

/// A running mock. When it is dropped it checks what was expected of it, and stops.
///
/// ```
/// use fp_mock::{Mock, request};
/// use serde_json::json;
///
/// let mock = Mock::start();
/// mock.expect(request("POST", "/api/v2/track/sale")).once();
/// let bob = mock.given().referral_of("jane89", json!({ "uid": "cus_1", "email": "bob@example.com" }));
///
/// // Whatever is under test talks to mock.url() here.
/// let sale = json!({ "uid": "cus_1", "event_id": "evt_1", "amount": 1000 });
/// let answer = mock.call("POST", "/api/v2/track/sale", sale);
///
/// assert_eq!(answer.status, 200);
/// assert_eq!(mock.get(&format!("/api/v2/company/referrals/{}", bob.id()))["state"], "active");
/// ```
#[derive(Debug)]
pub struct Mock {
    thread: ServerThread,
    desk: Desk,
    expected: Mutex<Vec<Expected>>,
}

impl Mock {
    /// Starts one with the starter scenario, seed 0 and a manual clock.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Starts one another way.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn serve(desk: Desk) -> Self {
        Self { thread: ServerThread::start(desk.clone()), desk, expected: Mutex::default() }
    }

    /// Where it listens, `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        self.thread.url()
    }

    /// Its accounts.
    pub fn world(&self) -> &Arc<World> {
        self.desk.world()
    }

    /// One of its accounts: a sandbox of its own, made when it is first used.
    pub fn account(&self, name: &str) -> Account<'_> {
        Account::new(self, name)
    }

    /// The account that is meant where none is named.
    pub fn default_account(&self) -> Account<'_> {
        self.account(DEFAULT_ACCOUNT)
    }

    /// The default account's clock.
    pub fn clock(&self) -> ClockHandle<'_> {
        self.default_account().clock()
    }

    /// Makes records in the default account.
    pub fn given(&self) -> Given<'_> {
        self.default_account().given()
    }

    /// A built-in receiver of webhooks of the default account.
    pub fn inbox(&self, name: &str) -> InboxHandle<'_> {
        self.default_account().inbox(name)
    }

    /// The default account's webhook deliveries, oldest first, with every attempt.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.default_account().deliveries()
    }

    /// Makes a call without a socket, as the default account. See [`Account::call`].
    pub fn call(&self, method: &str, target: &str, body: Value) -> Answer {
        self.default_account().call(method, target, body)
    }

    /// What a GET of `target` answers to the default account.
    ///
    /// # Panics
    /// If it answers anything but 200.
    pub fn get(&self, target: &str) -> Value {
        self.default_account().get(target)
    }

    /// Makes a control call without a socket, `mock.control("POST", "/faults", json!({…}))`. See
    /// [`Account::control`].
    pub fn control(&self, method: &str, path: &str, body: Value) -> Value {
        self.default_account().control(method, path, body)
    }

    /// Every call of every account that the journal keeps, oldest first.
    pub fn requests(&self) -> Vec<Arc<Entry>> {
        self.desk.entries(None).0
    }

    /// Expects calls that fit a pattern: at least one unless said otherwise. Checked when the mock is dropped,
    /// and by [`Mock::verify`].
    ///
    /// ```should_panic
    /// use fp_mock::{Mock, request};
    ///
    /// let mock = Mock::start();
    /// mock.expect(request("POST", "/api/v2/track/sale")).times(2);
    /// drop(mock); // panics: nobody called
    /// ```
    pub fn expect(&self, pattern: Pattern) -> Expectation<'_> {
        Expectation::add(self, Some(pattern))
    }

    /// Expects that no client breaks the contract.
    pub fn expect_no_violations(&self) {
        Expectation::add(self, None);
    }

    /// Checks everything that is expected so far.
    ///
    /// # Panics
    /// If something does not hold, naming the calls that came nearest.
    #[track_caller]
    pub fn verify(&self) {
        let problems = self.unmet();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    fn unmet(&self) -> Vec<String> {
        let (entries, evicted) = self.desk.entries(None);
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.iter().filter_map(|expected| expected.problem(&entries, evicted)).collect()
    }
}

/// The pattern of one method and path, `request("POST", "/api/v2/track/sale")`.
pub fn request(method: &str, path: &str) -> Pattern {
    Pattern::of(method, path)
}

impl Drop for Mock {
    fn drop(&mut self) {
        let problems = if std::thread::panicking() { Vec::new() } else { self.unmet() };
        self.thread.stop();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
