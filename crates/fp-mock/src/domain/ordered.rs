//! Sets of small values in ascending order. They lie side by side in chunks, full where values only ever come in at
//! the end; copies of a set share its chunks until one of them changes, so that a kept state costs little.

use std::cmp::Ordering;
use std::slice;
use std::sync::Arc;

/// How many values a chunk may hold.
const CHUNK: usize = 256;
/// Chunks with no more values than this are put to their neighbour if it has room for twice as many.
const SMALL: usize = CHUNK / 8;

/// A set in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered<T> {
    chunks: Vec<Chunk<T>>,
    len: usize,
}

/// Values that follow each other, never none; none is below `floor`, which no value of the chunk before reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chunk<T> {
    floor: T,
    values: Arc<Vec<T>>,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Ord + Copy> Ordered<T> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a value in, if it is not there.
    pub fn insert(&mut self, value: T) {
        // Nearly always the highest comes in.
        let is_highest = self.last().is_none_or(|last| last < value);
        if is_highest {
            self.push(value);
            return;
        }
        let at = self.chunk_of(&value);
        let chunk = &mut self.chunks[at];
        let Err(place) = chunk.values.binary_search(&value) else { return };
        chunk.floor = chunk.floor.min(value);
        self.len += 1;
        let values = Arc::make_mut(&mut chunk.values);
        if values.len() < CHUNK {
            make_room(values);
            values.insert(place, value);
            return;
        }
        let mut upper = values.split_off(CHUNK / 2);
        values.shrink_to(CHUNK / 2 + CHUNK / 8);
        let floor = upper[0];
        let half = if place <= CHUNK / 2 { &mut *values } else { &mut upper };
        make_room(half);
        half.insert(if place <= CHUNK / 2 { place } else { place - CHUNK / 2 }, value);
        self.chunks.insert(at + 1, Chunk { floor, values: Arc::new(upper) });
    }

    fn push(&mut self, value: T) {
        self.len += 1;
        let chunks = self.chunks.len();
        match self.chunks.last_mut() {
            Some(chunk) if chunk.values.len() < CHUNK => {
                let values = Arc::make_mut(&mut chunk.values);
                match chunks {
                    1 => make_room(values),
                    // Those before are full, and so will this one be.
                    _ => values.reserve_exact(CHUNK - values.len()),
                }
                values.push(value);
            }
            _ => {
                let mut values = Vec::with_capacity(if chunks == 0 { 2 } else { CHUNK });
                values.push(value);
                self.chunks.reserve_exact(usize::from(chunks == 0));
                self.chunks.push(Chunk { floor: value, values: Arc::new(values) });
            }
        }
    }

    /// Takes a value out, if it is there.
    pub fn remove(&mut self, value: &T) {
        let at = self.chunk_of(value);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let Ok(place) = chunk.values.binary_search(value) else { return };
        self.len -= 1;
        let left = chunk.values.len() - 1;
        if left == 0 {
            self.chunks.remove(at);
            return;
        }
        Arc::make_mut(&mut chunk.values).remove(place);
        if at > 0 && left <= SMALL && self.chunks[at - 1].values.len() <= CHUNK - 2 * SMALL {
            let small = self.chunks.remove(at);
            Arc::make_mut(&mut self.chunks[at - 1].values).extend_from_slice(&small.values);
        }
    }

    /// The lowest value.
    pub fn first(&self) -> Option<T> {
        self.chunks.first().and_then(|chunk| chunk.values.first().copied())
    }

    /// The highest value.
    pub fn last(&self) -> Option<T> {
        self.chunks.last().and_then(|chunk| chunk.values.last().copied())
    }

    /// All values, ascending.
    pub fn iter(&self) -> Iter<'_, T> {
        self.between((0, 0), self.end())
    }

    /// The values that `place` calls equal, ascending. It must call those before them less and those after them
    /// greater.
    pub fn equal(&self, place: impl Fn(&T) -> Ordering) -> Iter<'_, T> {
        let begin = self.point(|value| place(value) == Ordering::Less);
        // There are few, most of the time.
        let (chunk, first) = begin;
        let rest = self.chunks.get(chunk).map_or(&[][..], |chunk| &chunk.values[first..]);
        let near = rest.iter().take(4).take_while(|value| place(value) == Ordering::Equal).count();
        let end = match near < 4 && near < rest.len() {
            true => (chunk, first + near),
            false => self.point(|value| place(value) != Ordering::Greater),
        };
        self.between(begin, end)
    }

    /// The values for which `is_below` holds, ascending. It must hold for the lowest, and for none of the others.
    pub fn below(&self, is_below: impl Fn(&T) -> bool) -> Iter<'_, T> {
        self.between((0, 0), self.point(is_below))
    }

    /// The values for which `is_below` holds, and the others. It must hold for the lowest, and for none of the others;
    /// it is only asked of values that are there.
    pub fn split(&self, is_below: impl Fn(&T) -> bool) -> (Iter<'_, T>, Iter<'_, T>) {
        let at = self.chunks.partition_point(|chunk| is_below(&chunk.values[0])).saturating_sub(1);
        let point = match self.chunks.get(at).map(|chunk| (chunk, chunk.values.partition_point(is_below))) {
            Some((chunk, place)) if place == chunk.values.len() => (at + 1, 0),
            Some((_, place)) => (at, place),
            None => (0, 0),
        };
        (self.between((0, 0), point), self.between(point, self.end()))
    }

    /// The values for which `is_within` holds but not `is_below`, ascending. Each must hold for the lowest, and for none
    /// of the others, `is_within` for all for which `is_below` does.
    pub fn part(&self, is_below: impl Fn(&T) -> bool, is_within: impl Fn(&T) -> bool) -> Iter<'_, T> {
        self.between(self.point(is_below), self.point(is_within))
    }

    /// The chunk in which a value is or belongs.
    fn chunk_of(&self, value: &T) -> usize {
        self.last_chunk(|floor| floor <= value)
    }

    /// The place of the first value for which `is_below` does not hold: its chunk, and where in it.
    fn point(&self, is_below: impl Fn(&T) -> bool) -> (usize, usize) {
        let at = self.last_chunk(&is_below);
        let Some(chunk) = self.chunks.get(at) else { return (0, 0) };
        match chunk.values.partition_point(is_below) {
            place if place == chunk.values.len() => (at + 1, 0),
            place => (at, place),
        }
    }

    /// The last chunk with such a floor, or the first one. Such are the lowest floors, or none.
    fn last_chunk(&self, is_such: impl Fn(&T) -> bool) -> usize {
        match self.chunks.last() {
            // What is asked for was often put in just now.
            Some(last) if is_such(&last.floor) => self.chunks.len() - 1,
            _ => self.chunks.partition_point(|chunk| is_such(&chunk.floor)).saturating_sub(1),
        }
    }

    fn end(&self) -> (usize, usize) {
        (self.chunks.len(), 0)
    }

    fn between(&self, begin: (usize, usize), end: (usize, usize)) -> Iter<'_, T> {
        let values = |chunk: usize| self.chunks.get(chunk).map_or(&[][..], |chunk| &chunk.values[..]);
        if begin.0 == end.0 {
            let front = values(begin.0)[begin.1..end.1].iter();
            return Iter { front, chunks: [].iter(), back: [].iter() };
        }
        Iter {
            front: values(begin.0)[begin.1..].iter(),
            chunks: self.chunks[begin.0 + 1..end.0].iter(),
            back: values(end.0)[..end.1].iter(),
        }
    }
}

