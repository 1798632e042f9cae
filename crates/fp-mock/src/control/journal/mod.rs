//! The journal: every call of the APIs that came in, what was answered, and what was wrong with either.

pub mod base64;
pub mod calls;
pub mod entry;
mod json_path;
pub mod matcher;
pub mod packed;
pub mod pattern;

use std::collections::VecDeque;
use std::sync::Arc;

pub use entry::Entry;

/// Entries an account's journal keeps unless told otherwise.
pub const ENTRIES: usize = 1_000;

/// The calls of one account, oldest first. When it is full, the oldest entries make room.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Arc<Entry>>,
    limit: usize,
    written: u64,
    evicted: u64,
}

impl Journal {
    /// An empty one that keeps up to `limit` entries; with 0 it is switched off.
    pub fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit, written: 0, evicted: 0 }
    }

    /// Writes what `entry` makes of its number, which counts from 1.
    pub fn write(&mut self, entry: impl FnOnce(u64) -> Entry) -> Arc<Entry> {
        self.written += 1;
        let entry = Arc::new(entry(self.written));
        if self.limit == 0 {
            return entry;
        }
        if self.entries.len() == self.limit {
            self.entries.pop_front();
            self.evicted += 1;
        }
        self.entries.push_back(Arc::clone(&entry));
        entry
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
        self.evicted = 0;
    }

    /// Begins anew: numbers too.
    pub fn reset(&mut self) {
        *self = Self::new(self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_journal_forgets_the_oldest_and_counts_them() {
        let mut journal = Journal::new(2);
        for _ in 0..5 {
            journal.write(Entry::sample);
        }
        let numbers: Vec<u64> = journal.entries().map(|entry| entry.number).collect();
        assert_eq!((numbers, journal.evicted()), (vec![4, 5], 3));
        journal.clear();
        assert_eq!((journal.entries().count(), journal.evicted()), (0, 0));
        assert_eq!(journal.write(Entry::sample).number, 6);
        journal.reset();
        assert_eq!(journal.write(Entry::sample).number, 1);
    }

    #[test]
    fn a_journal_without_room_is_off() {
        let mut journal = Journal::new(0);
        journal.write(Entry::sample);
        assert!(journal.is_off());
        assert_eq!((journal.entries().count(), journal.evicted()), (0, 0));
    }
}
