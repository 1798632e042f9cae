//! Ids in the order of numbers. Numbers and ids lie apart, each side by side in chunks: whoever counts the rows that pass
//! a test goes through the ids alone. Copies share chunks until one of them changes.

mod among;
mod columns;

use std::cmp::Reverse;
use std::sync::Arc;

pub use among::{Among, Counts};
use columns::Columns;

/// How many entries a chunk may hold.
const CHUNK: usize = if cfg!(test) { 16 } else { 2048 };
/// More entries than so many are put into a chunk at once.
const MANY: usize = if cfg!(test) { 2 } else { 16 };
/// Chunks with no more entries than this are put to their neighbour if it has room for twice as many.
const SMALL: usize = CHUNK / 8;

/// A number and the id of a row that has it. Of equals the newest comes first.
pub type Entry = (i64, Reverse<u32>);

/// Ids in the ascending order of numbers.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    chunks: Vec<Chunk>,
    len: usize,
}

/// Entries that follow each other, never none.
#[derive(Clone, Debug)]
struct Chunk {
    first: Entry,
    columns: Arc<Columns>,
}

/// Where an entry is: its chunk, and the place in it. The end is a chunk behind the last one.
type Position = (usize, usize);

/// Entries that follow each other, from one position up to another.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stretch {
    begin: Position,
    end: Position,
}

impl Chunk {
    fn of(columns: Columns) -> Self {
        Self { first: columns.entry(0), columns: Arc::new(columns) }
    }

    fn last(&self) -> Entry {
        self.columns.entry(self.columns.len() - 1)
    }
}

impl Numbered {
    /// These, which ascend.
    pub fn of_ascending(entries: &[Entry]) -> Self {
        debug_assert!(entries.is_sorted_by(|one, other| one < other), "entries ascend");
        let chunks = entries.chunks(CHUNK).map(|entries| Chunk::of(Columns::of(entries))).collect();
        Self { chunks, len: entries.len() }
    }

    /// How many entries there are.
    pub fn count_all(&self) -> usize {
        self.len
    }

    /// Puts an entry in, if it is not there.
    pub fn insert(&mut self, entry: Entry) {
        let at = self.chunk_of(entry);
        let Some(chunk) = self.chunks.get(at) else { return self.add_chunk(0, entry) };
        let columns = &chunk.columns;
        let place = columns.point(|other| other < entry);
        if place < columns.len() {
            match columns.entry(place) == entry {
                true => {}
                false => self.insert_at(at, place, entry),
            }
            return;
        }
        // Behind this chunk, and before the next one: the newest of equals that begin there.
        match self.chunks.get(at + 1) {
            Some(next) if next.first.0 == entry.0 && next.columns.len() < CHUNK => {
                self.insert_at(at + 1, 0, entry);
            }
            Some(next) if next.first.0 == entry.0 => self.add_chunk(at + 1, entry),
            _ if place == CHUNK => self.add_chunk(at + 1, entry),
            _ => self.insert_at(at, place, entry),
        }
    }

    fn add_chunk(&mut self, at: usize, entry: Entry) {
        self.len += 1;
        self.chunks.insert(at, Chunk::of(Columns::of(&[entry])));
    }

    /// Puts an entry into a chunk, which is split if it is full: before equals of it, if there are any, so that they
    /// stay full chunks as newer ones come in before them.
    fn insert_at(&mut self, at: usize, place: usize, entry: Entry) {
        let chunk = &mut self.chunks[at];
        if chunk.columns.len() < CHUNK {
            self.len += 1;
            let columns = Arc::make_mut(&mut chunk.columns);
            columns.insert(place, entry);
            chunk.first = columns.entry(0);
            return;
        }
        let is_before_equals = chunk.columns.numbers[place] == entry.0;
        if is_before_equals && place == 0 {
            return self.add_chunk(at, entry);
        }
        let split = if is_before_equals { place } else { CHUNK / 2 };
        let upper = Arc::make_mut(&mut chunk.columns).split_off(split);
        self.chunks.insert(at + 1, Chunk::of(upper));
        self.insert(entry);
    }

