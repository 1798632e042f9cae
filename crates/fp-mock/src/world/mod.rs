//! Accounts, their transactions, and what happens by itself on their clocks.

mod account;
mod kept;
mod lanes;
mod ledger;
mod progress;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

pub use account::Account;
pub use kept::Kept;
pub use ledger::{Failure, Ledger, Ran};

use crate::clock::driver::Driver;
use crate::clock::timestamp::Timestamp;
use crate::clock::{Mode, machine_now};
use crate::scenario::Scenario;
use crate::webhooks::Settings;
use crate::webhooks::sender::Sender;

/// Where accounts begin unless told otherwise, when their clock is manual.
///
/// Evidence: chosen.
pub const MANUAL_START: &str = "2025-01-15T10:30:00Z";

/// How a world is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The state every account starts from.
    pub scenario: Arc<Scenario>,
    /// Decides ids, tokens and names, together with the account's name.
    pub seed: u64,
    /// How clocks go.
    pub clock: Mode,
    /// When accounts begin; `None`: now, or [`MANUAL_START`] with a manual clock.
    pub start: Option<Timestamp>,
    /// How webhooks are handled.
    pub webhooks: Settings,
    /// What the server does wrong on purpose.
    #[cfg(feature = "planted-faults")]
    pub planted: Option<Arc<crate::planted::Planted>>,
}

/// Every account of one server, and what they share.
#[derive(Debug)]
pub struct World {
    options: Options,
    scenario: RwLock<Arc<Scenario>>,
    driver: Driver,
    sender: Sender,
    /// Each is built outside this lock, so that nobody waits for another account's large scenario.
    accounts: Mutex<BTreeMap<String, Arc<OnceLock<Arc<Account>>>>>,
}

impl World {
    /// A world without accounts: they come into being when they are first named.
    pub fn new(options: Options) -> Arc<Self> {
        let (driver, sender, accounts) =
            (Driver::default(), Sender::new(&options.webhooks), Mutex::default());
        let scenario = RwLock::new(Arc::clone(&options.scenario));
        Arc::new(Self { options, scenario, driver, sender, accounts })
    }

    /// The state that accounts start from.
    pub fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(&self.scenario.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets accounts start from another state from now on; those that exist stay as they are.
    pub fn set_scenario(&self, scenario: &Arc<Scenario>) {
        *self.scenario.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(scenario);
    }

    /// How this world was made; its scenario may have been changed since.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Wakes accounts.
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Sends to others.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The account of this name, made from the scenario if it is new.
    pub fn account(&self, name: &str) -> Arc<Account> {
        let place = match self.places().get(name) {
            Some(place) => Arc::clone(place),
            None => Arc::default(),
        };
        if let Some(account) = place.get() {
            return Arc::clone(account);
        }
        let place = Arc::clone(self.places().entry(name.to_owned()).or_insert(place));
        let mut is_new = false;
        let account = Arc::clone(place.get_or_init(|| {
            is_new = true;
            Arc::new(Account::new(name, &self.scenario(), &self.options))
        }));
        if is_new {
            self.plan(&account);
        }
        account
    }

    /// The account of this name, if it was ever used.
    pub fn known_account(&self, name: &str) -> Option<Arc<Account>> {
        self.places().get(name)?.get().map(Arc::clone)
    }

    /// Every account so far, by name.
    pub fn accounts(&self) -> Vec<Arc<Account>> {
        self.places().values().filter_map(|place| place.get().map(Arc::clone)).collect()
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<String, Arc<OnceLock<Arc<Account>>>>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Options {
    /// When an account begins.
    pub fn start(&self) -> Timestamp {
        let manual = || Timestamp::parse(MANUAL_START).unwrap_or(Timestamp::EPOCH);
        self.start.unwrap_or_else(|| if self.clock == Mode::Manual { manual() } else { machine_now() })
    }
}
