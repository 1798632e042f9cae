//! Rows in the order of a number, kept from the first time that somebody asks for it.

use std::cmp::Reverse;

use super::members::Sieve;
use super::ordered::{Iter, Ordered};

/// What rows without a number are sorted by: they come last either way.
const ABSENT: i64 = i64::MAX;

type Entry = (i64, Reverse<u64>);

/// The ids of rows in the order of a number that each has or lacks, the newest first among equals. Pages far down are
/// found without going through those before.
#[derive(Clone, Debug, Default)]
pub struct Order(Ordered<Entry>);

impl Order {
    /// The order of these.
    pub fn of(rows: impl Iterator<Item = (Option<i64>, u64)>) -> Self {
        Self(rows.map(|(number, id)| entry(number, id)).collect())
    }

    /// Puts a row in.
    pub fn put(&mut self, number: Option<i64>, id: u64) {
        self.0.insert(entry(number, id));
    }

    /// Takes out a row that was put in with this number.
    pub fn take(&mut self, number: Option<i64>, id: u64) {
        self.0.remove(&entry(number, id));
    }

    /// Every row and its number, ascending.
    pub fn rows(&self) -> impl Iterator<Item = (Option<i64>, u64)> + '_ {
        self.0.iter().map(|(number, Reverse(id))| ((number != ABSENT).then_some(number), id))
    }

    /// The ids from the lowest number to the highest, or the other way; only those that pass, if it is said which do.
    pub fn walk(&self, is_descending: bool, sieve: Option<Sieve>) -> Walk<'_> {
        let passing = Passing(sieve);
        match is_descending {
            false => Walk::Up(Up { order: &self.0, passing, entries: self.0.iter(), is_fresh: true }),
            true => {
                Walk::Down(Down { order: self, begin: Some(passing), groups: None, group: Iter::default() })
            }
        }
    }

    /// The groups of rows with equal numbers, those without one last, from the group on that has the row before which
    /// so many others come; and how many come before that group. Only those count that pass.
    pub fn groups(&self, is_descending: bool, skipped: usize, sieve: Option<Sieve>) -> (Groups<'_>, usize) {
        Groups::of(&self.0, is_descending, Passing(sieve)).begun_at(skipped)
    }
}

fn entry(number: Option<i64>, id: u64) -> Entry {
    (number.unwrap_or(ABSENT), Reverse(id))
}

type Entries<'a> = Iter<'a, Entry>;

/// Which entries of an order are meant: all, or those that pass.
#[derive(Clone, Debug)]
struct Passing(Option<Sieve>);

impl Passing {
    /// How many of these are meant.
    fn count(&self, entries: &Entries<'_>) -> usize {
        match &self.0 {
            None => entries.left(),
            Some(sieve) => entries.count_of(|(_, Reverse(id))| sieve.passed.has(*id)),
        }
    }

    fn nth(&self, entries: &mut Entries<'_>, skipped: usize) -> Option<Entry> {
        match &self.0 {
            None => entries.nth(skipped),
            Some(sieve) => entries.nth_of(skipped, |(_, Reverse(id))| sieve.passed.has(*id)),
        }
    }

    fn nth_back(&self, entries: &mut Entries<'_>, skipped: usize) -> Option<Entry> {
        match &self.0 {
            None => entries.nth_back(skipped),
            Some(sieve) => entries.nth_back_of(skipped, |(_, Reverse(id))| sieve.passed.has(*id)),
        }
    }

    /// The entry after so many of `all` that are meant, from whichever end it is nearer to.
    fn nth_of(&self, mut entries: Entries<'_>, all: usize, skipped: usize) -> Option<Entry> {
        let behind = all.checked_sub(skipped + 1)?;
        match skipped <= behind {
            true => self.nth(&mut entries, skipped),
            false => self.nth_back(&mut entries, behind),
        }
    }
}

/// Ids in an order; see [`Order::walk`].
#[derive(Clone, Debug)]
pub enum Walk<'a> {
    /// From the lowest number to the highest.
    Up(Up<'a>),
    /// From the highest to the lowest.
    Down(Down<'a>),
}

impl Iterator for Walk<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<u64> {
        let entry = match self {
            Self::Up(up) => up.nth(skipped),
            Self::Down(down) => down.nth(skipped),
        };
        entry.map(|(_, Reverse(id))| id)
    }
}

