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
        self.point_from(0, is_below)
    }

    /// The same among those from a place on.
    fn point_from(&self, mut begin: usize, is_below: impl Fn(Entry) -> bool) -> usize {
        let mut end = self.len();
        while begin < end {
            let middle = usize::midpoint(begin, end);
            match is_below(self.entry(middle)) {
                true => begin = middle + 1,
                false => end = middle,
            }
        }
        begin
    }

    /// The places before which entries belong that ascend, for those that are not there.
    fn places(&self, entries: &[Entry]) -> Vec<(usize, Entry)> {
        let mut places = Vec::with_capacity(entries.len());
        let mut place = 0;
        for entry in entries {
            // Mostly they belong where the one before does.
            if place < self.len() && self.entry(place) < *entry {
                place = self.point_from(place + 1, |other| other < *entry);
            }
            if place == self.len() || self.entry(place) != *entry {
                places.push((place, *entry));
            }
        }
        places.dedup();
        places
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
        let places = self.places(entries);
        let mut end = self.len();
        self.reserve(places.len());
        self.numbers.resize(end + places.len(), 0);
        self.ids.resize(end + places.len(), 0);
        for (before, (place, (number, Reverse(id)))) in places.into_iter().enumerate().rev() {
            if place < end {
                self.numbers.copy_within(place..end, place + before + 1);
                self.ids.copy_within(place..end, place + before + 1);
                end = place;
            }
            (self.numbers[place + before], self.ids[place + before]) = (number, id);
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
