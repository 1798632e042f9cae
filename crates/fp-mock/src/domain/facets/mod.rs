//! Small facts of rows side by side, in the order of their ids: what lists are filtered by, without a look at the
//! rows themselves. Going through one fact of a million rows takes half a millisecond; the rows lie all over the
//! memory.

mod columns;
mod places;
mod texts;

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use memchr::memmem::Finder;

use super::members::{Members, Sieve};
pub use columns::Columns;
pub(in crate::domain) use columns::columns;
pub use places::Places;
use texts::Texts;

/// Ids that share a chunk: those that agree but for so many low bits.
const CHUNK_BITS: u32 = 10;
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
    texts: Texts,
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

fn low_bits(id: u64) -> u16 {
    (id & LOW_BITS) as u16
}

impl<C> Default for Facets<C> {
    fn default() -> Self {
        Self { chunks: BTreeMap::new() }
    }
}

impl<C: Columns> Facets<C> {
    /// Puts down the facts of a row, and the text by which it is searched for, in lower case.
    pub fn put(&mut self, id: u64, facts: C::Facts, text: &str) {
        let base = id & !LOW_BITS;
        let new = || Arc::new(Chunk { base, ..Chunk::default() });
        let chunk = Arc::make_mut(self.chunks.entry(base).or_insert_with(new));
        match chunk.place(id) {
            Ok(at) => {
                chunk.facts.set(at, facts);
                chunk.texts.remove(at);
                chunk.texts.insert(at, text);
            }
            Err(at) => {
                chunk.ids.insert(at, low_bits(id));
                chunk.facts.insert(at, facts);
                chunk.texts.insert(at, text);
            }
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
        chunk.texts.remove(at);
        let base = chunk.base;
        if chunk.ids.is_empty() {
            self.chunks.remove(&base);
        }
    }

    /// The ids of the rows that `narrow` leaves, the highest first, found as far as they are asked for. It is given one
    /// block after the other, with all its places, and takes out those that are not wanted.
    pub fn newest<'a, N: Fn(&Block<'_, C>, &mut Places) + 'a>(&'a self, narrow: N) -> Newest<'a, C, N> {
        Newest { chunks: self.chunks.values(), present: None, left: 0, part: None, narrow }
    }

    /// The same of rows whose text holds `part`, which must not be empty.
    pub fn newest_with<'a, N: Fn(&Block<'_, C>, &mut Places) + 'a>(
        &'a self,
        part: &'a str,
        narrow: N,
    ) -> Newest<'a, C, N> {
        Newest { part: Some(Finder::new(part)), ..self.newest(narrow) }
    }

    /// All facts, block by block, the ids ascending.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = Block<'_, C>> {
        self.chunks.values().map(|chunk| chunk.block())
    }

    /// The rows that `narrow` leaves, and how many they are.
    pub fn sieve(&self, narrow: impl Fn(&Block<'_, C>, &mut Places)) -> Sieve {
        let (mut passed, mut count) = (self.no_members(), 0);
        for chunk in self.chunks.values() {
            let places = chunk.narrowed(&narrow, None);
            count += places.len();
            passed.put_words(chunk.base, chunk.block().low_bits(&places).words());
        }
        Sieve { passed, count }
    }

    /// None of the rows, with room for each.
    pub fn no_members(&self) -> Members {
        let (first, last) = (self.chunks.keys().next(), self.chunks.keys().next_back());
        match (first, last) {
            (Some(first), Some(last)) if (last - first) >> CHUNK_BITS < 4 * self.chunks.len() as u64 + 64 => {
                Members::none_between(*first, last | LOW_BITS)
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

    /// The texts of the rows, in their places.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> + use<'a, C> {
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

    /// Leaves of `places` those whose ids are, or are not, among the members.
    pub fn keep_ids(&self, places: &mut Places, members: &Members, is_member: bool) {
        if self.is_full() {
            let words = std::array::from_fn(|at| members.word(self.base + 64 * at as u64));
            places.keep_words(&words, is_member);
        } else {
            places.keep(self.ids, |low| members.has(self.base | u64::from(*low)) == is_member);
        }
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
    /// The places of the rows whose text holds `part`, if one is given, and that `narrow` leaves.
    fn narrowed(&self, narrow: impl Fn(&Block<'_, C>, &mut Places), part: Option<&Finder<'_>>) -> Places {
        let mut places = Places::default();
        match part {
            Some(part) => self.texts.find(part, &mut places),
            None => places = self.block().places(),
        }
        if !places.is_empty() {
            narrow(&self.block(), &mut places);
        }
        places
    }
}

/// Ids of rows, the highest first; see [`Facets::newest`]. Of those that are skipped only the facts are looked at.
#[derive(Clone, Debug)]
pub struct Newest<'a, C, N> {
    chunks: btree_map::Values<'a, u64, Arc<Chunk<C>>>,
    /// The chunk that was come to, and its places that are left, as many as there are.
    present: Option<(&'a Chunk<C>, Places)>,
    left: usize,
    part: Option<Finder<'a>>,
    narrow: N,
}

impl<C, N: Fn(&Block<'_, C>, &mut Places)> Iterator for Newest<'_, C, N> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        while count >= self.left {
            count -= std::mem::take(&mut self.left);
            self.present = None;
            let chunk = self.chunks.next_back()?;
            let places = chunk.narrowed(&self.narrow, self.part.as_ref());
            self.left = places.len();
            self.present = Some((chunk, places));
        }
        let (chunk, places) = self.present.as_mut()?;
        self.left -= count + 1;
        places.pop(count).map(|at| chunk.base | u64::from(chunk.ids[at]))
    }
}

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
            Self::Several(ids) => places.keep(values, |value| ids.has((*value).into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    columns! {
        /// A fact.
        Facts,
        /// Many of them.
        FactColumns {
            number: u8,
        }
    }

    /// Ids near each other, some in a block without gaps.
    fn steps() -> impl Strategy<Value = Vec<(u64, Option<u8>)>> {
        let some = proptest::collection::vec((0u64..5_000, any::<Option<u8>>()), 0..200);
        (some, any::<bool>()).prop_map(|(mut steps, has_full_block)| {
            if has_full_block {
                steps.splice(0..0, (1_000u64..2_100).map(|id| (id, Some((id * 7 % 256) as u8))));
            }
            steps
        })
    }

    proptest! {
        #[test]
        fn facts_are_found_as_they_were_last_put_down(steps in steps(), skipped in 0usize..90) {
            let (mut facets, mut expected) = (Facets::<FactColumns>::default(), BTreeMap::new());
            for (id, number) in steps {
                match number {
                    Some(number) => {
                        facets.put(id, Facts { number }, &"x".repeat(usize::from(number % 7)));
                        expected.insert(id, number);
                    }
                    None => {
                        facets.remove(id);
                        expected.remove(&id);
                    }
                }
            }
            let newest = |is_wanted: &dyn Fn(u64, u8) -> bool| -> Vec<u64> {
                expected.iter().rev().filter(|(id, number)| is_wanted(**id, **number)).map(|(id, _)| *id).collect()
            };
            let large = facets.newest(|block, places| places.keep(&block.facts.number, |number| *number > 99));
            prop_assert_eq!(large.collect::<Vec<_>>(), newest(&|_, number| number > 99));
            let mut all = facets.newest(|_, _| {});
            prop_assert_eq!(all.nth(skipped), expected.keys().rev().nth(skipped).copied());
            prop_assert!(all.eq(expected.keys().rev().skip(skipped + 1).copied()));
            let searched = facets.newest_with("xxxx", |_, _| {});
            prop_assert_eq!(searched.collect::<Vec<_>>(), newest(&|_, number| number % 7 > 3));
            let thirds = Members::of((0..2_000).map(|id| 3 * id));
            for is_third in [true, false] {
                let sieve = facets.sieve(|block, places| block.keep_ids(places, &thirds, is_third));
                let mut wanted = newest(&|id, _| (id % 3 == 0) == is_third);
                wanted.reverse();
                prop_assert_eq!(sieve.count, wanted.len());
                prop_assert!(expected.keys().all(|id| sieve.passed.has(*id) == ((id % 3 == 0) == is_third)));
                prop_assert!(sieve.passed.iter().eq(wanted));
            }
            let texts = facets.blocks().flat_map(|block| block.texts());
            prop_assert!(texts.eq(expected.values().map(|number| &"xxxxxx"[..usize::from(number % 7)])));
            let told = facets.blocks().flat_map(|block| block.ids().zip(&block.facts.number).collect::<Vec<_>>());
            prop_assert!(told.map(|(id, number)| (id, *number)).eq(expected.iter().map(|(id, number)| (*id, *number))));
        }
    }
}