/// Sees to it that one more value has room, without as much to spare as a vector would take by itself.
fn make_room<T>(values: &mut Vec<T>) {
    if values.len() == values.capacity() {
        values.reserve_exact((values.len() / 4).max(2));
    }
}

/// Values of an [`Ordered`] set, ascending. Those that are skipped are not gone through.
#[derive(Debug)]
pub struct Iter<'a, T> {
    front: slice::Iter<'a, T>,
    chunks: slice::Iter<'a, Chunk<T>>,
    back: slice::Iter<'a, T>,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { front: self.front.clone(), chunks: self.chunks.clone(), back: self.back.clone() }
    }
}

impl<T> Default for Iter<'_, T> {
    fn default() -> Self {
        Self { front: [].iter(), chunks: [].iter(), back: [].iter() }
    }
}

impl<'a, T> Iter<'a, T> {
    /// How many values are left.
    pub fn left(&self) -> usize {
        let between = self.chunks.as_slice().iter().map(|chunk| chunk.values.len()).sum::<usize>();
        self.front.len() + between + self.back.len()
    }

    /// How many of those that are left are wanted.
    pub fn count_of(&self, is_wanted: impl Fn(&T) -> bool) -> usize {
        let between = self.chunks.as_slice().iter().map(|chunk| count(&chunk.values, &is_wanted));
        count(self.front.as_slice(), &is_wanted)
            + between.sum::<usize>()
            + count(self.back.as_slice(), &is_wanted)
    }

