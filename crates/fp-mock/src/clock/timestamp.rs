//! A moment in milliseconds since the Unix epoch, the only notion of time the business knows.

use std::fmt;

use jiff::{SignedDuration, civil, tz::TimeZone};

/// One second in the unit of [`Timestamp`].
pub const SECOND_MS: i64 = 1_000;
/// One minute in the unit of [`Timestamp`].
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour in the unit of [`Timestamp`].
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day in the unit of [`Timestamp`].
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Shown as `2025-01-15T10:30:00.000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Years the service can speak about; what lies outside is refused instead of overflowing later.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9998;

impl Timestamp {
    /// The epoch itself: the earliest moment there is.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment moved by `millis`, which may be negative. Stays within what can be shown.
    pub const fn plus_ms(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// The calendar date in UTC.
    pub fn date(self) -> civil::Date {
        self.to_jiff().to_zoned(TimeZone::UTC).date()
    }

    /// The calendar date and time in UTC.
    pub fn datetime(self) -> civil::DateTime {
        self.to_jiff().to_zoned(TimeZone::UTC).datetime()
    }

    /// The first moment of `date` in UTC.
    pub fn start_of(date: civil::Date) -> Self {
        let at = date.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_millisecond());
        Self(at)
    }

    /// The last millisecond of `date` in UTC.
    pub fn end_of(date: civil::Date) -> Self {
        Self::start_of(date).plus_ms(DAY_MS - 1)
    }

    /// Reads an ISO 8601 date and time with offset, a date and time without one (taken as UTC), or a date
    /// alone (its first moment).
    ///
    /// # Errors
    /// Answers `None` for text that is none of these or lies outside the years 1970 to 9998.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let moment = if let Ok(exact) = text.parse::<jiff::Timestamp>() {
            Self(exact.as_millisecond())
        } else if let Ok(naive) = text.parse::<civil::DateTime>() {
            Self(naive.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
        } else {
            Self::start_of(text.parse::<civil::Date>().ok()?)
        };
        (moment.0 >= 0 && YEARS.contains(&moment.date().year())).then_some(moment)
    }

    fn to_jiff(self) -> jiff::Timestamp {
        let last = jiff::Timestamp::MAX.as_millisecond();
        jiff::Timestamp::UNIX_EPOCH + SignedDuration::from_millis(self.0.clamp(0, last))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.datetime();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond()
        )
    }
}

/// On the wire a moment is its ISO 8601 text.
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_with_milliseconds_and_read_back() {
        let at = Timestamp::parse("2025-01-15T10:30:00Z").expect("a moment");
        assert_eq!(at.to_string(), "2025-01-15T10:30:00.000Z");
        assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
    }

    #[test]
    fn an_offset_is_applied_and_a_date_alone_is_its_first_moment() {
        assert_eq!(
            Timestamp::parse("2025-01-15T10:30:00+02:00").map(|t| t.to_string()).as_deref(),
            Some("2025-01-15T08:30:00.000Z")
        );
        assert_eq!(
            Timestamp::parse("2025-01-15").map(|t| t.to_string()).as_deref(),
            Some("2025-01-15T00:00:00.000Z")
        );
    }

    #[test]
    fn text_that_is_no_moment_is_refused() {
        for text in ["", "tomorrow", "2025-13-01", "1969-12-31", "9999-12-31", "-001-01-01"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
