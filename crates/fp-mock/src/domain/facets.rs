//! Small facts of rows side by side, in the order of their ids: what lists are filtered by, without a look at the
//! rows themselves. Going through a million facts takes a few milliseconds; a million rows lie all over the memory.

use std::collections::{BTreeMap, btree_map};
use std::sync::Arc;

use memchr::memmem::Finder;

use super::members::Members;

/// Ids that share a chunk: those that agree but for so many low bits.
const CHUNK_BITS: u32 = 10;
const LOW_BITS: u64 = (1 << CHUNK_BITS) - 1;

/// Facts by id. Copies share what did not change since.
#[derive(Clone, Debug)]
pub struct Facets<F> {
    chunks: BTreeMap<u64, Arc<Chunk<F>>>,
}

#[derive(Clone, Debug)]
struct Chunk<F> {
    /// What the ids have in common, shifted into place.
    base: u64,
    /// The low bits of the ids.
    ids: Vec<u16>,
    facts: Vec<F>,
    texts: Texts,
}

impl<F> Chunk<F> {
    fn place(&self, id: u64) -> Result<usize, usize> {
        let low = low_bits(id);
        // Nearly always the newest row comes in.
        if self.ids.last().is_none_or(|last| *last < low) {
            return Err(self.ids.len());
        }
        self.ids.binary_search(&low)
    }

    fn id(&self, low: u16) -> u64 {
        self.base | u64::from(low)
    }
}

fn low_bits(id: u64) -> u16 {
    (id & LOW_BITS) as u16
}

/// What rows are searched for, one text behind the other.
#[derive(Clone, Debug, Default)]
struct Texts {
    all: String,
    ends: Vec<u32>,
}

/// So many texts' worth of room is taken at a time.
const TEXTS_AHEAD: usize = 64;

impl Texts {
    fn span(&self, at: usize) -> std::ops::Range<usize> {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin as usize..self.ends[at] as usize
    }

    fn insert(&mut self, at: usize, text: &str) {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        if self.all.len() + text.len() > self.all.capacity() {
            let texts = self.ends.len().clamp(1, TEXTS_AHEAD);
            self.all.reserve_exact(text.len() * texts);
        }
        self.all.insert_str(begin, text);
        let length = text.len() as u32;
        self.ends.insert(at, begin as u32 + length);
        self.ends[at + 1..].iter_mut().for_each(|end| *end += length);
    }

    fn remove(&mut self, at: usize) {
        let span = self.span(at);
        self.ends.remove(at);
        self.ends[at..].iter_mut().for_each(|end| *end -= span.len() as u32);
        self.all.replace_range(span, "");
    }

    /// The places of the texts that hold `part`.
    fn find(&self, part: &Finder<'_>, places: &mut Places) {
        let (all, length) = (self.all.as_bytes(), part.needle().len());
        let (mut from, mut at) = (0, 0);
        while let Some(found) = part.find(&all[from..]) {
            let begin = from + found;
            while self.ends[at] as usize <= begin {
                at += 1;
            }
            let end = self.ends[at] as usize;
            // It may lie in two texts that follow each other.
            let is_in_one = begin + length <= end;
            if is_in_one {
                places.push(at as u16);
            }
            from = if is_in_one { end } else { begin + 1 };
        }
    }
}

impl<F> Default for Facets<F> {
    fn default() -> Self {
        Self { chunks: BTreeMap::new() }
    }
}

