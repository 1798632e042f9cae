//! Rows in the order of a number.

use std::cmp::Reverse;

use super::members::{Members, Sieve};
use super::numbered::{Among, Counts, Entry, Numbered, Stretch};
use super::radix;

/// What rows without a number are sorted by: they come last either way.
const ABSENT: i64 = i64::MAX;

/// The number of a row, and its id.
pub type Known = (i64, u32);

/// The ids of rows in the order of a number that each has or lacks, the newest first among equals. Pages far down are
/// found without going through those before.
#[derive(Clone, Debug, Default)]
pub struct Order {
    entries: Numbered,
    /// What was put in since those found their places: several do so at less cost than one after the other.
    late: Vec<Entry>,
    /// The highest id that was ever put in.
    highest: u32,
}

/// So many entries may wait for their places.
const LATE_MAX: usize = if cfg!(test) { 5 } else { 256 };

impl Order {
    /// The order of these, which come with descending ids.
    pub fn of(rows: impl Iterator<Item = (Option<i64>, u32)>) -> Self {
        let (mut known, mut absent) = (Vec::with_capacity(rows.size_hint().0), Vec::new());
        for (number, id) in rows {
            if number.is_some() { &mut known } else { &mut absent }.push(entry(number, id));
        }
        let highest = known.first().into_iter().chain(absent.first()).map(|(_, Reverse(id))| *id).max();
        let mut entries = radix::sort(known, |(number, _)| *number);
        entries.append(&mut absent);
        Self { entries: Numbered::of_ascending(&entries), late: Vec::new(), highest: highest.unwrap_or(0) }
    }

    /// Puts a row in. It is found when the order was [settled](Order::settle).
    pub fn put(&mut self, number: Option<i64>, id: u32) {
        self.highest = self.highest.max(id);
        self.late.push(entry(number, id));
        if self.late.len() > LATE_MAX {
            self.settle();
        }
    }

    /// Lets all find their places that were put in.
    pub fn settle(&mut self) {
        self.late.sort_unstable();
        self.entries.insert_all(&self.late);
        self.late.clear();
    }

    /// Whether all have their places that were put in.
    pub fn is_settled(&self) -> bool {
        self.late.is_empty()
    }

    /// Takes out a row that was put in with this number.
    pub fn take(&mut self, number: Option<i64>, id: u32) {
        let entry = entry(number, id);
        match self.late.iter().position(|other| *other == entry) {
            Some(at) => drop(self.late.swap_remove(at)),
            None => self.entries.remove(entry),
        }
    }

    /// Takes out some rows, whatever their numbers: they are looked for, unless all came later than what is in.
    pub fn take_all(&mut self, rows: &Members) {
        if rows.iter().next().is_none_or(|lowest| lowest > self.highest.into()) {
            return;
        }
        self.settle();
        let (mut left, mut found) = (self.entries.all(), Vec::new());
        let counts = Counts::unknown(&self.entries);
        let among = Among { members: rows, counts: &counts };
        while let Some((entry, behind)) = self.entries.nth(left, 0, Some(among)) {
            found.push(entry);
            left = behind;
        }
        found.into_iter().for_each(|entry| self.entries.remove(entry));
    }

    /// Of a settled order the rows that have a number and lie beside the place of a row, each with its number: the one before it and the
    /// one behind. `is_before` must hold for all before that place, and for no others.
    pub fn beside(&self, is_before: impl Fn(u32) -> bool) -> (Option<Known>, Option<Known>) {
        let is_below = |(number, Reverse(id)): Entry| number < ABSENT && is_before(id);
        let (below, above) = self.entries.split(is_below);
        let known = |(number, Reverse(id)): Entry| (number < ABSENT).then_some((number, id));
        (self.entries.last(below).and_then(known), self.entries.first(above).and_then(known))
    }

