//! Small facts of rows side by side, in the order of their ids: what lists are filtered by, without a look at the
//! rows themselves. Going through a million facts takes a few milliseconds; a million rows lie all over the memory.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Ids that share a chunk: those that agree but for so many low bits.
const CHUNK_BITS: u32 = 10;

/// Facts by id.
#[derive(Clone, Debug)]
pub struct Facets<F> {
    chunks: BTreeMap<u64, Chunk<F>>,
}

#[derive(Clone, Debug)]
struct Chunk<F> {
    ids: Vec<u64>,
    facts: Vec<F>,
    texts: Texts,
}

/// What rows are searched for, one text behind the other.
#[derive(Clone, Debug, Default)]
struct Texts {
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    fn span(&self, at: usize) -> std::ops::Range<usize> {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin as usize..self.ends[at] as usize
    }

    fn insert(&mut self, at: usize, text: &str) {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
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
}

impl<F> Default for Facets<F> {
    fn default() -> Self {
        Self { chunks: BTreeMap::new() }
    }
}

impl<F: Copy> Facets<F> {
    /// Puts down the facts of a row, and the text by which it is searched for, in lower case.
    pub fn put(&mut self, id: u64, facts: F, text: &str) {
        let new = || Chunk { ids: Vec::new(), facts: Vec::new(), texts: Texts::default() };
        let chunk = self.chunks.entry(id >> CHUNK_BITS).or_insert_with(new);
        // Nearly always the newest row comes in.
        let is_newest = chunk.ids.last().is_none_or(|last| *last < id);
        let at = if is_newest { Err(chunk.ids.len()) } else { chunk.ids.binary_search(&id) };
        match at {
            Ok(at) => {
                chunk.facts[at] = facts;
                chunk.texts.remove(at);
                chunk.texts.insert(at, text);
            }
            Err(at) => {
                chunk.ids.insert(at, id);
                chunk.facts.insert(at, facts);
                chunk.texts.insert(at, text);
            }
        }
    }

    /// Puts down other facts of a row whose text stays.
    pub fn change(&mut self, id: u64, facts: F) {
        let Some(chunk) = self.chunks.get_mut(&(id >> CHUNK_BITS)) else { return };
        if let Ok(at) = chunk.ids.binary_search(&id) {
            chunk.facts[at] = facts;
        }
    }

    /// Forgets a row.
    pub fn remove(&mut self, id: u64) {
        let Some(chunk) = self.chunks.get_mut(&(id >> CHUNK_BITS)) else { return };
        if let Ok(at) = chunk.ids.binary_search(&id) {
            chunk.ids.remove(at);
            chunk.facts.remove(at);
            chunk.texts.remove(at);
        }
        if chunk.ids.is_empty() {
            self.chunks.remove(&(id >> CHUNK_BITS));
        }
    }

    /// The ids whose facts are wanted, the highest first, found as far as they are asked for.
    pub fn newest<'a>(&'a self, wanted: impl Fn(&F) -> bool + 'a) -> impl Iterator<Item = u64> + 'a {
        let chunks = self.chunks.values().rev();
        let all = chunks.flat_map(|chunk| chunk.ids.iter().zip(&chunk.facts).rev());
        all.filter(move |(_, facts)| wanted(facts)).map(|(id, _)| *id)
    }

    /// The ids whose facts are wanted and whose text holds `part`, the highest first, found as far as they are asked
    /// for.
    pub fn newest_with<'a>(
        &'a self,
        part: &'a str,
        wanted: impl Fn(&F) -> bool + 'a,
    ) -> impl Iterator<Item = u64> + 'a {
        let finder = memchr::memmem::Finder::new(part);
        let has = move |text: &str| finder.find(text.as_bytes()).is_some();
        let in_whole = has.clone();
        let chunks = self.chunks.values().rev().filter(move |chunk| in_whole(&chunk.texts.all));
        let places = chunks.flat_map(|chunk| (0..chunk.ids.len()).rev().map(move |at| (chunk, at)));
        let found = places.filter(move |(chunk, at)| {
            wanted(&chunk.facts[*at]) && has(&chunk.texts.all[chunk.texts.span(*at)])
        });
        found.map(|(chunk, at)| chunk.ids[at])
    }

    /// The ids whose facts are wanted with what `key` says of each, in no order that means anything.
    pub fn keyed<'a, K: 'a>(
        &'a self,
        wanted: impl Fn(&F) -> bool + 'a,
        key: impl Fn(&F) -> K + 'a,
    ) -> impl Iterator<Item = (K, u64)> + 'a {
        let all = self.chunks.values().flat_map(|chunk| chunk.ids.iter().zip(&chunk.facts));
        all.filter(move |(_, facts)| wanted(facts)).map(move |(id, facts)| (key(facts), *id))
    }
}

/// Ids in the order of their keys, the highest first among equals, sorted only where they are looked at: so that a
/// page of many costs little more than going through them once.
#[derive(Clone, Debug)]
pub struct Sorted<S, K> {
    source: S,
    keys: Vec<(K, Reverse<u64>)>,
    at: usize,
    /// Up to here they are sorted, and all that follow are higher.
    sorted: usize,
    /// Whether only the lowest were gathered.
    is_head: bool,
}

