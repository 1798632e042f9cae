//! How often grams come in some texts, and which of them are worth noting.

use super::grams::{Gram, Triple, arounds, pairs, triples};
use super::postings::Postings;

/// Of what comes in less than the so manieth part of all texts it is not noted in which by a bit for each. Of triples
/// fewer are: their places take less room than bits if no more texts have one.
const RARE: usize = 64;
const RARE_TRIPLES: usize = 16;
/// An alphabet of no more bytes than so many has those that are rare, too.
const SMALL_ALPHABET: usize = if cfg!(test) { 8 } else { 64 };
/// No more grams than so many are noted, and no more triples: those that come most often.
const MOST: usize = if cfg!(test) { 20 } else { 512 };

/// The number of what has none.
const NONE: u32 = u32::MAX;
/// From here on numbers are places in [`Postings`].
const POSTED: u32 = 1 << 31;

/// A number for each gram of some texts: first how often it comes, then which of the noted ones it is. The tables are no
/// larger than the alphabet of the texts makes them.
pub struct Tally {
    alphabet: Alphabet,
    bytes: [u32; 256],
    arounds: [u32; 256],
    pairs: Vec<u32>,
    /// Of each pair that comes, where the numbers of the triples are that begin with it.
    rows: Vec<u32>,
    triples: Vec<u32>,
}

impl Tally {
    /// Counts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let bytes = || texts.clone().map(str::as_bytes);
        let (mut single, mut around) = ([0; 256], [0; 256]);
        bytes().flatten().for_each(|byte| single[usize::from(*byte)] += 1);
        bytes().flat_map(arounds).for_each(|byte| around[usize::from(byte)] += 1);
        let alphabet = Alphabet::of(&single, part(texts.len(), RARE));
        let size = alphabet.size();
        let mut paired = vec![0; size * size];
        bytes().flat_map(pairs).for_each(|pair| paired[alphabet.cell(pair)] += 1);
        alphabet.leave_out_others(&mut paired);
        paired[size * (size - 1)..].fill(0);
        let (rows, length) = rows(&paired, size);
        let mut tally =
            Self { alphabet, bytes: single, arounds: around, pairs: paired, rows, triples: vec![0; length] };
        for triple in bytes().flat_map(triples) {
            if let Some(cell) = tally.cell_of(triple) {
                tally.triples[cell] += 1;
            }
        }
        tally.alphabet.leave_out_others(&mut tally.triples);
        tally
    }

    /// Puts the numbers of those that are to be noted in the place of how often they came in so many texts, and answers
    /// those, ascending, and the triples that are left.
    pub fn number(&mut self, texts: usize) -> (Vec<Gram>, Postings) {
        let Self { alphabet, bytes, arounds, pairs, rows, triples } = self;
        let short = bytes.iter().chain(arounds.iter()).chain(pairs.iter());
        let least_short = least(short, part(texts, RARE));
        let least_triple = least(triples.iter(), part(texts, RARE_TRIPLES));
        let mut noted = Vec::new();
        let mut number = |gram: Gram, tallied: &mut u32, least: u32| {
            if *tallied < least {
                *tallied = NONE;
            } else {
                *tallied = noted.len() as u32;
                noted.push(gram);
            }
        };
        for (tallied, byte) in bytes.iter_mut().zip(0..=u8::MAX) {
            number(Gram::of_byte(byte), tallied, least_short);
        }
        for (tallied, byte) in arounds.iter_mut().zip(0..=u8::MAX) {
            number(Gram::of_around(byte), tallied, least_short);
        }
        for (tallied, pair) in pairs.iter_mut().zip(alphabet.pairs()) {
            number(Gram::of_pair(pair), tallied, least_short);
        }
        let (mut posted, mut next) = (Vec::new(), POSTED);
        for (row, [one, two]) in rows.iter().zip(alphabet.pairs()).filter(|(row, _)| **row != NONE) {
            for (tallied, three) in triples[*row as usize..].iter_mut().zip(alphabet.letters()) {
                let triple = [one, two, three];
                if (1..least_triple).contains(tallied) {
                    posted.push((triple, *tallied));
                    next += std::mem::replace(tallied, next);
                } else {
                    number(Gram::of_triple(triple), tallied, least_triple);
                }
            }
        }
        (noted, Postings::of(&alphabet.often, &posted))
    }

    /// Tells the numbers of those that a text has and that are noted, and for each other triple where to post it.
    pub fn file(&mut self, text: &str, mut note: impl FnMut(usize), mut post: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        let mut note_if_noted = |number: u32| {
            if number != NONE {
                note(number as usize);
            }
        };
        bytes.iter().for_each(|byte| note_if_noted(self.bytes[usize::from(*byte)]));
        arounds(bytes).for_each(|byte| note_if_noted(self.arounds[usize::from(byte)]));
        pairs(bytes).for_each(|pair| note_if_noted(self.pairs[self.alphabet.cell(pair)]));
        for triple in triples(bytes) {
            let Some(cell) = self.cell_of(triple) else { continue };
            match self.triples[cell] {
                number @ ..POSTED => note_if_noted(number),
                NONE => {}
                place => {
                    self.triples[cell] += 1;
                    post((place - POSTED) as usize);
                }
            }
        }
    }

    fn cell_of(&self, [one, two, three]: Triple) -> Option<usize> {
        let row = self.rows[self.alphabet.cell([one, two])];
        (row != NONE).then(|| row as usize + self.alphabet.place(three))
    }
}

