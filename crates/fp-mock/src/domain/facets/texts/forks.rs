//! Pairs of bytes that stand in a text more than once, between others each time.
//!
//! A text that has all triples of a needle may have them in different places, and not the needle. That takes a pair in
//! the midst of the needle which the text has at least twice: with what is before it in the needle here, and with what is
//! behind it there, but never with both; or with the same before it and different bytes behind it, so that the text may
//! go on otherwise than the needle where it has what comes before in the needle. Such pairs are noted, and who finds none
//! that concerns the needle knows that the text holds it: where it has the first four bytes, the second to fourth are
//! always followed by the fifth, and so on.

use super::alphabet::Alphabet;
use super::postings::{Place, Postings};

/// The byte before a pair and the one behind it; [`END`] at an end of the text.
type Context = [u8; 2];

/// What no text has, as it is no part of UTF-8: an end of the text, and that there are more contexts than two.
const END: u8 = 0xff;
const MORE: u8 = 0xfe;

/// A text that has a pair in more than one context.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fork {
    place: u16,
    /// The two contexts; or [`MORE`], and bits of those that the text has only by halves, and [`PARTED`].
    contexts: [u8; 4],
}

/// Bits of contexts, of which several share one.
type Marks = u32;

const MARKS: u32 = 23;
/// The same byte stands before the pair, and different ones behind it.
const PARTED: Marks = 1 << MARKS;
/// A text that is longer than so much is always looked at: finding out more would take long.
const LONG: usize = if cfg!(test) { 30 } else { 256 };

/// The bit of a context.
fn mark([before, behind]: Context) -> Marks {
    // The product spreads what is near over all bits.
    let spread = u32::from(u16::from_be_bytes([before, behind])).wrapping_mul(0x9e37_79b1);
    1 << ((u64::from(spread) * u64::from(MARKS)) >> 32)
}

impl Fork {
    /// Of a pair in these contexts, which ascend.
    fn new(place: u16, contexts: &[Context]) -> Self {
        let contexts = match *contexts {
            [[before, behind], [other_before, other_behind]] => [before, behind, other_before, other_behind],
            _ => {
                let [_, bytes @ ..] = marks(contexts).to_be_bytes();
                [MORE, bytes[0], bytes[1], bytes[2]]
            }
        };
        Self { place, contexts }
    }

    /// Whether the text may have both halves of a context apart, but not together; or, if it goes on from somewhere, may
    /// go on in different ways.
    fn is_doubtful(self, wanted: Context, goes_on: bool) -> bool {
        let [before, behind] = wanted;
        match self.contexts {
            [MORE, bytes @ ..] => {
                let marks = Marks::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
                marks & (mark(wanted) | if goes_on { PARTED } else { 0 }) != 0
            }
            [one, behind_one, other, behind_other] if one == other => {
                goes_on && before == one && behind_one != behind_other
            }
            [one, behind_one, other, behind_other] => {
                before == one && behind == behind_other && behind != behind_one
                    || before == other && behind == behind_one && behind != behind_other
            }
        }
    }
}

impl Place for Fork {
    fn place(self) -> u16 {
        self.place
    }

    fn moved(self, place: u16) -> Self {
        Self { place, ..self }
    }
}

/// The forks of some texts, by the numbers of pairs of letters of an alphabet.
#[derive(Clone, Debug)]
pub struct Forks {
    lists: Postings<Fork>,
}

impl Forks {
    /// Those of these texts. Of pairs with a byte that is no letter nothing is told.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str>, alphabet: &Alphabet) -> Self {
        // The last text that had each pair, and whether it was looked at already.
        let mut last = vec![(u16::MAX, false); alphabet.size() * alphabet.size()];
        let mut forks = Vec::new();
        for (text, place) in texts.zip(0..) {
            for pair in text.as_bytes().array_windows() {
                let cell = cell(alphabet, *pair);
                let (text_before, is_done) = &mut last[cell];
                if *text_before != place {
                    (*text_before, *is_done) = (place, false);
                } else if !*is_done && alphabet.has_all(pair) {
                    *is_done = true;
                    let contexts = contexts(text.as_bytes(), *pair);
                    if contexts.len() != 1 {
                        // UTF-8 has 243 different bytes, and so not more pairs than a number of 16 bits tells.
                        forks.push((cell as u16, Fork::new(place, &contexts)));
                    }
                }
            }
        }
        forks.sort_unstable_by_key(|(cell, fork)| (*cell, fork.place));
        Self { lists: Postings::of(alphabet.cells(), &forks) }
    }

    /// The texts that may have all triples of a needle of letters and not the needle, and others.
    pub fn concerning<'f>(
        &'f self,
        needle: &'f [u8],
        alphabet: &'f Alphabet,
    ) -> impl Iterator<Item = u16> + 'f {
        needle.array_windows().enumerate().flat_map(move |(at, [before, one, two, behind])| {
            let cell = cell(alphabet, [*one, *two]);
            let is_doubtful = move |fork: &&Fork| fork.is_doubtful([*before, *behind], at > 0);
            self.lists.of_lists(cell..cell + 1).iter().filter(is_doubtful).map(|fork| fork.place)
        })
    }

    /// The lists.
    pub fn lists_mut(&mut self) -> &mut Postings<Fork> {
        &mut self.lists
    }
}

fn cell(alphabet: &Alphabet, [one, two]: [u8; 2]) -> usize {
    alphabet.cell(alphabet.letter(one), alphabet.letter(two))
}

/// The contexts of a pair in a text, each once; none if finding them would take long.
fn contexts(text: &[u8], pair: [u8; 2]) -> Vec<Context> {
    if text.len() > LONG {
        return Vec::new();
    }
    let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(END);
    let places = text.array_windows().enumerate().filter(|(_, other)| **other == pair);
    let mut contexts: Vec<Context> =
        places.map(|(at, _)| [byte(at.checked_sub(1)), byte(Some(at + 2))]).collect();
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}

/// Which contexts a text has only by halves, and whether any are parted; if none are told, all may be.
fn marks(contexts: &[Context]) -> Marks {
    let mut marks = if contexts.is_empty() { Marks::MAX } else { 0 };
    for [before, behind] in contexts {
        for [other_before, other_behind] in contexts {
            let halves = [*before, *other_behind];
            if before == other_before && behind != other_behind {
                marks |= PARTED;
            }
            if contexts.binary_search(&halves).is_err() {
                marks |= mark(halves);
            }
        }
    }
    marks
}