/// How many keys are sorted at a time.
const BATCH: usize = 128;
/// As many of the lowest keys are found without gathering all.
const HEAD: usize = 4_096;

impl<K: Ord + Copy, I: Iterator<Item = (K, u64)>, S: Fn() -> I> Sorted<S, K> {
    /// Sorts what `source` tells, each time it is asked.
    pub fn of(source: S) -> Self {
        Self { source, keys: Vec::new(), at: 0, sorted: 0, is_head: true }
    }

    /// Sees to it that the key at `at` is in its place and those after it are near, if there are so many.
    fn reach(&mut self, at: usize) {
        if at < self.sorted {
            return;
        }
        let end = at.saturating_add(BATCH);
        let all = || (self.source)().map(|(key, id)| (key, Reverse(id)));
        if self.is_head && end <= HEAD {
            let mut lowest = BinaryHeap::with_capacity(end + 1);
            for key in all() {
                if lowest.len() < end {
                    lowest.push(key);
                } else if lowest.peek().is_some_and(|highest| key < *highest) {
                    lowest.pop();
                    lowest.push(key);
                }
            }
            self.keys = lowest.into_sorted_vec();
            self.sorted = self.keys.len();
            return;
        }
        if self.is_head {
            (self.keys, self.sorted, self.is_head) = (all().collect(), 0, false);
        }
        if at >= self.keys.len() {
            return;
        }
        self.part(at);
        self.sorted = at;
        let end = self.keys.len().min(end);
        self.part(end);
        self.keys[at..end].sort_unstable();
        self.sorted = end;
    }

    /// Lets the keys from `at` on be higher than those before.
    fn part(&mut self, at: usize) {
        if at > self.sorted && at < self.keys.len() {
            self.keys[self.sorted..].select_nth_unstable(at - self.sorted);
        }
    }
}

impl<K: Ord + Copy, I: Iterator<Item = (K, u64)>, S: Fn() -> I> Iterator for Sorted<S, K> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, count: usize) -> Option<u64> {
        let at = self.at.saturating_add(count);
        self.reach(at);
        self.at = at.saturating_add(1);
        self.keys.get(at).map(|(_, Reverse(id))| *id)
    }
}

/// A number of at most 32 bits that stands for an id; ids beyond share the highest.
pub fn short(id: u64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

/// Some ids, to be asked for one by one.
#[derive(Clone, Debug)]
pub struct Members {
    lowest: u32,
    there: Vec<bool>,
}

impl Members {
    /// These ids.
    pub fn of(ids: impl Iterator<Item = u64>) -> Self {
        let ids: Vec<u32> = ids.map(short).collect();
        let (lowest, highest) = (ids.iter().min().copied(), ids.iter().max().copied());
        let (Some(lowest), Some(highest)) = (lowest, highest) else {
            return Self { lowest: 0, there: Vec::new() };
        };
        let mut there = vec![false; (highest - lowest) as usize + 1];
        ids.iter().for_each(|id| there[(id - lowest) as usize] = true);
        Self { lowest, there }
    }

    /// Whether an id is one of them.
    pub fn has(&self, id: u32) -> bool {
        id.checked_sub(self.lowest).and_then(|at| self.there.get(at as usize)).is_some_and(|there| *there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn facts_are_found_as_they_were_last_put_down(
            steps in proptest::collection::vec((0u64..5_000, any::<Option<u8>>()), 0..200),
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
            prop_assert_eq!(facets.newest(|facts| *facts > 99).collect::<Vec<_>>(), wanted);
            let searched: Vec<u64> =
                expected.iter().rev().filter(|(_, facts)| **facts % 7 > 3).map(|(id, _)| *id).collect();
            prop_assert_eq!(facets.newest_with("xxxx", |_| true).collect::<Vec<_>>(), searched);
            let mut keyed: Vec<_> = facets.keyed(|_| true, |facts| *facts).collect();
            keyed.sort_unstable_by_key(|(_, id)| *id);
            prop_assert_eq!(keyed, expected.into_iter().map(|(id, facts)| (facts, id)).collect::<Vec<_>>());
        }

        #[test]
        fn sorted_ids_come_as_if_all_were_sorted(
            keys in proptest::collection::vec(0u32..1_000, 0..9_000),
            skipped in proptest::collection::vec(0usize..3_000, 0..6),
        ) {
            let keyed: Vec<(u32, u64)> = keys.into_iter().zip(1..).collect();
            let mut all = keyed.clone();
            all.sort_unstable_by_key(|(key, id)| (*key, Reverse(*id)));
            let mut all = all.into_iter().map(|(_, id)| id);
            let mut sorted = Sorted::of(|| keyed.iter().copied());
            for count in skipped {
                prop_assert_eq!(sorted.nth(count), all.nth(count));
                prop_assert_eq!(sorted.next(), all.next());
            }
            prop_assert_eq!(sorted.take(300).collect::<Vec<_>>(), all.take(300).collect::<Vec<_>>());
        }

        #[test]
        fn members_are_those_that_were_named(ids in proptest::collection::btree_set(0u64..100, 0..20)) {
            let members = Members::of(ids.iter().copied());
            for id in 0u64..110 {
                prop_assert_eq!(members.has(short(id)), ids.contains(&id));
            }
        }
    }
}
