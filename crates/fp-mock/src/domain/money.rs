//! Amounts, units, currencies, and the only arithmetic on them.

use std::collections::BTreeMap;

/// An amount of some unit. Money is in the currency's minor unit (cents; whole yen), everything else in
/// whole pieces (months, credits).
pub type Amount = i64;

/// The largest amount that one event may have: just under a trillion minor units. Sums of millions of events
/// stay within [`Amount`].
///
/// Evidence: chosen.
pub const LARGEST: Amount = 999_999_999_999;

/// What a reward is paid in.
///
/// Evidence: published v2 contract (the enum of `unit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Money in the account's currency.
    Cash,
    /// Credits of the company's own.
    Credits,
    /// Points of the company's own.
    Points,
    /// Free months of a subscription.
    FreeMonths,
    /// A fixed monthly discount.
    MonDiscount,
    /// A discount in per cent.
    DiscountPer,
}

impl Unit {
    /// Every unit, in the order in which the contract lists them.
    pub const ALL: [Self; 6] =
        [Self::Cash, Self::Credits, Self::Points, Self::FreeMonths, Self::MonDiscount, Self::DiscountPer];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credits => "credits",
            Self::Points => "points",
            Self::FreeMonths => "free_months",
            Self::MonDiscount => "mon_discount",
            Self::DiscountPer => "discount_per",
        }
    }

    /// The unit of this name. `discount_mon` is the other spelling of the fixed discount.
    ///
    /// Evidence: v1 reference (`discount_mon`).
    pub fn named(name: &str) -> Option<Self> {
        if name == "discount_mon" {
            return Some(Self::MonDiscount);
        }
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// Whether it is money: only money is paid out, only the rest is fulfilled.
    pub fn is_monetary(self) -> bool {
        self == Self::Cash
    }
}

/// A share in hundredths of a per cent: 20% is 2000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasisPoints(pub u32);

impl BasisPoints {
    /// From whole per cents.
    pub const fn percent(percent: u32) -> Self {
        Self(percent * 100)
    }

    /// This share of an amount, rounded half away from zero.
    ///
    /// Evidence: chosen (the rounding).
    pub fn of(self, amount: Amount) -> Amount {
        ratio(amount, i64::from(self.0), 10_000)
    }
}

/// `amount × numerator ÷ denominator`, rounded half away from zero. A zero denominator gives zero.
pub fn ratio(amount: Amount, numerator: i64, denominator: i64) -> Amount {
    if denominator == 0 {
        return 0;
    }
    let product = i128::from(amount) * i128::from(numerator) * i128::from(denominator.signum());
    let divisor = i128::from(denominator).abs();
    let rounded = product.signum() * ((product.abs() * 2 + divisor) / (divisor * 2));
    Amount::try_from(rounded).unwrap_or(if rounded > 0 { Amount::MAX } else { Amount::MIN })
}

/// Shares `whole` by `percentages`, which sum to 100 at most: the parts in their order, and what remains.
///
/// The parts are differences of rounded running totals: parts and remainder add up to the whole exactly, none
/// has the wrong sign, and each is within one of its exact share.
///
/// Evidence: service behaviour notes (the owner gets the remainder); chosen (the rounding).
pub fn split(whole: Amount, percentages: &[u32]) -> (Vec<Amount>, Amount) {
    let (mut percent, mut given) = (0_i64, 0);
    let mut parts = Vec::with_capacity(percentages.len());
    for percentage in percentages {
        percent += i64::from(*percentage);
        let total = ratio(whole, percent, 100);
        parts.push(total - given);
        given = total;
    }
    (parts, whole - given)
}

/// Currencies whose minor unit is the whole unit.
///
/// Evidence: service behaviour notes (JPY and the like); the list is the billing providers' usual one.
const ZERO_DECIMAL: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
];

