//! Look-ups whose keys have hardly more than one id each.

use std::hash::{DefaultHasher, Hasher};

use super::ids::Id;
use super::ordered::{Iter, Ordered};

/// From a key to the ids that have it, in ascending order of id, for keys that are rows themselves: as many as there
/// are ids. Where few keys have many ids each, [`Many`](super::lookup::Many) needs half the room.
#[derive(Clone, Debug)]
pub struct Pairs<K, V>(Ordered<(K, V)>);

impl<K, V> Default for Pairs<K, V> {
    fn default() -> Self {
        Self(Ordered::default())
    }
}

impl<K: Ord + Copy, V: Ord + Copy> Pairs<K, V> {
    /// Adds one id under a key.
    pub fn add(&mut self, key: K, id: V) {
        self.0.insert((key, id));
    }

    /// Takes one id from under a key.
    pub fn remove(&mut self, key: &K, id: V) {
        self.0.remove(&(*key, id));
    }

    /// The ids under a key, ascending.
    pub fn of(&self, key: &K) -> impl DoubleEndedIterator<Item = V> + use<'_, K, V> {
        self.under(key).map(|(_, id)| id)
    }

    /// The lowest id under a key.
    pub fn first(&self, key: &K) -> Option<V> {
        self.of(key).next()
    }

    /// How many ids there are under a key.
    pub fn count(&self, key: &K) -> usize {
        self.under(key).left()
    }

    /// Every key with each of its ids, keys ascending.
    pub fn iter(&self) -> Iter<'_, (K, V)> {
        self.0.iter()
    }

    fn under(&self, key: &K) -> Iter<'_, (K, V)> {
        self.0.equal(|(other, _)| other.cmp(key))
    }
}

/// From a text to the ids of rows that have it. It keeps no text, only a number made of it: whoever looks something up
/// says of each row in question whether it has the text.
#[derive(Clone, Debug)]
pub struct ByText<V> {
    /// A number made of the text, then the halves of the id.
    marks: Ordered<[u32; 3]>,
    ids: std::marker::PhantomData<V>,
}

impl<V> Default for ByText<V> {
    fn default() -> Self {
        Self { marks: Ordered::default(), ids: std::marker::PhantomData }
    }
}

impl<V: Id> ByText<V> {
    /// Adds the id of a row that has this text.
    pub fn add(&mut self, text: &str, id: V) {
        self.marks.insert(mark(text, id));
    }

    /// Takes out the id of a row that had this text.
    pub fn remove(&mut self, text: &str, id: V) {
        self.marks.remove(&mark(text, id));
    }

    /// The lowest id of a row that has this text: `has` must say so of it.
    pub fn first(&self, text: &str, has: impl FnMut(&V) -> bool) -> Option<V> {
        let number = number_of(text);
        let near = self.marks.equal(|[other, ..]| other.cmp(&number));
        near.map(|[_, high, low]| V::from_number(u64::from(high) << 32 | u64::from(low))).find(has)
    }
}

fn mark<V: Id>(text: &str, id: V) -> [u32; 3] {
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
        fn pairs_are_found_by_their_keys(pairs in proptest::collection::vec((0u8..9, 0u32..20, any::<bool>()), 0..80)) {
            let (mut ours, mut expected) = (Pairs::default(), std::collections::BTreeSet::new());
            for (key, id, is_in) in pairs {
                if is_in {
                    ours.add(key, id);
                    expected.insert((key, id));
                } else {
                    ours.remove(&key, id);
                    expected.remove(&(key, id));
                }
            }
            for key in 0..9 {
                let ids: Vec<u32> = expected.iter().filter(|(other, _)| *other == key).map(|(_, id)| *id).collect();
                prop_assert_eq!(ours.count(&key), ids.len());
                prop_assert_eq!(ours.first(&key), ids.first().copied());
                prop_assert_eq!(ours.of(&key).collect::<Vec<_>>(), ids);
            }
        }

        #[test]
        fn rows_are_found_by_their_text(
            rows in proptest::collection::btree_map(any::<u64>().prop_map(|id| id >> 20), "[a-c]{0,2}", 0..80),
            removed in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
            sought in "[a-c]{0,2}",
        ) {
            let mut by_text = ByText::default();
            rows.iter().for_each(|(id, text)| by_text.add(text, ReferralId(*id)));
            let mut left: BTreeMap<u64, String> = rows.clone();
            for at in removed.iter().filter(|_| !rows.is_empty()) {
                let (id, text) = rows.iter().nth(at.index(rows.len())).expect("a row");
                by_text.remove(text, ReferralId(*id));
                left.remove(id);
            }
            let expected = left.iter().find(|(_, text)| **text == sought).map(|(id, _)| ReferralId(*id));
            prop_assert_eq!(by_text.first(&sought, |id| left[&id.0] == sought), expected);
        }
    }

    #[test]
    fn rows_whose_texts_make_the_same_number_are_told_apart() {
        // Two texts of one number are hard to come by; a row that has another text is as good.
        let mut by_text = ByText::default();
        by_text.add("mine", ReferralId(1));
        by_text.add("mine", ReferralId(2));
        assert_eq!(by_text.first("mine", |id| id.0 == 2), Some(ReferralId(2)));
        assert_eq!(by_text.first("mine", |_| false), None);
    }
}
