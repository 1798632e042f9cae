//! The two shapes of look-up that tables keep beside their rows.

use std::collections::{BTreeMap, BTreeSet};

/// From a key to the many ids that have it, in ascending order of id.
#[derive(Clone, Debug)]
pub struct Many<K: Ord, V: Ord>(BTreeMap<K, BTreeSet<V>>);

impl<K: Ord, V: Ord> Default for Many<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V: Ord + Copy> Many<K, V> {
    /// Adds one id under a key.
    pub fn add(&mut self, key: K, id: V) {
        self.0.entry(key).or_default().insert(id);
    }

    /// Takes one id from under a key, and the key with its last id.
    pub fn remove<Q>(&mut self, key: &Q, id: V)
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        if let Some(ids) = self.0.get_mut(key) {
            ids.remove(&id);
            if ids.is_empty() {
                self.0.remove(key);
            }
        }
    }

    /// The ids under a key, ascending.
    pub fn of<Q>(&self, key: &Q) -> impl DoubleEndedIterator<Item = V> + '_
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).into_iter().flatten().copied()
    }

    /// The lowest id under a key.
    pub fn first<Q>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).and_then(|ids| ids.first().copied())
    }

    /// How many ids there are under a key.
    pub fn count<Q>(&self, key: &Q) -> usize
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).map_or(0, BTreeSet::len)
    }

    /// Every key with its ids, keys ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &BTreeSet<V>)> {
        self.0.iter()
    }
}

/// The form under which text is looked up: trimmed and in lower case, as e-mail addresses are compared.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
