//! Ids in half the room.

use super::Places;
use crate::domain::members::Members;

/// A number of at most 32 bits that stands for an id; ids beyond share the highest.
pub fn short(id: u64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

/// Ids that facts are held against; see [`short`].
#[derive(Clone, Debug)]
pub enum ShortIds {
    /// One alone is compared to, which is faster.
    One(u32),
    /// None or several.
    Several(Members),
}

impl ShortIds {
    /// These.
    pub fn of(ids: impl Iterator<Item = u64>) -> Self {
        let ids: Vec<u32> = ids.map(short).collect();
        match ids[..] {
            [id] => Self::One(id),
            _ => Self::Several(Members::of(ids.into_iter().map(u64::from))),
        }
    }

    /// Leaves of `places` those whose value is one of these.
    pub fn keep(&self, places: &mut Places, values: &[u32]) {
        match self {
            Self::One(id) => places.keep(values, |value| value == id),
            Self::Several(ids) => ids.keep(places, values),
        }
    }
}
