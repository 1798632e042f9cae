//! Stub, to be replaced by the business rule.

use crate::clock::timestamp::Timestamp;
use crate::domain::ids::ReferralId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Stub.
pub fn import_events(_state: &mut State, _now: Timestamp, _id: ReferralId) -> Result<(), Refusal> {
    Err(Refusal::wrong_state(Entity::Referral, "not written yet"))
}
