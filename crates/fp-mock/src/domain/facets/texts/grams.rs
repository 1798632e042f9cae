//! Which texts have which letters, and which beside each other.

use std::collections::BTreeSet;

use super::super::Places;
use super::tally::Tally;

/// Two bytes that stand beside each other, and three.
pub type Pair = [u8; 2];
pub type Triple = [u8; 3];

/// A byte, two or three that stand beside each other, or one that stands on both sides of any other: of three that are
/// the same pairs tell little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gram(pub u32);

/// From where on single bytes are numbered, and bytes around others.
const BYTES: u32 = 0;
const AROUNDS: u32 = 256;
/// From where on pairs are.
const PAIRS: u32 = 512;
/// From where on triples are.
const TRIPLES: u32 = 512 + 256 * 256;

impl Gram {
    /// Those that make out a text, which must not be empty, ascending. If it has no more than three bytes, it is the last
    /// one.
    pub fn sought(text: &str) -> Vec<Self> {
        match text.as_bytes() {
            [byte] => vec![Self::of_byte(*byte)],
            bytes => all_but_bytes(bytes).collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    /// A byte.
    pub fn of_byte(byte: u8) -> Self {
        Self(BYTES + u32::from(byte))
    }

    /// A byte on both sides of any other.
    pub fn of_around(byte: u8) -> Self {
        Self(AROUNDS + u32::from(byte))
    }

    /// Two bytes.
    pub fn of_pair(pair: Pair) -> Self {
        Self(PAIRS + u32::from(u16::from_be_bytes(pair)))
    }

    /// Three bytes.
    pub fn of_triple([one, two, three]: Triple) -> Self {
        Self(TRIPLES + u32::from_be_bytes([0, one, two, three]))
    }
}

/// The bytes around others of a text, as often as they come.
pub fn arounds(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    bytes.array_windows().filter(|[one, _, other]| one == other).map(|[one, _, _]| *one)
}

/// Its pairs, as often as they come.
pub fn pairs(bytes: &[u8]) -> impl Iterator<Item = Pair> + '_ {
    bytes.array_windows().copied()
}

/// Its triples, as often as they come.
pub fn triples(bytes: &[u8]) -> impl Iterator<Item = Triple> + '_ {
    bytes.array_windows().copied()
}

fn all_but_bytes(bytes: &[u8]) -> impl Iterator<Item = Gram> + '_ {
    let arounds = arounds(bytes).map(Gram::of_around);
    arounds.chain(pairs(bytes).map(Gram::of_pair)).chain(triples(bytes).map(Gram::of_triple))
}

/// For each gram that many of some texts have a bit for each text that has it: who looks for something short, which half
/// of all texts may have, or for something that few can have, need not go through them. What no text has
/// [`Bigrams`](super::bigrams::Bigrams) know, also of what is too rare to be noted here.
#[derive(Clone, Debug)]
pub struct Grams {
    /// Ascending.
    noted: Vec<Gram>,
    having: Vec<Places>,
}

impl Grams {
    /// Those of these texts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let mut tally = Tally::of(texts.clone());
        let noted = tally.number(texts.len());
        let mut having = vec![Places::default(); noted.len()];
        for (place, text) in texts.enumerate() {
            tally.numbers(text).for_each(|number| having[number].put(place));
        }
        Self { noted, having }
    }

    /// The texts that have this one; `None` if it is not noted which. With it comes where it was found in the grams of
    /// other texts, which are often alike; it becomes where it is found here.
    pub fn having(&self, (gram, hint): &mut (Gram, usize)) -> Option<&Places> {
        if self.noted.get(*hint) != Some(gram) {
            *hint = self.noted.binary_search(gram).ok()?;
        }
        Some(&self.having[*hint])
    }

    /// The texts that have all of these; `None` if of none it is noted in which it is.
    pub fn having_all(&self, grams: &mut [(Gram, usize)]) -> Option<Places> {
        let mut noted = grams.iter_mut().filter_map(|gram| self.having(gram));
        let mut all = noted.next()?.clone();
        noted.for_each(|having| all.keep_words(having.words(), true));
        Some(all)
    }

    /// Takes note of a text that comes before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, text: &str) {
        self.having.iter_mut().for_each(|places| places.open(at));
        let bytes = text.as_bytes();
        for gram in bytes.iter().copied().map(Gram::of_byte).chain(all_but_bytes(bytes)) {
            if let Ok(number) = self.noted.binary_search(&gram) {
                self.having[number].put(at);
            }
        }
    }

    /// A text goes out.
    pub fn remove(&mut self, at: usize) {
        self.having.iter_mut().for_each(|places| places.close(at));
    }
}
