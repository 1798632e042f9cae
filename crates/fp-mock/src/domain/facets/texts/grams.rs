//! Which texts have which letters, and which beside each other.

use std::collections::BTreeSet;

use super::super::Places;
use super::postings::Postings;
use super::tally::Tally;

/// Two bytes that stand beside each other, and three.
pub type Pair = [u8; 2];
pub type Triple = [u8; 3];

/// A byte, two or three that stand beside each other, or one that stands on both sides of any other: of three that are
/// the same pairs tell little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gram(u32);

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

    /// The three bytes, if it is of three.
    fn as_triple(self) -> Option<Triple> {
        let [_, one, two, three] = self.0.checked_sub(TRIPLES)?.to_be_bytes();
        Some([one, two, three])
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

/// For each gram that many of some texts have a bit for each text that has it, and for triples that few have their
/// places: who looks for something short, or for something that few can have, need not go through all texts. What no
/// text has [`Bigrams`](super::bigrams::Bigrams) know, also of what is noted nowhere here.
#[derive(Clone, Debug)]
pub struct Grams {
    /// Ascending.
    noted: Vec<Gram>,
    having: Vec<Places>,
    postings: Postings,
}

/// A gram that is sought, and where it was found in the grams of other texts, which are often alike; that becomes where
/// it is found in these.
pub type Sought = (Gram, usize);

/// The texts that have a gram.
pub enum Having<'g> {
    /// It is not known which.
    Any,
    /// Many.
    Many(&'g Places),
    /// Few, ascending.
    Few(&'g [u16]),
}

/// The texts that have some grams.
pub enum HavingAll {
    /// It is not known which.
    Any,
    /// Bits of them.
    Many(Box<Places>),
    /// Few, ascending.
    Few(Vec<usize>),
}

/// Of no more texts than so many nothing else is asked before they are looked at.
const HANDFUL: usize = 8;

impl Grams {
    /// Those of these texts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let mut tally = Tally::of(texts.clone());
        let (noted, mut postings) = tally.number(texts.len());
        let mut having = vec![Places::default(); noted.len()];
        let posted = postings.places_mut();
        for (place, text) in texts.enumerate() {
            tally.file(text, |number| having[number].put(place), |at| posted[at] = place as u16);
        }
        Self { noted, having, postings }
    }

    /// The texts that have this one.
    pub fn having(&self, (gram, hint): &mut Sought) -> Having<'_> {
        if self.noted.get(*hint) == Some(gram) {
            return Having::Many(&self.having[*hint]);
        }
        if let Ok(at) = self.noted.binary_search(gram) {
            *hint = at;
            return Having::Many(&self.having[at]);
        }
        let posted = gram.as_triple().and_then(|triple| self.postings.having(triple));
        posted.map_or(Having::Any, Having::Few)
    }

    /// The texts that have all of these, which ascend.
    pub fn having_all(&self, grams: &mut [Sought]) -> HavingAll {
        let (mut many, mut few): (Vec<&Places>, Vec<&[u16]>) = (Vec::new(), Vec::new());
        // Triples tell most, and come last.
        for sought in grams.iter_mut().rev() {
            if !few.is_empty() && sought.0.as_triple().is_none() {
                break;
            }
            match self.having(sought) {
                Having::Any => {}
                Having::Many(places) => many.push(places),
                Having::Few(places) => few.push(places),
            }
            if few.last().is_some_and(|places| places.len() <= HANDFUL) {
                break;
            }
        }
        few.sort_by_key(|places| places.len());
        if let Some((fewest, others)) = few.split_first() {
            let is_one = |place: &&u16| {
                let at = usize::from(**place);
                many.iter().all(|places| places.has(at))
                    && others.iter().all(|places| places.binary_search(place).is_ok())
            };
            return HavingAll::Few(fewest.iter().filter(is_one).map(|place| usize::from(*place)).collect());
        }
        let Some((first, others)) = many.split_first() else { return HavingAll::Any };
        let mut all = Box::new(Places::clone(first));
        others.iter().for_each(|places| all.keep_words(places.words(), true));
        HavingAll::Many(all)
    }

    /// Takes note of a text that comes before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, text: &str) {
        self.having.iter_mut().for_each(|places| places.open(at));
        let Self { noted, having, postings } = self;
        let bytes = text.as_bytes();
        for gram in bytes.iter().copied().map(Gram::of_byte).chain(all_but_bytes(bytes)) {
            if let Ok(number) = noted.binary_search(&gram) {
                having[number].put(at);
            }
        }
        postings.insert(at, text, |triple| noted.binary_search(&Gram::of_triple(triple)).is_ok());
    }

    /// A text goes out.
    pub fn remove(&mut self, at: usize) {
        self.having.iter_mut().for_each(|places| places.close(at));
        self.postings.remove(at);
    }
}
