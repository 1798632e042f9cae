//! Rows in the order of a number, kept from the first time that somebody asks for it.

use std::cmp::Reverse;

use super::members::{Members, Sieve};
use super::ordered::{Iter, Ordered};
use super::radix;

/// What rows without a number are sorted by: they come last either way.
const ABSENT: i64 = i64::MAX;

type Entry = (i64, Reverse<u64>);

/// The number of a row, and its id.
pub type Known = (i64, u64);

/// The ids of rows in the order of a number that each has or lacks, the newest first among equals. Pages far down are
/// found without going through those before.
#[derive(Clone, Debug, Default)]
pub struct Order {
    entries: Ordered<Entry>,
    /// The highest id that was ever put in.
    highest: u64,
}

impl Order {
    /// The order of these, which come with descending ids.
    pub fn of(rows: impl Iterator<Item = (Option<i64>, u64)>) -> Self {
        let (mut known, mut absent) = (Vec::with_capacity(rows.size_hint().0), Vec::new());
        for (number, id) in rows {
            if number.is_some() { &mut known } else { &mut absent }.push(entry(number, id));
        }
        let highest = known.first().into_iter().chain(absent.first()).map(|(_, Reverse(id))| *id).max();
        let mut entries = radix::sort(known, |(number, _)| *number);
        entries.append(&mut absent);
        Self { entries: Ordered::of_ascending(&entries), highest: highest.unwrap_or(0) }
    }

    /// Puts a row in.
    pub fn put(&mut self, number: Option<i64>, id: u64) {
        self.highest = self.highest.max(id);
        self.entries.insert(entry(number, id));
    }

    /// Takes out a row that was put in with this number.
    pub fn take(&mut self, number: Option<i64>, id: u64) {
        self.entries.remove(&entry(number, id));
    }

    /// Takes out some rows, whatever their numbers: they are looked for, unless all came later than what is in.
    pub fn take_all(&mut self, rows: &Members) {
        if rows.iter().next().is_none_or(|lowest| lowest > self.highest) {
            return;
        }
        let mut entries = self.entries.iter();
        let mut found = Vec::new();
        while let Some(entry) = entries.nth_of(0, |(_, Reverse(id))| rows.has(*id)) {
            found.push(entry);
        }
        found.iter().for_each(|entry| self.entries.remove(entry));
    }

    /// The rows that have a number and lie beside the place of a row, each with its number: the one before it and the
    /// one behind. `is_before` must hold for all before that place, and for no others.
    pub fn beside(&self, is_before: impl Fn(u64) -> bool) -> (Option<Known>, Option<Known>) {
        let is_below = |(number, Reverse(id)): &Entry| *number < ABSENT && is_before(*id);
        let (mut below, mut above) = self.entries.split(is_below);
        let known = |(number, Reverse(id)): Entry| (number < ABSENT).then_some((number, id));
        (below.next_back().and_then(known), above.next().and_then(known))
    }

    /// The ids from the lowest number to the highest, or the other way; only those that pass, if it is said which do.
    pub fn walk(&self, is_descending: bool, sieve: Option<Sieve>) -> Walk<'_> {
        let passing = Passing(sieve);
        match is_descending {
            false => {
                Walk::Up(Up { order: &self.entries, passing, entries: self.entries.iter(), is_fresh: true })
            }
            true => {
                let begin = Some(passing);
                Walk::Down(Box::new(Down { order: self, begin, groups: None, group: Iter::default() }))
            }
        }
    }

    /// The groups of rows with equal numbers, those without one last, from the group on that has the row before which
    /// so many others come; and how many come before that group. Only those count that pass. Large groups are told
    /// `apart`, if that is possible, instead of gone through.
    pub fn groups<'a>(
        &'a self,
        is_descending: bool,
        skipped: usize,
        sieve: Option<Sieve>,
        apart: Apart<'a>,
    ) -> (Groups<'a>, usize) {
        Groups::of(&self.entries, is_descending, Passing(sieve), apart).begun_at(skipped)
    }
}

fn entry(number: Option<i64>, id: u64) -> Entry {
    (number.unwrap_or(ABSENT), Reverse(id))
}

