//! The only thing that waits. It keeps, for each account, the machine's moment at which something is due
//! there, sleeps until the first of them, and hands the account's name out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

/// When each account wants to be woken.
#[derive(Debug, Default)]
pub struct Driver {
    plan: Mutex<Plan>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Plan {
    by_time: BTreeSet<(Instant, String)>,
    by_account: BTreeMap<String, Instant>,
}

impl Driver {
    /// Wakes `account` at `at`, or not at all with `None`; replaces what was planned for it before.
    pub fn plan(&self, account: &str, at: Option<Instant>) {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        if plan.by_account.get(account).copied() == at {
            return;
        }
        if let Some(old) = plan.by_account.remove(account) {
            plan.by_time.remove(&(old, account.to_owned()));
        }
        let Some(at) = at else { return };
        plan.by_account.insert(account.to_owned(), at);
        plan.by_time.insert((at, account.to_owned()));
        let is_first = plan.by_time.first().is_some_and(|(_, first)| first == account);
        drop(plan);
        if is_first {
            self.changed.notify_one();
        }
    }

    /// Waits until an account is due and answers its name. Its plan is forgotten: whoever serves it plans
    /// it anew.
    pub async fn next(&self) -> String {
        loop {
            let first = {
                let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
                match plan.by_time.first().cloned() {
                    Some((at, account)) if at <= Instant::now() => {
                        plan.by_time.pop_first();
                        plan.by_account.remove(&account);
                        return account;
                    }
                    first => first.map(|(at, _)| at),
                }
            };
            match first {
                None => self.changed.notified().await,
                Some(at) => {
                    // Whichever comes first: the moment, or an earlier plan.
                    let _ = tokio::time::timeout_at(at.into(), self.changed.notified()).await;
                }
            }
        }
    }
}

/// Waits on the machine, for answers that are to come late: the client's time passes, whatever the account's
/// clock does.
#[expect(clippy::disallowed_methods, reason = "this is the room in which waiting is done")]
pub async fn pause(machine_time: std::time::Duration) {
    tokio::time::sleep(machine_time).await;
}
