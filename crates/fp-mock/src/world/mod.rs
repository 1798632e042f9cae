//! Accounts, their transactions, and what happens by itself on their clocks.

mod account;
mod ledger;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use account::Account;
pub use ledger::{Failure, Job, Ledger, Ran};

use crate::clock::driver::Driver;
use crate::clock::timestamp::Timestamp;
use crate::clock::{Mode, machine_now};
use crate::scenario::Scenario;

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
}

/// Every account of one server, and what they share.
#[derive(Debug)]
pub struct World {
    options: Options,
    driver: Driver,
    accounts: Mutex<BTreeMap<String, Arc<Account>>>,
}

impl World {
    /// A world without accounts: they come into being when they are first named.
    pub fn new(options: Options) -> Arc<Self> {
        Arc::new(Self { options, driver: Driver::default(), accounts: Mutex::default() })
    }

    /// How this world was made.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Wakes accounts.
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// The account of this name, made from the scenario if it is new.
    pub fn account(&self, name: &str) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(name) {
            return Arc::clone(account);
        }
        let account = Arc::new(Account::new(name, &self.options));
        accounts.insert(name.to_owned(), Arc::clone(&account));
        drop(accounts);
        self.plan(&account);
        account
    }

    /// The account of this name, if it was ever used.
    pub fn known_account(&self, name: &str) -> Option<Arc<Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone)
    }

    /// Every account so far, by name.
    pub fn accounts(&self) -> Vec<Arc<Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).values().map(Arc::clone).collect()
    }

    /// Tells the driver when `account` has something to do next, and whoever waits that something happened.
    /// Called after whatever may have changed that.
    pub fn plan(&self, account: &Account) {
        self.driver.plan(account.name(), account.lock().next_wake());
        account.stir();
    }

    /// Serves whatever comes due, until the future is dropped.
    pub async fn drive(self: Arc<Self>) {
        loop {
            let name = self.driver.next().await;
            let Some(account) = self.known_account(&name) else { continue };
            let world = Arc::clone(&self);
            tokio::spawn(async move {
                account.settle().await;
                world.plan(&account);
            });
        }
    }
}

impl Options {
    /// When an account begins.
    pub fn start(&self) -> Timestamp {
        let manual = || Timestamp::parse(MANUAL_START).unwrap_or(Timestamp::EPOCH);
        self.start.unwrap_or_else(|| if self.clock == Mode::Manual { manual() } else { machine_now() })
    }
}