/// Tells those that pass and have this number from the others, if it is known without going through an order.
pub type Apart<'a> = Box<dyn Fn(Option<i64>, Option<&Sieve>) -> Option<Sieve> + 'a>;

/// Groups with more rows than this are told apart.
const LARGE: usize = if cfg!(test) { 8 } else { 4_096 };

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
pub enum Walk<'a> {
    /// From the lowest number to the highest.
    Up(Up<'a>),
    /// From the highest to the lowest.
    Down(Box<Down<'a>>),
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
            let (groups, before) = self.order.groups(true, skipped, sieve, Box::new(|_, _| None));
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
pub struct Groups<'a> {
    order: &'a Ordered<Entry>,
    is_descending: bool,
    passing: Passing,
    apart: Apart<'a>,
    /// A group that was told apart.
    told: Option<(i64, Sieve)>,
    /// The entries of groups that were not come to, but for those without a number.
    known: Entries<'a>,
    /// Those without a number, until they are come to.
    absent: Entries<'a>,
}

impl<'a> Groups<'a> {
    fn of(order: &'a Ordered<Entry>, is_descending: bool, passing: Passing, apart: Apart<'a>) -> Self {
        let known = order.below(|(number, _)| *number < ABSENT);
        let absent = order.part(|(number, _)| *number < ABSENT, |_| true);
        Self { order, is_descending, passing, apart, told: None, known, absent }
    }

    fn begun_at(mut self, skipped: usize) -> (Self, usize) {
        let all = match &self.passing.0 {
            None => self.known.left(),
            Some(sieve) => sieve.count - self.passing.count(&self.absent),
        };
        // Counted from the lowest number, be it the first or the last.
        let at = if self.is_descending { all.checked_sub(skipped + 1) } else { Some(skipped) };
        let found = at.and_then(|at| self.passing.nth_of(self.known.clone(), all, at));
        let Some(found) = found else {
            self.known = Iter::default();
            return (self, all);
        };
        let before = skipped - self.beside(found);
        let (number, _) = found;
        self.known = match self.is_descending {
            false => self.order.part(|(other, _)| *other < number, |(other, _)| *other < ABSENT),
            true => self.order.below(|(other, _)| *other <= number),
        };
        (self, before)
    }

    /// How many rows that pass lie in the group of one, on the side that is come to first where groups are gone through
    /// entry by entry: those of a group are the newest first in either direction.
    fn beside(&mut self, (number, Reverse(id)): Entry) -> usize {
        let is_descending = self.is_descending;
        let group = self.order.equal(|(other, _)| other.cmp(&number));
        if let Some(sieve) = self.told_apart(number, &group) {
            return if is_descending {
                sieve.passed.count_below(id)
            } else {
                sieve.count - sieve.passed.count_below(id + 1)
            };
        }
        let found = (number, Reverse(id));
        let beside = match is_descending {
            false => self.order.part(|(other, _)| *other < number, |entry| *entry < found),
            true => self.order.part(|entry| *entry <= found, |(other, _)| *other <= number),
        };
        self.passing.count(&beside)
    }

    /// Those of a group that pass, if it is large and can be told apart.
    fn told_apart(&mut self, number: i64, group: &Entries<'_>) -> Option<&Sieve> {
        if self.told.as_ref().is_none_or(|(told, _)| *told != number) {
            if group.left() <= LARGE {
                return None;
            }
            let sieve = (self.apart)((number != ABSENT).then_some(number), self.passing.0.as_ref())?;
            self.told = Some((number, sieve));
        }
        self.told.as_ref().map(|(_, sieve)| sieve)
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
        let (number, _) = entries.clone().next()?;
        let told = self.told_apart(number, &entries).map(|sieve| sieve.count);
        let count = told.unwrap_or_else(|| self.passing.count(&entries));
        let sieve = self.told.as_ref().filter(|_| told.is_some()).map(|(_, sieve)| sieve);
        Some(Group { count, entries, sieve, passing: &self.passing })
    }
}

/// Rows with equal numbers.
pub struct Group<'a> {
    /// How many of them pass.
    pub count: usize,
    /// Which, if the group was told apart.
    pub sieve: Option<&'a Sieve>,
    entries: Entries<'a>,
    passing: &'a Passing,
}