    /// The ids from the lowest number to the highest, or the other way; only those that pass, if it is said which do.
    pub fn walk(&self, is_descending: bool, sieve: Option<Sieve>) -> Walk<'_> {
        match is_descending {
            false => Walk::Up(Up {
                passing: Passing::of(&self.entries, sieve),
                left: self.entries.all(),
                is_fresh: true,
            }),
            true => Walk::Down(Box::new(Down {
                order: self,
                begin: Some(sieve),
                groups: None,
                group: Stretch::default(),
            })),
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
        let passing = Passing::of(&self.entries, sieve);
        Groups::of(passing, is_descending, apart).begun_at(skipped)
    }
}

fn entry(number: Option<i64>, id: u32) -> Entry {
    (number.unwrap_or(ABSENT), Reverse(id))
}

/// Tells those that pass and have this number from the others, if it is known without going through an order.
pub type Apart<'a> = Box<dyn Fn(Option<i64>, Option<&Sieve>) -> Option<Sieve> + 'a>;

/// Groups with more rows than this are told apart.
const LARGE: usize = if cfg!(test) { 8 } else { 4_096 };

/// Which entries of an order are meant: all, or those that pass.
#[derive(Clone, Debug)]
struct Passing<'a> {
    entries: &'a Numbered,
    sieve: Option<Sieve>,
    counts: Counts,
}

impl<'a> Passing<'a> {
    fn of(entries: &'a Numbered, sieve: Option<Sieve>) -> Self {
        Self { entries, sieve, counts: Counts::unknown(entries) }
    }

    fn among(&self) -> Option<Among<'_>> {
        self.sieve.as_ref().map(|sieve| Among { members: &sieve.passed, counts: &self.counts })
    }

    /// How many of these are meant.
    fn count(&self, stretch: Stretch) -> usize {
        self.entries.count(stretch, self.among())
    }

    /// How many are meant of all.
    fn count_all(&self) -> usize {
        self.sieve.as_ref().map_or(self.entries.count_all(), |sieve| sieve.count)
    }

    fn nth(&self, stretch: Stretch, skipped: usize) -> Option<(Entry, Stretch)> {
        self.entries.nth(stretch, skipped, self.among())
    }

    fn nth_back(&self, stretch: Stretch, skipped: usize) -> Option<(Entry, Stretch)> {
        self.entries.nth_back(stretch, skipped, self.among())
    }

    /// The entry after so many of `all` that are meant, from whichever end it is nearer to.
    fn nth_of(&self, stretch: Stretch, all: usize, skipped: usize) -> Option<Entry> {
        let behind = all.checked_sub(skipped + 1)?;
        let found = match skipped <= behind {
            true => self.nth(stretch, skipped),
            false => self.nth_back(stretch, behind),
        };
        found.map(|(entry, _)| entry)
    }

    /// What comes behind an entry.
    fn behind(&self, entry: Entry) -> Stretch {
        self.entries.split(|other| other <= entry).1
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
        entry.map(|(_, Reverse(id))| id.into())
    }
}

/// Entries as they lie.
pub struct Up<'a> {
    passing: Passing<'a>,
    left: Stretch,
    is_fresh: bool,
}

impl Up<'_> {
    fn nth(&mut self, skipped: usize) -> Option<Entry> {
        let found = if std::mem::take(&mut self.is_fresh) {
            let found = self.passing.nth_of(self.left, self.passing.count_all(), skipped);
            found.map(|entry| (entry, self.passing.behind(entry)))
        } else {
            self.passing.nth(self.left, skipped)
        };
        self.left = found.map_or(Stretch::default(), |(_, left)| left);
        found.map(|(entry, _)| entry)
    }
}

/// Groups of equal numbers from the highest down, each group in its own order, then what has no number.
pub struct Down<'a> {
    order: &'a Order,
    /// What is meant, until the first is asked for.
    begin: Option<Option<Sieve>>,
    groups: Option<Groups<'a>>,
    /// What is left of the present group.
    group: Stretch,
}