/// A currency by its ISO 4217 code in upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// From a code in any case; `None` if it is not three letters.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_alphabetic).then(|| Self(letters.map(|b| b.to_ascii_uppercase())))
    }

    /// The code in upper case.
    pub fn code(&self) -> &str {
        // Only letters get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many minor units make one whole: 100, or 1 for zero-decimal currencies.
    pub fn minor_per_whole(&self) -> i64 {
        if ZERO_DECIMAL.contains(&self.code()) { 1 } else { 100 }
    }
}

/// What one whole unit of a currency is worth in the account's currency, in millionths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTable {
    /// The account's own currency.
    pub base: Currency,
    /// Millionths of a whole base unit for one whole unit of the key.
    pub rates: BTreeMap<Currency, i64>,
}

impl RateTable {
    /// Converts minor units of `from` into minor units of the base currency, rounded half away from zero.
    /// `None` if the table has no rate for it.
    ///
    /// Evidence: v1 reference (sales are converted to the account's currency); the rates are the scenario's.
    pub fn to_base(&self, amount: Amount, from: &Currency) -> Option<Amount> {
        if *from == self.base {
            return Some(amount);
        }
        let rate = *self.rates.get(from)?;
        Some(ratio(amount, rate * self.base.minor_per_whole(), 1_000_000 * from.minor_per_whole()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_cent_rounds_away_from_zero() {
        assert_eq!(BasisPoints::percent(5).of(10), 1);
        assert_eq!(BasisPoints::percent(5).of(-10), -1);
        assert_eq!(BasisPoints::percent(5).of(9), 0);
        assert_eq!(BasisPoints::percent(20).of(6000), 1200);
        assert_eq!(BasisPoints(1250).of(999), 125);
    }

    #[test]
    fn yen_become_cents_at_the_whole_unit() {
        let rates = [("EUR", 1_100_000), ("JPY", 6_700)];
        let table = RateTable {
            base: Currency::new("usd").expect("a code"),
            rates: rates.into_iter().filter_map(|(c, r)| Some((Currency::new(c)?, r))).collect(),
        };
        let to_base = |amount, code| table.to_base(amount, &Currency::new(code)?);
        assert_eq!(to_base(1000, "EUR"), Some(1100));
        assert_eq!(to_base(1000, "JPY"), Some(670));
        assert_eq!(to_base(1000, "USD"), Some(1000));
        assert_eq!(to_base(1000, "CHF"), None);
    }

    proptest! {
        #[test]
        fn parts_and_remainder_add_up_and_each_is_within_one_of_its_share(
            whole in 0i64..1_000_000,
            wished in proptest::collection::vec(0u32..=100, 0..6),
        ) {
            let mut left = 100;
            let capped = |share: &u32| { let share = (*share).min(left); left -= share; share };
            let percentages: Vec<u32> = wished.iter().map(capped).collect();
            let (parts, remainder) = split(whole, &percentages);
            prop_assert_eq!(parts.iter().sum::<i64>() + remainder, whole);
            let owners = 100 - percentages.iter().sum::<u32>();
            for (part, share) in parts.iter().chain([&remainder]).zip(percentages.iter().chain([&owners])) {
                prop_assert!(*part >= 0);
                prop_assert!((part * 100 - whole * i64::from(*share)).abs() <= 100);
            }
            let (negative, rest) = split(-whole, &percentages);
            prop_assert!(negative.iter().zip(&parts).all(|(n, p)| n + p == 0) && rest + remainder == 0);
        }

        #[test]
        fn a_share_and_its_negative_cancel_out(amount in -1_000_000_000i64..1_000_000_000, bp in 0u32..=10_000) {
            prop_assert_eq!(BasisPoints(bp).of(amount) + BasisPoints(bp).of(-amount), 0);
        }

        #[test]
        fn a_share_is_within_half_a_unit_of_the_exact_one(amount in 0i64..1_000_000_000, bp in 0u32..=10_000) {
            let exact = i128::from(amount) * i128::from(bp);
            let ours = i128::from(BasisPoints(bp).of(amount)) * 10_000;
            prop_assert!((exact - ours).abs() <= 5_000);
        }
    }
}
