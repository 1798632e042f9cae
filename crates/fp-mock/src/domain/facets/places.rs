//! Which rows of a block are meant: a bit for each, so that a filter is a pass without branches and several filters
//! are words that are put together.

use std::ops::Range;

use super::ROWS;
use crate::domain::span::Span;

/// How many words the bits of a block are.
pub(super) const WORDS: usize = ROWS / 64;

/// Of a word with no more bits than so many, the values are looked at one by one.
const FEW_BITS: u32 = 6;

/// Places of rows in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    words: [u64; WORDS],
}

impl Default for Places {
    fn default() -> Self {
        Self { words: [0; WORDS] }
    }
}

impl Places {
    /// The first so many, at most as many as a block has.
    pub fn first(count: usize) -> Self {
        let of_word = |at: usize| match count.saturating_sub(64 * at) {
            left if left >= 64 => u64::MAX,
            left => (1 << left) - 1,
        };
        Self { words: std::array::from_fn(of_word) }
    }

    /// Those whose bits are set in these words.
    pub fn of_words(words: [u64; WORDS]) -> Self {
        Self { words }
    }

    /// The bits, 64 places a word.
    pub fn words(&self) -> &[u64; WORDS] {
        &self.words
    }

    /// Lets a place be one of them.
    pub fn put(&mut self, at: usize) {
        self.words[at / 64] |= 1 << (at % 64);
    }

    /// Lets a place be none of them.
    pub fn take(&mut self, at: usize) {
        self.words[at / 64] &= !(1 << (at % 64));
    }

    /// Whether a place is one of them.
    pub fn has(&self, at: usize) -> bool {
        self.words[at / 64] >> (at % 64) & 1 == 1
    }

    /// Lets those from a place on be one further each, so that this place is none of them.
    pub fn open(&mut self, at: usize) {
        let Some((first, behind)) = self.words[at / 64..].split_first_mut() else { return };
        let mut carried = *first >> 63;
        let below = (1 << (at % 64)) - 1;
        *first = *first & below | (*first & !below) << 1;
        for word in behind {
            (*word, carried) = (*word << 1 | carried, *word >> 63);
        }
    }

    /// Lets a place be none of them, and those behind it be one nearer each.
    pub fn close(&mut self, at: usize) {
        let mut carried = 0;
        for word in self.words[at / 64 + 1..].iter_mut().rev() {
            (*word, carried) = (*word >> 1 | carried << 63, *word & 1);
        }
        let word = &mut self.words[at / 64];
        let below = (1 << (at % 64)) - 1;
        *word = *word & below | (*word >> 1) & !below | carried << 63;
    }

    /// Lets all places of a range be among them.
    pub fn put_range(&mut self, range: Range<usize>) {
        let Some(last) = range.end.checked_sub(1).filter(|last| *last >= range.start) else { return };
        for at in range.start / 64..=last / 64 {
            let begin = if at == range.start / 64 { u64::MAX << (range.start % 64) } else { u64::MAX };
            let end = if at == last / 64 { u64::MAX >> (63 - last % 64) } else { u64::MAX };
            self.words[at] |= begin & end;
        }
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words == [0; WORDS]
    }

    /// Leaves those of which `is_wanted` says so by what `values` has in their places.
    pub fn keep<T>(&mut self, values: &[T], is_wanted: impl Fn(&T) -> bool) {
        let (whole, rest) = values.as_chunks::<64>();
        let (words, others) = self.words.split_at_mut(whole.len());
        for (word, values) in words.iter_mut().zip(whole) {
            *word &= match word.count_ones() {
                0 => continue,
                1..=FEW_BITS => bits(*word)
                    .filter(|bit| is_wanted(&values[*bit]))
                    .fold(0, |wanted, bit| wanted | 1 << bit),
                _ if size_of::<T>() < 8 => side_by_side(values, &is_wanted),
                _ => by_eights(values, &is_wanted),
            };
        }
        if let Some(word) = others.first_mut() {
            *word &= rest.iter().rev().fold(0, |wanted, value| wanted << 1 | u64::from(is_wanted(value)));
        }
    }

    /// The same, where of 64 values at once `many` may know the bits, and the last of less are looked at one by one.
    pub fn keep_many<T>(
        &mut self,
        values: &[T],
        many: impl Fn(&[T; 64]) -> Option<u64>,
        is_wanted: impl Fn(&T) -> bool,
    ) {
        let (whole, rest) = values.as_chunks::<64>();
        let (words, others) = self.words.split_at_mut(whole.len());
        for (word, values) in words.iter_mut().zip(whole).filter(|(word, _)| **word != 0) {
            *word &= many(values).unwrap_or_else(|| side_by_side(values, &is_wanted));
        }
        if let Some(word) = others.first_mut() {
            *word &= rest.iter().rev().fold(0, |wanted, value| wanted << 1 | u64::from(is_wanted(value)));
        }
    }

    /// Leaves those whose values lie within a span.
    pub fn keep_within<T: PartialOrd>(&mut self, values: &[T], span: &Span<T>) {
        if let Some(from) = &span.from {
            self.keep(values, |value| value >= from);
        }
        if let Some(to) = &span.to {
            self.keep(values, |value| value <= to);
        }
    }

    /// The same of values that may be absent: if a span is asked for, those that are absent do not lie within.
    pub fn keep_some_within<T: PartialOrd>(&mut self, values: &[Option<T>], span: &Span<T>) {
        if let Some(from) = &span.from {
            self.keep(values, |value| value.as_ref().is_some_and(|value| value >= from));
        }
        if let Some(to) = &span.to {
            self.keep(values, |value| value.as_ref().is_some_and(|value| value <= to));
        }
    }