    /// Puts entries in that ascend, those of a chunk at once.
    pub fn insert_all(&mut self, mut entries: &[Entry]) {
        while let Some(first) = entries.first() {
            let mut at = self.chunk_of(*first);
            let is_behind = self.chunks.get(at).is_some_and(|chunk| chunk.last() < *first);
            let opens_next = |next: &Chunk| next.first.0 == first.0;
            if is_behind && self.chunks.get(at + 1).is_some_and(opens_next) {
                at += 1;
            }
            let next = self.chunks.get(at + 1).map(|chunk| chunk.first);
            let count = entries.partition_point(|entry| next.is_none_or(|next| *entry < next));
            let (here, others) = entries.split_at(count);
            match here.len() > MANY {
                false => here.iter().for_each(|entry| self.insert(*entry)),
                true => self.merge(at, here),
            }
            entries = others;
        }
    }

    /// Puts entries that ascend into a chunk, and parts it if they are too many.
    fn merge(&mut self, at: usize, entries: &[Entry]) {
        if let Some(chunk) =
            self.chunks.get_mut(at).filter(|chunk| chunk.columns.len() + entries.len() <= CHUNK)
        {
            let columns = Arc::make_mut(&mut chunk.columns);
            let before = columns.len();
            columns.insert_all(entries);
            chunk.first = columns.entry(0);
            self.len += columns.len() - before;
            return;
        }
        let there = self.chunks.get(at).map_or_else(Arc::default, |chunk| Arc::clone(&chunk.columns));
        let mut merged: Vec<Entry> =
            (0..there.len()).map(|place| there.entry(place)).chain(entries.iter().copied()).collect();
        merged.sort();
        merged.dedup();
        self.len += merged.len() - there.len();
        let (first, size) = parted(&merged, entries);
        let (first, others) = merged.split_at(first);
        let parts = std::iter::once(first).chain(others.chunks(size));
        let chunks = parts.map(|part| Chunk::of(Columns::of(part)));
        self.chunks.splice(at..(at + 1).min(self.chunks.len()), chunks);
    }

    /// Takes an entry out, if it is there.
    pub fn remove(&mut self, entry: Entry) {
        let at = self.chunk_of(entry);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let place = chunk.columns.point(|other| other < entry);
        if place == chunk.columns.len() || chunk.columns.entry(place) != entry {
            return;
        }
        self.len -= 1;
        if chunk.columns.len() == 1 {
            self.chunks.remove(at);
            return;
        }
        let columns = Arc::make_mut(&mut chunk.columns);
        columns.remove(place);
        chunk.first = columns.entry(0);
        let left = columns.len();
        if at > 0 && left <= SMALL && self.chunks[at - 1].columns.len() <= CHUNK - 2 * SMALL {
            let small = self.chunks.remove(at).columns;
            let columns = Arc::make_mut(&mut self.chunks[at - 1].columns);
            columns.numbers.extend_from_slice(&small.numbers);
            columns.ids.extend_from_slice(&small.ids);
        }
    }

    /// The chunk in which an entry is or belongs.
    fn chunk_of(&self, entry: Entry) -> usize {
        match self.chunks.last() {
            // What is asked for was often put in just now.
            Some(last) if last.first <= entry => self.chunks.len() - 1,
            _ => self.chunks.partition_point(|chunk| chunk.first <= entry).saturating_sub(1),
        }
    }

    /// The position of the first entry for which `is_below` does not hold.
    fn point(&self, is_below: impl Fn(Entry) -> bool) -> Position {
        let at = self.chunks.partition_point(|chunk| is_below(chunk.first)).saturating_sub(1);
        match self.chunks.get(at) {
            Some(chunk) => self.position(at, chunk.columns.point(is_below)),
            None => (0, 0),
        }
    }

    /// A position whose place may be behind the last of its chunk.
    fn position(&self, chunk: usize, place: usize) -> Position {
        if place < self.chunks[chunk].columns.len() { (chunk, place) } else { (chunk + 1, 0) }
    }

    fn entry(&self, (chunk, place): Position) -> Option<Entry> {
        self.chunks.get(chunk).map(|chunk| chunk.columns.entry(place))
    }

    /// All entries.
    pub fn all(&self) -> Stretch {
        Stretch { begin: (0, 0), end: (self.chunks.len(), 0) }
    }

    /// The entries for which `is_within` holds but not `is_below`. Each must hold for the lowest, and for none of the
    /// others, `is_within` for all for which `is_below` does.
    pub fn part(&self, is_below: impl Fn(Entry) -> bool, is_within: impl Fn(Entry) -> bool) -> Stretch {
        Stretch { begin: self.point(is_below), end: self.point(is_within) }
    }

