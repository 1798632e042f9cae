//! The one place that reads the machine clock: excuses for known failures expire on a day.

use std::time::{Duration, UNIX_EPOCH};

/// Today in UTC, as `2026-03-31`.
#[must_use]
pub fn today() -> String {
    // Judging is no part of a deterministic run, and commands take the day as an argument too.
    #[expect(
        clippy::disallowed_methods,
        reason = "the day on which waivers are weighed comes from nowhere else"
    )]
    let now = std::time::SystemTime::now();
    day_of(now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs() / 86_400)
}

/// The day that many days after 1970-01-01, by Howard Hinnant's civil calendar.
fn day_of(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fall_on_their_dates() {
        assert_eq!(day_of(0), "1970-01-01");
        assert_eq!(day_of(11_016), "2000-02-29");
        assert_eq!(day_of(20_103), "2025-01-15");
        assert_eq!(day_of(20_453), "2025-12-31");
    }
}
