//! Pairs and triples of bytes that stand in a text more than once, between others each time.
//!
//! A text that has all triples of a needle may have them in different places, and not the needle. That takes a pair in
//! the midst of the needle which the text has at least twice: with what is before it in the needle here, and with what is
//! behind it there, but never with both. Where no pair is so, the text has all fours of the needle; where no triple is,
//! all fives. And if it has no triple with the same before it and different bytes behind it, it goes on as the needle
//! does behind the first five: it holds the needle. What of a needle would be doubtful for such a reason is noted, by the
//! pair or triple and what is on either side of it there.

use std::hash::{DefaultHasher, Hasher};
use std::hint::black_box;

use super::super::Places;
use super::alphabet::Alphabet;
use super::postings::{Place, Postings};

/// The byte before a pair or triple and the one behind it.
type Context = [u8; 2];

/// What no text has, as it is no part of UTF-8: an end of the text, and what is told instead of the byte behind.
const END: u8 = 0xff;
const PARTED: u8 = 0xff;

/// A text that is longer than so much is always looked at: finding out more would take long.
const LONG: usize = if cfg!(test) { 30 } else { 256 };
/// So many doubts share a list.
const SHARING: usize = 4;

/// Four bytes of a needle and what may be doubtful of it there: that a text holds them, that it holds one more behind them,
/// or that this is always so. All are hashed: which list to look in, and what is there to be looked for. What is taken
/// for something else does no harm but that a text is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Doubtful {
    hash: u32,
    marks: [u16; 3],
}

/// All that may be doubtful of a needle: of its fours and fives, which are its pairs and triples in their contexts; and
/// of what is behind its fours but the first.
pub fn doubtful(needle: &[u8]) -> Vec<Doubtful> {
    let at_each = needle.array_windows().enumerate().map(|(at, four): (usize, &[u8; 4])| {
        let mark_of_four = mark(four);
        let five = needle.get(at..at + 5);
        let parted = five.filter(|_| at > 0).map(|_| parted(*four));
        let marks = [Some(mark_of_four), five.map(mark), parted.map(|bytes| mark(&bytes))];
        Doubtful { hash: hash(four), marks: marks.map(|mark| mark.unwrap_or(mark_of_four)) }
    });
    at_each.collect()
}

fn parted([before, one, two, three]: [u8; 4]) -> [u8; 5] {
    [before, one, two, three, PARTED]
}

/// By which a list is found: the same for all that begin with the same four bytes, which are looked for together.
fn hash(bytes: &[u8]) -> u32 {
    (hash_of(&bytes[..4]) >> 32) as u32
}

fn mark(bytes: &[u8]) -> u16 {
    hash_of(bytes) as u16
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The list of what has a hash, of so many.
fn list(hash: u32, lists: usize) -> usize {
    ((u64::from(hash) * lists as u64) >> 32) as usize
}

/// A text of which something is doubtful.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    mark: u16,
    place: u16,
}

impl Place for Doubt {
    fn place(self) -> u16 {
        self.place
    }

    fn moved(self, place: u16) -> Self {
        Self { place, ..self }
    }
}

/// The doubts about some texts.
#[derive(Clone, Debug)]
pub struct Forks {
    lists: Postings<Doubt>,
    /// Texts of which everything is doubtful, if there are some.
    long: Option<Box<Places>>,
}

