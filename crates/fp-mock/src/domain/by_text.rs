//! From texts to the rows that have them, whatever order they come in.
//!
//! Numbers made of texts lie all over the place. They are kept in buckets that their lowest bits name, in no order; one
//! bucket after the other parts into two as rows come in, so that a new row never waits for all others (linear
//! hashing). Nothing ever sees the order of buckets: answers are lowest ids. A bucket is one short piece of memory,
//! looked up at the cost of one look into it, and made anew when it changes; copies share the others.

use std::hash::{DefaultHasher, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use super::ids::Id;

/// How many rows there are to a bucket, on average: going through them takes as long as finding them.
const LOAD: usize = 12;

/// From a text to the ids of rows that have it. It keeps no text, only a number made of it: whoever looks something up
/// says of each row in question whether it has the text.
#[derive(Clone, Debug)]
pub struct ByText<V> {
    buckets: Vec<Arc<[Mark]>>,
    len: usize,
    ids: PhantomData<V>,
}

/// A number made of a text, then the halves of the id.
type Mark = [u32; 3];

impl<V> Default for ByText<V> {
    fn default() -> Self {
        Self { buckets: Vec::new(), len: 0, ids: PhantomData }
    }
}

impl<V: Id> ByText<V> {
    /// Adds the id of a row that has this text and was not there.
    pub fn add(&mut self, text: &str, id: V) {
        self.len += 1;
        if self.len > self.buckets.len() * LOAD {
            self.part_next();
        }
        let mark = mark(text, id);
        let at = self.bucket_of(mark[0]);
        let bucket = &mut self.buckets[at];
        *bucket = bucket.iter().copied().chain([mark]).collect();
    }

    /// Takes out the id of a row that had this text.
    pub fn remove(&mut self, text: &str, id: V) {
        let mark = mark(text, id);
        let at = self.bucket_of(mark[0]);
        let Some(bucket) = self.buckets.get_mut(at) else { return };
        if bucket.contains(&mark) {
            *bucket = bucket.iter().copied().filter(|other| *other != mark).collect();
            self.len -= 1;
        }
    }

    /// The lowest id of a row that has this text: `has` must say so of it.
    pub fn first(&self, text: &str, has: impl Fn(&V) -> bool) -> Option<V> {
        self.all(text, has).min()
    }

    /// The ids of the rows that have this text, in no order: `has` must say so of them.
    pub fn all(&self, text: &str, has: impl Fn(&V) -> bool) -> impl Iterator<Item = V> {
        let number = number_of(text);
        let near = self.buckets.get(self.bucket_of(number)).map_or(&[][..], |bucket| &bucket[..]);
        let alike = near.iter().filter(move |[other, ..]| *other == number);
        let ids = alike.map(|[_, high, low]| V::from_number(u64::from(*high) << 32 | u64::from(*low)));
        ids.filter(move |id| has(id))
    }

    /// The bucket that a number is in: the one its lowest bits name, as many as buckets need; of those that have not
    /// parted yet, the one with a bit less.
    fn bucket_of(&self, number: u32) -> usize {
        let all = self.buckets.len().next_power_of_two();
        let at = number as usize & (all - 1);
        if at < self.buckets.len() { at } else { at & (all / 2).wrapping_sub(1) }
    }

    /// Adds a bucket, for what has one more bit in the one that parts.
    fn part_next(&mut self) {
        let new = self.buckets.len();
        self.buckets.push(Arc::new([]));
        let Some(parting) = new.checked_sub((new + 1).next_power_of_two() / 2) else { return };
        if parting == new {
            return;
        }
        let (moving, staying): (Vec<_>, Vec<_>) =
            self.buckets[parting].iter().partition(|mark| self.bucket_of(mark[0]) == new);
        self.buckets[parting] = staying.into();
        self.buckets[new] = moving.into();
    }
}

fn mark<V: Id>(text: &str, id: V) -> Mark {
    let id = id.number();
    [number_of(text), (id >> 32) as u32, id as u32]
}

/// A number made of a text, the same in every run.
fn number_of(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::ids::ReferralId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_found_by_their_text(
            rows in proptest::collection::btree_map(any::<u64>().prop_map(|id| id >> 20), "[a-f]{0,3}", 0..400),
            removed in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
            sought in "[a-f]{0,3}",
        ) {
            let mut by_text = ByText::default();
            rows.iter().for_each(|(id, text)| by_text.add(text, ReferralId::new(*id)));
            let kept = by_text.clone();
            let mut left: BTreeMap<u64, String> = rows.clone();
            for at in removed.iter().filter(|_| !rows.is_empty()) {
                let (id, text) = rows.iter().nth(at.index(rows.len())).expect("a row");
                by_text.remove(text, ReferralId::new(*id));
                left.remove(id);
            }
            let of = |rows: &BTreeMap<u64, String>, sought: &str| -> Vec<ReferralId> {
                rows.iter().filter(|(_, text)| *text == sought).map(|(id, _)| ReferralId::new(*id)).collect()
            };
            for sought in rows.values().chain([&sought]) {
                let mut found: Vec<_> = by_text.all(sought, |id| left[&id.number()] == *sought).collect();
                found.sort_unstable();
                prop_assert_eq!(by_text.first(sought, |id| left[&id.number()] == *sought), found.first().copied());
                prop_assert_eq!(found, of(&left, sought));
                prop_assert_eq!(kept.first(sought, |id| rows[&id.number()] == *sought), of(&rows, sought).first().copied());
            }
        }
    }

    #[test]
    fn buckets_part_one_by_one_and_every_number_has_one() {
        let mut by_text = ByText::<ReferralId>::default();
        for id in 0..10_000 {
            let text = format!("evt_{id}");
            let before = by_text.buckets.len();
            by_text.add(&text, ReferralId::new(id));
            assert!(by_text.buckets.len() - before <= 1);
            assert_eq!(by_text.first(&text, |found| found.number() == id), Some(ReferralId::new(id)));
        }
        assert_eq!((by_text.len, by_text.buckets.len()), (10_000, 10_000_usize.div_ceil(LOAD)));
        let largest = by_text.buckets.iter().map(|bucket| bucket.len()).max();
        assert!(largest < Some(4 * LOAD), "{largest:?}");
        assert!(
            (0..10_000).all(|id| by_text.first(&format!("evt_{id}"), |found| found.number() == id).is_some())
        );
    }

    #[test]
    fn rows_whose_texts_make_the_same_number_are_told_apart() {
        // Two texts of one number are hard to come by; a row that has another text is as good.
        let mut by_text = ByText::default();
        by_text.add("mine", ReferralId::new(2));
        by_text.add("mine", ReferralId::new(1));
        assert_eq!(by_text.first("mine", |id| id.number() == 2), Some(ReferralId::new(2)));
        assert_eq!(by_text.first("mine", |_| true), Some(ReferralId::new(1)));
        assert_eq!(by_text.first("mine", |_| false), None);
        assert_eq!(ByText::<ReferralId>::default().first("mine", |_| true), None);
    }
}
