//! Calls that hardly differ from one before them, as those of a loop or of a load do: what differs is kept. A thousand
//! such calls fit into the processor's caches, where whole ones would push out everything else.

use std::collections::VecDeque;
use std::sync::Arc;

/// How many calls are remembered to be compared with.
const LATEST: usize = 8;
/// What is compared at once, in bytes: as many words as a byte has bits.
const GROUP: usize = 8 * WORD;
/// What is kept or left out, in bytes.
const WORD: usize = 8;

/// The latest calls that were like none of those before.
#[derive(Debug, Default)]
pub struct Earlier {
    latest: VecDeque<Arc<Vec<u8>>>,
}

/// A call by how it differs from an earlier one of the same length.
#[derive(Debug)]
pub struct Differences {
    earlier: Arc<Vec<u8>>,
    /// A byte for each group, of which each bit says whether a word differs; then the words that do.
    changed: Vec<u8>,
}

impl Earlier {
    /// How a call differs from one that came before, in the room of such differences; `None` if none is like it.
    pub fn differences(&self, call: &[u8], mut room: Vec<u8>) -> Option<Differences> {
        // Calls of a loop are like the latest.
        let mut same = self.latest.iter().rev().filter(|earlier| earlier.len() == call.len());
        let earlier = same.find(|earlier| compare(earlier, call, &mut room))?;
        room.shrink_to(2 * room.len());
        Some(Differences { earlier: Arc::clone(earlier), changed: room })
    }

    /// Lets later calls be compared with this one.
    pub fn remember(&mut self, call: &[u8]) {
        let oldest = if self.latest.len() == LATEST { self.latest.pop_front() } else { None };
        // Nobody may be told by it any more.
        let mut room = oldest.and_then(|oldest| Arc::try_unwrap(oldest).ok()).unwrap_or_default();
        room.clear();
        room.extend_from_slice(call);
        self.latest.push_back(Arc::new(room));
    }
}

impl Differences {
    /// The call.
    pub fn whole(&self) -> Vec<u8> {
        let mut call = Vec::clone(&self.earlier);
        let (marks, mut words) = self.changed.split_at(groups(&call));
        for (group, marks) in call.chunks_mut(GROUP).zip(marks) {
            let differing = group.chunks_mut(WORD).enumerate().filter(|(at, _)| marks >> at & 1 == 1);
            for (_, word) in differing {
                let (new, rest) = words.split_at(word.len());
                word.copy_from_slice(new);
                words = rest;
            }
        }
        call
    }

    /// The memory, for others.
    pub fn into_room(self) -> Vec<u8> {
        self.changed
    }
}

fn groups(call: &[u8]) -> usize {
    call.len().div_ceil(GROUP)
}

/// Writes down how a call differs from an earlier one of its length, and says whether that is little.
fn compare(earlier: &[u8], call: &[u8], changed: &mut Vec<u8>) -> bool {
    let most = call.len() / 4;
    changed.clear();
    changed.resize(groups(call), 0);
    let (earlier, end_of_earlier) = earlier.as_chunks::<GROUP>();
    let (call, end) = call.as_chunks::<GROUP>();
    for (at, (before, now)) in earlier.iter().zip(call).enumerate() {
        // Of known length they are compared without a loop.
        if before != now {
            changed[at] = put_words(before, now, changed);
            if changed.len() > most {
                return false;
            }
        }
    }
    if end_of_earlier != end {
        changed[call.len()] = put_words(end_of_earlier, end, changed);
    }
    changed.len() <= most
}

/// Writes down the words of a group that differ, and answers which.
fn put_words(before: &[u8], now: &[u8], changed: &mut Vec<u8>) -> u8 {
    let pairs = before.chunks(WORD).zip(now.chunks(WORD));
    pairs.enumerate().filter(|(_, (before, now))| before != now).fold(0, |marks, (at, (_, now))| {
        changed.extend_from_slice(now);
        marks | 1 << at
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_call_is_told_by_what_differs_or_is_like_none(
            earlier in prop::collection::vec(any::<u8>(), 0..600),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
            length in 0..600_usize,
        ) {
            let mut all = Earlier::default();
            all.remember(&earlier);
            let mut call = earlier;
            for (at, byte) in changes {
                if let Some(place) = (!call.is_empty()).then(|| at.index(call.len())) {
                    call[place] = byte;
                }
            }
            if let Some(differences) = all.differences(&call, Vec::new()) {
                prop_assert!(differences.changed.len() <= call.len() / 4 || call.is_empty());
                prop_assert_eq!(differences.whole(), &call[..]);
            }
            call.resize(length, b'x');
            let differences = all.differences(&call, Vec::new());
            prop_assert!(differences.is_none_or(|differences| differences.whole() == call));
        }
    }

    #[test]
    fn a_call_like_one_of_the_latest_takes_little() {
        let call =
            |path: &str, number: usize| format!("POST {path} {number:05} {}", "x".repeat(900)).into_bytes();
        let mut earlier = Earlier::default();
        for path in ["/one", "/three", "/five5"] {
            earlier.remember(&call(path, 0));
        }
        for (number, path) in ["/three", "/one", "/five5", "/one"].into_iter().enumerate() {
            let differences = earlier.differences(&call(path, number), Vec::new()).expect("one is like it");
            assert!(differences.changed.len() < 40);
            assert_eq!(differences.whole(), call(path, number));
        }
        (0..LATEST).for_each(|number| earlier.remember(&vec![b'y'; 100 + number]));
        assert!(earlier.differences(&call("/one", 1), Vec::new()).is_none());
    }
}
