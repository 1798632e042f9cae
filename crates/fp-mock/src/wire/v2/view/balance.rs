//! What a promoter has earned, by unit.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::domain::ids::PromoterId;
use crate::domain::money::{Amount, Unit};
use crate::domain::state::State;

/// The earnings of a promoter; null while nothing was ever earned.
///
/// Evidence: published v2 promoters document (an earnings balance by unit); that paid earnings stay in it is
/// chosen, as with v1's balance of that name.
#[derive(Debug)]
pub struct Balances(Vec<(Unit, Amount)>);

impl Balances {
    /// Shows the earnings of a promoter.
    pub fn of(state: &State, promoter: PromoterId) -> Self {
        let balances = &state.commissions.index().balances;
        let earned = |unit| Some((unit, balances.get(&(promoter, unit))?.0.earnings));
        Self(Unit::ALL.into_iter().filter_map(earned).collect())
    }
}

impl Serialize for Balances {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() {
            return serializer.serialize_none();
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (unit, amount) in &self.0 {
            map.serialize_entry(unit.name(), amount)?;
        }
        map.end()
    }
}
