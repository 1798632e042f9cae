//! Look-ups whose keys have hardly more than one id each.

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

    /// Whether there are more than so many ids under a key.
    pub fn are_more(&self, key: &K, than: usize) -> bool {
        self.under(key).nth(than).is_some()
    }

    /// Every key with each of its ids, keys ascending.
    pub fn iter(&self) -> Iter<'_, (K, V)> {
        self.0.iter()
    }

    fn under(&self, key: &K) -> Iter<'_, (K, V)> {
        self.0.equal(|(other, _)| other.cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
                prop_assert!(ours.are_more(&key, 2) == (ids.len() > 2));
                prop_assert_eq!(ours.first(&key), ids.first().copied());
                prop_assert_eq!(ours.of(&key).collect::<Vec<_>>(), ids);
            }
        }
    }
}
