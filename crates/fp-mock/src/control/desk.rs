//! What control calls work on: the front door, the accounts behind it, and what is kept about each of them for
//! the sake of tests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::call_log::{CallLog, Traced};
use super::faults::{Faults, Met, Target};
use super::journal::packed::Room;
use super::journal::{self, Entry, Journal};
use super::metrics::Metrics;
use super::recorder::Recorder;
use super::snapshots::Snapshots;
use crate::api::front::Front;
use crate::domain::ids::Ids;
use crate::scenario::Scenario;
use crate::world::{Account, World};

/// How the control API is set up.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Entries that each account's journal keeps; 0 switches it off.
    pub journal_entries: usize,
    /// The token that control calls need; `None`: none.
    pub admin_token: Option<String>,
    /// Whether there is no control API at all.
    pub disabled: bool,
    /// Who writes down what happens, if anybody does.
    pub recorder: Option<Arc<Recorder>>,
    /// Where the line about each call goes.
    pub call_log: Arc<dyn CallLog>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            journal_entries: journal::ENTRIES,
            admin_token: None,
            disabled: false,
            recorder: None,
            call_log: Arc::new(Traced),
        }
    }
}

/// The desk of one server. Clones are the same desk.
#[derive(Clone, Debug)]
pub struct Desk(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    front: Arc<Front>,
    terms: Terms,
    sandboxes: Mutex<BTreeMap<String, Arc<Sandbox>>>,
    /// Calls that belong to no account, and faults for all.
    everybody: Sandbox,
    calls: AtomicU64,
    metrics: Metrics,
    closing: watch::Sender<bool>,
}

/// What is kept about one account beside its records.
#[derive(Debug)]
pub struct Sandbox {
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
    snapshots: Mutex<Snapshots>,
    dice: Mutex<Ids>,
    seed: u64,
    name: String,
}

impl Sandbox {
    fn new(entries: usize, seed: u64, name: &str) -> Self {
        Self {
            journal: Mutex::new(Journal::new(entries)),
            faults: Mutex::new(Faults::new(seed, name)),
            snapshots: Mutex::default(),
            dice: Mutex::new(dice(seed, name)),
            seed,
            name: name.to_owned(),
        }
    }

    /// Its journal.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The faults that its calls meet.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What made-up answers are thrown with.
    pub fn dice(&self) -> MutexGuard<'_, Ids> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins anew: journal, faults and dice.
    fn reset(&self) {
        self.journal().reset();
        self.faults().reset();
        *self.dice() = dice(self.seed, &self.name);
    }

    /// States that were kept.
    pub fn snapshots(&self) -> MutexGuard<'_, Snapshots> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn dice(seed: u64, account: &str) -> Ids {
    Ids::new(seed, &format!("{account}/answers"))
}

impl Desk {
    /// The desk of a server that has just opened.
    pub fn new(front: Arc<Front>, terms: Terms) -> Self {
        let seed = front.world().options().seed;
        let everybody = Sandbox::new(terms.journal_entries, seed, "");
        Self(Arc::new(Inner {
            front,
            terms,
            sandboxes: Mutex::default(),
            everybody,
            calls: AtomicU64::new(0),
            metrics: Metrics::default(),
            closing: watch::Sender::new(false),
        }))
    }

    /// The front door.
    pub fn front(&self) -> &Arc<Front> {
        &self.0.front
    }

    /// The accounts behind it.
    pub fn world(&self) -> &Arc<World> {
        self.0.front.world()
    }

    /// How the control API is set up.
    pub fn terms(&self) -> &Terms {
        &self.0.terms
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What is kept about one account.
    pub fn sandbox(&self, account: &str) -> Arc<Sandbox> {
        let mut sandboxes = self.0.sandboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sandbox) = sandboxes.get(account) {
            return Arc::clone(sandbox);
        }
        let seed = self.world().options().seed;
        let sandbox = Arc::new(Sandbox::new(self.0.terms.journal_entries, seed, account));
        sandboxes.insert(account.to_owned(), Arc::clone(&sandbox));
        sandbox
    }

    /// What belongs to no account: calls that named none, and faults that all accounts meet.
    pub fn everybody(&self) -> &Sandbox {
        &self.0.everybody
    }