    /// Lets the values behind those in front be in front, and says whether there are any.
    fn turn(&mut self) -> bool {
        let next = match self.chunks.next() {
            Some(chunk) => chunk.values.iter(),
            None => std::mem::replace(&mut self.back, [].iter()),
        };
        self.front = next;
        self.front.len() > 0
    }

    /// The same from the other end.
    fn turn_back(&mut self) -> bool {
        let next = match self.chunks.next_back() {
            Some(chunk) => chunk.values.iter(),
            None => std::mem::replace(&mut self.front, [].iter()),
        };
        self.back = next;
        self.back.len() > 0
    }

    /// The next of the wanted values after so many of them. Those are counted, many at a time.
    pub fn nth_of(&mut self, mut skipped: usize, is_wanted: impl Fn(&T) -> bool) -> Option<T>
    where
        T: Copy,
    {
        loop {
            let here = if skipped == 0 { 0 } else { count(self.front.as_slice(), &is_wanted) };
            if skipped == 0 || skipped < here {
                let mut wanted = self.front.by_ref().filter(|value| is_wanted(value));
                if let Some(value) = wanted.nth(skipped) {
                    return Some(*value);
                }
            }
            skipped -= here;
            if !self.turn() {
                return None;
            }
        }
    }

    /// The same from the other end.
    pub fn nth_back_of(&mut self, mut skipped: usize, is_wanted: impl Fn(&T) -> bool) -> Option<T>
    where
        T: Copy,
    {
        loop {
            let here = if skipped == 0 { 0 } else { count(self.back.as_slice(), &is_wanted) };
            if skipped == 0 || skipped < here {
                let mut wanted = self.back.by_ref().rev().filter(|value| is_wanted(value));
                if let Some(value) = wanted.nth(skipped) {
                    return Some(*value);
                }
            }
            skipped -= here;
            if !self.turn_back() {
                return None;
            }
        }
    }
}

/// How many values are wanted; without branches, if asking is.
fn count<T>(values: &[T], is_wanted: impl Fn(&T) -> bool) -> usize {
    values.iter().map(|value| usize::from(is_wanted(value))).sum()
}

impl<T: Copy> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.nth(0)
    }

    fn nth(&mut self, mut count: usize) -> Option<T> {
        while count >= self.front.len() {
            count -= self.front.len();
            if !self.turn() {
                return None;
            }
        }
        self.front.nth(count).copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let near = self.front.len() + self.back.len();
        (near + self.chunks.len(), Some(near + self.chunks.len() * CHUNK))
    }
}

impl<T: Copy> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        self.nth_back(0)
    }

    fn nth_back(&mut self, mut count: usize) -> Option<T> {
        while count >= self.back.len() {
            count -= self.back.len();
            if !self.turn_back() {
                return None;
            }
        }
        self.back.nth_back(count).copied()
    }
}

