//! Small facts of rows side by side, in the order of their ids: what lists are filtered by, without a look at the
//! rows themselves. Going through a million facts takes a few milliseconds; a million rows lie all over the memory.

use std::collections::BTreeMap;

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
}

impl<F> Default for Facets<F> {
    fn default() -> Self {
        Self { chunks: BTreeMap::new() }
    }
}

impl<F: Copy> Facets<F> {
    /// Puts down the facts of a row, in the place of those it had.
    pub fn put(&mut self, id: u64, facts: F) {
        let new = || Chunk { ids: Vec::new(), facts: Vec::new() };
        let chunk = self.chunks.entry(id >> CHUNK_BITS).or_insert_with(new);
        // Nearly always the newest row comes in.
        if chunk.ids.last().is_none_or(|last| *last < id) {
            chunk.ids.push(id);
            chunk.facts.push(facts);
            return;
        }
        match chunk.ids.binary_search(&id) {
            Ok(at) => chunk.facts[at] = facts,
            Err(at) => {
                chunk.ids.insert(at, id);
                chunk.facts.insert(at, facts);
            }
        }
    }

    /// Forgets a row.
    pub fn remove(&mut self, id: u64) {
        let Some(chunk) = self.chunks.get_mut(&(id >> CHUNK_BITS)) else { return };
        if let Ok(at) = chunk.ids.binary_search(&id) {
            chunk.ids.remove(at);
            chunk.facts.remove(at);
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

    /// The ids whose facts are wanted with what `key` says of each, in no order that means anything.
    pub fn keyed<'a, K>(
        &'a self,
        wanted: impl Fn(&F) -> bool + 'a,
        key: impl Fn(&F) -> K + 'a,
    ) -> impl Iterator<Item = (K, u64)> + 'a {
        let all = self.chunks.values().flat_map(|chunk| chunk.ids.iter().zip(&chunk.facts));
        all.filter(move |(_, facts)| wanted(facts)).map(move |(id, facts)| (key(facts), *id))
    }
}

/// Keys in ascending order, sorted only where they are looked at: so that a page of many costs little more than
/// going through them once.
#[derive(Clone, Debug)]
pub struct Sorted<K> {
    keys: Vec<K>,
    at: usize,
    /// Up to here they are sorted, and all that follow are higher.
    sorted: usize,
}

/// How many keys are sorted at a time.
const BATCH: usize = 128;

impl<K: Ord + Copy> Sorted<K> {
    /// Sorts these.
    pub fn of(keys: impl Iterator<Item = K>) -> Self {
        Self { keys: keys.collect(), at: 0, sorted: 0 }
    }

    /// Lets the keys from `at` on be higher than those before.
    fn part(&mut self, at: usize) {
        if at > self.sorted && at < self.keys.len() {
            self.keys[self.sorted..].select_nth_unstable(at - self.sorted);
        }
    }
}

impl<K: Ord + Copy> Iterator for Sorted<K> {
    type Item = K;

    fn next(&mut self) -> Option<K> {
        self.nth(0)
    }

    fn nth(&mut self, count: usize) -> Option<K> {
        let at = self.at.saturating_add(count);
        if at >= self.keys.len() {
            self.at = self.keys.len();
            return None;
        }
        if at >= self.sorted {
            self.part(at);
            self.sorted = at;
            let end = self.keys.len().min(at + BATCH);
            self.part(end);
            self.keys[at..end].sort_unstable();
            self.sorted = end;
        }
        self.at = at + 1;
        Some(self.keys[at])
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
                        facets.put(id, facts);
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
            let mut keyed: Vec<_> = facets.keyed(|_| true, |facts| *facts).collect();
            keyed.sort_unstable_by_key(|(_, id)| *id);
            prop_assert_eq!(keyed, expected.into_iter().map(|(id, facts)| (facts, id)).collect::<Vec<_>>());
        }

        #[test]
        fn sorted_keys_come_as_if_all_were_sorted(
            keys in proptest::collection::vec(0u32..1_000, 0..600),
            skipped in proptest::collection::vec(0usize..200, 0..6),
        ) {
            let mut all = keys.clone();
            all.sort_unstable();
            let (mut sorted, mut all) = (Sorted::of(keys.into_iter()), all.into_iter());
            for count in skipped {
                prop_assert_eq!(sorted.nth(count), all.nth(count));
            }
            prop_assert_eq!(sorted.collect::<Vec<_>>(), all.collect::<Vec<_>>());
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
