//! Login tokens.

use crate::domain::ids::PromoterId;
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state::State;

/// Characters of a login token.
///
/// Evidence: v1 reference (its examples).
const LENGTH: usize = 32;

/// A login token that nobody has.
pub(super) fn fresh(state: &mut State) -> String {
    state.ids.token(LENGTH)
}

/// Gives a promoter another login token; the former one finds him no longer.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown promoter.
///
/// Evidence: v1 reference.
pub fn refresh_token(state: &mut State, id: PromoterId) -> Result<(), Refusal> {
    let token = fresh(state);
    let change = |promoter: &mut super::Promoter| promoter.auth_token = token;
    state.promoters.update(id, change).ok_or(Refusal::NotFound(Entity::Promoter))
}
