//! Stubs, to be replaced by the business rules.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::{EnrolmentId, ReferralId};

/// Stub.
pub fn approve(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}

/// Stub.
pub fn disable(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}

/// Stub.
pub fn enable(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}

/// Stub.
pub fn delete(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}

/// Stub.
pub fn move_to_promoter(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
    _to: EnrolmentId,
    _with_commissions: bool,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}

/// Stub.
pub fn import_events(
    _state: &mut crate::domain::state::State,
    _now: Timestamp,
    _id: ReferralId,
) -> Result<(), crate::domain::refusal::Refusal> {
    Err(crate::domain::refusal::Refusal::wrong_state(
        crate::domain::refusal::Entity::Referral,
        "not written yet",
    ))
}
