//! How often grams come in some texts, and which of them are worth noting.

use super::grams::{Gram, PAIRS, TRIPLES, Triple, short_grams, triples};

/// Of what comes in less than the so manieth part of all texts it is not noted in which. Triples must come more often:
/// there are many, and of the texts that may have a rare one pairs leave few.
const RARE: usize = 64;
const RARE_TRIPLES: usize = 16;
/// No more grams than so many are noted, and no more triples: those that come most often.
const MOST: usize = if cfg!(test) { 20 } else { 512 };

/// The number of what has none.
const NONE: u32 = u32::MAX;

/// A number for each gram of some texts: first how often it comes, then which of the noted ones it is.
pub struct Tally {
    short: Vec<u32>,
    /// Of each pair that comes often, where the numbers of the 256 triples are that begin with it; others are rare.
    rows: Vec<u32>,
    triples: Vec<u32>,
}

impl Tally {
    /// Counts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let enough = part(texts.len(), RARE_TRIPLES);
        let mut short = vec![0; TRIPLES as usize];
        texts.clone().flat_map(short_grams).for_each(|gram| short[gram.number()] += 1);
        let mut length = 0;
        let row_of = |count: &u32| {
            if *count < enough {
                return NONE;
            }
            length += 256;
            length - 256
        };
        let rows = short[PAIRS as usize..].iter().map(row_of).collect();
        let mut tally = Self { short, rows, triples: vec![0; length as usize] };
        for triple in texts.flat_map(|text| triples(text.as_bytes())) {
            if let Some(cell) = tally.cell(triple) {
                tally.triples[cell] += 1;
            }
        }
        tally
    }

    /// Puts the numbers of those that are to be noted in the place of how often they came in so many texts, and answers
    /// those, ascending.
    pub fn number(&mut self, texts: usize) -> Vec<Gram> {
        let least_short = least(&self.short, part(texts, RARE));
        let least_triple = least(&self.triples, part(texts, RARE_TRIPLES));
        let mut noted = Vec::new();
        let mut number = |gram: Gram, tallied: &mut u32, least: u32| {
            if *tallied < least {
                *tallied = NONE;
            } else {
                *tallied = noted.len() as u32;
                noted.push(gram);
            }
        };
        for (tallied, gram) in self.short.iter_mut().zip(0..) {
            number(Gram(gram), tallied, least_short);
        }
        for (row, pair) in self.rows.iter().zip(0..=u16::MAX).filter(|(row, _)| **row != NONE) {
            let [one, two] = pair.to_be_bytes();
            for (tallied, three) in self.triples[*row as usize..][..256].iter_mut().zip(0..=u8::MAX) {
                number(Gram::of_triple([one, two, three]), tallied, least_triple);
            }
        }
        noted
    }

    /// The numbers of those that a text has and that are noted.
    pub fn numbers(&self, text: &str) -> impl Iterator<Item = usize> {
        let short = short_grams(text).map(|gram| self.short[gram.number()]);
        let triples = triples(text.as_bytes()).filter_map(|triple| Some(self.triples[self.cell(triple)?]));
        short.chain(triples).filter(|number| *number != NONE).map(|number| number as usize)
    }

    fn cell(&self, [one, two, three]: Triple) -> Option<usize> {
        let row = self.rows[usize::from(u16::from_be_bytes([one, two]))];
        (row != NONE).then_some(row as usize + usize::from(three))
    }
}

/// How many are the so manieth part of some texts.
fn part(texts: usize, parts: usize) -> u32 {
    (texts / parts).max(1) as u32
}

/// How often something must come to be noted: so often, or so much more often that no more than [`MOST`] do.
fn least(counts: &[u32], mut least: u32) -> u32 {
    while counts.iter().filter(|count| **count >= least).count() > MOST {
        least *= 2;
    }
    least
}