impl<T: Ord + Copy> Ordered<T> {
    /// The set of these values, which ascend.
    pub fn of_ascending(values: &[T]) -> Self {
        debug_assert!(values.is_sorted_by(|one, other| one < other), "values ascend");
        let chunk = |values: &[T]| Chunk { floor: values[0], values: Arc::new(values.to_vec()) };
        Self { len: values.len(), chunks: values.chunks(CHUNK).map(chunk).collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    /// Values that come in by the hundreds, so that chunks part and join.
    fn runs() -> impl Strategy<Value = Vec<(bool, u32, u32, u32)>> {
        proptest::collection::vec((any::<bool>(), 0u32..3_000, 1u32..600, 1u32..4), 0..12)
    }

    fn both(runs: &[(bool, u32, u32, u32)]) -> (Ordered<u32>, BTreeSet<u32>) {
        let (mut ordered, mut expected) = (Ordered::default(), BTreeSet::new());
        for (is_in, begin, count, step) in runs {
            for value in (0..*count).map(|at| begin + at * step) {
                if *is_in {
                    ordered.insert(value);
                    expected.insert(value);
                } else {
                    ordered.remove(&value);
                    expected.remove(&value);
                }
            }
        }
        (ordered, expected)
    }

    proptest! {
        #[test]
        fn it_holds_what_a_set_would(runs in runs(), from in 0u32..5_000, skipped in 0usize..2_000) {
            let (ordered, expected) = both(&runs);
            prop_assert_eq!(ordered.len(), expected.len());
            prop_assert_eq!(ordered.first(), expected.first().copied());
            prop_assert_eq!(ordered.last(), expected.last().copied());
            prop_assert!(ordered.iter().eq(expected.iter().copied()));
            prop_assert!(ordered.iter().rev().eq(expected.iter().rev().copied()));
            prop_assert_eq!(ordered.iter().left(), expected.len());
            let below = ordered.below(|value| *value < from);
            prop_assert_eq!(below.left(), expected.range(..from).count());
            prop_assert!(below.rev().eq(expected.range(..from).rev().copied()));
            prop_assert_eq!(ordered.iter().nth(skipped), expected.iter().nth(skipped).copied());
            prop_assert_eq!(ordered.iter().nth_back(skipped), expected.iter().nth_back(skipped).copied());
            let (below, others) = ordered.split(|value| *value < from);
            prop_assert!(below.eq(expected.range(..from).copied()));
            prop_assert!(others.eq(expected.range(from..).copied()));
            let to = from + skipped as u32 / 2;
            prop_assert!(ordered.part(|value| *value < from, |value| *value <= to).eq(expected.range(from..=to).copied()));
            let is_wanted = |value: &u32| value % 3 == 1;
            let wanted = expected.iter().copied().filter(is_wanted);
            prop_assert_eq!(ordered.iter().count_of(is_wanted), wanted.clone().count());
            let (mut ours, mut theirs) = (ordered.iter(), wanted);
            for count in [skipped, 0, skipped % 5, 0] {
                prop_assert_eq!(ours.nth_of(count, is_wanted), theirs.nth(count));
                prop_assert_eq!(ours.nth_back_of(count, is_wanted), theirs.nth_back(count));
            }
            let gathered = Ordered::of_ascending(&expected.iter().copied().collect::<Vec<u32>>());
            prop_assert!(gathered.iter().eq(expected.iter().copied()));
        }

        #[test]
        fn equal_values_lie_together(runs in runs(), key in 0u32..60, width in 1u32..700) {
            let (ordered, expected) = both(&runs);
            let equal: Vec<u32> = expected.iter().copied().filter(|value| value / width == key).collect();
            let found = ordered.equal(|value| (value / width).cmp(&key));
            prop_assert_eq!(found.left(), equal.len());
            prop_assert!(found.clone().eq(equal.iter().copied()));
            prop_assert!(found.rev().eq(equal.iter().copied().rev()));
        }

        #[test]
        fn it_is_gone_through_from_both_ends_at_once(runs in runs(), turns in proptest::collection::vec(any::<(bool, u8)>(), 0..40)) {
            let (ordered, expected) = both(&runs);
            let (mut ours, mut theirs) = (ordered.iter(), expected.iter().copied());
            for (is_front, count) in turns {
                match is_front {
                    true => prop_assert_eq!(ours.nth(count.into()), theirs.nth(count.into())),
                    false => prop_assert_eq!(ours.nth_back(count.into()), theirs.nth_back(count.into())),
                }
            }
            prop_assert!(ours.eq(theirs));
        }

        #[test]
        fn a_copy_stays_as_it_was(before in runs(), after in runs()) {
            let (mut ordered, expected) = both(&before);
            let copy = ordered.clone();
            for (is_in, begin, count, step) in after {
                for value in (0..count).map(|at| begin + at * step) {
                    if is_in { ordered.insert(value) } else { ordered.remove(&value) }
                }
            }
            prop_assert!(copy.iter().eq(expected));
        }
    }
}