    /// The entries before the first one for which `is_below` does not hold, and the others.
    pub fn split(&self, is_below: impl Fn(Entry) -> bool) -> (Stretch, Stretch) {
        let (point, all) = (self.point(is_below), self.all());
        (Stretch { end: point, ..all }, Stretch { begin: point, ..all })
    }

    /// The first entry of a stretch.
    pub fn first(&self, stretch: Stretch) -> Option<Entry> {
        if stretch.is_empty() { None } else { self.entry(stretch.begin) }
    }

    /// The last entry of a stretch.
    pub fn last(&self, Stretch { begin, end }: Stretch) -> Option<Entry> {
        if begin == end {
            return None;
        }
        match end {
            (chunk, 0) => self.entry((chunk - 1, self.chunks[chunk - 1].columns.len() - 1)),
            (chunk, place) => self.entry((chunk, place - 1)),
        }
    }

    /// The ids of a stretch, chunk by chunk, each with the position of its first.
    fn slices(&self, stretch: Stretch) -> impl DoubleEndedIterator<Item = (Position, &[u32])> {
        let Stretch { begin, end } = stretch;
        let chunks = begin.0..(end.0 + usize::from(end.1 > 0)).max(begin.0);
        chunks.map(move |chunk| {
            let ids = &self.chunks[chunk].columns.ids[..];
            let first = if chunk == begin.0 { begin.1 } else { 0 };
            let last = if chunk == end.0 { end.1 } else { ids.len() };
            ((chunk, first), &ids[first..last])
        })
    }

    /// The ids of a stretch in their order.
    pub fn ids(&self, stretch: Stretch) -> impl Iterator<Item = u32> {
        self.slices(stretch).flat_map(|(_, ids)| ids.iter().copied())
    }

    /// How many entries a stretch has; only those that are members, if it is said which.
    pub fn count(&self, stretch: Stretch, among: Option<Among<'_>>) -> usize {
        self.slices(stretch).map(|((chunk, _), ids)| self.count_in(chunk, ids, among)).sum()
    }

    fn count_in(&self, chunk: usize, ids: &[u32], among: Option<Among<'_>>) -> usize {
        among.map_or(ids.len(), |among| among.count(chunk, ids, self.chunks[chunk].columns.len()))
    }

    /// The entry of a stretch after so many, and what is left behind it; only those that are members count, if it is said
    /// which.
    pub fn nth(
        &self,
        stretch: Stretch,
        mut skipped: usize,
        among: Option<Among<'_>>,
    ) -> Option<(Entry, Stretch)> {
        for ((chunk, first), ids) in self.slices(stretch) {
            let here = self.count_in(chunk, ids, among);
            if here > skipped {
                let place = first + place_of(ids.iter(), skipped, among)?;
                let begin = self.position(chunk, place + 1);
                return Some((self.chunks[chunk].columns.entry(place), Stretch { begin, ..stretch }));
            }
            skipped -= here;
        }
        None
    }

    /// The same from the other end: what is left is before the entry.
    pub fn nth_back(
        &self,
        stretch: Stretch,
        mut skipped: usize,
        among: Option<Among<'_>>,
    ) -> Option<(Entry, Stretch)> {
        for ((chunk, first), ids) in self.slices(stretch).rev() {
            let here = self.count_in(chunk, ids, among);
            if here > skipped {
                let place = first + ids.len() - 1 - place_of(ids.iter().rev(), skipped, among)?;
                let left = Stretch { end: (chunk, place), ..stretch };
                return Some((self.chunks[chunk].columns.entry(place), left));
            }
            skipped -= here;
        }
        None
    }
}

/// How many of these, among which `new` came in, are to be in the first chunk, and how many in each of the others. Where
/// all come in behind those that are there, or before their equals, chunks are to stay full.
fn parted(entries: &[Entry], new: &[Entry]) -> (usize, usize) {
    let parts = entries.len().div_ceil(CHUNK);
    let behind = new.last().map(|last| entries.partition_point(|entry| entry <= last));
    match (new.last(), behind.and_then(|at| entries.get(at))) {
        _ if parts < 2 => (entries.len(), CHUNK),
        (_, None) => (CHUNK, CHUNK),
        (Some(last), Some(next)) if last.0 == next.0 => (entries.len() - (parts - 1) * CHUNK, CHUNK),
        _ => (entries.len().div_ceil(parts), entries.len().div_ceil(parts)),
    }
}

