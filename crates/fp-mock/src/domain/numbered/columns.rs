//! The entries of a chunk.

use std::cmp::Reverse;

use super::{CHUNK, Entry};

/// Numbers and ids of entries, which ascend, each by themselves.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The number of each entry.
    pub numbers: Vec<i64>,
    /// Its id.
    pub ids: Vec<u32>,
}

impl Columns {
    /// These.
    pub fn of(entries: &[Entry]) -> Self {
        Self {
            numbers: entries.iter().map(|(number, _)| *number).collect(),
            ids: entries.iter().map(|(_, Reverse(id))| *id).collect(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The entry in a place.
    pub fn entry(&self, at: usize) -> Entry {
        (self.numbers[at], Reverse(self.ids[at]))
    }

    /// The place of the first entry for which `is_below` does not hold.
    pub fn point(&self, is_below: impl Fn(Entry) -> bool) -> usize {
        self.point_before(self.len(), is_below)
    }

    /// The same among those before a place, which it may be itself.
    fn point_before(&self, mut end: usize, is_below: impl Fn(Entry) -> bool) -> usize {
        let mut begin = 0;
        while begin < end {
            let middle = usize::midpoint(begin, end);
            match is_below(self.entry(middle)) {
                true => begin = middle + 1,
                false => end = middle,
            }
        }
        begin
    }

    /// Makes room for so many entries, without as much to spare as vectors would take by themselves.
    fn reserve(&mut self, count: usize) {
        if self.len() + count > self.ids.capacity() {
            let more = (self.len() / 4).max(2).min(CHUNK - self.len()).max(count);
            self.numbers.reserve_exact(more);
            self.ids.reserve_exact(more);
        }
    }

    /// Puts those of these in, which ascend, that are not there; what is there is moved once.
    pub fn insert_all(&mut self, entries: &[Entry]) {
        let is_there = |entry: &Entry| {
            let place = self.point(|other| other < *entry);
            place < self.len() && self.entry(place) == *entry
        };
        let mut entries: Vec<Entry> = entries.iter().filter(|entry| !is_there(entry)).copied().collect();
        entries.dedup();
        let mut end = self.len();
        self.reserve(entries.len());
        self.numbers.resize(end + entries.len(), 0);
        self.ids.resize(end + entries.len(), 0);
        for (before, entry) in entries.into_iter().enumerate().rev() {
            let place = self.point_before(end, |other| other < entry);
            self.numbers.copy_within(place..end, place + before + 1);
            self.ids.copy_within(place..end, place + before + 1);
            let (number, Reverse(id)) = entry;
            (self.numbers[place + before], self.ids[place + before]) = (number, id);
            end = place;
        }
    }

    /// Puts an entry in.
    pub fn insert(&mut self, at: usize, (number, Reverse(id)): Entry) {
        self.reserve(1);
        self.numbers.insert(at, number);
        self.ids.insert(at, id);
    }

    /// Takes an entry out.
    pub fn remove(&mut self, at: usize) {
        self.numbers.remove(at);
        self.ids.remove(at);
    }

    /// Leaves those before a place and answers the others.
    pub fn split_off(&mut self, place: usize) -> Self {
        let upper = Self { numbers: self.numbers[place..].to_vec(), ids: self.ids[place..].to_vec() };
        self.numbers.truncate(place);
        self.ids.truncate(place);
        self.numbers.shrink_to(place + place / 4);
        self.ids.shrink_to(place + place / 4);
        upper
    }
}
