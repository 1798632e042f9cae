//! A column of ids that mostly follow each other.

use super::columns::Column;
use super::{Places, WORDS};
use crate::domain::members::Members;

/// Ids as [`short`](fn@super::short) ones. Where each is the next number after the one before it, as those of referrals
/// that bought once each, the first alone tells all of them, and the memory of the others is left alone.
#[derive(Clone, Debug, Default)]
pub struct Series {
    values: Vec<u32>,
    /// The places whose value does not follow the one before; the first one is none of them.
    breaks: Places,
}

impl std::ops::Deref for Series {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        &self.values
    }
}

impl Series {
    /// The first value, if each of the others follows the one before.
    pub fn first_of_row(&self) -> Option<u32> {
        self.values.first().copied().filter(|_| self.breaks.is_empty())
    }

    /// Leaves of `places` those whose value is one of the members.
    pub fn keep_members(&self, places: &mut Places, members: &Members) {
        let Some(first) = self.first_of_row() else { return members.keep(places, &self.values) };
        let mut words = [0; WORDS];
        let (kept, count) = (places.words(), self.values.len().div_ceil(64));
        for at in (0..count).filter(|at| kept[*at] != 0) {
            words[at] = members.word_from(u64::from(first) + 64 * at as u64);
        }
        places.keep_words(&words, true);
    }

    /// Looks whether the value in a place follows, if there is one.
    fn look(&mut self, at: usize) {
        let Some(value) = self.values.get(at) else { return };
        match at > 0 && self.values[at - 1].checked_add(1) != Some(*value) {
            true => self.breaks.put(at),
            false => self.breaks.take(at),
        }
    }
}

impl Column<u32> for Series {
    fn insert(&mut self, at: usize, value: u32) {
        self.values.insert(at, value);
        self.breaks.open(at);
        self.look(at);
        self.look(at + 1);
    }

    fn set(&mut self, at: usize, value: u32) {
        self.values[at] = value;
        self.look(at);
        self.look(at + 1);
    }

    fn remove(&mut self, at: usize) {
        self.values.remove(at);
        self.breaks.close(at);
        self.look(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Change {
        Insert(prop::sample::Index, u32),
        Set(prop::sample::Index, u32),
        Remove(prop::sample::Index),
    }

    fn change() -> impl Strategy<Value = Change> {
        let value = || prop_oneof![4 => 0u32..200, 1 => u32::MAX - 1..=u32::MAX];
        prop_oneof![
            (any::<prop::sample::Index>(), value()).prop_map(|(at, value)| Change::Insert(at, value)),
            (any::<prop::sample::Index>(), value()).prop_map(|(at, value)| Change::Set(at, value)),
            any::<prop::sample::Index>().prop_map(Change::Remove),
        ]
    }

    proptest! {
        #[test]
        fn members_are_kept_as_of_a_plain_column(
            first in 0u32..100,
            count in 0u32..300,
            changes in proptest::collection::vec(change(), 0..4),
            members in proptest::collection::vec(0u64..400, 0..80),
        ) {
            let (mut ours, mut plain) = (Series::default(), Vec::new());
            for value in first..first + count {
                Column::insert(&mut ours, plain.len(), value);
                plain.push(value);
            }
            for change in changes {
                match change {
                    Change::Insert(at, value) => {
                        let at = at.index(plain.len() + 1);
                        Column::insert(&mut ours, at, value);
                        plain.insert(at, value);
                    }
                    Change::Set(at, value) if !plain.is_empty() => {
                        let at = at.index(plain.len());
                        Column::set(&mut ours, at, value);
                        plain[at] = value;
                    }
                    Change::Remove(at) if !plain.is_empty() => {
                        let at = at.index(plain.len());
                        Column::remove(&mut ours, at);
                        plain.remove(at);
                    }
                    _ => {}
                }
            }
            let follows = |pair: &[u32]| pair[0].checked_add(1) == Some(pair[1]);
            let row = plain.first().copied().filter(|_| plain.windows(2).all(follows));
            prop_assert_eq!(ours.first_of_row(), row);
            prop_assert_eq!(&*ours, plain.as_slice());
            let members = Members::of(members.into_iter());
            let mut kept = Places::first(plain.len());
            ours.keep_members(&mut kept, &members);
            let expected = (0..plain.len()).filter(|at| members.has(plain[*at].into()));
            prop_assert!(kept.iter().eq(expected));
        }
    }
}
