//! The limit on calls: so many a minute for each account, on the account's clock.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::timestamp::{MINUTE_MS, Timestamp};
use crate::domain::refusal::Refusal;

/// Calls that the real service lets through in a minute.
///
/// Evidence: service behaviour notes.
pub const CALLS_A_MINUTE: u32 = 400;

/// The calls of one minute.
///
/// The minute begins with its first call, and the next one with the first call after its end.
///
/// Evidence: chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    began: Option<Timestamp>,
    calls: u32,
}

impl Window {
    /// Counts a call at `now`; false if `limit` were counted in this minute already.
    pub fn admit(&mut self, limit: u32, now: Timestamp) -> bool {
        let is_over = |began: Timestamp| now < began || now.millis() - began.millis() >= MINUTE_MS;
        if self.began.is_none_or(is_over) {
            *self = Self { began: Some(now), calls: 0 };
        }
        let admitted = self.calls < limit;
        self.calls += u32::from(admitted);
        admitted
    }
}

/// The present minute of each account.
#[derive(Debug, Default)]
pub struct Rates {
    windows: Mutex<BTreeMap<String, Window>>,
}

impl Rates {
    /// Counts a call of `account` at `now`.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] if the account has used up this minute's calls.
    pub fn admit(&self, account: &str, limit: u32, now: Timestamp) -> Result<(), Refusal> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = match windows.get_mut(account) {
            Some(window) => window,
            None => windows.entry(account.to_owned()).or_default(),
        };
        if window.admit(limit, now) { Ok(()) } else { Err(Refusal::RateLimited) }
    }

    /// Gives `account` a fresh minute.
    pub fn forget(&self, account: &str) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_begins_with_its_first_call_and_the_next_one_is_fresh() {
        let (mut window, start) = (Window::default(), Timestamp::from_millis(5_000));
        let admitted = |window: &mut Window, after_ms| window.admit(2, start.plus_ms(after_ms));
        assert!(admitted(&mut window, 0));
        assert!(admitted(&mut window, 30_000));
        assert!(!admitted(&mut window, MINUTE_MS - 1));
        assert!(admitted(&mut window, MINUTE_MS));
    }

    #[test]
    fn accounts_do_not_use_up_each_others_calls() {
        let (rates, now) = (Rates::default(), Timestamp::from_millis(0));
        assert_eq!(rates.admit("1", 1, now), Ok(()));
        assert_eq!(rates.admit("1", 1, now), Err(Refusal::RateLimited));
        assert_eq!(rates.admit("2", 1, now), Ok(()));
        rates.forget("1");
        assert_eq!(rates.admit("1", 1, now), Ok(()));
    }
}
