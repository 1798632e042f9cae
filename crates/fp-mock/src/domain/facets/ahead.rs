//! Searching blocks that are asked about one after another.

use super::{Block, Columns, Facets, Part, Places};

/// A search that goes through some blocks at once, as far as they follow each other the way that was gone before: what is
/// known of their texts lies in memory that no cache has, and what is asked for together comes together.
#[derive(Debug)]
pub struct Ahead<'a, C> {
    facets: &'a Facets<C>,
    part: Part<'a>,
    /// The lowest id of the block that was asked about before.
    last: u64,
    /// How many blocks are gone through next time.
    count: usize,
}

/// So many blocks at most: twice as many each time, so that a search that soon ends did not go through many in vain.
const COUNT_MAX: usize = if cfg!(test) { 3 } else { 8 };

impl<'a, C: Columns> Ahead<'a, C> {
    /// For this text in lower case, which must be neither empty nor of several lines.
    pub fn of(facets: &'a Facets<C>, text: &'a str) -> Self {
        Self { facets, part: Part::of(text), last: 0, count: 1 }
    }

    /// The blocks from that around an id on which are still wanted, and which of their rows hold the text; nothing if
    /// there is no such block.
    pub fn search(
        &mut self,
        id: u64,
        is_wanted: impl FnMut(&Block<'a, C>) -> bool,
    ) -> Vec<(Block<'a, C>, Places)> {
        let Some(first) = self.facets.block_around(id) else { return Vec::new() };
        let is_ascending = first.lowest() >= self.last;
        self.last = first.lowest();
        let blocks: Vec<Block<'a, C>> = match is_ascending {
            true => self.facets.blocks_from(id).take(self.count).filter(is_wanted).collect(),
            false => self.facets.blocks_to(id).rev().take(self.count).filter(is_wanted).collect(),
        };
        self.count = (2 * self.count).min(COUNT_MAX);
        let places = Block::holding_each(&blocks, &mut self.part);
        blocks.into_iter().zip(places).collect()
    }
}