/// Entries as they lie.
#[derive(Clone, Debug)]
pub struct Up<'a> {
    order: &'a Ordered<Entry>,
    passing: Passing,
    /// What is left.
    entries: Entries<'a>,
    is_fresh: bool,
}

impl Up<'_> {
    fn nth(&mut self, skipped: usize) -> Option<Entry> {
        if !std::mem::take(&mut self.is_fresh) {
            return self.passing.nth(&mut self.entries, skipped);
        }
        let all = self.passing.0.as_ref().map_or(self.order.len(), |sieve| sieve.count);
        let found = self.passing.nth_of(self.entries.clone(), all, skipped);
        self.entries = match found {
            Some(found) => self.order.part(|other| *other <= found, |_| true),
            None => Iter::default(),
        };
        found
    }
}

/// Groups of equal numbers from the highest down, each group in its own order, then what has no number.
#[derive(Clone, Debug)]
pub struct Down<'a> {
    order: &'a Order,
    /// What is meant, until the first is asked for.
    begin: Option<Passing>,
    groups: Option<Groups<'a>>,
    /// What is left of the present group.
    group: Entries<'a>,
}

impl Down<'_> {
    fn nth(&mut self, skipped: usize) -> Option<Entry> {
        let mut skipped = skipped;
        if let Some(Passing(sieve)) = self.begin.take() {
            let (groups, before) = self.order.groups(true, skipped, sieve);
            self.groups = Some(groups);
            skipped -= before;
        }
        let groups = self.groups.as_mut()?;
        loop {
            let mut group = self.group.clone();
            if let Some(found) = groups.passing.nth(&mut group, skipped) {
                self.group = group;
                return Some(found);
            }
            skipped -= groups.passing.count(&std::mem::take(&mut self.group));
            self.group = groups.next_group()?;
        }
    }
}

/// Groups of rows with equal numbers; see [`Order::groups`].
#[derive(Clone, Debug)]
pub struct Groups<'a> {
    order: &'a Ordered<Entry>,
    is_descending: bool,
    passing: Passing,
    /// The entries of groups that were not come to, but for those without a number.
    known: Entries<'a>,
    /// Those without a number, until they are come to.
    absent: Entries<'a>,
}

impl<'a> Groups<'a> {
    fn of(order: &'a Ordered<Entry>, is_descending: bool, passing: Passing) -> Self {
        let known = order.below(|(number, _)| *number < ABSENT);
        let absent = order.part(|(number, _)| *number < ABSENT, |_| true);
        Self { order, is_descending, passing, known, absent }
    }

    fn begun_at(mut self, skipped: usize) -> (Self, usize) {
        let all = match &self.passing.0 {
            None => self.known.left(),
            Some(sieve) => sieve.count - self.passing.count(&self.absent),
        };
        // Counted from the lowest number, be it the first or the last.
        let at = if self.is_descending { all.checked_sub(skipped + 1) } else { Some(skipped) };
        let found = at.and_then(|at| self.passing.nth_of(self.known.clone(), all, at));
        let Some((number, id)) = found else {
            self.known = Iter::default();
            return (self, all);
        };
        let is_before_it = |entry: &Entry| *entry < (number, id);
        let is_before_group = |(other, _): &Entry| *other < number;
        let is_up_to_group = |(other, _): &Entry| *other <= number;
        // Of its group, those come before it in this direction that lie on this side of it.
        let beside = match self.is_descending {
            false => self.order.part(is_before_group, is_before_it),
            true => self.order.part(|entry| *entry <= (number, id), is_up_to_group),
        };
        let before = skipped - self.passing.count(&beside);
        self.known = match self.is_descending {
            false => self.order.part(is_before_group, |(other, _)| *other < ABSENT),
            true => self.order.below(is_up_to_group),
        };
        (self, before)
    }