impl Forks {
    /// Those of these texts. Of what has a byte that is no letter nothing is told.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str>, alphabet: &Alphabet) -> Self {
        let mut long: Option<Box<Places>> = None;
        // The last text that had each pair, and whether it was looked at already.
        let mut last = vec![(u16::MAX, false); alphabet.size() * alphabet.size()];
        let mut doubts = Vec::new();
        let is_told = |byte: &u8| *byte == PARTED || alphabet.has_all(&[*byte]);
        for (text, place) in texts.zip(0..) {
            if text.len() > LONG {
                long.get_or_insert_default().put(place.into());
                continue;
            }
            for pair in text.as_bytes().array_windows() {
                let (text_before, is_done) = &mut last[cell(alphabet, *pair)];
                if *text_before != place {
                    (*text_before, *is_done) = (place, false);
                } else if !*is_done && alphabet.has_all(pair) {
                    *is_done = true;
                    tell_doubtful(text.as_bytes(), *pair, |bytes| {
                        if bytes.iter().all(is_told) {
                            doubts.push((hash(bytes), Doubt { mark: mark(bytes), place }));
                        }
                    });
                }
            }
        }
        doubts.sort_unstable();
        let lists = (doubts.len() / SHARING).max(1);
        let posted = doubts.iter().map(|(hash, doubt)| (list(*hash, lists), *doubt));
        Self { lists: Postings::of(lists, posted), long }
    }

    /// Puts the texts that may have all triples of a needle of letters and not the needle, of which this is
    /// [`doubtful`], among others.
    pub fn put_concerning(&self, doubtful: &[Doubtful], places: &mut Places) {
        let count = self.lists.count();
        let list_of = |doubtful: &Doubtful| list(doubtful.hash, count);
        let lists =
            doubtful.iter().map(|doubtful| self.lists.of_lists(list_of(doubtful)..list_of(doubtful) + 1));
        let lists: Vec<&[Doubt]> = lists.collect();
        // The memory is asked for all of these before one of them is waited for.
        black_box(lists.iter().filter_map(|list| list.first()).fold(0, |every, doubt| every ^ doubt.mark));
        for (list, doubtful) in lists.into_iter().zip(doubtful) {
            let of_it = list.iter().filter(|doubt| doubtful.marks.contains(&doubt.mark));
            of_it.for_each(|doubt| places.put(doubt.place.into()));
        }
        self.long.iter().for_each(|long| places.put_all(long));
    }

    /// A text came before those that have this place or a later one.
    pub fn open(&mut self, at: usize) {
        self.lists.open(at);
        self.long.iter_mut().for_each(|long| long.open(at));
    }

    /// A text went out.
    pub fn close(&mut self, at: usize) {
        self.lists.close(at);
        self.long.iter_mut().for_each(|long| long.close(at));
    }
}

fn cell(alphabet: &Alphabet, [one, two]: [u8; 2]) -> usize {
    alphabet.cell(alphabet.letter(one), alphabet.letter(two))
}

/// Tells what may be doubtful of a text that has a pair several times: of the pair, and of the triples that begin with it.
fn tell_doubtful(text: &[u8], pair: [u8; 2], mut tell: impl FnMut(&[u8])) {
    let pairs = text.array_windows().enumerate();
    let places: Vec<usize> = pairs.filter(|(_, other)| **other == pair).map(|(at, _)| at).collect();
    let ([one, two], of_pair) = (pair, contexts(text, 2, places.iter().copied()));
    tell_crosses(&of_pair, |before, behind| tell(&[before, one, two, behind]));
    for third in behinds(&of_pair) {
        let places = places.iter().copied().filter(|at| text.get(at + 2) == Some(&third));
        let of_triple = contexts(text, 3, places);
        tell_crosses(&of_triple, |before, behind| tell(&[before, one, two, third, behind]));
        tell_parted(&of_triple, |before| tell(&parted([before, one, two, third])));
    }
}

/// The contexts of what is so long in these places of a text, each once, ascending.
fn contexts(text: &[u8], length: usize, places: impl Iterator<Item = usize>) -> Vec<Context> {
    let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(END);
    let mut contexts: Vec<Context> =
        places.map(|at| [byte(at.checked_sub(1)), byte(Some(at + length))]).collect();
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}

/// The bytes behind in contexts, each once.
fn behinds(contexts: &[Context]) -> Vec<u8> {
    let mut behinds: Vec<u8> =
        contexts.iter().map(|[_, behind]| *behind).filter(|byte| *byte != END).collect();
    behinds.sort_unstable();
    behinds.dedup();
    behinds
}

/// Tells the contexts that are none of these but put together of two of them.
fn tell_crosses(contexts: &[Context], mut tell: impl FnMut(u8, u8)) {
    let behinds = behinds(contexts);
    for same_before in by_before(contexts) {
        let before = same_before[0][0];
        let is_apart = |behind: &u8| same_before.iter().all(|[_, other]| other != behind);
        behinds.iter().copied().filter(is_apart).for_each(|behind| tell(before, behind));
    }
}

/// Tells the bytes before of which several of these contexts are.
fn tell_parted(contexts: &[Context], mut tell: impl FnMut(u8)) {
    let parted = by_before(contexts).filter(|same_before| same_before.len() > 1);
    parted.for_each(|same_before| tell(same_before[0][0]));
}

/// These contexts by the bytes before, but for the begin of the text.
fn by_before(contexts: &[Context]) -> impl Iterator<Item = &[Context]> {
    contexts.chunk_by(|one, other| one[0] == other[0]).filter(|same_before| same_before[0][0] != END)
}
