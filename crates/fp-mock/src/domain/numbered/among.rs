//! Which entries count, and how many of those chunks have.

use std::cell::Cell;

use super::Numbered;
use crate::domain::members::Members;

/// Members, and what is known of how many of them there are.
#[derive(Clone, Copy, Debug)]
pub struct Among<'m> {
    /// Which.
    pub members: &'m Members,
    /// What was counted of these before.
    pub counts: &'m Counts,
}

/// How many of some members there are in each chunk, as far as it was counted: a page is found in several goes, which come
/// by the same chunks.
#[derive(Clone, Debug)]
pub struct Counts(Vec<Cell<u16>>);

/// What was not counted.
const UNKNOWN: u16 = u16::MAX;

impl Counts {
    /// Nothing is known. They must be asked about no others than these entries, and about the same members each time.
    pub fn unknown(entries: &Numbered) -> Self {
        Self(vec![Cell::new(UNKNOWN); entries.chunks.len()])
    }
}

impl Among<'_> {
    /// How many of these ids of a chunk are members, which are all that it has if they are `whole`.
    pub fn count(self, chunk: usize, ids: &[u32], whole: usize) -> usize {
        if ids.len() < whole {
            return self.members.count_of(ids);
        }
        let known = &self.counts.0[chunk];
        if known.get() == UNKNOWN {
            // A chunk has fewer entries than a number of 16 bits tells.
            known.set(self.members.count_of(ids) as u16);
        }
        known.get().into()
    }
}
