//! Rows side by side in chunks, in ascending order of their ids.
//!
//! Ids are handed out one after the other and rows are rarely deleted: nearly always the place of a row follows from
//! its id, and a new row comes in at the end. Where that is not so, places are searched for. Copies share chunks until
//! one of them changes, so that a kept state costs a pointer for each chunk.

use std::sync::Arc;

use super::ids::Id;

/// How many rows a chunk may hold.
const CHUNK: usize = 128;

/// Rows by id.
#[derive(Clone, Debug)]
pub(super) struct Shelf<K, R> {
    chunks: Vec<Chunk<K, R>>,
    len: usize,
}

/// Rows that follow each other, never none. No id is below `floor`, and none of the chunk before reaches it.
#[derive(Clone, Debug)]
struct Chunk<K, R> {
    floor: K,
    rows: Arc<Vec<(K, Arc<R>)>>,
}

impl<K: Id, R> Chunk<K, R> {
    /// Where a row is if no id before it is missing.
    #[inline]
    fn expected_place(&self, id: K) -> usize {
        id.number().wrapping_sub(self.floor.number()) as usize
    }

    /// Where a row is, or else where it belongs.
    fn place(&self, id: K) -> Result<usize, usize> {
        let expected = self.expected_place(id);
        match self.rows.get(expected) {
            Some((there, _)) if *there == id => Ok(expected),
            _ => self.rows.binary_search_by_key(&id, |(there, _)| *there),
        }
    }
}

