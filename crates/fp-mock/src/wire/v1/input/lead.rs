//! What v1 calls say about leads.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, PlanId};
use crate::domain::referral::{EntrySource, NewReferral, ReferralChange, ReferralState};
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// The states that can be given.
///
/// Evidence: v1 reference.
const STATES: [&str; 5] = ["subscribed", "signup", "active", "denied", "cancelled"];

/// A lead to be made for a promotion, on the plan already found.
///
/// # Errors
/// [`Refusal::MissingParam`] without an e-mail address, [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference (an earlier edition).
pub fn create(
    fields: &Fields<'_>,
    enrolment: EnrolmentId,
    plan_id: Option<PlanId>,
) -> Result<NewReferral, Refusal> {
    Ok(NewReferral {
        email: Some(fields.required_text("email")?),
        uid: fields.text("uid")?,
        state: state(fields)?,
        customer_since: customer_since(fields)?,
        plan_id,
        ..NewReferral::of(enrolment, EntrySource::Api)
    })
}

/// What is to change of a lead, apart from whose it is.
///
/// # Errors
/// [`Refusal::InvalidParam`] for unusable values.
///
/// Evidence: v1 reference.
pub fn update(fields: &Fields<'_>, plan_id: Option<PlanId>) -> Result<ReferralChange, Refusal> {
    Ok(ReferralChange {
        email: fields.text("new_email")?.map(Some),
        uid: fields.text("new_uid")?.map(Some),
        state: state(fields)?,
        customer_since: customer_since(fields)?,
        plan_id,
        ..ReferralChange::default()
    })
}

fn state(fields: &Fields<'_>) -> Result<Option<ReferralState>, Refusal> {
    let parse = |name: &str| STATES.contains(&name).then(|| ReferralState::named(name)).flatten();
    fields.named("state", parse, &STATES)
}

fn customer_since(fields: &Fields<'_>) -> Result<Option<Timestamp>, Refusal> {
    fields.moment("customer_since")
}
