//! Commissions: what promoters earn. v1 says reward.

mod custom;
mod decide;
mod earn;
mod facts;
mod firsts;
mod fulfil;
mod groups;
mod handful;
mod names;
mod near;
mod orders;
mod record;
mod search;
mod selection;
mod standing;
mod take_back;
#[cfg(test)]
mod tests;

pub use custom::{CustomCommission, create_custom};
pub use decide::{NotesUpdate, approve, decide, delete, deny, update_notes};
pub use earn::{ByHand, create_for_sale};
pub use facts::{FactColumns, Facts};
pub use fulfil::{mark_fulfilled, mark_unfulfilled};
pub use orders::{ASTRAY_MAX, Orders, arrange, keep_arranged};
pub use record::{
    Balance, Commission, CommissionDetails, CommissionIndex, CommissionKind, CommissionStatus, Fulfilment,
    Settlement, of_event,
};
pub use selection::{Selection, SortBy, Sorting, newest, select};
pub use standing::{Standing, standing};
pub use take_back::take_back;

use super::ids::PromoterId;
use super::money::Unit;
use super::state::State;

/// The balances of a promoter, unit by unit, for each unit in which there are approved commissions.
///
/// Evidence: service behaviour notes (a balance is an object by unit).
pub fn balances(state: &State, promoter: PromoterId) -> impl Iterator<Item = (Unit, Balance)> + '_ {
    let all = state.commissions.index().balances.range((promoter, Unit::ALL[0])..);
    all.take_while(move |((id, _), _)| *id == promoter).map(|((_, unit), (balance, _))| (*unit, *balance))
}
