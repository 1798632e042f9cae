//! Small facts of rows side by side, in the order of their ids: what lists are filtered by, without a look at the
//! rows themselves. Going through one fact of a million rows takes half a millisecond; the rows lie all over the
//! memory.

mod ahead;
mod columns;
mod newest;
mod places;
mod series;
mod short;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::members::{Members, Sieve};
pub use ahead::Ahead;
pub use columns::Columns;
pub(in crate::domain) use columns::{Column, Sometimes, Spanned, column, columns};
pub use newest::Newest;
pub use places::Places;
use places::WORDS;
pub(in crate::domain) use series::Series;
pub use short::{ShortIds, short};
use texts::Texts;
pub use texts::{Part, Text};

/// Ids that share a chunk: those that agree but for so many low bits.
const CHUNK_BITS: u32 = if cfg!(test) { 10 } else { 12 };
const LOW_BITS: u64 = (1 << CHUNK_BITS) - 1;
/// How many rows a chunk may hold.
const ROWS: usize = 1 << CHUNK_BITS;

/// Facts by id. Copies share what did not change since.
#[derive(Clone, Debug)]
pub struct Facets<C> {
    chunks: BTreeMap<u64, Arc<Chunk<C>>>,
}

#[derive(Clone, Debug, Default)]
struct Chunk<C> {
    /// What the ids have in common, shifted into place.
    base: u64,
    /// The low bits of the ids.
    ids: Vec<u16>,
    facts: C,
    /// Copies share them where only facts change, as they mostly do.
    texts: Arc<Texts>,
}

impl<C> Chunk<C> {
    fn place(&self, id: u64) -> Result<usize, usize> {
        let low = low_bits(id);
        // Nearly always the newest row comes in.
        if self.ids.last().is_none_or(|last| *last < low) {
            return Err(self.ids.len());
        }
        self.ids.binary_search(&low)
    }

    fn block(&self) -> Block<'_, C> {
        Block { base: self.base, ids: &self.ids, texts: &self.texts, facts: &self.facts }
    }
}

/// The number of the block with an id, whether there is one or not.
pub fn block_number(id: u64) -> u64 {
    id >> CHUNK_BITS
}

/// The lowest id of the block behind that with an id, which must not be among the highest of all.
pub fn next_block(id: u64) -> u64 {
    (id | LOW_BITS) + 1
}

fn low_bits(id: u64) -> u16 {
    (id & LOW_BITS) as u16
}

impl<C> Default for Facets<C> {
    fn default() -> Self {
        Self { chunks: BTreeMap::new() }
    }
}

impl<C: Columns> Facets<C> {
    /// Puts down the facts of a row, and the text by which it is searched for.
    pub fn put(&mut self, id: u64, facts: C::Facts, text: &Text<'_>) {
        let base = id & !LOW_BITS;
        self.settle_before(base);
        let new = || Arc::new(Chunk { base, ..Chunk::default() });
        let chunk = Arc::make_mut(self.chunks.entry(base).or_insert_with(new));
        let place = chunk.place(id);
        let texts = Arc::make_mut(&mut chunk.texts);
        match place {
            Ok(at) => {
                chunk.facts.set(at, facts);
                texts.replace(at, text);
            }
            Err(at) => {
                chunk.ids.insert(at, low_bits(id));
                chunk.facts.insert(at, facts);
                texts.insert(at, text);
            }
        }
    }

    /// Once another chunk is begun hardly anything comes into the last one any more.
    fn settle_before(&mut self, base: u64) {
        if let Some((last, chunk)) = self.chunks.iter_mut().next_back()
            && *last < base
        {
            Arc::make_mut(&mut Arc::make_mut(chunk).texts).settle();
        }
    }

    /// The chunk with this id, to be changed, and where in it the id is.
    fn find(&mut self, id: u64) -> Option<(&mut Chunk<C>, usize)> {
        let chunk = self.chunks.get_mut(&(id & !LOW_BITS))?;
        let at = chunk.place(id).ok()?;
        Some((Arc::make_mut(chunk), at))
    }

    /// Puts down other facts of a row whose text stays.
    pub fn change(&mut self, id: u64, facts: C::Facts) {
        if let Some((chunk, at)) = self.find(id) {
            chunk.facts.set(at, facts);
        }
    }

    /// Forgets a row.
    pub fn remove(&mut self, id: u64) {
        let Some((chunk, at)) = self.find(id) else { return };
        chunk.ids.remove(at);
        chunk.facts.remove(at);
        Arc::make_mut(&mut chunk.texts).remove(at);
        let base = chunk.base;
        if chunk.ids.is_empty() {
            self.chunks.remove(&base);
        }
    }