impl Down<'_> {
    fn nth(&mut self, skipped: usize) -> Option<Entry> {
        let mut skipped = skipped;
        if let Some(sieve) = self.begin.take() {
            let (groups, before) = self.order.groups(true, skipped, sieve, Box::new(|_, _| None));
            self.groups = Some(groups);
            skipped -= before;
        }
        let groups = self.groups.as_mut()?;
        loop {
            if let Some((found, left)) = groups.passing.nth(self.group, skipped) {
                self.group = left;
                return Some(found);
            }
            skipped -= groups.passing.count(std::mem::take(&mut self.group));
            self.group = groups.next_group()?;
        }
    }
}

/// Groups of rows with equal numbers; see [`Order::groups`].
pub struct Groups<'a> {
    is_descending: bool,
    passing: Passing<'a>,
    apart: Apart<'a>,
    /// A group that was told apart.
    told: Option<(i64, Sieve)>,
    /// The entries of groups that were not come to, but for those without a number.
    known: Stretch,
    /// Those without a number, until they are come to.
    absent: Stretch,
}

impl<'a> Groups<'a> {
    fn of(passing: Passing<'a>, is_descending: bool, apart: Apart<'a>) -> Self {
        let (known, absent) = passing.entries.split(|(number, _)| number < ABSENT);
        Self { is_descending, passing, apart, told: None, known, absent }
    }

    fn begun_at(mut self, skipped: usize) -> (Self, usize) {
        let all = match &self.passing.sieve {
            None => self.passing.count(self.known),
            Some(sieve) => sieve.count - self.passing.count(self.absent),
        };
        // Counted from the lowest number, be it the first or the last.
        let at = if self.is_descending { all.checked_sub(skipped + 1) } else { Some(skipped) };
        let found = at.and_then(|at| self.passing.nth_of(self.known, all, at));
        let Some(found) = found else {
            self.known = Stretch::default();
            return (self, all);
        };
        let before = skipped - self.beside(found);
        let (number, _) = found;
        self.known = match self.is_descending {
            false => self.passing.entries.part(|(other, _)| other < number, |(other, _)| other < ABSENT),
            true => self.passing.entries.split(|(other, _)| other <= number).0,
        };
        (self, before)
    }

    /// The group of a number.
    fn group(&self, number: i64) -> Stretch {
        self.passing.entries.part(|(other, _)| other < number, |(other, _)| other <= number)
    }

    /// How many rows that pass lie in the group of one, on the side that is come to first where groups are gone through
    /// entry by entry: those of a group are the newest first in either direction.
    fn beside(&mut self, found: Entry) -> usize {
        let is_descending = self.is_descending;
        let (number, Reverse(id)) = found;
        let group = self.group(number);
        if let Some(sieve) = self.told_apart(number, group) {
            return if is_descending {
                sieve.passed.count_below(id.into())
            } else {
                sieve.count - sieve.passed.count_below(u64::from(id) + 1)
            };
        }
        let entries = self.passing.entries;
        let beside = match is_descending {
            false => entries.part(|(other, _)| other < number, |entry| entry < found),
            true => entries.part(|entry| entry <= found, |(other, _)| other <= number),
        };
        self.passing.count(beside)
    }

    /// Those of a group that pass, if it is large and can be told apart.
    fn told_apart(&mut self, number: i64, group: Stretch) -> Option<&Sieve> {
        if self.told.as_ref().is_none_or(|(told, _)| *told != number) {
            if self.passing.entries.count(group, None) <= LARGE {
                return None;
            }
            let sieve = (self.apart)((number != ABSENT).then_some(number), self.passing.sieve.as_ref())?;
            self.told = Some((number, sieve));
        }
        self.told.as_ref().map(|(_, sieve)| sieve)
    }

