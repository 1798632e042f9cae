//! Rows in the order of a number, kept from the first time that somebody asks for it.

use std::cmp::Reverse;

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

    /// The ids from the lowest number to the highest, or the other way.
    pub fn walk(&self, is_descending: bool) -> Walk<'_> {
        if !is_descending {
            return Walk::Up(self.0.iter());
        }
        let mut below = self.0.below(|(number, _)| *number < ABSENT);
        let ahead = below.next_back();
        Walk::Down(Down { order: &self.0, group: Iter::default(), ahead, below, is_last: false })
    }

    /// The groups of rows with equal numbers, those without one last, from the group on that has the row before which
    /// so many others come; and how many come before that group.
    pub fn groups(&self, is_descending: bool, skipped: usize) -> (Groups<'_>, usize) {
        let absent = self.0.equal(|(number, _)| number.cmp(&ABSENT));
        let mut known = self.0.below(|(number, _)| *number < ABSENT);
        let all = known.left();
        let ends = known.clone();
        let at = if is_descending { { ends }.nth_back(skipped) } else { { ends }.nth(skipped) };
        let before = match (at, is_descending) {
            (None, _) => {
                known = Iter::default();
                all
            }
            (Some((first, _)), true) => {
                known = self.0.below(|(number, _)| *number <= first);
                all - known.left()
            }
            (Some((first, _)), false) => {
                let before = self.0.below(|(number, _)| *number < first).left();
                before.checked_sub(1).and_then(|last| known.nth(last));
                before
            }
        };
        let mut groups = Groups { known, absent, ahead: None, is_descending };
        groups.ahead = groups.step();
        (groups, before)
    }
}

fn entry(number: Option<i64>, id: u64) -> Entry {
    (number.unwrap_or(ABSENT), Reverse(id))
}

/// Ids in an order; see [`Order::walk`].
#[derive(Clone, Debug)]
pub enum Walk<'a> {
    /// From the lowest number to the highest.
    Up(Iter<'a, Entry>),
    /// From the highest to the lowest.
    Down(Down<'a>),
}

impl Iterator for Walk<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        match self {
            Self::Up(entries) => entries.next().map(|(_, Reverse(id))| id),
            Self::Down(down) => down.next(),
        }
    }

    fn nth(&mut self, count: usize) -> Option<u64> {
        match self {
            Self::Up(entries) => entries.nth(count).map(|(_, Reverse(id))| id),
            Self::Down(down) => down.nth(count),
        }
    }
}

/// Groups of equal numbers from the highest down, each group in its own order, then what has no number.
#[derive(Clone, Debug)]
pub struct Down<'a> {
    order: &'a Ordered<Entry>,
    /// What is left of the present group.
    group: Iter<'a, Entry>,
    /// The highest of what is left, and what is below.
    ahead: Option<Entry>,
    below: Iter<'a, Entry>,
    is_last: bool,
}

impl<'a> Down<'a> {
    fn group_of(&self, number: i64) -> Iter<'a, Entry> {
        self.order.equal(|(other, _)| other.cmp(&number))
    }

    /// Goes on to what has no number, if it has not.
    fn end(&mut self) -> bool {
        if std::mem::replace(&mut self.is_last, true) {
            return false;
        }
        self.group = self.group_of(ABSENT);
        true
    }
}

impl Iterator for Down<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if let Some((_, Reverse(id))) = self.group.next() {
            return Some(id);
        }
        let Some((number, Reverse(id))) = self.ahead else {
            return if self.end() { self.next() } else { None };
        };
        self.ahead = self.below.next_back();
        if self.ahead.is_none_or(|(next, _)| next != number) {
            return Some(id);
        }
        self.group = self.group_of(number);
        self.ahead = self.below.nth_back(self.group.left() - 2);
        self.next()
    }

    fn nth(&mut self, mut count: usize) -> Option<u64> {
        loop {
            let near = self.group.left();
            if count < near {
                return self.group.nth(count).map(|(_, Reverse(id))| id);
            }
            count -= near;
            let left = self.below.left() + usize::from(self.ahead.is_some());
            if count >= left {
                count -= left;
                (self.ahead, self.below) = (None, Iter::default());
                if !self.end() {
                    self.group = Iter::default();
                    return None;
                }
                continue;
            }
            // Seen from the other end, it is in the group of the entry there.
            let at = left - 1 - count;
            let (number, _) = self.order.iter().nth(at)?;
            self.group = self.group_of(number);
            self.below = self.order.below(|(other, _)| *other < number);
            count -= left - self.below.left() - self.group.left();
            self.ahead = self.below.next_back();
        }
    }
}

/// Groups of rows with equal numbers; see [`Order::groups`].
#[derive(Clone, Debug)]
pub struct Groups<'a> {
    known: Iter<'a, Entry>,
    absent: Iter<'a, Entry>,
    /// The first of the next group.
    ahead: Option<Entry>,
    is_descending: bool,
}

impl Groups<'_> {
    fn step(&mut self) -> Option<Entry> {
        let next = if self.is_descending { self.known.next_back() } else { self.known.next() };
        next.or_else(|| self.absent.next())
    }

    /// Puts into `ids` those of the next group that pass, the newest first, in place of what was there. Groups of which
    /// none passes are left out. Says whether there was one.
    pub fn gather(&mut self, passed: impl Fn(u64) -> bool, ids: &mut Vec<u64>) -> bool {
        ids.clear();
        while let Some((number, _)) = self.ahead {
            while let Some((_, Reverse(id))) = self.ahead.filter(|(other, _)| *other == number) {
                if passed(id) {
                    ids.push(id);
                }
                self.ahead = self.step();
            }
            if !ids.is_empty() {
                if self.is_descending && number != ABSENT {
                    ids.reverse();
                }
                return true;
            }
        }
        false
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
            let sorted: Vec<u64> = sorted.into_iter().map(|(id, _)| id).collect();
            prop_assert_eq!(order.walk(is_descending).collect::<Vec<_>>(), sorted.clone());
            for count in &skipped {
                let ((mut groups, before), mut gathered, mut group) = (order.groups(is_descending, *count), Vec::new(), Vec::new());
                while groups.gather(|id| id % 3 > 0, &mut group) {
                    prop_assert!(group.is_sorted_by(|one, other| one > other));
                    gathered.append(&mut group);
                }
                prop_assert!(before <= *count);
                prop_assert!(gathered.iter().eq(sorted.iter().skip(before).filter(|id| **id % 3 > 0)));
            }
            let (mut ours, mut theirs) = (order.walk(is_descending), sorted.into_iter());
            for count in skipped {
                prop_assert_eq!(ours.nth(count), theirs.nth(count));
            }
            prop_assert!(ours.eq(theirs));
        }
    }
}
