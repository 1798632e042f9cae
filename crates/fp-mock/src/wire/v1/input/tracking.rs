//! What v1's tracking calls say beyond what both APIs read alike.

use serde_json::Value;

use crate::domain::campaign::Billing;
use crate::domain::conversion::{Cancellation, Refund, Sale, Signup, Trail};
use crate::domain::json::JsonObject;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;
use crate::wire::tracking;

/// Reads `POST /track/signup` and `POST /track/subscriber`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::InvalidParam`].
///
/// Evidence: published v1 tracking document.
pub fn signup(fields: &Fields<'_>) -> Result<Signup, Refusal> {
    let signup = tracking::signup(fields)?;
    Ok(Signup {
        trail: Trail { promoter_email: fields.text("promoter_email")?, ..signup.trail },
        username: fields.text("username")?,
        first_name: fields.text("first_name")?,
        last_name: fields.text("last_name")?,
        website: fields.text("website")?,
        custom_fields: custom_fields(fields)?,
        sub_id: fields.text("sub_id")?,
        overrides_existing: fields.flag("override_existing_lead")?.unwrap_or(false),
        ..signup
    })
}

/// Reads `POST /track/sale`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::AmountInvalid`], [`Refusal::MissingParam`] without an event id,
/// [`Refusal::InvalidParam`].
///
/// Evidence: published v1 tracking document; chosen (what delays and repeats rewards is read, but not played: the
/// documents leave open what such a sale is answered, and what its repetitions are).
pub fn sale(fields: &Fields<'_>) -> Result<Sale, Refusal> {
    let sale = tracking::sale(fields)?;
    for name in ["start_recurring_reward_in", "recurring_reward_frequency", "max_recurring"] {
        if fields.int(name)?.is_some_and(|number| number < 0) {
            return Err(fields.invalid(name, "a whole number from 0"));
        }
    }
    let is_one_time = fields.flag("ecom_sale")?.unwrap_or(false);
    Ok(Sale {
        created_at: fields.moment("created_at")?,
        billing: is_one_time.then_some(Billing::OneTime),
        subscription_id: fields.text("subscription_id")?,
        ..sale
    })
}

/// Reads `POST /track/refund`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::AmountInvalid`], [`Refusal::MissingParam`] without an event id,
/// [`Refusal::InvalidParam`].
///
/// Evidence: published v1 tracking document.
pub fn refund(fields: &Fields<'_>) -> Result<Refund, Refusal> {
    Ok(Refund { created_at: fields.moment("created_at")?, ..tracking::refund(fields)? })
}

/// Reads `POST /track/cancellation`.
///
/// # Errors
/// [`Refusal::EmailAndUidBlank`], [`Refusal::InvalidParam`].
///
/// Evidence: published v1 tracking document.
pub fn cancellation(fields: &Fields<'_>) -> Result<Cancellation, Refusal> {
    Ok(Cancellation {
        event_id: fields.text("event_id")?,
        created_at: fields.moment("created_at")?,
        notifies: !fields.flag("skip_email_notification")?.unwrap_or(false),
        ..tracking::cancellation(fields)?
    })
}

/// The company's own fields: an object, `custom_fields[key]=value`, or an object as JSON text.
///
/// Evidence: published v1 tracking document (a JSON object); that its text counts too is chosen.
fn custom_fields(fields: &Fields<'_>) -> Result<Option<JsonObject>, Refusal> {
    let object = match fields.raw("custom_fields") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(object)) => Some(object.clone()),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(_) => None,
    };
    object.map(Some).ok_or_else(|| fields.invalid("custom_fields", "an object"))
}