    /// Leaves those whose bits are set in these words, too, or are not.
    pub fn keep_words(&mut self, words: &[u64; WORDS], is_set: bool) {
        let turned = if is_set { 0 } else { u64::MAX };
        self.words.iter_mut().zip(words).for_each(|(word, other)| *word &= other ^ turned);
    }

    /// Those that are none of the others.
    pub fn without(mut self, others: &Self) -> Self {
        self.keep_words(&others.words, false);
        self
    }

    /// Lets all of these be among them.
    pub fn put_all(&mut self, others: &Self) {
        self.words.iter_mut().zip(&others.words).for_each(|(word, other)| *word |= other);
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| bits(*word).map(move |bit| 64 * at + bit))
    }

    /// All of them, descending.
    pub fn descending(self) -> Descending {
        Descending { places: self, words: WORDS }
    }
}

/// Places from the highest down. Those that are skipped are counted by the word.
#[derive(Clone, Debug)]
pub struct Descending {
    places: Places,
    /// Words that may have places left; behind them there is none.
    words: usize,
}

impl Iterator for Descending {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.nth(0)
    }

    fn nth(&mut self, mut skipped: usize) -> Option<usize> {
        while let Some(word) = self.places.words[..self.words].last_mut() {
            let here = word.count_ones() as usize;
            if here <= skipped {
                skipped -= here;
                self.words -= 1;
                continue;
            }
            for _ in 0..skipped {
                *word &= !highest_bit(*word);
            }
            let bit = highest_bit(*word);
            *word &= !bit;
            return Some(64 * (self.words - 1) + bit.trailing_zeros() as usize);
        }
        None
    }
}

/// A bit for each value that is wanted. Small values are compared many at a time, which makes a byte of each; the
/// product of eight of those has them side by side in its highest byte.
fn side_by_side<T>(values: &[T; 64], is_wanted: impl Fn(&T) -> bool) -> u64 {
    let mut flags = [0; 64];
    for (flag, value) in flags.iter_mut().zip(values) {
        *flag = u8::from(is_wanted(value));
    }
    let (eights, _) = flags.as_chunks::<8>();
    let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |word, eight| word << 8 | byte(eight))
}

/// The same of values that are compared one by one, of which eight do not wait for those before.
fn by_eights<T>(values: &[T; 64], is_wanted: impl Fn(&T) -> bool) -> u64 {
    let byte = |eight: &[T; 8]| {
        eight.iter().enumerate().fold(0, |byte, (bit, value)| byte | u64::from(is_wanted(value)) << bit)
    };
    values.as_chunks::<8>().0.iter().rev().fold(0, |word, eight| word << 8 | byte(eight))
}

/// The highest bit of a word that has one.
fn highest_bit(word: u64) -> u64 {
    1 << (63 - word.leading_zeros())
}

/// The numbers of the bits that are set in a word, ascending.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_are_those_that_every_filter_leaves(
            values in proptest::collection::vec(proptest::option::of(-20i64..20), 0..ROWS),
            from in proptest::option::of(-25i64..25),
            to in proptest::option::of(-25i64..25),
            words in any::<[u64; WORDS]>(),
            is_set in any::<bool>(),
            skipped in proptest::collection::vec(0usize..40, 0..5),
        ) {
            let mut places = Places::first(values.len());
            let mut expected: BTreeSet<usize> = (0..values.len()).collect();
            prop_assert!(places.iter().eq(expected.iter().copied()));
            let span = Span { from, to };
            places.keep_some_within(&values, &span);
            expected.retain(|at| span.holds_some(values[*at].as_ref()));
            let numbers: Vec<i64> = values.iter().map(|value| value.unwrap_or(9)).collect();
            places.keep_within(&numbers, &Span { from: None, to });
            expected.retain(|at| to.is_none_or(|to| numbers[*at] <= to));
            places.keep(&numbers, |number| number % 3 != 0);
            expected.retain(|at| numbers[*at] % 3 != 0);
            places.keep_words(&words, is_set);
            expected.retain(|at| (words[at / 64] >> (at % 64) & 1 == 1) == is_set);
            prop_assert_eq!(places.len(), expected.len());
            prop_assert_eq!(places.is_empty(), expected.is_empty());
            prop_assert!(places.iter().eq(expected.iter().copied()));
            if let Some(at) = skipped.first() {
                // What is opened has room for one more.
                let mut last = Places::default();
                last.put(ROWS - 1);
                let mut moved = places.clone().without(&last);
                let before = moved.clone();
                moved.open(*at);
                let further = before.iter().map(|place| place + usize::from(place >= *at));
                prop_assert!(moved.iter().eq(further) && !moved.has(*at));
                moved.close(*at);
                prop_assert_eq!(&moved, &before);
                moved.close(*at);
                let nearer = before.iter().filter(|place| place != at).map(|place| place - usize::from(place > *at));
                prop_assert!(moved.iter().eq(nearer));
            }
            let mut put = Places::default();
            expected.iter().for_each(|at| put.put(*at));
            prop_assert_eq!(&put, &places);
            let (begin, end) = (skipped.len() * 31, skipped.iter().sum::<usize>() * 3);
            put.put_range(begin..end);
            let both: BTreeSet<usize> = expected.iter().copied().chain(begin..end).collect();
            prop_assert!(put.iter().eq(both));
            let (mut descending, mut left) = (places.descending(), expected.into_iter().rev());
            for count in skipped {
                prop_assert_eq!(descending.nth(count), left.nth(count));
            }
            prop_assert!(descending.eq(left));
        }
    }
}
