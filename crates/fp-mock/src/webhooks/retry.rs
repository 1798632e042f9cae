//! When a failed delivery is tried again: plain data.

/// Waits between the attempts of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name on the command line.
    pub name: &'static str,
    /// Minutes to wait after the first failed attempt, the second, and so on; the last one repeats.
    pub delays_min: &'static [u32],
}

/// The number of the failed attempt times 20 minutes.
///
/// Evidence: service behaviour notes (documented when the published v2 contract was).
pub const LINEAR: Schedule =
    Schedule { name: "linear", delays_min: &[20, 40, 60, 80, 100, 120, 140, 160, 180, 200] };

/// Two minutes, doubling.
///
/// Evidence: service behaviour notes (up to 8.5 hours, the ninth); the tenth is chosen.
pub const EXPONENTIAL: Schedule =
    Schedule { name: "exponential", delays_min: &[2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };

/// Every three hours, so that seven retries spread over a day: for `fulfilment_pending`.
///
/// Evidence: legacy webhook documents (up to 7 retries throughout the day); the spacing is chosen.
pub const FULFILMENT: Schedule = Schedule { name: "fulfilment", delays_min: &[180] };

/// How often `fulfilment_pending` is repeated.
///
/// Evidence: legacy webhook documents.
pub const FULFILMENT_RETRIES: u32 = 7;

/// The schedules that a server can be started with.
pub const SCHEDULES: [Schedule; 2] = [LINEAR, EXPONENTIAL];

impl Schedule {
    /// The schedule of this name.
    pub fn named(name: &str) -> Option<Self> {
        SCHEDULES.into_iter().find(|schedule| schedule.name == name)
    }

    /// Milliseconds from the beginning of the `attempt`th attempt, which failed, to the next.
    ///
    /// Evidence: chosen (that the wait counts from the attempt's beginning).
    pub fn delay_ms(self, attempt: u32) -> i64 {
        let at = (attempt.max(1) - 1) as usize;
        let minutes = self.delays_min.get(at).or(self.delays_min.last()).copied().unwrap_or(0);
        i64::from(minutes) * crate::clock::timestamp::MINUTE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(schedule: Schedule, attempts: u32) -> Vec<i64> {
        (1..=attempts).map(|attempt| schedule.delay_ms(attempt) / 60_000).collect()
    }

    #[test]
    fn the_linear_schedule_waits_twenty_minutes_more_each_time() {
        assert_eq!(minutes(LINEAR, 10), (1..=10).map(|n| n * 20).collect::<Vec<_>>());
    }

    #[test]
    fn the_exponential_schedule_doubles_from_two_minutes() {
        assert_eq!(minutes(EXPONENTIAL, 10), (1..=10).map(|n| 1 << n).collect::<Vec<_>>());
        assert_eq!(minutes(EXPONENTIAL, 9).iter().sum::<i64>(), 17 * 60 + 2);
    }

    #[test]
    fn seven_fulfilment_retries_stay_within_a_day() {
        let total: i64 = minutes(FULFILMENT, FULFILMENT_RETRIES).iter().sum();
        assert_eq!(total, 21 * 60);
        assert_eq!(Schedule::named("linear"), Some(LINEAR));
        assert_eq!(Schedule::named("fulfilment"), None);
    }
}