    /// Writes a call into the journal of an account, or of nobody. `entry` gets its number there, its place among
    /// all calls and room for it. Whoever waits for it is still to be woken.
    pub fn log(&self, sandbox: Option<&Sandbox>, entry: impl FnOnce(u64, u64, Room) -> Entry) {
        let order = self.0.calls.fetch_add(1, Ordering::Relaxed);
        let sandbox = sandbox.unwrap_or(&self.0.everybody);
        sandbox.journal().write(|number, room| entry(number, order, room));
    }

    /// Every entry of the journals concerned, oldest first, and how many were evicted: of one account if it
    /// is named, else of all and of nobody.
    pub fn entries(&self, account: Option<&str>) -> (Vec<Arc<Entry>>, u64) {
        let (mut entries, mut evicted) = (Vec::new(), 0);
        for sandbox in self.sandboxes(account) {
            let journal = sandbox.journal();
            entries.extend(journal.entries());
            evicted += journal.evicted();
        }
        if account.is_none() {
            let journal = self.0.everybody.journal();
            entries.extend(journal.entries());
            evicted += journal.evicted();
        }
        entries.sort_by_key(|entry| entry.order);
        (entries, evicted)
    }

    /// Forgets the entries of the journals concerned.
    pub fn clear_journal(&self, account: Option<&str>) {
        self.sandboxes(account).iter().for_each(|sandbox| sandbox.journal().clear());
        if account.is_none() {
            self.0.everybody.journal().clear();
        }
    }

    /// Forgets every fault there is.
    pub fn clear_faults(&self) {
        self.sandboxes(None).iter().for_each(|sandbox| sandbox.faults().clear());
        self.0.everybody.faults().clear();
    }

    /// The first fault that a call meets: one of its account's, or one that all accounts meet. What it is asked about is
    /// only looked up if there are faults.
    pub fn meet_fault<'c>(
        &self,
        sandbox: Option<&Sandbox>,
        target: impl FnOnce() -> Target<'c>,
    ) -> Option<Met> {
        // Always in this order: the account's own lock, then everybody's.
        let own = sandbox.map(Sandbox::faults);
        let mut everybody = self.0.everybody.faults();
        match own {
            Some(mut own) if !own.is_empty() || !everybody.is_empty() => own.meet(&mut everybody, target()),
            None if !everybody.is_empty() => everybody.meet_alone(target()),
            _ => None,
        }
    }

    fn sandboxes(&self, account: Option<&str>) -> Vec<Arc<Sandbox>> {
        match account {
            Some(name) => vec![self.sandbox(name)],
            None => {
                let all = self.0.sandboxes.lock().unwrap_or_else(PoisonError::into_inner);
                all.values().map(Arc::clone).collect()
            }
        }
    }

    /// Puts an account's records, clock, journal, faults and rate limit back to the start. Kept snapshots stay.
    pub fn reset(&self, account: &Account) {
        account.reset(self.world().options());
        self.forget(account.name());
        self.world().plan(account);
    }

    /// Puts everything back to the start, calls and faults that belong to no account included.
    pub fn reset_all(&self) -> Vec<Arc<Account>> {
        let accounts = self.world().accounts();
        accounts.iter().for_each(|account| self.reset(account));
        self.sandboxes(None).iter().for_each(|sandbox| sandbox.reset());
        self.0.everybody.reset();
        accounts
    }

    /// Lets every account begin anew from another scenario, and new ones too.
    pub fn begin_anew(&self, scenario: &Arc<Scenario>) -> Vec<Arc<Account>> {
        self.world().set_scenario(scenario);
        let accounts = self.world().accounts();
        for account in &accounts {
            self.load(account, scenario);
        }
        accounts
    }

    /// Lets an account begin anew from another scenario, to which resets go back from then on.
    pub fn load(&self, account: &Account, scenario: &Scenario) {
        account.load(scenario, self.world().options());
        self.forget(account.name());
        self.world().plan(account);
    }

    /// Begins an account's journal, faults and rate limit anew.
    pub fn forget(&self, account: &str) {
        self.sandbox(account).reset();
        self.front().rates().forget(account);
    }

    /// Lets the server end.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Waits until the server is to end.
    pub async fn closed(&self) {
        let mut closing = self.0.closing.subscribe();
        // The sender lives in the desk itself, so waiting can only end well.
        let _ = closing.wait_for(|closing| *closing).await;
    }
}