impl Stretch {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.begin == self.end
    }
}

/// The place of the id after so many of those that count.
fn place_of<'a>(
    ids: impl Iterator<Item = &'a u32>,
    skipped: usize,
    among: Option<Among<'_>>,
) -> Option<usize> {
    let is_member = |id: u32| among.is_none_or(|among| among.members.has(id.into()));
    ids.enumerate().filter(|(_, id)| is_member(**id)).nth(skipped).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::members::Members;
    use proptest::prelude::*;

    fn entries(numbered: &Numbered, stretch: Stretch) -> Vec<Entry> {
        let mut left = stretch;
        std::iter::from_fn(|| {
            let (entry, rest) = numbered.nth(left, 0, None)?;
            left = rest;
            Some(entry)
        })
        .collect()
    }

    proptest! {
        #[test]
        fn it_holds_what_a_set_would(
            first in proptest::collection::btree_set((-5i64..5, 0u32..300), 0..120),
            then in proptest::collection::vec((any::<bool>(), -5i64..5, 0u32..300, 1u32..40), 0..12),
            from in (-6i64..6, 0u32..300),
            skipped in 0usize..90,
        ) {
            let entry = |(number, id): (i64, u32)| (number, Reverse(id));
            let mut expected: BTreeSet<Entry> = first.into_iter().map(entry).collect();
            let mut numbered = Numbered::of_ascending(&expected.iter().copied().collect::<Vec<_>>());
            let (before, kept) = (expected.clone(), numbered.clone());
            for (is_in, number, id, count) in then {
                if is_in && count % 2 == 0 {
                    let mut several: Vec<Entry> = (id..id + count).map(|id| entry((number + i64::from(id % 3), id))).collect();
                    several.sort_unstable();
                    numbered.insert_all(&several);
                    expected.extend(several);
                    continue;
                }
                for entry in (id..id + count).map(|id| entry((number, id))) {
                    if is_in { numbered.insert(entry); expected.insert(entry); } else { numbered.remove(entry); expected.remove(&entry); }
                }
            }
            prop_assert_eq!(entries(&kept, kept.all()), before.into_iter().collect::<Vec<_>>());
            let expected: Vec<Entry> = expected.into_iter().collect();
            prop_assert_eq!(numbered.count_all(), expected.len());
            prop_assert_eq!(&entries(&numbered, numbered.all()), &expected);
            let from = entry(from);
            let point = expected.partition_point(|entry| *entry < from);
            let (below, others) = numbered.split(|entry| entry < from);
            prop_assert_eq!(&entries(&numbered, below)[..], &expected[..point]);
            prop_assert_eq!(&entries(&numbered, others)[..], &expected[point..]);
            prop_assert_eq!(numbered.last(below), expected[..point].last().copied());
            prop_assert_eq!(numbered.first(others), expected[point..].first().copied());
            let equal = numbered.part(|(number, _)| number < from.0, |(number, _)| number <= from.0);
            prop_assert!(entries(&numbered, equal).into_iter().eq(expected.iter().copied().filter(|entry| entry.0 == from.0)));
            let (thirds, counts) = (Members::of((0..120).map(|id| 3 * id)), Counts::unknown(&numbered));
            for among in [None, Some(Among { members: &thirds, counts: &counts })] {
                for (stretch, its) in [(below, &expected[..point]), (others, &expected[point..])] {
                    let its: Vec<Entry> = its.iter().copied().filter(|(_, Reverse(id))| among.is_none() || id % 3 == 0).collect();
                    prop_assert_eq!(numbered.count(stretch, among), its.len());
                    let found = numbered.nth(stretch, skipped, among);
                    prop_assert_eq!(found.map(|(entry, _)| entry), its.get(skipped).copied());
                    let left = found.map_or(0, |(_, left)| numbered.count(left, among));
                    prop_assert_eq!(left, its.len().saturating_sub(skipped + 1));
                    let found = numbered.nth_back(stretch, skipped, among);
                    prop_assert_eq!(found.map(|(entry, _)| entry), its.iter().rev().nth(skipped).copied());
                    let left = found.map_or(0, |(_, left)| numbered.count(left, among));
                    prop_assert_eq!(left, its.len().saturating_sub(skipped + 1));
                }
            }
        }
    }
}
