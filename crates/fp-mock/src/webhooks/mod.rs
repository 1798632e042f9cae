//! Telling others what happened: subscriptions, events derived from committed changes, and their deliveries.
//!
//! Nobody raises an event. A committed transaction leaves the set of rows it changed; from that follow the
//! events of both systems, and a delivery for each receiver that wants them.

pub mod attempt;
pub mod delivery;
pub mod derive;
pub mod envelope;
pub mod event_type;
pub mod fan_out;
pub mod inbox;
pub mod input;
pub mod legacy;
pub mod replay;
pub mod resolver;
pub mod retry;
pub mod sender;
pub mod signature;
pub mod store;
pub mod subscribe;
pub mod subscription;
pub mod url;
pub mod view;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Mode;

/// How a server handles webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When failed deliveries of the current system are tried again.
    pub schedule: retry::Schedule,
    /// Whether deliveries are signed.
    pub signs: bool,
    /// Whether URLs in private networks may be called.
    pub private_urls: bool,
    /// On a clock that is not the machine's: how long a receiver is given on the machine at least, unless its
    /// timeout is shorter.
    pub patience: Duration,
    /// Whether the contract judges what is sent.
    pub judges: bool,
    /// Certificates in PEM of authorities that receivers behind TLS may have theirs from, beside those that the
    /// system trusts.
    pub authorities: Option<Arc<str>>,
}

impl Default for Settings {
    /// Evidence: service behaviour notes (the schedule, the signature); the rest is chosen.
    fn default() -> Self {
        let patience = Duration::from_secs(5);
        let (signs, private_urls, judges, authorities) = (true, true, true, None);
        Self { schedule: retry::LINEAR, signs, private_urls, patience, judges, authorities }
    }
}

impl Settings {
    /// How long an answer is waited for on the machine, when the account's clock goes like `mode` and allows
    /// `timeout_s` seconds.
    ///
    /// A receiver works in real time, whatever the account's clock shows. Under a fast clock its timeout
    /// shrinks accordingly and under a manual one, which stands still meanwhile, to nothing; but it always
    /// gets as much time as [`Settings::patience`] says, or its whole timeout if that is shorter.
    ///
    /// Evidence: chosen.
    pub fn wait(&self, mode: Mode, timeout_s: u32) -> Duration {
        let whole = Duration::from_secs(timeout_s.into());
        let shrunk = match mode {
            Mode::Real => whole,
            Mode::Fast { speed } => Duration::try_from_secs_f64(whole.as_secs_f64() / speed).unwrap_or(whole),
            Mode::Manual => Duration::ZERO,
        };
        shrunk.max(self.patience).min(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_gets_its_timeout_on_the_machines_clock_and_some_patience_on_others() {
        let settings = Settings { patience: Duration::from_secs(2), ..Settings::default() };
        let wait = |mode, timeout_s| settings.wait(mode, timeout_s).as_millis();
        assert_eq!(wait(Mode::Real, 30), 30_000);
        assert_eq!(wait(Mode::Manual, 30), 2_000);
        assert_eq!(wait(Mode::Manual, 1), 1_000);
        assert_eq!(wait(Mode::Fast { speed: 10.0 }, 30), 3_000);
        assert_eq!(wait(Mode::Fast { speed: 60.0 }, 30), 2_000);
        assert_eq!(wait(Mode::Fast { speed: 60.0 }, 1), 1_000);
    }
}
