//! The clock of an account, in the hands of a test.

use std::sync::Arc;

use super::Mock;
use crate::clock::timestamp::Timestamp;
use crate::clock::{Mode, duration};
use crate::world::{Account, Ran};

/// The clock of one account.
#[derive(Clone, Debug)]
pub struct ClockHandle<'m> {
    mock: &'m Mock,
    account: Arc<Account>,
}

impl<'m> ClockHandle<'m> {
    pub(super) fn new(mock: &'m Mock, account: Arc<Account>) -> Self {
        Self { mock, account }
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        self.account.lock().clock.now()
    }

    /// Lets it go differently from now on.
    pub fn set_mode(&self, mode: Mode) {
        self.account.lock().clock.set_mode(mode);
        self.mock.world().plan(&self.account);
    }

    /// Moves it forward by `20m`, `1h30m`, `2d`. When this returns, all that was due has happened, webhooks
    /// sent and recorded included. `0s` settles what is due right now.
    ///
    /// This blocks the thread. If a webhook receiver runs on it, as in an async test on one thread, use
    /// [`ClockHandle::advance_async`].
    ///
    /// # Panics
    /// If `by` is no span of time.
    #[track_caller]
    pub fn advance(&self, by: &str) -> Ran {
        self.advance_to(self.after(by))
    }

    /// Moves it forward to `to`; nothing happens if it shows that or later.
    pub fn advance_to(&self, to: Timestamp) -> Ran {
        let (world, account) = (Arc::clone(self.mock.world()), Arc::clone(&self.account));
        self.mock.thread.run(async move { world.advance(&account, to).await })
    }

    /// [`ClockHandle::advance`] for tests that must not block their thread.
    ///
    /// # Panics
    /// If `by` is no span of time, or the mock has been shut down.
    pub async fn advance_async(&self, by: &str) -> Ran {
        let (world, account, to) = (Arc::clone(self.mock.world()), Arc::clone(&self.account), self.after(by));
        let over_there = self.mock.thread.runtime().spawn(async move { world.advance(&account, to).await });
        over_there.await.expect("the mock runs")
    }

    #[track_caller]
    fn after(&self, by: &str) -> Timestamp {
        let Some(ms) = duration::parse_ms(by) else {
            panic!("expected a span of time such as 90s, 20m, 1h30m or 2d, found {by:?}");
        };
        self.now().plus_ms(ms)
    }
}