impl Group<'_> {
    /// Those that pass, the newest first.
    pub fn ids(&self) -> impl Iterator<Item = u64> + '_ {
        let passes = |id: &u64| self.passing.0.as_ref().is_none_or(|sieve| sieve.passed.has(*id));
        self.entries.clone().map(|(_, Reverse(id))| id).filter(passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_as_if_they_were_sorted(
            rows in proptest::collection::btree_map(0u64..2_000, proptest::option::of(-9i64..9), 0..1_500),
            taken in proptest::collection::vec(any::<prop::sample::Index>(), 0..30),
            lost in proptest::collection::btree_set(0u64..3_000, 0..9),
            skipped in proptest::collection::vec(0usize..400, 0..8),
            is_descending in any::<bool>(),
            is_apart in any::<bool>(),
        ) {
            let mut rows = rows;
            let first: Vec<(Option<i64>, u64)> = rows.iter().take(900).map(|(id, number)| (*number, *id)).collect();
            let mut order = Order::of(first.into_iter().rev());
            rows.iter().skip(900).for_each(|(id, number)| order.put(*number, *id));
            for at in taken {
                let Some((id, number)) = rows.iter().nth(at.index(rows.len().max(1))).map(|(id, number)| (*id, *number)) else { continue };
                order.take(number, id);
                rows.remove(&id);
            }
            let lost = Members::of(lost.iter().copied());
            order.take_all(&lost);
            rows.retain(|id, _| !lost.has(*id));
            let mut sorted: Vec<(u64, Option<i64>)> = rows.into_iter().collect();
            let directed = |number: i64| if is_descending { -number } else { number };
            sorted.sort_by_key(|(id, number)| (number.is_none(), number.map(directed), Reverse(*id)));
            if !is_descending {
                let known: Vec<Known> = sorted.iter().filter_map(|(id, number)| number.map(|number| (number, *id))).collect();
                for place in (0..=known.len()).step_by(97) {
                    let before: Vec<u64> = known[..place].iter().map(|(_, id)| *id).collect();
                    let beside = order.beside(|id| before.contains(&id));
                    let expected = (place.checked_sub(1).map(|last| known[last]), known.get(place).copied());
                    prop_assert_eq!(beside, expected);
                }
            }
            for passes in [|_| true, |id: u64| id % 3 == 1, |id: u64| id % 50 == 1] {
                let sorted: Vec<(u64, Option<i64>)> =
                    sorted.iter().copied().filter(|(id, _)| passes(*id)).collect();
                let ids: Vec<u64> = sorted.iter().map(|(id, _)| *id).collect();
                let sieve = || (!passes(0)).then(|| Sieve { passed: Members::of(ids.iter().copied()), count: ids.len() });
                prop_assert_eq!(order.walk(is_descending, sieve()).collect::<Vec<_>>(), ids.clone());
                for count in &skipped {
                    let apart = |number: Option<i64>, sieve: Option<&Sieve>| {
                        let its = sorted.iter().filter(|(id, other)| *other == number && sieve.is_none_or(|sieve| sieve.passed.has(*id)));
                        is_apart.then(|| Sieve { count: its.clone().count(), passed: Members::of(its.map(|(id, _)| *id)) })
                    };
                    let (mut groups, before) = order.groups(is_descending, *count, sieve(), Box::new(apart));
                    prop_assert!(before <= *count);
                    let mut left = &sorted[before..];
                    prop_assert!(before == 0 || left.is_empty() || left[0].1 != sorted[before - 1].1);
                    while let Some(group) = groups.advance() {
                        let (its, others) = left.split_at(group.count);
                        prop_assert!(its.iter().all(|(_, number)| *number == its[0].1));
                        prop_assert!(others.is_empty() || others[0].1 != its[0].1);
                        prop_assert!(group.sieve.is_none_or(|sieve| sieve.passed.iter().count() == group.count));
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
