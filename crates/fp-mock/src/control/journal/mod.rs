//! The journal: every call of the APIs that came in, what was answered, and what was wrong with either.

pub mod base64;
mod bodies;
pub mod calls;
pub mod entry;
mod json_path;
pub mod matcher;
pub mod packed;
pub mod pattern;

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use bodies::Bodies;
pub use entry::Entry;
use packed::Room;

/// Entries an account's journal keeps unless told otherwise.
pub const ENTRIES: usize = 1_000;

/// The calls of one account, oldest first. When it is full, the oldest entries make room.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Arc<Entry>>,
    bodies: Bodies,
    limit: usize,
    written: u64,
    evicted: u64,
}

impl Journal {
    /// An empty one that keeps up to `limit` entries; with 0 it is switched off.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), bodies: Bodies::default(), limit, written: 0, evicted: 0 }
    }

    /// Writes what `entry` makes of its number, which counts from 1, in the room of an entry that it replaces.
    pub fn write(&mut self, entry: impl FnOnce(u64, Room) -> Entry) {
        self.written += 1;
        if self.limit == 0 {
            return;
        }
        let mut oldest = match self.entries.len() == self.limit {
            true => self.entries.pop_front(),
            false => None,
        };
        self.evicted += u64::from(oldest.is_some());
        let written = |room| {
            let mut written = entry(self.written, room);
            if let Some(body) = written.call.large_body() {
                self.bodies.share(body);
            }
            written
        };
        let entry = match oldest.as_mut().and_then(Arc::get_mut) {
            Some(oldest) => {
                *oldest = written(mem::take(&mut oldest.call).into_room());
                None
            }
            // It is the first here, or somebody is still looking at the one it replaces.
            None => Some(Arc::new(written(Room::default()))),
        };
        self.entries.extend(entry.or(oldest));
    }

    /// What is kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        self.entries.iter()
    }

    /// How many made room for later ones since the journal was last emptied.
    pub fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Whether it keeps nothing at all.
    pub fn is_off(&self) -> bool {
        self.limit == 0
    }

    /// Forgets the entries; numbers go on, so that no id is used twice.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bodies = Bodies::default();
        self.evicted = 0;
    }

    /// Begins anew: numbers too.
    pub fn reset(&mut self) {
        *self = Self::new(self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::packed::Packed;
    use super::*;
    use crate::api::dispatch::Incoming;

    #[test]
    fn a_full_journal_forgets_the_oldest_and_counts_them() {
        let mut journal = Journal::new(2);
        for _ in 0..5 {
            journal.write(|number, _| Entry::sample(number));
        }
        let numbers: Vec<u64> = journal.entries().map(|entry| entry.number).collect();
        assert_eq!((numbers, journal.evicted()), (vec![4, 5], 3));
        journal.clear();
        assert_eq!((journal.entries().count(), journal.evicted()), (0, 0));
        let next = |journal: &mut Journal| {
            journal.write(|number, _| Entry::sample(number));
            journal.entries().next_back().map(|entry| entry.number)
        };
        assert_eq!(next(&mut journal), Some(6));
        journal.reset();
        assert_eq!(next(&mut journal), Some(1));
    }

    #[test]
    fn an_entry_that_somebody_looks_at_stays_as_it_is() {
        let mut journal = Journal::new(1);
        let sample = |number: u64, length: usize| {
            move |given: u64, room: Room| {
                assert_eq!(given, number);
                let request = Incoming { body: vec![b'x'; length], ..Incoming::default() };
                Entry { call: Packed::written(room, Some("1"), &request, None), ..Entry::sample(number) }
            }
        };
        journal.write(sample(1, 900));
        let seen = journal.entries().next().cloned().expect("an entry");
        journal.write(sample(2, 30));
        journal.write(sample(3, 20));
        assert_eq!((seen.number, seen.call.request().body.len()), (1, 900));
        let kept: Vec<_> =
            journal.entries().map(|entry| (entry.number, entry.call.request().body.len())).collect();
        assert_eq!((kept, journal.evicted()), (vec![(3, 20)], 2));
    }

    #[test]
    fn a_journal_without_room_is_off() {
        let mut journal = Journal::new(0);
        journal.write(|number, _| Entry::sample(number));
        assert!(journal.is_off());
        assert_eq!((journal.entries().count(), journal.evicted()), (0, 0));
    }
}
