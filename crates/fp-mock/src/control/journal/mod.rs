//! The journal: every call of the APIs that came in, what was answered, and what was wrong with either.

mod alike;
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

use alike::{Differences, Earlier};
use bodies::Bodies;
pub use entry::Entry;
use packed::Room;

/// Entries an account's journal keeps unless told otherwise.
pub const ENTRIES: usize = 1_000;

/// From so many entries on calls are compared with those before them.
const LONG: usize = 32;

/// The calls of one account, oldest first. When it is full, the oldest entries make room.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Kept>,
    bodies: Bodies,
    earlier: Earlier,
    /// Where the next call is put down.
    room: Room,
    limit: usize,
    written: u64,
    evicted: u64,
}

/// An entry as the journal keeps it.
#[derive(Debug)]
struct Kept {
    entry: Arc<Entry>,
    /// What its call is, if the entry has an empty one.
    differences: Option<Differences>,
}

impl Kept {
    /// The entry as it was written.
    fn whole(&self) -> Arc<Entry> {
        let Some(differences) = &self.differences else { return Arc::clone(&self.entry) };
        let call = self.entry.call.refilled(differences.whole());
        Arc::new(Entry { call, ..Entry::clone(&self.entry) })
    }
}

impl Journal {
    /// An empty one that keeps up to `limit` entries; with 0 it is switched off.
    pub fn new(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            bodies: Bodies::default(),
            earlier: Earlier::default(),
            room: Room::default(),
            limit,
            written: 0,
            evicted: 0,
        }
    }

    /// Writes what `entry` makes of its number, which counts from 1, and of room for its call.
    pub fn write(&mut self, entry: impl FnOnce(u64, Room) -> Entry) {
        self.written += 1;
        if self.limit == 0 {
            return;
        }
        let mut entry = entry(self.written, mem::take(&mut self.room));
        if let Some(body) = entry.call.large_body() {
            self.bodies.share(body);
        }
        let (mut oldest, room) = self.make_room();
        // Of a few calls nothing would be saved by remembering one.
        let is_long = self.entries.len() >= LONG;
        let differences = is_long.then(|| self.earlier.differences(entry.call.bytes(), room)).flatten();
        self.room = match (&differences, oldest.as_mut().and_then(Arc::get_mut)) {
            (Some(_), _) => entry.call.take_room(),
            (None, oldest) => {
                if is_long {
                    self.earlier.remember(entry.call.bytes());
                }
                oldest.map(|oldest| oldest.call.take_room()).unwrap_or_default()
            }
        };
        self.entries.push_back(Kept { entry: in_place_of(oldest, entry), differences });
    }

    /// The oldest entry if there are as many as may be, and the room of its differences.
    fn make_room(&mut self) -> (Option<Arc<Entry>>, Vec<u8>) {
        let is_full = self.entries.len() == self.limit;
        let Some(oldest) = is_full.then(|| self.entries.pop_front()).flatten() else {
            return Default::default();
        };
        self.evicted += 1;
        (Some(oldest.entry), oldest.differences.map(Differences::into_room).unwrap_or_default())
    }

    /// What is kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = Arc<Entry>> {
        self.entries.iter().map(Kept::whole)
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
        self.earlier = Earlier::default();
        self.evicted = 0;
    }

    /// Begins anew: numbers too.
    pub fn reset(&mut self) {
        *self = Self::new(self.limit);
    }
}

/// An entry in the memory of another one, unless somebody is still looking at that.
fn in_place_of(oldest: Option<Arc<Entry>>, entry: Entry) -> Arc<Entry> {
    let Some(mut place) = oldest else { return Arc::new(entry) };
    match Arc::get_mut(&mut place) {
        Some(oldest) => *oldest = entry,
        None => return Arc::new(entry),
    }
    place
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
        let seen = journal.entries().next().expect("an entry");
        journal.write(sample(2, 30));
        journal.write(sample(3, 20));
        assert_eq!((seen.number, seen.call.request().body.len()), (1, 900));
        let kept: Vec<_> =
            journal.entries().map(|entry| (entry.number, entry.call.request().body.len())).collect();
        assert_eq!((kept, journal.evicted()), (vec![(3, 20)], 2));
    }

    #[test]
    fn a_call_like_one_before_it_is_read_as_it_was() {
        let mut journal = Journal::new(2 * LONG);
        let body =
            |number: u64| format!("{{\"event_id\":\"evt_{number:05}\",\"plan\":\"{}\"}}", "x".repeat(400));
        for _ in 0..5 * LONG {
            journal.write(|number, room| {
                let request = Incoming { body: body(number).into_bytes(), ..Incoming::default() };
                Entry { call: Packed::written(room, Some("1"), &request, None), ..Entry::sample(number) }
            });
        }
        assert!(journal.entries.iter().all(|kept| kept.differences.is_some()));
        let is_as_it_was = |entry: &Arc<Entry>| {
            entry.call.request().body == body(entry.number).as_bytes() && entry.account() == Some("1")
        };
        assert_eq!(journal.entries().filter(is_as_it_was).count(), 2 * LONG);
        let last = journal.entries().next_back().map(|entry| entry.number);
        assert_eq!(last, Some(5 * LONG as u64));
    }

    #[test]
    fn a_journal_without_room_is_off() {
        let mut journal = Journal::new(0);
        journal.write(|number, _| Entry::sample(number));
        assert!(journal.is_off());
        assert_eq!((journal.entries().count(), journal.evicted()), (0, 0));
    }
}
