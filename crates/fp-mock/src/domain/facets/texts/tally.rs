//! How often letters come in some texts, beside each other, and what of that is worth noting.

use super::alphabet::{Alphabet, Letter};
use super::triples::{Counted, NONE, Triples};

/// Of what comes in less than the so manieth part of all texts it is not noted in which by a bit for each. Of triples
/// fewer are: their places take less room than bits if no more texts have one.
const RARE: usize = 64;
const RARE_TRIPLES: usize = 16;
/// No more bytes and pairs than so many are noted, and no more triples: those that come most often.
const MOST: usize = if cfg!(test) { 20 } else { 512 };

/// What is not noted, and the row of a pair that does not come.
const NOWHERE: u32 = u32::MAX;
/// From here on numbers are places in lists.
const POSTED: u32 = 1 << 31;

/// A number for each byte, pair and triple of some texts that begins with a letter of their alphabet: first how often it
/// comes, then which of the noted ones it is, or where in the lists it is posted.
pub struct Tally {
    alphabet: Alphabet,
    /// By letter, and by the number of the pair.
    bytes: Vec<u32>,
    pairs: Vec<u32>,
    /// Of each pair that comes, where the numbers of the triples are that begin with it, one for each letter.
    rows: Vec<u32>,
    triples: Vec<u32>,
}

/// What is noted.
pub struct Noted {
    /// The number of the bits of each byte and pair, or that it has [`NONE`].
    pub bytes: Vec<u16>,
    pub pairs: Vec<u16>,
    pub triples: Triples,
    /// How many bits there are.
    pub count: usize,
}

impl Tally {
    /// Counts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let mut single = [0; 256];
        texts.clone().flat_map(str::bytes).for_each(|byte| single[usize::from(byte)] += 1);
        let alphabet = Alphabet::of(&single, part(texts.len(), RARE));
        let mut bytes = vec![0; alphabet.other()];
        (0..=u8::MAX).for_each(|byte| {
            if let Some(count) = bytes.get_mut(alphabet.letter(byte)) {
                *count = single[usize::from(byte)];
            }
        });
        let mut pairs = vec![0; alphabet.cells()];
        let count = |[one, two, _]: [Letter; 3]| pairs[alphabet.cell(one, two)] += 1;
        spell_all(&alphabet, texts.clone(), count);
        let (rows, length) = rows(&pairs, alphabet.size());
        let mut triples = vec![0; length];
        let count = |[one, two, three]: [Letter; 3]| {
            triples[rows[alphabet.cell(one, two)] as usize + three] += 1;
        };
        spell_all(&alphabet, texts, count);
        Self { alphabet, bytes, pairs, rows, triples }
    }

    /// The letters.
    pub fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// Puts the numbers of those that are to be noted, of so many texts, in the place of how often they came.
    pub fn number(&mut self, texts: usize) -> Noted {
        let Self { alphabet, bytes, pairs, rows, triples } = self;
        let least_short = least(bytes.iter().chain(pairs.iter()), part(texts, RARE));
        let least_triple = least(triples.iter(), part(texts, RARE_TRIPLES));
        let (mut count, mut next) = (0, POSTED);
        let mut number = |tallied: &mut u32, least: u32| {
            let noted = (*tallied >= least).then_some(count);
            count += u16::from(noted.is_some());
            *tallied = noted.map_or(NOWHERE, u32::from);
            noted.unwrap_or(NONE)
        };
        let noted_bytes = bytes.iter_mut().map(|byte| number(byte, least_short)).collect();
        let noted_pairs = pairs.iter_mut().map(|pair| number(pair, least_short)).collect();
        let mut counted = Vec::new();
        for (cell, row) in rows.iter().enumerate().filter(|(_, row)| **row != NOWHERE) {
            let row = &mut triples[*row as usize..][..alphabet.size()];
            for (tallied, third) in row.iter_mut().zip(0..).filter(|(tallied, _)| **tallied > 0) {
                let often = *tallied;
                let number = number(tallied, least_triple);
                let posted = if number == NONE { often } else { 0 };
                if posted > 0 {
                    *tallied = next;
                    next += posted;
                }
                counted.push(Counted { cell, third, number, posted });
            }
        }
        let triples = Triples::of(alphabet, &counted);
        Noted { bytes: noted_bytes, pairs: noted_pairs, triples, count: count.into() }
    }

    /// Tells the numbers of those that a text has and that are noted, and for each other triple where to post it.
    pub fn file(&mut self, text: &str, mut note: impl FnMut(usize), mut post: impl FnMut(usize)) {
        let Self { alphabet, bytes, pairs, rows, triples } = self;
        let mut note_if_noted = |number: u32| {
            if number != NOWHERE {
                note(number as usize);
            }
        };
        alphabet.spell(text, |[one, two, three]| {
            let cell = alphabet.cell(one, two);
            note_if_noted(bytes[one]);
            note_if_noted(pairs[cell]);
            let triple = &mut triples[rows[cell] as usize + three];
            if *triple < POSTED {
                note_if_noted(*triple);
            } else {
                post((*triple - POSTED) as usize);
                *triple += 1;
            }
        });
    }
}

fn spell_all<'a>(
    alphabet: &Alphabet,
    texts: impl Iterator<Item = &'a str>,
    mut tell: impl FnMut([Letter; 3]),
) {
    texts.for_each(|text| alphabet.spell(text, &mut tell));
}

/// Where rows of so many triples are for the pairs that come at all, and how long all rows are.
fn rows(pairs: &[u32], size: usize) -> (Vec<u32>, usize) {
    let mut length = 0;
    let row_of = |count: &u32| {
        if *count == 0 {
            return NOWHERE;
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
