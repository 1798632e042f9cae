//! Built-in receivers: what came in, and what is answered to what comes next.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::clock::timestamp::Timestamp;

/// Requests that one inbox keeps; older ones make room.
pub const KEPT: usize = 10_000;

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its number in its inbox, from 1.
    pub number: u64,
    /// When it came, by the account's clock.
    pub at: Timestamp,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The status it is answered with.
    pub answered: u16,
}

/// A receiver.
#[derive(Clone, Debug)]
pub struct Inbox {
    received: VecDeque<Received>,
    count: u64,
    statuses: VecDeque<u16>,
    delay: Duration,
}

impl Default for Inbox {
    fn default() -> Self {
        let statuses = VecDeque::from([200]);
        Self { received: VecDeque::new(), count: 0, statuses, delay: Duration::ZERO }
    }
}

/// The receivers of one account by name. One comes into being when it is first named.
#[derive(Clone, Debug, Default)]
pub struct Inboxes(BTreeMap<String, Inbox>);

impl Inboxes {
    /// The receiver of this name.
    pub fn named(&mut self, name: &str) -> &mut Inbox {
        self.0.entry(name.to_owned()).or_default()
    }
}

impl Inbox {
    /// Takes a request in and answers with which status, and how late on the machine, it is answered. The
    /// statuses are used up one after another; the last one stays.
    pub fn take(&mut self, at: Timestamp, headers: Vec<(String, String)>, body: Vec<u8>) -> (u16, Duration) {
        let next = if self.statuses.len() > 1 { self.statuses.pop_front() } else { None };
        let answered = next.or_else(|| self.statuses.front().copied()).unwrap_or(200);
        self.count += 1;
        if self.received.len() == KEPT {
            self.received.pop_front();
        }
        self.received.push_back(Received { number: self.count, at, headers, body, answered });
        (answered, self.delay)
    }

    /// Programs its answers from the next request on.
    pub fn program(&mut self, statuses: Vec<u16>, delay: Duration) {
        self.statuses = if statuses.is_empty() { VecDeque::from([200]) } else { statuses.into() };
        self.delay = delay;
    }

    /// What came in and is kept, oldest first.
    pub fn received(&self) -> impl DoubleEndedIterator<Item = &Received> {
        self.received.iter()
    }

    /// How many came in since it was emptied.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Statuses that are still to be answered; the last one stays.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.statuses.iter().copied()
    }

    /// How late it answers.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// Forgets what came in, and answers 200 at once again.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_used_up_and_the_last_one_stays() {
        let mut inbox = Inbox::default();
        inbox.program(vec![500, 503, 204], Duration::ZERO);
        let mut take = || inbox.take(Timestamp::EPOCH, Vec::new(), Vec::new()).0;
        assert_eq!([take(), take(), take(), take()], [500, 503, 204, 204]);
        inbox.program(Vec::new(), Duration::ZERO);
        assert_eq!(inbox.take(Timestamp::EPOCH, Vec::new(), Vec::new()).0, 200);
        assert_eq!(inbox.count(), 5);
        inbox.clear();
        assert_eq!((inbox.count(), inbox.received().count()), (0, 0));
    }
}
