//! Values that a scenario writes as text: names of enumerations, moments, currencies.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::clock::duration;
use crate::clock::timestamp::Timestamp;
use crate::domain::campaign::Billing;
use crate::domain::company::PayoutCycle;
use crate::domain::enrolment::EnrolmentState;
use crate::domain::money::{self, Unit};
use crate::domain::payout_method::Method;
use crate::domain::promoter::{InvoiceDetails, ProfileField};
use crate::domain::reward::{ApplyOn, Basis};

/// An enumeration of the business whose values have names.
pub trait Known: Sized {
    /// Every name.
    const NAMES: &'static [&'static str];
    /// The value of this name.
    fn known(name: &str) -> Option<Self>;
}

macro_rules! known {
    ($($name:ident),*) => {
        $(impl Known for $name {
            const NAMES: &'static [&'static str] = Self::NAMES;
            fn known(name: &str) -> Option<Self> {
                Self::named(name)
            }
        })*
    };
}
known!(ApplyOn, Basis, Billing, EnrolmentState, InvoiceDetails, Method, PayoutCycle, ProfileField);

impl Known for Unit {
    const NAMES: &'static [&'static str] =
        &["cash", "credits", "points", "free_months", "mon_discount", "discount_per"];
    fn known(name: &str) -> Option<Self> {
        Self::named(name)
    }
}

/// A value written by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named<T>(pub T);

struct NamedVisitor<T>(PhantomData<T>);

impl<T: Known> Visitor<'_> for NamedVisitor<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", T::NAMES.join(", "))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        T::known(name).map(Named).ok_or_else(|| E::unknown_variant(name, T::NAMES))
    }
}

impl<'de, T: Known> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NamedVisitor(PhantomData))
    }
}

/// A currency code, `USD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Currency(pub money::Currency);

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let currency = money::Currency::new(&text).map(Currency);
        currency.ok_or_else(|| format!("expected a currency code such as USD, found {text:?}"))
    }
}

/// When something happened: `2024-11-30T08:00:00Z`, or so long before the account's start, `-40d`, `-1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Moment {
    /// At this moment, but never after the account's start.
    At(Timestamp),
    /// So many milliseconds before the account's start.
    Before(i64),
}

impl TryFrom<String> for Moment {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let moment = match text.trim().strip_prefix('-') {
            Some(span) => duration::parse_ms(span).map(Self::Before),
            None => Timestamp::parse(&text).map(Self::At),
        };
        moment.ok_or_else(|| {
            format!(
                "expected a moment such as -40d (before the start) or 2024-11-30T08:00:00Z, found {text:?}"
            )
        })
    }
}

impl Moment {
    /// Its place among moments that are all written the same way, whenever the account begins.
    pub fn place(self) -> i64 {
        match self {
            Self::At(at) => at.millis(),
            Self::Before(ms) => -ms,
        }
    }

    /// The moment in an account that begins at `start`.
    pub fn in_account(self, start: Timestamp) -> Timestamp {
        let at = match self {
            Self::At(at) => at.min(start),
            Self::Before(ms) => start.plus_ms(-ms),
        };
        at.max(Timestamp::EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_never_after_the_start() {
        let start = Timestamp::parse("2025-01-15T10:30:00Z").expect("a moment");
        let moment = |text: &str| Moment::try_from(text.to_owned()).map(|moment| moment.in_account(start));
        assert_eq!(moment("-1d12h"), Ok(start.plus_ms(-129_600_000)));
        assert_eq!(moment("2024-12-01"), Ok(Timestamp::parse("2024-12-01").expect("a moment")));
        assert_eq!(moment("2030-12-01"), Ok(start));
        assert_eq!(moment("-99999d"), Ok(Timestamp::EPOCH));
        assert!(moment("yesterday").is_err() && moment("-soon").is_err() && moment("40d").is_err());
    }
}
