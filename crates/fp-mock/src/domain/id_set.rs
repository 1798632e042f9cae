//! Ids gathered to be looked up or gone through, each once: one piece of code for the ids of all records, where a tree
//! for each kind brings a sort of its own into the program.

use std::marker::PhantomData;

use super::ids::Id;

/// Ids in their order, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdSet<I> {
    numbers: Vec<u64>,
    of: PhantomData<I>,
}

impl<I: Id> IdSet<I> {
    /// Whether it holds `id`.
    pub fn contains(&self, id: I) -> bool {
        self.numbers.binary_search(&id.number()).is_ok()
    }

    /// How many it holds.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }
}

impl<I: Id> FromIterator<I> for IdSet<I> {
    fn from_iter<T: IntoIterator<Item = I>>(ids: T) -> Self {
        let mut numbers: Vec<u64> = ids.into_iter().map(Id::number).collect();
        order(&mut numbers);
        Self { numbers, of: PhantomData }
    }
}

impl<I: Id> IntoIterator for IdSet<I> {
    type Item = I;
    type IntoIter = std::iter::Map<std::vec::IntoIter<u64>, fn(u64) -> I>;

    fn into_iter(self) -> Self::IntoIter {
        self.numbers.into_iter().map(I::from_number)
    }
}

fn order(numbers: &mut Vec<u64>) {
    numbers.sort_unstable();
    numbers.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PayoutId;

    #[test]
    fn ids_come_in_their_order_and_each_once() {
        let set: IdSet<PayoutId> = [5, 2, 9, 2, 5].into_iter().map(PayoutId::new).collect();
        assert_eq!(set.count(), 3);
        assert!(set.contains(PayoutId::new(9)) && !set.contains(PayoutId::new(3)));
        assert_eq!(set.clone().into_iter().collect::<Vec<_>>(), [2, 5, 9].map(PayoutId::new));
        assert_eq!(set.into_iter().next_back(), Some(PayoutId::new(9)));
    }
}
