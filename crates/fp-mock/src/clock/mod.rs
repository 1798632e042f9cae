//! Time: the account's clock, what is due on it, and the one driver that waits.

pub mod driver;
pub mod duration;
pub mod scheduler;
pub mod timestamp;

use std::time::{Duration, Instant};

use timestamp::Timestamp;

/// How an account's clock goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// As the machine's.
    Real,
    /// So many times as fast as the machine's.
    Fast {
        /// The factor; positive and finite.
        speed: f64,
    },
    /// Only when it is advanced.
    Manual,
}

/// The clock of one account. It never goes backwards.
#[derive(Clone, Debug)]
pub struct Clock {
    mode: Mode,
    anchor: Timestamp,
    anchored_at: Instant,
    held: Option<Timestamp>,
}

/// The machine's present moment: the only place that asks for it.
#[expect(clippy::disallowed_methods, reason = "this is the room of the machine clock")]
pub fn machine_now() -> Timestamp {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_millis(since_epoch.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(0)))
}

impl Clock {
    /// A clock that shows `start` now.
    pub fn new(mode: Mode, start: Timestamp) -> Self {
        Self { mode, anchor: start, anchored_at: Instant::now(), held: None }
    }

    /// How it goes.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        self.held.unwrap_or_else(|| self.goes())
    }

    /// What it shows while nobody holds it.
    fn goes(&self) -> Timestamp {
        let elapsed_ms = self.anchored_at.elapsed().as_secs_f64() * 1_000.0;
        match self.mode {
            Mode::Manual => self.anchor,
            Mode::Real => self.anchor.plus_ms(elapsed_ms as i64),
            Mode::Fast { speed } => self.anchor.plus_ms((elapsed_ms * speed) as i64),
        }
    }

    /// Lets it show `at` until it is let go with what this answers: the hold before. It goes on underneath.
    pub fn hold(&mut self, at: Timestamp) -> Option<Timestamp> {
        self.held.replace(at)
    }

    /// Ends a hold; `before` is what was held outside of it.
    pub fn let_go(&mut self, before: Option<Timestamp>) {
        self.held = before;
    }

    /// Lets it go differently from what it shows now.
    pub fn set_mode(&mut self, mode: Mode) {
        *self = Self::new(mode, self.now());
    }

    /// Moves it forward to `to`; nothing happens if it shows that or later.
    pub fn advance_to(&mut self, to: Timestamp) {
        if to > self.now() {
            *self = Self::new(self.mode, to);
        }
    }

    /// The machine's moment at which this clock will show `at`; `None` if it never will by itself.
    pub fn reaches(&self, at: Timestamp) -> Option<Instant> {
        let now = Instant::now();
        let left_ms = (at.millis() - self.goes().millis()) as f64;
        match self.mode {
            _ if left_ms <= 0.0 => Some(now),
            Mode::Manual => None,
            Mode::Real => now.checked_add(Duration::from_secs_f64(left_ms / 1_000.0)),
            Mode::Fast { speed } => {
                now.checked_add(Duration::try_from_secs_f64(left_ms / 1_000.0 / speed).ok()?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_and_never_back() {
        let start = Timestamp::from_millis(1_000);
        let mut clock = Clock::new(Mode::Manual, start);
        assert_eq!(clock.now(), start);
        clock.advance_to(start.plus_ms(500));
        clock.advance_to(start);
        assert_eq!(clock.now(), start.plus_ms(500));
        assert_eq!(clock.reaches(start.plus_ms(501)), None);
        assert!(clock.reaches(start).is_some());
    }

    #[test]
    fn a_held_clock_goes_on_underneath() {
        let mut clock = Clock::new(Mode::Real, Timestamp::from_millis(5_000));
        let outer = clock.hold(Timestamp::from_millis(4_000));
        let inner = clock.hold(Timestamp::from_millis(3_000));
        assert_eq!(clock.now().millis(), 3_000);
        clock.let_go(inner);
        assert_eq!(clock.now().millis(), 4_000);
        clock.let_go(outer);
        assert!(clock.now().millis() >= 5_000);
    }

    #[test]
    fn a_fast_clock_reaches_a_moment_sooner() {
        let start = Timestamp::from_millis(0);
        let clock = Clock::new(Mode::Fast { speed: 60.0 }, start);
        let wait = clock.reaches(start.plus_ms(60_000)).map(|at| at - Instant::now());
        assert!(wait.is_some_and(|wait| wait <= Duration::from_secs(1)));
    }
}