impl<K, R> Default for Shelf<K, R> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<K: Id, R> Shelf<K, R> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The row with this id.
    #[inline]
    pub fn get(&self, id: K) -> Option<&Arc<R>> {
        let chunk = self.chunks.get(self.chunk_of(id))?;
        match chunk.rows.get(chunk.expected_place(id)) {
            Some((there, row)) if *there == id => Some(row),
            _ => chunk.place(id).ok().map(|at| &chunk.rows[at].1),
        }
    }

    /// Whether there is a row with this id.
    pub fn contains(&self, id: K) -> bool {
        // Mostly it is asked of the next one.
        let last = self.chunks.last().and_then(|chunk| chunk.rows.last());
        last.is_some_and(|(last, _)| id <= *last) && self.get(id).is_some()
    }

    /// All rows, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<R>> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.rows.iter()).map(|(_, row)| row)
    }

    /// Puts a row where no row is, and answers it.
    pub fn insert(&mut self, id: K, row: Arc<R>) -> &Arc<R> {
        self.len += 1;
        let (at, place) = self.room_for(id);
        match self.chunks.get_mut(at) {
            Some(chunk) => Arc::make_mut(&mut chunk.rows).insert(place, (id, row)),
            None => self.chunks.push(Chunk { floor: id, rows: Arc::new(vec![(id, row)]) }),
        }
        &self.chunks[at].rows[place].1
    }

    /// The chunk that takes a row in and where in it: one with room, or one yet to be made at the end.
    fn room_for(&mut self, id: K) -> (usize, usize) {
        let at = self.chunk_of(id);
        let is_last = at + 1 == self.chunks.len();
        let Some(chunk) = self.chunks.get_mut(at) else { return (0, 0) };
        let (len, is_full) = (chunk.rows.len(), chunk.rows.len() >= CHUNK);
        if is_last && chunk.rows.last().is_some_and(|(last, _)| *last < id) {
            return if is_full { (at + 1, 0) } else { (at, len) };
        }
        chunk.floor = chunk.floor.min(id);
        let (Ok(place) | Err(place)) = chunk.place(id);
        if !is_full {
            return (at, place);
        }
        let rows = Arc::make_mut(&mut chunk.rows).split_off(CHUNK / 2);
        self.chunks.insert(at + 1, Chunk { floor: rows[0].0, rows: Arc::new(rows) });
        if place <= CHUNK / 2 { (at, place) } else { (at + 1, place - CHUNK / 2) }
    }

    /// Puts another version of a row in its place, which `make` makes of the present one, and answers the present one
    /// with what `make` says besides.
    pub fn replace<T>(&mut self, id: K, make: impl FnOnce(&Arc<R>) -> (Arc<R>, T)) -> Option<(Arc<R>, T)> {
        let at = self.chunk_of(id);
        let chunk = self.chunks.get_mut(at)?;
        let place = chunk.place(id).ok()?;
        let (row, said) = make(&chunk.rows[place].1);
        Some((std::mem::replace(&mut Arc::make_mut(&mut chunk.rows)[place].1, row), said))
    }

    /// Takes a row out.
    pub fn remove(&mut self, id: K) -> Option<Arc<R>> {
        let at = self.chunk_of(id);
        let chunk = self.chunks.get_mut(at)?;
        let place = chunk.place(id).ok()?;
        let (_, row) = Arc::make_mut(&mut chunk.rows).remove(place);
        self.len -= 1;
        if chunk.rows.is_empty() {
            self.chunks.remove(at);
        }
        Some(row)
    }

    /// The chunk in which a row is or belongs, if there is any.
    #[inline]
    fn chunk_of(&self, id: K) -> usize {
        match self.chunks.last() {
            Some(last) if id < last.floor => {}
            _ => return self.chunks.len().saturating_sub(1),
        }
        self.chunk_before_last(id)
    }

    fn chunk_before_last(&self, id: K) -> usize {
        // If all chunks before it are full and no id in them is missing.
        let Some(distance) = id.number().checked_sub(self.chunks[0].floor.number()) else { return 0 };
        let expected = distance as usize / CHUNK;
        match self.chunks.get(expected..) {
            Some([here, next, ..]) if here.floor <= id && id < next.floor => expected,
            _ => self.chunks.partition_point(|chunk| chunk.floor <= id).saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::ids::ReferralId;
    use proptest::prelude::*;

    /// Runs of ids that come in or go, so that chunks fill, part and vanish.
    fn runs() -> impl Strategy<Value = Vec<(bool, u64, u64, u64)>> {
        proptest::collection::vec((any::<bool>(), 0u64..2_000, 1u64..400, 1u64..4), 0..12)
    }

    type Both = (Shelf<ReferralId, u64>, BTreeMap<u64, u64>);

    fn follow((shelf, expected): &mut Both, runs: &[(bool, u64, u64, u64)]) {
        for (is_in, begin, count, step) in runs {
            for number in (0..*count).map(|at| begin + at * step) {
                let id = ReferralId::new(number);
                let known = expected.get(&number).copied();
                assert_eq!(shelf.get(id).map(|row| **row), known);
                assert_eq!(shelf.contains(id), known.is_some());
                match (is_in, known) {
                    (true, None) => {
                        shelf.insert(id, Arc::new(number));
                        expected.insert(number, number);
                    }
                    (true, Some(_)) => {
                        let replaced = shelf.replace(id, |row| (Arc::new(**row + 1), **row));
                        assert_eq!(replaced.map(|(row, said)| (*row, said)), known.map(|row| (row, row)));
                        expected.entry(number).and_modify(|row| *row += 1);
                    }
                    (false, _) => {
                        assert_eq!(shelf.remove(id).map(|row| *row), expected.remove(&number));
                    }
                }
            }
        }
    }

    fn is_same((shelf, expected): &Both) -> bool {
        shelf.len() == expected.len()
            && shelf.iter().map(|row| **row).eq(expected.values().copied())
            && shelf.iter().rev().map(|row| **row).eq(expected.values().rev().copied())
    }

    proptest! {
        #[test]
        fn it_holds_what_a_map_would(runs in runs()) {
            let mut both = Both::default();
            follow(&mut both, &runs);
            prop_assert!(is_same(&both));
            for id in 0..3_500 {
                prop_assert_eq!(both.0.get(ReferralId::new(id)).map(|row| **row), both.1.get(&id).copied());
            }
        }

        #[test]
        fn a_copy_stays_as_it_was(before in runs(), after in runs()) {
            let mut both = Both::default();
            follow(&mut both, &before);
            let copy = both.clone();
            follow(&mut both, &after);
            prop_assert!(is_same(&copy));
            prop_assert!(is_same(&both));
        }
    }

    #[test]
    fn ids_far_apart_find_their_rows() {
        let mut shelf = Shelf::default();
        let ids = [u64::MAX - 1, 0, 7, 1 << 40, 2_000_001, 2_000_002, 8];
        for id in ids {
            shelf.insert(ReferralId::new(id), Arc::new(id));
        }
        assert!(ids.iter().all(|id| shelf.get(ReferralId::new(*id)).is_some_and(|row| **row == *id)));
        assert!([1, 9, 2_000_000, 1 << 41].iter().all(|id| shelf.get(ReferralId::new(*id)).is_none()));
    }
}
