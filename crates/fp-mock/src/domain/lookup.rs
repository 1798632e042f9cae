//! The look-ups that tables keep beside their rows, and how text is compared.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BinaryHeap};

use super::ordered::{self, Ordered};

/// From a key to the many ids that have it, in ascending order of id.
#[derive(Clone, Debug)]
pub struct Many<K: Ord, V: Ord>(BTreeMap<K, Ids<V>>);

/// The ids under one key. Most keys have one, which then needs no set.
#[derive(Clone, Debug)]
enum Ids<V: Ord> {
    One(V),
    Several(Box<Ordered<V>>),
}

impl<V: Ord + Copy> Ids<V> {
    fn insert(&mut self, id: V) {
        match self {
            Self::One(only) if *only == id => {}
            Self::One(only) => {
                let mut ids = Ordered::default();
                ids.insert(*only);
                ids.insert(id);
                *self = Self::Several(Box::new(ids));
            }
            Self::Several(ids) => ids.insert(id),
        }
    }

    /// Takes an id out, and says whether none is left.
    fn remove(&mut self, id: V) -> bool {
        match self {
            Self::One(only) => *only == id,
            Self::Several(ids) => {
                ids.remove(&id);
                ids.is_empty()
            }
        }
    }

    fn first(&self) -> Option<V> {
        match self {
            Self::One(only) => Some(*only),
            Self::Several(ids) => ids.first(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Several(ids) => ids.len(),
        }
    }

    fn iter(&self) -> IdsIter<'_, V> {
        match self {
            Self::One(only) => IdsIter::One(Some(*only)),
            Self::Several(ids) => IdsIter::Several(ids.iter()),
        }
    }
}

/// The ids under one key, ascending.
#[derive(Clone, Debug)]
pub enum IdsIter<'a, V> {
    /// At most one is left.
    One(Option<V>),
    /// Those of a set.
    Several(ordered::Iter<'a, V>),
}

impl<V: Copy> Iterator for IdsIter<'_, V> {
    type Item = V;

    fn next(&mut self) -> Option<V> {
        match self {
            Self::One(only) => only.take(),
            Self::Several(ids) => ids.next(),
        }
    }

    fn nth(&mut self, count: usize) -> Option<V> {
        match self {
            Self::One(only) if count > 0 => {
                *only = None;
                None
            }
            Self::One(only) => only.take(),
            Self::Several(ids) => ids.nth(count),
        }
    }
}

impl<V: Copy> DoubleEndedIterator for IdsIter<'_, V> {
    fn next_back(&mut self) -> Option<V> {
        match self {
            Self::One(only) => only.take(),
            Self::Several(ids) => ids.next_back(),
        }
    }

    fn nth_back(&mut self, count: usize) -> Option<V> {
        match self {
            Self::One(_) => self.nth(count),
            Self::Several(ids) => ids.nth_back(count),
        }
    }
}

impl<K: Ord, V: Ord> Default for Many<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V: Ord + Copy> Many<K, V> {
    /// Adds one id under a key.
    pub fn add(&mut self, key: K, id: V) {
        match self.0.entry(key) {
            Entry::Vacant(place) => {
                place.insert(Ids::One(id));
            }
            Entry::Occupied(mut ids) => ids.get_mut().insert(id),
        }
    }

    /// Takes one id from under a key, and the key with its last id.
    pub fn remove<Q>(&mut self, key: &Q, id: V)
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        if self.0.get_mut(key).is_some_and(|ids| ids.remove(id)) {
            self.0.remove(key);
        }
    }

    /// The ids under a key, ascending.
    pub fn of<'s, Q>(&'s self, key: &Q) -> impl DoubleEndedIterator<Item = V> + use<'s, K, V, Q>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).map_or(IdsIter::One(None), Ids::iter)
    }

    /// The lowest id under a key.
    pub fn first<Q>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).and_then(Ids::first)
    }

    /// The lowest key in a range.
    pub fn first_key_in(&self, range: impl std::ops::RangeBounds<K>) -> Option<K>
    where
        K: Copy,
    {
        self.0.range(range).next().map(|(key, _)| *key)
    }

    /// How many ids there are under a key.
    pub fn count<Q>(&self, key: &Q) -> usize
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.0.get(key).map_or(0, Ids::len)
    }

    /// The ids under any of several keys, descending and each once, found as far as they are asked for.
    pub fn newest<'k, Q>(&self, keys: impl IntoIterator<Item = &'k Q>) -> Newest<'_, V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized + 'k,
    {
        let mut sources: Vec<_> = keys.into_iter().filter_map(|key| self.0.get(key)).map(Ids::iter).collect();
        let first = |(at, ids): (usize, &mut IdsIter<'_, V>)| Some((ids.next_back()?, at));
        let heads = sources.iter_mut().enumerate().filter_map(first).collect();
        Newest { sources, heads, last: None }
    }

    /// Every key with its ids, keys ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, IdsIter<'_, V>)> {
        self.0.iter().map(|(key, ids)| (key, ids.iter()))
    }
}

