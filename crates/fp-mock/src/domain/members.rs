//! Some ids, to be asked for one by one.

use super::facets::Places;

/// A set of ids. Those that lie near each other are bits in a row; few that lie far apart are a sorted list.
#[derive(Clone, Debug)]
pub struct Members(Form);

#[derive(Clone, Debug)]
enum Form {
    /// A bit for each id from `lowest`, which is a multiple of 64.
    Near {
        lowest: u64,
        words: Vec<u64>,
    },
    Far(Vec<u64>),
}

/// Rows that pass a test.
#[derive(Clone, Debug)]
pub struct Sieve {
    /// Which.
    pub passed: Members,
    /// How many.
    pub count: usize,
}

/// So many words of bits may be spent beside those that the ids would need as a list.
const WORDS_TO_SPARE: u64 = 1_024;

impl Members {
    /// These ids.
    pub fn of(ids: impl Iterator<Item = u64>) -> Self {
        let mut ids: Vec<u64> = ids.collect();
        let (Some(lowest), Some(highest)) = (ids.iter().min().copied(), ids.iter().max().copied()) else {
            return Self(Form::Far(ids));
        };
        if (highest - lowest) / 64 > ids.len() as u64 + WORDS_TO_SPARE {
            ids.sort_unstable();
            return Self(Form::Far(ids));
        }
        let mut members = Self::none_between(lowest, highest);
        ids.iter().for_each(|id| members.put(*id, true));
        members
    }

    /// None, with room for the ids from `lowest` to `highest`.
    pub fn none_between(lowest: u64, highest: u64) -> Self {
        let lowest = lowest / 64 * 64;
        let words = (highest.saturating_sub(lowest) / 64 + 1) as usize;
        Self(Form::Near { lowest, words: vec![0; words] })
    }

    /// Lets an id be one of them, or not.
    pub fn put(&mut self, id: u64, is_member: bool) {
        match &mut self.0 {
            Form::Near { lowest, words } => {
                let at = id.checked_sub(*lowest).map(|at| at / 64);
                let longest = 2 * words.len() as u64 + WORDS_TO_SPARE;
                match at {
                    Some(at) if at < longest => {
                        if at as usize >= words.len() {
                            words.resize(at as usize + 1, 0);
                        }
                        let bit = 1 << (id % 64);
                        let word = &mut words[at as usize];
                        *word = if is_member { *word | bit } else { *word & !bit };
                    }
                    _ if is_member => {
                        *self = Self::of(self.iter().chain([id]).collect::<Vec<u64>>().into_iter());
                    }
                    _ => {}
                }
            }
            Form::Far(ids) => match (ids.binary_search(&id), is_member) {
                (Err(at), true) => ids.insert(at, id),
                (Ok(at), false) => drop(ids.remove(at)),
                (Ok(_), true) | (Err(_), false) => {}
            },
        }
    }

    /// Lets those be among them too whose bits are set, counted from `base`, which is a multiple of 64.
    pub fn put_words(&mut self, base: u64, bits: &[u64]) {
        if let Form::Near { lowest, words } = &mut self.0
            && let Some(at) = base.checked_sub(*lowest).map(|at| (at / 64) as usize)
            && let Some(places) = words.get_mut(at..at + bits.len())
        {
            places.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
            return;
        }
        in_words(base, bits).for_each(|id| self.put(id, true));
    }

    /// Which of the 64 ids from `base` on, which is a multiple of 64, are among them: a bit for each.
    pub fn word(&self, base: u64) -> u64 {
        match &self.0 {
            Form::Near { lowest, words } => word_of(*lowest, words, base),
            Form::Far(ids) => {
                let begin = ids.partition_point(|id| *id < base);
                let near = ids[begin..].iter().map(|id| id - base).take_while(|at| *at < 64);
                near.fold(0, |word, at| word | 1 << at)
            }
        }
    }

    /// Whether an id is one of them.
    #[inline]
    pub fn has(&self, id: u64) -> bool {
        match &self.0 {
            Form::Near { lowest, words } => word_of(*lowest, words, id) >> (id % 64) & 1 == 1,
            Form::Far(ids) => ids.binary_search(&id).is_ok(),
        }
    }

    /// Leaves of `places` those whose value is one of them.
    pub fn keep(&self, places: &mut Places, values: &[u32]) {
        match &self.0 {
            Form::Near { lowest, words } => {
                let has = |id: &u32| word_of(*lowest, words, (*id).into()) >> (id % 64) & 1 == 1;
                places.keep_many(values, |ids| first_of_row(ids).map(|first| self.word_from(first)), has);
            }
            Form::Far(_) => places.keep(values, |id| self.has((*id).into())),
        }
    }

    /// How many of these are among them.
    pub fn count_of(&self, ids: &[u32]) -> usize {
        match &self.0 {
            Form::Near { lowest, words } => {
                let bit = |id: u64| word_of(*lowest, words, id) >> (id % 64) & 1;
                ids.iter().map(|id| bit((*id).into()) as usize).sum()
            }
            Form::Far(_) => ids.iter().filter(|id| self.has((**id).into())).count(),
        }
    }

