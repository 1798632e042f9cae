//! Pairs of bytes that stand in a text more than once, between others each time.
//!
//! A text that has all triples of a needle may have them in different places, and not the needle. That takes a pair in
//! the midst of the needle which the text has at least twice: with what is before it in the needle here, and with what is
//! behind it there, but never with both; or with the same before it and different bytes behind it, so that the text may
//! go on otherwise than the needle where it has what comes before in the needle. What of a needle would be doubtful for
//! such a reason is noted, and who finds nothing of the kind knows that the text holds the needle: where it has the first
//! four bytes, the second to fourth are always followed by the fifth, and so on.

use super::alphabet::Alphabet;
use super::postings::{Place, Postings};

/// The byte before a pair and the one behind it.
type Context = [u8; 2];

/// What no text has, as it is no part of UTF-8: an end of the text, and what is told instead of a context.
const END: u8 = 0xff;
const PARTED: u8 = 0xff;
const ALL: Context = [0xff; 2];

/// A text that is longer than so much is always looked at: finding out more would take long.
const LONG: usize = if cfg!(test) { 30 } else { 256 };
/// Of a list every so manieth is looked at first.
const STRIDE: usize = if cfg!(test) { 4 } else { 128 };

/// A context of a pair, and a text that is doubtful to who looks for the pair in it: it has both halves apart but not
/// together. Instead of a context there may be [`PARTED`] and the byte before, behind which the text has the pair and
/// different bytes; or [`ALL`], of which nothing more is known. In the number the context comes before the place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt(u32);

impl Doubt {
    fn new(context: Context, place: u16) -> Self {
        Self(u32::from(u16::from_be_bytes(context)) << 16 | u32::from(place))
    }

    fn context(self) -> Context {
        ((self.0 >> 16) as u16).to_be_bytes()
    }
}

impl Place for Doubt {
    fn place(self) -> u16 {
        self.0 as u16
    }

    fn moved(self, place: u16) -> Self {
        Self::new(self.context(), place)
    }
}

/// The doubts about some texts, by the numbers of pairs of letters of an alphabet. In each list they ascend.
#[derive(Clone, Debug)]
pub struct Forks {
    lists: Postings<Doubt>,
}

impl Forks {
    /// Those of these texts. Of pairs and contexts with a byte that is no letter nothing is told.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str>, alphabet: &Alphabet) -> Self {
        // The last text that had each pair, and whether it was looked at already.
        let mut last = vec![(u16::MAX, false); alphabet.size() * alphabet.size()];
        let mut doubts = Vec::new();
        for (text, place) in texts.zip(0..) {
            for pair in text.as_bytes().array_windows() {
                let cell = cell(alphabet, *pair);
                let (text_before, is_done) = &mut last[cell];
                if *text_before != place {
                    (*text_before, *is_done) = (place, false);
                } else if !*is_done && alphabet.has_all(pair) {
                    *is_done = true;
                    doubtful_contexts(text.as_bytes(), *pair, |context| {
                        let is_told = |byte: &u8| *byte == PARTED || alphabet.has_all(&[*byte]);
                        if context.iter().all(is_told) {
                            // UTF-8 has 243 different bytes, and so not more pairs than a number of 16 bits tells.
                            doubts.push((cell as u16, Doubt::new(context, place)));
                        }
                    });
                }
            }
        }
        doubts.sort_unstable();
        Self { lists: Postings::of(alphabet.cells(), &doubts) }
    }

    /// The texts that may have all triples of a needle of letters and not the needle, and others.
    pub fn concerning<'f>(
        &'f self,
        needle: &'f [u8],
        alphabet: &'f Alphabet,
    ) -> impl Iterator<Item = u16> + 'f {
        needle.array_windows().enumerate().flat_map(move |(at, [before, one, two, behind])| {
            let cell = cell(alphabet, [*one, *two]);
            let doubts = self.lists.of_lists(cell..cell + 1);
            let parted: &[Doubt] = if at > 0 { about(doubts, [PARTED, *before]) } else { &[] };
            let of_all = doubts.iter().rev().take_while(|doubt| doubt.context() == ALL);
            let doubtful = about(doubts, [*before, *behind]).iter().chain(parted).chain(of_all);
            doubtful.map(|doubt| doubt.place())
        })
    }

    /// The lists.
    pub fn lists_mut(&mut self) -> &mut Postings<Doubt> {
        &mut self.lists
    }
}

/// Those about a context. Some are counted, from which it is seen where to look: the memory is in no cache, and who goes
/// from one to the next in halves waits each time.
fn about(doubts: &[Doubt], context: Context) -> &[Doubt] {
    let first = Doubt::new(context, 0);
    let is_less = |doubt: &Doubt| usize::from(*doubt < first);
    let strides: usize = doubts.iter().step_by(STRIDE).map(is_less).sum();
    let from = &doubts[strides.saturating_sub(1) * STRIDE..];
    let less: usize = from.iter().take(STRIDE).map(is_less).sum();
    let from = &from[less..];
    &from[..from.iter().take_while(|doubt| doubt.context() == context).count()]
}

fn cell(alphabet: &Alphabet, [one, two]: [u8; 2]) -> usize {
    alphabet.cell(alphabet.letter(one), alphabet.letter(two))
}

/// Tells the contexts of a pair that a text may be thought to have; all, as one, if finding them would take long.
fn doubtful_contexts(text: &[u8], pair: [u8; 2], mut tell: impl FnMut(Context)) {
    if text.len() > LONG {
        return tell(ALL);
    }
    let contexts = contexts(text, pair);
    for same_before in contexts.chunk_by(|one, other| one[0] == other[0]) {
        let before = same_before[0][0];
        if before == END {
            continue;
        }
        if same_before.len() > 1 {
            tell([PARTED, before]);
        }
        let mut others: Vec<u8> = contexts.iter().map(|[_, behind]| *behind).collect();
        others.sort_unstable();
        others.dedup();
        let is_apart = |behind: &u8| *behind != END && same_before.iter().all(|[_, other]| other != behind);
        others.into_iter().filter(is_apart).for_each(|behind| tell([before, behind]));
    }
}

/// The contexts of a pair in a text, each once, ascending.
fn contexts(text: &[u8], pair: [u8; 2]) -> Vec<Context> {
    let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(END);
    let places = text.array_windows().enumerate().filter(|(_, other)| **other == pair);
    let mut contexts: Vec<Context> =
        places.map(|(at, _)| [byte(at.checked_sub(1)), byte(Some(at + 2))]).collect();
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}