/// Ids under several keys, merged; see [`Many::newest`].
#[derive(Clone, Debug)]
pub struct Newest<'a, V: Ord> {
    sources: Vec<IdsIter<'a, V>>,
    heads: BinaryHeap<(V, usize)>,
    last: Option<V>,
}

impl<V: Ord + Copy> Iterator for Newest<'_, V> {
    type Item = V;

    fn next(&mut self) -> Option<V> {
        loop {
            let (id, at) = self.heads.pop()?;
            self.heads.extend(self.sources[at].next_back().map(|next| (next, at)));
            if self.last.replace(id) != Some(id) {
                return Some(id);
            }
        }
    }

    fn nth(&mut self, count: usize) -> Option<V> {
        if let ([ids], Some(behind)) = (&mut self.sources[..], count.checked_sub(1))
            && self.heads.pop().is_some()
        {
            // Those under one key are each there once, and need not be gone through.
            self.heads.extend(ids.nth_back(behind).map(|id| (id, 0)));
        } else {
            for _ in 0..count {
                self.next()?;
            }
        }
        self.next()
    }
}

/// The form under which text is looked up: trimmed and in lower case, as e-mail addresses are compared.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether two texts are the same once they are [`folded`].
pub fn fold_alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.to_lowercase() == other.to_lowercase()
}

/// Whether `text` holds `part`, whatever the case of both; `part` must have been [`folded`].
pub fn holds(text: &str, part: &str) -> bool {
    if part.is_empty() {
        return true;
    }
    if text.is_ascii() && part.is_ascii() {
        return text
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    }
    text.to_lowercase().contains(part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_fold_to_the_same_however_they_are_compared(text in "[ a-cA-Cß-ü]{0,4}", other in "[ a-cA-Cß-ü]{0,4}") {
            prop_assert_eq!(fold_alike(&text, &other), folded(&text) == folded(&other));
            prop_assert!(fold_alike(&text, &folded(&text)));
        }

        #[test]
        fn the_newest_under_several_keys_are_the_union_descending(
            pairs in proptest::collection::vec((0u8..4, 0u32..20), 0..60),
            keys in proptest::collection::vec(0u8..5, 0..4),
            skipped in proptest::collection::vec(0usize..9, 0..5),
        ) {
            let mut many = Many::default();
            for (key, id) in &pairs {
                many.add(*key, *id);
            }
            let union: BTreeSet<u32> =
                pairs.iter().filter(|(key, _)| keys.contains(key)).map(|(_, id)| *id).collect();
            prop_assert_eq!(many.newest(&keys).collect::<Vec<_>>(), union.iter().rev().copied().collect::<Vec<_>>());
            let (mut ours, mut theirs) = (many.newest(&keys), union.into_iter().rev());
            for count in skipped {
                prop_assert_eq!(ours.nth(count), theirs.nth(count));
            }
            prop_assert!(ours.eq(theirs));
        }

        #[test]
        fn texts_fold_alike_if_they_fold_to_the_same(one in "[ aAbBßKk]{0,3}", other in "[ aAbBßKk]{0,3}") {
            prop_assert_eq!(fold_alike(&one, &other), folded(&one) == folded(&other));
        }

        #[test]
        fn text_holds_its_parts_whatever_the_case(before in "[a-zA-Zß-ü ]{0,8}", part in "[a-zA-Zß-ü]{0,4}") {
            let text = format!("{before}{}", part.to_uppercase());
            prop_assert!(holds(&text, &folded(&part.to_uppercase())));
            prop_assert!(!holds(&text, "0"));
        }
    }
}
