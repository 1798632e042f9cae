//! Changes of a promoter's own data.

use super::create::{cust_id_problems, email_problems, profile_problems};
use super::{InvoiceDetails, ProfileValues, Promoter, actions};
use crate::clock::timestamp::Timestamp;
use crate::domain::ids::PromoterId;
use crate::domain::json::JsonObject;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// What is to change; what is `None` or not named stays, an inner `None` empties.
#[derive(Clone, Debug, Default)]
pub struct ChangePromoter {
    /// His e-mail address.
    pub email: Option<String>,
    /// The customer's own id of him.
    pub cust_id: Option<Option<String>>,
    /// What changes in his profile.
    pub profile: ProfileValues,
    /// Whether his invoice details are to be complete.
    pub validates_invoice_details: Option<bool>,
    /// Values of the company's own fields by key; null drops a field.
    pub custom_fields: JsonObject,
    /// A note about him (v1).
    pub note: Option<Option<String>>,
    /// A password for his first login (v1).
    pub temp_password: Option<Option<String>>,
    /// Who recruited him (v1).
    pub parent: Option<PromoterId>,
}

/// Changes a promoter's own data.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter or parent, [`Refusal::Invalid`] for what is malformed, taken,
/// or would make him his own ancestor.
///
/// Evidence: published v2 promoters document; chosen (custom fields that are not named stay).
pub fn change(
    state: &mut State,
    now: Timestamp,
    id: PromoterId,
    input: &ChangePromoter,
) -> Result<(), Refusal> {
    if !state.promoters.contains(id) {
        return Err(Refusal::NotFound(Entity::Promoter));
    }
    let mut errors = profile_problems(&input.profile);
    if let Some(email) = &input.email {
        errors.extend(email_problems(state, email, Some(id)));
    }
    if let Some(Some(cust_id)) = &input.cust_id {
        errors.extend(cust_id_problems(state, Some(cust_id), Some(id)));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid { entity: Entity::Promoter, errors });
    }
    state.promoters.update(id, |promoter| apply(promoter, input));
    match input.parent {
        Some(parent) => actions::assign_parent(state, now, id, parent),
        None => Ok(()),
    }
}

fn apply(promoter: &mut Promoter, input: &ChangePromoter) {
    if let Some(email) = &input.email {
        email.trim().clone_into(&mut promoter.email);
    }
    for (value, target) in [
        (&input.cust_id, &mut promoter.cust_id),
        (&input.note, &mut promoter.note),
        (&input.temp_password, &mut promoter.temp_password),
    ] {
        if let Some(value) = value {
            target.clone_from(value);
        }
    }
    for (field, value) in &input.profile {
        promoter.profile.fill(*field, value.as_deref());
    }
    for (key, value) in &input.custom_fields {
        if value.is_null() {
            promoter.custom_fields.remove(key);
        } else {
            promoter.custom_fields.insert(key.clone(), value.clone());
        }
    }
    if let Some(validates) = input.validates_invoice_details {
        promoter.profile.validates_invoice_details = validates;
    }
    submit_invoice_details(promoter);
}

/// Complete details that are to be validated wait for the company's approval.
///
/// Evidence: chosen.
fn submit_invoice_details(promoter: &mut Promoter) {
    let waits_for_them =
        matches!(promoter.invoice_details, InvoiceDetails::NotSubmitted | InvoiceDetails::Denied);
    let profile = &promoter.profile;
    if waits_for_them && profile.validates_invoice_details && profile.invoice_problems().is_empty() {
        promoter.invoice_details = InvoiceDetails::Pending;
    }
}
