//! Rows that lists ask for, found as far as they are asked for.

use std::collections::btree_map;
use std::sync::Arc;

use super::places::Descending;
use super::{Block, Chunk, Places};

/// Ids of rows, the highest first; see [`Facets::newest`](super::Facets::newest). Of those that are skipped only the
/// facts are looked at.
#[derive(Clone, Debug)]
pub struct Newest<'a, C, N> {
    chunks: btree_map::Values<'a, u64, Arc<Chunk<C>>>,
    /// The chunk that was come to, and its places that are left, as many as there are.
    present: Option<(&'a Chunk<C>, Descending)>,
    left: usize,
    narrow: N,
}

impl<'a, C, N> Newest<'a, C, N> {
    /// Those of these chunks that `narrow` leaves.
    pub(super) fn of(chunks: btree_map::Values<'a, u64, Arc<Chunk<C>>>, narrow: N) -> Self {
        Self { chunks, present: None, left: 0, narrow }
    }
}

impl<C, N: FnMut(&Block<'_, C>, &mut Places)> Iterator for Newest<'_, C, N> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        while count >= self.left {
            count -= std::mem::take(&mut self.left);
            self.present = None;
            let chunk = self.chunks.next_back()?;
            let places = chunk.narrowed(&mut self.narrow);
            self.left = places.len();
            self.present = Some((chunk, places.descending()));
        }
        let (chunk, places) = self.present.as_mut()?;
        self.left -= count + 1;
        places.nth(count).map(|at| chunk.base | u64::from(chunk.ids[at]))
    }
}
