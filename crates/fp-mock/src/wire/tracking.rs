//! What tracking calls say in both dialects.

use crate::domain::conversion::{Cancellation, Person, Refund, Sale, Signup, Trail};
use crate::domain::money::Amount;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// Reads `POST /track/signup`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::InvalidParam`].
pub fn signup(fields: &Fields<'_>) -> Result<Signup, Refusal> {
    let person = person(fields)?;
    let trail = Trail { promo_code: None, ..trail(fields)? };
    Ok(Signup {
        ip: fields.text("ip")?,
        created_at: fields.moment("created_at")?,
        notifies: notifies(fields)?,
        ..Signup::of(person, trail)
    })
}

/// Reads `POST /track/sale`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::AmountInvalid`], [`Refusal::MissingParam`] without an event id,
/// [`Refusal::InvalidParam`].
pub fn sale(fields: &Fields<'_>) -> Result<Sale, Refusal> {
    let (person, amount) = (person(fields)?, amount(fields)?);
    Ok(Sale {
        person,
        trail: trail(fields)?,
        event_id: fields.required_text("event_id")?,
        amount,
        quantity: quantity(fields)?,
        plan: fields.text("plan")?,
        currency: fields.text("currency")?,
        mrr: mrr(fields)?,
        billing: None,
        subscription_id: None,
        created_at: None,
        notifies: notifies(fields)?,
    })
}

/// Reads `POST /track/refund`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::AmountInvalid`], [`Refusal::MissingParam`] without an event id,
/// [`Refusal::InvalidParam`].
pub fn refund(fields: &Fields<'_>) -> Result<Refund, Refusal> {
    let (person, amount) = (person(fields)?, amount(fields)?);
    Ok(Refund {
        person,
        event_id: fields.required_text("event_id")?,
        amount,
        currency: fields.text("currency")?,
        quantity: quantity(fields)?,
        sale_event_id: fields.text("sale_event_id")?,
        created_at: None,
        notifies: notifies(fields)?,
    })
}

/// Reads `POST /track/cancellation`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::InvalidParam`].
pub fn cancellation(fields: &Fields<'_>) -> Result<Cancellation, Refusal> {
    Ok(Cancellation { person: person(fields)?, event_id: None, created_at: None, notifies: true })
}

fn person(fields: &Fields<'_>) -> Result<Person, Refusal> {
    Person::new(fields.text("email")?, fields.text("uid")?)
}

fn trail(fields: &Fields<'_>) -> Result<Trail, Refusal> {
    Ok(Trail {
        tid: fields.text("tid")?,
        ref_id: fields.text("ref_id")?,
        promo_code: fields.text("promo_code")?,
        promoter_email: None,
    })
}

/// Evidence: published v2 tracking document (blank or no number).
fn amount(fields: &Fields<'_>) -> Result<Amount, Refusal> {
    fields.int("amount").ok().flatten().ok_or(Refusal::AmountInvalid)
}

/// Evidence: published v2 tracking document (1 unless said); chosen (the limits).
fn quantity(fields: &Fields<'_>) -> Result<i64, Refusal> {
    match fields.int("quantity")?.unwrap_or(1) {
        quantity @ 1..=999_999_999 => Ok(quantity),
        _ => Err(fields.invalid("quantity", "a whole number from 1 to 999999999")),
    }
}

fn mrr(fields: &Fields<'_>) -> Result<Option<Amount>, Refusal> {
    match fields.int("mrr")? {
        Some(negative) if negative < 0 => Err(fields.invalid("mrr", "a whole number from 0")),
        mrr => Ok(mrr),
    }
}

fn notifies(fields: &Fields<'_>) -> Result<bool, Refusal> {
    Ok(!fields.flag("skip_email_notification")?.unwrap_or(false))
}