impl<F: Copy> Facets<F> {
    /// Puts down the facts of a row, and the text by which it is searched for, in lower case.
    pub fn put(&mut self, id: u64, facts: F, text: &str) {
        let base = id & !LOW_BITS;
        let new = || Arc::new(Chunk { base, ids: Vec::new(), facts: Vec::new(), texts: Texts::default() });
        let chunk = Arc::make_mut(self.chunks.entry(base).or_insert_with(new));
        match chunk.place(id) {
            Ok(at) => {
                chunk.facts[at] = facts;
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
    fn find(&mut self, id: u64) -> Option<(&mut Chunk<F>, usize)> {
        let chunk = self.chunks.get_mut(&(id & !LOW_BITS))?;
        let at = chunk.place(id).ok()?;
        Some((Arc::make_mut(chunk), at))
    }

    /// Puts down other facts of a row whose text stays.
    pub fn change(&mut self, id: u64, facts: F) {
        if let Some((chunk, at)) = self.find(id) {
            chunk.facts[at] = facts;
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

    /// The facts of a row.
    pub fn of(&self, id: u64) -> Option<&F> {
        let chunk = self.chunks.get(&(id & !LOW_BITS))?;
        chunk.place(id).ok().map(|at| &chunk.facts[at])
    }

    /// The ids of the rows that `narrow` leaves, the highest first, found as far as they are asked for. It is given one
    /// block after the other, with all its places, and takes out those that are not wanted.
    pub fn newest<'a, N: Fn(&Block<'_, F>, &mut Places) + 'a>(&'a self, narrow: N) -> Newest<'a, F, N> {
        Newest { chunks: self.chunks.values(), present: None, places: Places::new(), part: None, narrow }
    }

    /// The same of rows whose text holds `part`, which must not be empty.
    pub fn newest_with<'a, N: Fn(&Block<'_, F>, &mut Places) + 'a>(
        &'a self,
        part: &'a str,
        narrow: N,
    ) -> Newest<'a, F, N> {
        Newest { part: Some(Finder::new(part)), ..self.newest(narrow) }
    }

    /// Tells `each` the ids and facts of the rows that `narrow` leaves, in no order that means anything.
    pub fn tell(&self, narrow: impl Fn(&Block<'_, F>, &mut Places), mut each: impl FnMut(u64, &F)) {
        let mut places = Places::new();
        for chunk in self.chunks.values() {
            chunk.narrowed(&narrow, &mut places, None);
            places
                .iter()
                .for_each(|at| each(chunk.id(chunk.ids[usize::from(*at)]), &chunk.facts[usize::from(*at)]));
        }
    }

    /// The rows that `narrow` leaves, and how many they are.
    pub fn members(&self, narrow: impl Fn(&Block<'_, F>, &mut Places)) -> (Members, usize) {
        let (mut members, mut count, mut places) = (self.no_members(), 0, Places::new());
        for chunk in self.chunks.values() {
            chunk.narrowed(&narrow, &mut places, None);
            count += places.len();
            let mut words = [0; 1 << (CHUNK_BITS - 6)];
            for at in &places {
                let low = chunk.ids[usize::from(*at)];
                words[usize::from(low / 64)] |= 1 << (low % 64);
            }
            members.put_words(chunk.base, &words);
        }
        (members, count)
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

/// Places of rows in a block, ascending.
pub type Places = Vec<u16>;

/// The facts of rows whose ids lie near each other.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a, F> {
    base: u64,
    ids: &'a [u16],
    facts: &'a [F],
}

impl<F> Block<'_, F> {
    /// Leaves of `places` those of which `is_wanted` says so by their facts.
    pub fn keep(&self, places: &mut Places, is_wanted: impl Fn(&F) -> bool) {
        places.retain(|at| is_wanted(&self.facts[usize::from(*at)]));
    }

    /// The same by their ids.
    pub fn keep_ids(&self, places: &mut Places, is_wanted: impl Fn(u64) -> bool) {
        places.retain(|at| is_wanted(self.base | u64::from(self.ids[usize::from(*at)])));
    }
}

impl<F> Chunk<F> {
    /// The places of the rows whose text holds `part`, if one is given, and that `narrow` leaves.
    fn narrowed(
        &self,
        narrow: impl Fn(&Block<'_, F>, &mut Places),
        places: &mut Places,
        part: Option<&Finder<'_>>,
    ) {
        places.clear();
        match part {
            Some(part) => self.texts.find(part, places),
            None => places.extend(0..self.ids.len() as u16),
        }
        if !places.is_empty() {
            narrow(&Block { base: self.base, ids: &self.ids, facts: &self.facts }, places);
        }
    }
}

/// Ids of rows, the highest first; see [`Facets::newest`]. Of those that are skipped only the facts are looked at.
#[derive(Clone, Debug)]
pub struct Newest<'a, F, N> {
    chunks: btree_map::Values<'a, u64, Arc<Chunk<F>>>,
    present: Option<&'a Chunk<F>>,
    places: Places,
    part: Option<Finder<'a>>,
    narrow: N,
}

impl<F, N: Fn(&Block<'_, F>, &mut Places)> Iterator for Newest<'_, F, N> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        while count >= self.places.len() {
            count -= self.places.len();
            let Some(chunk) = self.chunks.next_back() else {
                self.places.clear();
                return None;
            };
            chunk.narrowed(&self.narrow, &mut self.places, self.part.as_ref());
            self.present = Some(chunk);
        }
        self.places.truncate(self.places.len() - count);
        let (chunk, at) = (self.present?, self.places.pop()?);
        Some(chunk.id(chunk.ids[usize::from(at)]))
    }
}

/// A number of at most 32 bits that stands for an id; ids beyond share the highest.
pub fn short(id: u64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn facts_are_found_as_they_were_last_put_down(
            steps in proptest::collection::vec((0u64..5_000, any::<Option<u8>>()), 0..200),
            skipped in 0usize..90,
        ) {
            let (mut facets, mut expected) = (Facets::default(), BTreeMap::new());
            for (id, facts) in steps {
                match facts {
                    Some(facts) => {
                        facets.put(id, facts, &"x".repeat(usize::from(facts % 7)));
                        expected.insert(id, facts);
                    }
                    None => {
                        facets.remove(id);
                        expected.remove(&id);
                    }
                }
            }
            let wanted: Vec<u64> =
                expected.iter().rev().filter(|(_, facts)| **facts > 99).map(|(id, _)| *id).collect();
            prop_assert_eq!(facets.newest(|block, places| block.keep(places, |facts| *facts > 99)).collect::<Vec<_>>(), wanted);
            let mut newest = facets.newest(|_, _| {});
            prop_assert_eq!(newest.nth(skipped), expected.keys().rev().nth(skipped).copied());
            prop_assert!(newest.eq(expected.keys().rev().skip(skipped + 1).copied()));
            let searched: Vec<u64> =
                expected.iter().rev().filter(|(_, facts)| **facts % 7 > 3).map(|(id, _)| *id).collect();
            prop_assert_eq!(facets.newest_with("xxxx", |_, _| {}).collect::<Vec<_>>(), searched);
            let (mut told, mut members) = (Vec::new(), facets.no_members());
            facets.tell(|block, places| block.keep_ids(places, |id| id % 3 > 0), |id, facts| {
                told.push((id, *facts));
                members.put(id, true);
            });
            told.sort_unstable();
            prop_assert!(expected.keys().all(|id| members.has(*id) == (id % 3 > 0)));
            let (same, count) = facets.members(|block, places| block.keep_ids(places, |id| id % 3 > 0));
            prop_assert!(same.iter().eq(members.iter()));
            prop_assert_eq!(count, told.len());
            expected.retain(|id, _| id % 3 > 0);
            prop_assert_eq!(told, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