    /// Which of the 64 ids from this one on are among them: a bit for each.
    pub fn word_from(&self, id: u64) -> u64 {
        let base = id / 64 * 64;
        let next = base.checked_add(64).map_or(0, |next| self.word(next));
        let both = u128::from(self.word(base)) | u128::from(next) << 64;
        (both >> (id % 64)) as u64
    }

    /// How many of them are below an id.
    pub fn count_below(&self, id: u64) -> usize {
        match &self.0 {
            Form::Near { lowest, words } => {
                let whole = ((id.saturating_sub(*lowest) / 64) as usize).min(words.len());
                let ones = |word: &u64| word.count_ones() as usize;
                let last =
                    if id > *lowest { word_of(*lowest, words, id) & ((1 << (id % 64)) - 1) } else { 0 };
                words[..whole].iter().map(ones).sum::<usize>() + ones(&last)
            }
            Form::Far(ids) => ids.partition_point(|other| *other < id),
        }
    }

    /// All of them, ascending.
    pub fn iter(&self) -> Box<dyn Iterator<Item = u64> + '_> {
        match &self.0 {
            Form::Near { lowest, words } => Box::new(in_words(*lowest, words)),
            Form::Far(ids) => Box::new(ids.iter().copied()),
        }
    }
}

/// The first of ids if each follows the one before.
fn first_of_row(ids: &[u32; 64]) -> Option<u64> {
    let differing =
        ids.iter().zip(0..).fold(0, |differing, (id, at)| differing | (id.wrapping_sub(at) ^ ids[0]));
    (differing == 0 && ids[0] <= ids[63]).then_some(ids[0].into())
}

/// The word with the bit of an id. What is below the lowest lies beyond the highest, too, if it is counted around.
#[inline]
fn word_of(lowest: u64, words: &[u64], id: u64) -> u64 {
    words.get((id.wrapping_sub(lowest) / 64) as usize).copied().unwrap_or(0)
}

/// The numbers whose bits are set, counted from `base`.
fn in_words(base: u64, words: &[u64]) -> impl Iterator<Item = u64> + '_ {
    let set = words.iter().enumerate().filter(|(_, word)| **word != 0);
    set.flat_map(move |(at, word)| {
        let first = base + 64 * at as u64;
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| first + bit)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// Ids near each other, and some far away.
    fn ids() -> impl Strategy<Value = u64> {
        prop_oneof![8 => 1_000u64..1_500, 1 => 1_000u64..900_000, 1 => any::<u64>()]
    }

    proptest! {
        #[test]
        fn they_are_those_that_were_put_last(
            first in proptest::collection::btree_set(ids(), 0..40),
            then in proptest::collection::vec((ids(), any::<bool>()), 0..40),
            asked in proptest::collection::vec(ids(), 0..40),
            base in 0u64..40,
            gap in 0u64..3,
            words in any::<[u64; 3]>(),
        ) {
            let (mut members, mut expected) = (Members::of(first.iter().copied()), first.clone());
            for (id, is_member) in &then {
                members.put(*id, *is_member);
                if *is_member { expected.insert(*id); } else { expected.remove(id); }
            }
            for id in first.into_iter().chain(then.into_iter().map(|(id, _)| id)).chain(asked) {
                prop_assert_eq!(members.has(id), expected.contains(&id));
            }
            prop_assert!(members.iter().eq(expected.iter().copied()));
            for id in expected.iter().flat_map(|id| [*id, id.saturating_add(1)]).chain([0, u64::MAX]) {
                prop_assert_eq!(members.count_below(id), expected.range(..id).count());
            }
            let near: Vec<u32> = (900..1_600).collect();
            prop_assert_eq!(members.count_of(&near), expected.range(900..1_600).count());
            for id in &expected {
                let word = id / 64 * 64;
                prop_assert_eq!(members.word(word), expected.range(word..=word | 63).fold(0, |bits, id| bits | 1 << (id % 64)));
            }
            // Ids that follow each other, and others among them.
            let row = (0..900).map(|at| (600 + at + u64::from(at == 70) * gap) as u32);
            let values: Vec<u32> = row.chain(expected.iter().filter_map(|id| u32::try_from(*id).ok())).take(1_024).collect();
            let mut places = Places::first(values.len());
            members.keep(&mut places, &values);
            let is_member = |at: &usize| expected.contains(&values[*at].into());
            prop_assert!(places.iter().eq((0..values.len()).filter(is_member)));
            members.put_words(base * 64, &words);
            expected.extend((0..192).filter(|bit| words[bit / 64] >> (bit % 64) & 1 == 1).map(|bit| base * 64 + bit as u64));
            prop_assert_eq!(members.iter().collect::<BTreeSet<u64>>(), expected);
        }
    }
}