    /// The ids of the rows that `narrow` leaves, the highest first, found as far as they are asked for. It is given one
    /// block after the other, with all its places, and takes out those that are not wanted.
    pub fn newest<'a, N: FnMut(&Block<'_, C>, &mut Places) + 'a>(&'a self, narrow: N) -> Newest<'a, C, N> {
        Newest::of(self.chunks.values(), narrow)
    }

    /// All facts, block by block, the ids ascending.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = Block<'_, C>> {
        self.chunks.values().map(|chunk| chunk.block())
    }

    /// The blocks from that around this id on.
    pub fn blocks_from(&self, id: u64) -> impl Iterator<Item = Block<'_, C>> {
        self.chunks.range(id & !LOW_BITS..).map(|(_, chunk)| chunk.block())
    }

    /// The blocks up to that around this id.
    pub fn blocks_to(&self, id: u64) -> impl DoubleEndedIterator<Item = Block<'_, C>> {
        self.chunks.range(..=id).map(|(_, chunk)| chunk.block())
    }

    /// The facts of the rows whose ids lie near this one.
    pub fn block_around(&self, id: u64) -> Option<Block<'_, C>> {
        self.chunks.get(&(id & !LOW_BITS)).map(|chunk| chunk.block())
    }

    /// The rows that `narrow` leaves, and how many they are.
    pub fn sieve(&self, mut narrow: impl FnMut(&Block<'_, C>, &mut Places)) -> Sieve {
        let (mut passed, mut count) = (self.no_members(), 0);
        for chunk in self.chunks.values() {
            let places = chunk.narrowed(&mut narrow);
            count += places.len();
            chunk.block().put_into(&mut passed, &places);
        }
        Sieve { passed, count }
    }

    /// None of the rows, with room for each.
    pub fn no_members(&self) -> Members {
        self.none_of(|base| base, |base| base | LOW_BITS)
    }

    /// None of the numbers of blocks, with room for each.
    pub fn no_blocks(&self) -> Members {
        self.none_of(block_number, block_number)
    }

    /// None of what the first and the last chunk stand for, with room for it unless they lie far apart.
    fn none_of(&self, lowest: fn(u64) -> u64, highest: fn(u64) -> u64) -> Members {
        let (first, last) = (self.chunks.keys().next(), self.chunks.keys().next_back());
        match (first, last) {
            (Some(first), Some(last)) if (last - first) >> CHUNK_BITS < 4 * self.chunks.len() as u64 + 64 => {
                Members::none_between(lowest(*first), highest(*last))
            }
            _ => Members::of(std::iter::empty()),
        }
    }
}

/// The facts of rows whose ids lie near each other.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a, C> {
    base: u64,
    ids: &'a [u16],
    texts: &'a Texts,
    /// The facts, each kind by itself.
    pub facts: &'a C,
}

impl<'a, C> Block<'a, C> {
    /// The ids of the rows, ascending.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = u64> + ExactSizeIterator + use<'a, C> {
        let base = self.base;
        self.ids.iter().map(move |low| base | u64::from(*low))
    }

    /// What the rows are searched for by, in their places: the lines, and the domains that were taken out of them.
    pub fn texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a, C> {
        self.texts.iter()
    }

    /// All places.
    pub fn places(&self) -> Places {
        Places::first(self.ids.len())
    }

    /// Whether each place is that of the row whose low bits are the same number.
    fn is_full(&self) -> bool {
        self.ids.len() == ROWS
    }

    /// The places whose ids are among the members.
    pub fn among(&self, members: &Members) -> Places {
        let mut places = self.places();
        self.keep_ids(&mut places, members, true);
        places
    }

    /// Leaves of `places` those whose ids are, or are not, among the members.
    pub fn keep_ids(&self, places: &mut Places, members: &Members, is_member: bool) {
        if self.is_full() {
            let words = std::array::from_fn(|at| members.word(self.base + 64 * at as u64));
            places.keep_words(&words, is_member);
        } else {
            places.keep(self.ids, |low| members.has(self.base | u64::from(*low)) == is_member);
        }
    }

    /// Of each of some blocks the places of the rows whose lines hold a part.
    pub fn holding_each(blocks: &[Self], part: &mut Part<'_>) -> Vec<Places> {
        let texts: Vec<&Texts> = blocks.iter().map(|block| block.texts).collect();
        Texts::holding_each(&texts, part)
    }

    /// The same of one alone.
    pub fn holding(&self, part: &mut Part<'_>) -> Places {
        Texts::holding_each(&[self.texts], part).pop().unwrap_or_default()
    }

    /// The same, where lines or details do.
    pub fn holding_anywhere(&self, part: &mut Part<'_>) -> Places {
        self.texts.holding_anywhere(part)
    }

    /// No row that this block may have has a lower id.
    pub fn lowest(&self) -> u64 {
        self.base
    }

    /// The id of the row in this place.
    pub fn id(&self, at: usize) -> u64 {
        self.base | u64::from(self.ids[at])
    }

    /// Whether these places are those of all ids that a block with this number can have.
    pub fn are_all_ids(&self, places: &Places) -> bool {
        places.len() == ROWS
    }

    /// Puts the ids in these places among others.
    pub fn put_into(&self, members: &mut Members, places: &Places) {
        members.put_words(self.base, self.low_bits(places).words());
    }

    /// The low bits of the ids in these places.
    fn low_bits(&self, places: &Places) -> Places {
        if self.is_full() {
            return places.clone();
        }
        let mut bits = Places::default();
        places.iter().for_each(|at| bits.put(usize::from(self.ids[at])));
        bits
    }
}

impl<C> Chunk<C> {
    /// The places of the rows that `narrow` leaves.
    fn narrowed(&self, narrow: &mut impl FnMut(&Block<'_, C>, &mut Places)) -> Places {
        let mut places = self.block().places();
        narrow(&self.block(), &mut places);
        places
    }
}