/// The bytes that come often, each of which has a place, and one place behind them for all others.
struct Alphabet {
    places: [u16; 256],
    often: Vec<u8>,
}

impl Alphabet {
    /// Of those that come at all, or so often if they are many, ascending.
    fn of(counts: &[u32; 256], enough: u32) -> Self {
        let coming = |count: u32| (0..=u8::MAX).filter(move |byte| counts[usize::from(*byte)] >= count);
        let is_small = coming(1).count() <= SMALL_ALPHABET;
        let often: Vec<u8> = coming(if is_small { 1 } else { enough }).collect();
        let mut places = [often.len() as u16; 256];
        often.iter().zip(0..).for_each(|(byte, place)| places[usize::from(*byte)] = place);
        Self { places, often }
    }

    /// How many places there are.
    fn size(&self) -> usize {
        self.often.len() + 1
    }

    fn place(&self, byte: u8) -> usize {
        usize::from(self.places[usize::from(byte)])
    }

    /// Where a pair is in a table of all pairs.
    fn cell(&self, [one, two]: [u8; 2]) -> usize {
        self.place(one) * self.size() + self.place(two)
    }

    /// What stands for each place; nothing is told of the others.
    fn letters(&self) -> impl Iterator<Item = u8> + Clone {
        self.often.iter().copied().chain([0])
    }

    /// The same for each pair of places.
    fn pairs(&self) -> impl Iterator<Item = [u8; 2]> {
        self.letters().flat_map(|one| self.letters().map(move |two| [one, two]))
    }

    /// Leaves nothing in the place of the others in rows that have a count for each place.
    fn leave_out_others(&self, rows: &mut [u32]) {
        rows.chunks_mut(self.size()).flat_map(|row| row.last_mut()).for_each(|count| *count = 0);
    }
}

/// Where rows of so many triples are for the pairs that come at all, and how long all rows are.
fn rows(pairs: &[u32], size: usize) -> (Vec<u32>, usize) {
    let mut length = 0;
    let row_of = |count: &u32| {
        if *count == 0 {
            return NONE;
        }
        length += size;
        (length - size) as u32
    };
    (pairs.iter().map(row_of).collect(), length)
}

/// How many are the so manieth part of some texts.
fn part(texts: usize, parts: usize) -> u32 {
    (texts / parts).max(1) as u32
}

/// How often something must come to be noted: so often, or so much more often that no more than [`MOST`] do.
fn least<'c>(counts: impl Iterator<Item = &'c u32> + Clone, mut least: u32) -> u32 {
    while counts.clone().filter(|count| **count >= least).count() > MOST {
        least *= 2;
    }
    least
}
