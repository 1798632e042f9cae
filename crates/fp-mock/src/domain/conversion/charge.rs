//! An amount as it is charged or refunded, and the events that may carry it.

use super::record::{ConversionKind, of_event};
use crate::domain::money::{Amount, Currency, LARGEST};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// An amount in the account's currency and as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Charge {
    pub amount: Amount,
    pub original_amount: Amount,
    pub original_currency: Option<Currency>,
}

impl Charge {
    /// Converts an amount of `currency`, or of the account's own if there is none.
    ///
    /// # Errors
    /// [`Refusal::AmountInvalid`] for zero and less, [`Refusal::AmountOutOfRange`] beyond [`LARGEST`],
    /// [`Refusal::Invalid`] for a currency without a rate and for what conversion takes beyond [`LARGEST`].
    ///
    /// Evidence: v1 reference (sales of other currencies are converted); published v2 tracking document (only
    /// sales of a non-zero amount are sent); chosen (the limits).
    pub fn read(state: &State, amount: Amount, currency: Option<&str>) -> Result<Self, Refusal> {
        if amount <= 0 {
            return Err(Refusal::AmountInvalid);
        }
        let original_currency = currency.map(|code| known(state, code)).transpose()?;
        let converted = convert(state, amount, original_currency.as_ref())?;
        Ok(Self { amount: converted, original_amount: amount, original_currency })
    }

    /// The same amount going back.
    pub fn negated(self) -> Self {
        Self { amount: -self.amount, original_amount: -self.original_amount, ..self }
    }
}

/// Converts an amount that may be zero.
pub(super) fn converted(state: &State, amount: Amount, currency: Option<&str>) -> Result<Amount, Refusal> {
    let currency = currency.map(|code| known(state, code)).transpose()?;
    convert(state, amount, currency.as_ref())
}

fn convert(state: &State, amount: Amount, currency: Option<&Currency>) -> Result<Amount, Refusal> {
    if amount.abs() > LARGEST {
        return Err(Refusal::AmountOutOfRange { amount });
    }
    let Some(currency) = currency else { return Ok(amount) };
    let converted = state.company.rates.to_base(amount, currency);
    let converted = converted.ok_or_else(|| unknown(state, currency.code()))?;
    if converted.abs() > LARGEST {
        let base = state.company.rates.base.code();
        let problem = format!("is too large in {base}: {converted} is more than {LARGEST}");
        return Err(Refusal::invalid(Entity::Conversion, "amount", problem));
    }
    Ok(converted)
}

/// The currency of this code, if there is a rate for it.
fn known(state: &State, code: &str) -> Result<Currency, Refusal> {
    let currency = Currency::new(code).ok_or_else(|| unknown(state, code))?;
    let rates = &state.company.rates;
    let has_rate = currency == rates.base || rates.rates.contains_key(&currency);
    if has_rate { Ok(currency) } else { Err(unknown(state, code)) }
}

/// Evidence: chosen.
fn unknown(state: &State, code: &str) -> Refusal {
    let rates = &state.company.rates;
    let codes = std::iter::once(&rates.base).chain(rates.rates.keys().filter(|code| **code != rates.base));
    let codes: Vec<&str> = codes.map(Currency::code).collect();
    let problem = format!("is none of the account's ({}), found {code:?}", codes.join(", "));
    Refusal::invalid(Entity::Conversion, "currency", problem)
}

/// Refuses an event of which there is one already.
///
/// # Errors
/// [`Refusal::DuplicateEvent`].
///
/// Evidence: service behaviour notes.
pub(super) fn refuse_repeated(state: &State, kind: ConversionKind, event_id: &str) -> Result<(), Refusal> {
    if of_event(state, kind, event_id).is_some() {
        return Err(Refusal::DuplicateEvent { kind: kind.name(), event_id: event_id.to_owned() });
    }
    Ok(())
}
