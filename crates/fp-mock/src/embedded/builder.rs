//! How a mock in a test is to be started.

use std::sync::{Arc, OnceLock};

use super::Mock;
use crate::api::auth::Keys;
use crate::api::front::{Front, Policy, Validate};
use crate::clock::Mode;
use crate::clock::timestamp::Timestamp;
use crate::control::desk::{Desk, Terms};
use crate::scenario::{Scenario, ScenarioError};
use crate::webhooks::Settings;
use crate::world::{Options, World};

/// How a mock is to be started.
///
/// ```
/// use fp_mock::Mock;
///
/// let mock = Mock::builder().seed(7).rate_limit(400).start();
/// assert_eq!(mock.clock().now().to_string(), "2025-01-15T10:30:00.000Z");
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    options: Options,
    policy: Policy,
    terms: Terms,
}

impl Default for Builder {
    fn default() -> Self {
        // Reading a scenario takes longer than starting a server: once is enough for a process.
        static STARTER: OnceLock<Arc<Scenario>> = OnceLock::new();
        let starter = || Scenario::open_built_in("starter").expect("the built-in scenarios are in order");
        Self {
            options: Options {
                scenario: Arc::clone(STARTER.get_or_init(starter)),
                seed: 0,
                clock: Mode::Manual,
                start: None,
                webhooks: Settings::default(),
                #[cfg(feature = "planted-faults")]
                planted: None,
            },
            policy: Policy::default(),
            terms: Terms::default(),
        }
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

    /// Lets the mock do one thing wrong, so that whoever looks for faults can be put to the test.
    #[cfg(feature = "planted-faults")]
    #[must_use]
    pub fn planted(mut self, fault: crate::planted::Fault) -> Self {
        self.options.planted = Some(Arc::new(crate::planted::Planted::new(fault)));
        self
    }

    /// Starts the server; it accepts connections when this returns.
    ///
    /// # Panics
    /// If the system has no port or thread left for it.
    pub fn start(mut self) -> Mock {
        self.options.webhooks.judges = self.policy.validate.responses;
        let world = World::new(self.options);
        let front = Front::open(self.policy, world).expect("the operation tables fit the contract");
        Mock::serve(Desk::new(front, self.terms))
    }
}