    /// The entries of the next group, the newest row first; also those that do not pass. Groups of which none passes
    /// are left out.
    fn next_group(&mut self) -> Option<Stretch> {
        let next = match self.is_descending {
            false => self.passing.nth(self.known, 0),
            true => self.passing.nth_back(self.known, 0),
        };
        let Some(((number, _), _)) = next else {
            self.known = Stretch::default();
            let absent = std::mem::take(&mut self.absent);
            return (self.passing.count(absent) > 0).then_some(absent);
        };
        self.known = match self.is_descending {
            false => self.passing.entries.part(|(other, _)| other <= number, |(other, _)| other < ABSENT),
            true => self.passing.entries.split(|(other, _)| other < number).0,
        };
        Some(self.group(number))
    }

    /// The next group with a row that passes.
    pub fn advance(&mut self) -> Option<Group<'_>> {
        let stretch = self.next_group()?;
        let (number, _) = self.passing.entries.first(stretch)?;
        let told = self.told_apart(number, stretch).map(|sieve| sieve.count);
        let count = told.unwrap_or_else(|| self.passing.count(stretch));
        let sieve = self.told.as_ref().filter(|_| told.is_some()).map(|(_, sieve)| sieve);
        Some(Group { count, stretch, sieve, passing: &self.passing })
    }
}

/// Rows with equal numbers.
pub struct Group<'a> {
    /// How many of them pass.
    pub count: usize,
    /// Which, if the group was told apart.
    pub sieve: Option<&'a Sieve>,
    stretch: Stretch,
    passing: &'a Passing<'a>,
}

impl Group<'_> {
    /// Those that pass, the newest first.
    pub fn ids(&self) -> impl Iterator<Item = u64> + '_ {
        let passes = |id: &u64| self.passing.among().is_none_or(|among| among.members.has(*id));
        self.passing.entries.ids(self.stretch).map(u64::from).filter(passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_come_as_if_they_were_sorted(
            rows in proptest::collection::btree_map(0u32..2_000, proptest::option::of(-9i64..9), 0..1_500),
            taken in proptest::collection::vec(any::<prop::sample::Index>(), 0..30),
            lost in proptest::collection::btree_set(0u64..3_000, 0..9),
            skipped in proptest::collection::vec(0usize..400, 0..8),
            is_descending in any::<bool>(),
            is_apart in any::<bool>(),
        ) {
            let mut rows = rows;
            let first: Vec<(Option<i64>, u32)> = rows.iter().take(900).map(|(id, number)| (*number, *id)).collect();
            let mut order = Order::of(first.into_iter().rev());
            rows.iter().skip(900).for_each(|(id, number)| order.put(*number, *id));
            for at in taken {
                let Some((id, number)) = rows.iter().nth(at.index(rows.len().max(1))).map(|(id, number)| (*id, *number)) else { continue };
                order.take(number, id);
                rows.remove(&id);
            }
            let lost = Members::of(lost.iter().copied());
            order.take_all(&lost);
            order.settle();
            prop_assert!(order.is_settled());
            rows.retain(|id, _| !lost.has((*id).into()));
            let mut sorted: Vec<(u32, Option<i64>)> = rows.into_iter().collect();
            let directed = |number: i64| if is_descending { -number } else { number };
            sorted.sort_by_key(|(id, number)| (number.is_none(), number.map(directed), Reverse(*id)));
            if !is_descending {
                let known: Vec<Known> = sorted.iter().filter_map(|(id, number)| number.map(|number| (number, *id))).collect();
                for place in (0..=known.len()).step_by(97) {
                    let before: Vec<u32> = known[..place].iter().map(|(_, id)| *id).collect();
                    let beside = order.beside(|id| before.contains(&id));
                    let expected = (place.checked_sub(1).map(|last| known[last]), known.get(place).copied());
                    prop_assert_eq!(beside, expected);
                }
            }
            for passes in [|_| true, |id: u64| id % 3 == 1, |id: u64| id % 50 == 1] {
                let as_listed = sorted.iter().map(|(id, number)| (u64::from(*id), *number));
                let sorted: Vec<(u64, Option<i64>)> = as_listed.filter(|(id, _)| passes(*id)).collect();
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