    /// The entries of the next group, the newest row first; also those that do not pass. Groups of which none passes
    /// are left out.
    fn next_group(&mut self) -> Option<Entries<'a>> {
        let next = match self.is_descending {
            false => self.passing.nth(&mut self.known, 0),
            true => self.passing.nth_back(&mut self.known, 0),
        };
        let Some((number, _)) = next else {
            self.known = Iter::default();
            let absent = std::mem::take(&mut self.absent);
            return (self.passing.count(&absent) > 0).then_some(absent);
        };
        self.known = match self.is_descending {
            false => self.order.part(|(other, _)| *other <= number, |(other, _)| *other < ABSENT),
            true => self.order.below(|(other, _)| *other < number),
        };
        Some(self.order.equal(|(other, _)| other.cmp(&number)))
    }

    /// The next group with a row that passes.
    pub fn advance(&mut self) -> Option<Group<'_>> {
        let entries = self.next_group()?;
        Some(Group { count: self.passing.count(&entries), entries, passing: &self.passing })
    }
}

/// Rows with equal numbers.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// How many of them pass.
    pub count: usize,
    entries: Entries<'a>,
    passing: &'a Passing,
}

impl Group<'_> {
    /// Those that pass, the newest first.
    pub fn ids(&self) -> impl Iterator<Item = u64> + '_ {
        let passes = |id: &u64| self.passing.0.as_ref().is_none_or(|sieve| sieve.passed.has(*id));
        self.entries.clone().map(|(_, Reverse(id))| id).filter(passes)
    }

    /// What all groups are made of: those that pass, if it was said which do.
    pub fn sieve(&self) -> Option<&Sieve> {
        self.passing.0.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::members::Members;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_as_if_they_were_sorted(
            rows in proptest::collection::btree_map(0u64..2_000, proptest::option::of(-9i64..9), 0..1_500),
            taken in proptest::collection::vec(any::<prop::sample::Index>(), 0..30),
            skipped in proptest::collection::vec(0usize..400, 0..8),
            is_descending in any::<bool>(),
        ) {
            let mut rows = rows;
            let mut order = Order::of(rows.iter().take(900).map(|(id, number)| (*number, *id)));
            rows.iter().skip(900).for_each(|(id, number)| order.put(*number, *id));
            for at in taken {
                let Some((id, number)) = rows.iter().nth(at.index(rows.len().max(1))).map(|(id, number)| (*id, *number)) else { continue };
                order.take(number, id);
                rows.remove(&id);
            }
            let mut sorted: Vec<(u64, Option<i64>)> = rows.into_iter().collect();
            let directed = |number: i64| if is_descending { -number } else { number };
            sorted.sort_by_key(|(id, number)| (number.is_none(), number.map(directed), Reverse(*id)));
            for passes in [|_| true, |id: u64| id % 3 == 1, |id: u64| id % 50 == 1] {
                let sorted: Vec<(u64, Option<i64>)> =
                    sorted.iter().copied().filter(|(id, _)| passes(*id)).collect();
                let ids: Vec<u64> = sorted.iter().map(|(id, _)| *id).collect();
                let sieve = || (!passes(0)).then(|| Sieve { passed: Members::of(ids.iter().copied()), count: ids.len() });
                prop_assert_eq!(order.walk(is_descending, sieve()).collect::<Vec<_>>(), ids.clone());
                for count in &skipped {
                    let (mut groups, before) = order.groups(is_descending, *count, sieve());
                    prop_assert!(before <= *count);
                    let mut left = &sorted[before..];
                    prop_assert!(before == 0 || left.is_empty() || left[0].1 != sorted[before - 1].1);
                    while let Some(group) = groups.advance() {
                        let (its, others) = left.split_at(group.count);
                        prop_assert!(its.iter().all(|(_, number)| *number == its[0].1));
                        prop_assert!(others.is_empty() || others[0].1 != its[0].1);
                        prop_assert!(group.ids().eq(its.iter().map(|(id, _)| *id)));
                        left = others;
                    }
                    prop_assert!(left.is_empty());
                    prop_assert_eq!(order.walk(is_descending, sieve()).nth(*count), ids.get(*count).copied());
                }
                let (mut ours, mut theirs) = (order.walk(is_descending, sieve()), ids.iter().copied());
                for count in &skipped {
                    prop_assert_eq!(ours.nth(*count), theirs.nth(*count));
                }
                prop_assert!(ours.eq(theirs));
            }
        }
    }
}
