//! A moment in milliseconds since the Unix epoch, the only notion of time the business knows.

use std::fmt;
use std::num::NonZeroU64;

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
///
/// It is kept as a number above nothing in the same order, so that a moment that may be missing takes no more room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroU64);

/// What turns the order of signed numbers into that of unsigned ones.
const SIGN: u64 = 1 << 63;

/// Years the service can speak about; what lies outside is refused instead of overflowing later.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9998;

impl Timestamp {
    /// The epoch itself: the earliest moment there is.
    pub const EPOCH: Self = Self::from_millis(0);

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        match NonZeroU64::new(millis.cast_unsigned() ^ SIGN) {
            Some(number) => Self(number),
            // Long before there was a world.
            None => Self(NonZeroU64::MIN),
        }
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        (self.0.get() ^ SIGN).cast_signed()
    }

    /// This moment moved by `millis`, which may be negative. Stays within what can be shown.
    pub const fn plus_ms(self, millis: i64) -> Self {
        Self::from_millis(self.millis().saturating_add(millis))
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
        Self::from_millis(at)
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
            Self::from_millis(exact.as_millisecond())
        } else if let Ok(naive) = text.parse::<civil::DateTime>() {
            Self::from_millis(naive.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
        } else {
            Self::start_of(text.parse::<civil::Date>().ok()?)
        };
        (moment.millis() >= 0 && YEARS.contains(&moment.date().year())).then_some(moment)
    }

    fn to_jiff(self) -> jiff::Timestamp {
        let last = jiff::Timestamp::MAX.as_millisecond();
        jiff::Timestamp::UNIX_EPOCH + SignedDuration::from_millis(self.millis().clamp(0, last))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.millis()).finish()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written(&mut [0; WRITTEN]))
    }
}

/// How many letters a moment has when it is shown.
const WRITTEN: usize = "2025-01-15T10:30:00.000Z".len();

impl Timestamp {
    /// Writes the moment as it is shown. Every record has some, so this is done by hand.
    fn written(self, room: &mut [u8; WRITTEN]) -> &str {
        let ms = self.millis().clamp(0, jiff::Timestamp::MAX.as_millisecond());
        let (days, ms) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
        let (year, month, day) = civil_date(days);
        let (seconds, ms) = ((ms / SECOND_MS) as u32, (ms % SECOND_MS) as u32);
        *room = *b"0000-00-00T00:00:00.000Z";
        let pairs = [
            (0, year as u32 / 100),
            (2, year as u32 % 100),
            (5, month as u32),
            (8, day as u32),
            (11, seconds / 3_600),
            (14, seconds / 60 % 60),
            (17, seconds % 60),
            (20, ms / 10),
        ];
        let digit = |number: u32| b'0' + (number % 10) as u8;
        for (at, number) in pairs {
            (room[at], room[at + 1]) = (digit(number / 10), digit(number));
        }
        room[22] = digit(ms);
        std::str::from_utf8(room).unwrap_or_default()
    }
}

/// Year, month and day of a number of days since 1970-01-01, counted in eras of 400 years that begin in March.
pub(crate) fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months + 2) / 5 + 1;
    let month = if months < 10 { months + 3 } else { months - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// On the wire a moment is its ISO 8601 text.
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written(&mut [0; WRITTEN]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn a_moment_is_shown_as_the_calendar_has_it(ms in 0..253_370_764_800_000i64) {
            let at = Timestamp::from_millis(ms);
            let moment = at.datetime();
            let expected = format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                moment.year(),
                moment.month(),
                moment.day(),
                moment.hour(),
                moment.minute(),
                moment.second(),
                moment.millisecond()
            );
            prop_assert_eq!(at.to_string(), expected);
        }
    }

    #[test]
    fn text_that_is_no_moment_is_refused() {
        for text in ["", "tomorrow", "2025-13-01", "1969-12-31", "9999-12-31", "-001-01-01"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
