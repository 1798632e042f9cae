//! Rounds in which the host of a virtual machine left its processors alone.

use std::fs;
use std::thread;
use std::time::Duration;

/// The host takes no more than this part of the processors' time in a quiet round.
const QUIET: f64 = 0.01;

/// How long nothing is done before a round that follows a disturbed one: hosts give processors to those who asked for
/// little of late.
const REST: Duration = Duration::from_secs(5);

/// Measures round after round until so many were quiet, but not more than twice as many. Answers so many, of which the
/// host took least, and the part of the processors' time that it took in the worst of them. What they came to has no part
/// in which are taken.
#[expect(clippy::disallowed_methods, reason = "the machine is left alone for a while")]
pub fn rounds<T>(count: usize, mut measure: impl FnMut() -> T) -> (Vec<T>, f64) {
    let mut all: Vec<(f64, T)> = Vec::new();
    while all.len() < 2 * count && all.iter().filter(|(taken, _)| *taken <= QUIET).count() < count {
        if all.last().is_some_and(|(taken, _)| *taken > QUIET) {
            thread::sleep(REST);
        }
        let before = Times::now();
        let measured = measure();
        all.push((Times::now().taken_since(&before), measured));
    }
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    all.truncate(count);
    let worst = all.last().map_or(0.0, |(taken, _)| *taken);
    (all.into_iter().map(|(_, measured)| measured).collect(), worst)
}

/// What the processors did since the machine started, in ticks.
struct Times {
    all: f64,
    /// While there was something to do, and the host did something else.
    taken: f64,
}

/// Where the kernel tells that: after user, nice, system, idle, iowait, irq and softirq.
const TAKEN: usize = 7;

impl Times {
    /// Nothing where the kernel tells nothing.
    fn now() -> Self {
        let text = fs::read_to_string("/proc/stat").unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("cpu ")).unwrap_or_default();
        let ticks: Vec<f64> = line.split_whitespace().filter_map(|ticks| ticks.parse().ok()).collect();
        let taken = ticks.get(TAKEN).copied().unwrap_or(0.0);
        Self { all: ticks.iter().take(TAKEN + 1).sum(), taken }
    }

    fn taken_since(&self, before: &Self) -> f64 {
        let all = self.all - before.all;
        if all > 0.0 { (self.taken - before.taken) / all } else { 0.0 }
    }
}
