//! Which texts have which letters, and which beside each other.

use std::ops::Range;

use super::super::Places;
use super::alphabet::{Alphabet, Letter};
use super::forks::Forks;
use super::postings::put_all;
use super::tally::{Noted, Tally};
use super::triples::{Having, Triples};

/// What of some texts is known by their letters: who looks for something need not go through all of them, and mostly
/// not through one.
#[derive(Clone, Debug)]
pub struct Grams {
    alphabet: Alphabet,
    /// Those that have other bytes.
    others: Places,
    /// The numbers of the bits of those bytes and pairs that many have, or [`NONE`](super::triples::NONE).
    bytes: Vec<u16>,
    pairs: Vec<u16>,
    triples: Triples,
    /// The bits: one for each text.
    noted: Vec<Places>,
    forks: Forks,
    /// Those that came or changed since, if any did: of them nothing else here is true.
    astray: Option<Box<Places>>,
}

/// The texts that may hold a needle.
pub struct Holding {
    /// Those that do.
    pub surely: Places,
    /// Those that must be looked at.
    pub perhaps: Places,
}

/// Of no more texts than so many nothing else is asked before they are looked at.
const HANDFUL: usize = 8;
/// So many triples are looked up at once: where the memory is in no cache, all of them wait no longer than one.
const AT_ONCE: usize = if cfg!(test) { 2 } else { 8 };

impl Grams {
    /// Those of these texts.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let mut tally = Tally::of(texts.clone());
        let Noted { bytes, pairs, mut triples, count } = tally.number(texts.len());
        let (mut noted, mut others) = (vec![Places::default(); count], Places::default());
        let posted = triples.lists_mut().places_mut();
        for (at, text) in texts.clone().enumerate() {
            tally.file(text, |number| noted[number].put(at), |place| posted[place] = at as u16);
            if !tally.alphabet().has_all(text.as_bytes()) {
                others.put(at);
            }
        }
        let (forks, alphabet) = (Forks::of(texts, tally.alphabet()), tally.alphabet().clone());
        Self { alphabet, others, bytes, pairs, triples, noted, forks, astray: None }
    }

    /// The texts that may hold a needle, which must not be empty.
    pub fn holding(&self, needle: &[u8]) -> Holding {
        let (mut surely, is_all) = self.having(needle);
        let mut perhaps = Places::default();
        if !is_all {
            std::mem::swap(&mut surely, &mut perhaps);
        } else if !surely.is_empty() {
            put_all(&mut perhaps, self.forks.concerning(needle, &self.alphabet));
            perhaps.keep_words(surely.words(), true);
        }
        self.astray.iter().for_each(|astray| perhaps.put_all(astray));
        Holding { surely: surely.without(&perhaps), perhaps }
    }

    /// The texts that have what a needle consists of, as far as that is known and asked for, and whether it is all.
    fn having(&self, needle: &[u8]) -> (Places, bool) {
        let letter = |byte: u8| self.alphabet.letter(byte);
        if !self.alphabet.has_all(needle) {
            return (self.having_triples(needle, Some(self.others.clone())).0, false);
        }
        match *needle {
            [byte] => (self.having_byte(letter(byte)), true),
            [one, two] => (self.having_pair(self.alphabet.cell(letter(one), letter(two))), true),
            _ => self.having_triples(needle, None),
        }
    }

    fn having_byte(&self, letter: Letter) -> Places {
        let cells = self.alphabet.cell(letter, 0)..self.alphabet.cell(letter + 1, 0);
        self.bits(self.bytes[letter]).cloned().unwrap_or_else(|| self.having_any(cells))
    }

    fn having_pair(&self, cell: usize) -> Places {
        self.bits(self.pairs[cell]).cloned().unwrap_or_else(|| self.having_any(cell..cell + 1))
    }

    fn bits(&self, number: u16) -> Option<&Places> {
        self.noted.get(usize::from(number))
    }

    /// The texts that have any of the triples whose first two letters have these numbers.
    fn having_any(&self, cells: Range<usize>) -> Places {
        let mut places = Places::default();
        let having = self.triples.beginning_with(cells);
        put_all(&mut places, having.posted.iter().copied());
        having.numbers.iter().filter_map(|number| self.bits(*number)).for_each(|bits| places.put_all(bits));
        places
    }

    /// Of these texts, or of all, those that have the triples of a needle as far as they are of letters and asked for,
    /// and whether all were.
    fn having_triples(&self, needle: &[u8], of: Option<Places>) -> (Places, bool) {
        let (mut all, mut are_few) = (of, false);
        let letter = |byte: u8| self.alphabet.letter(byte);
        let mut triples = needle
            .array_windows()
            .filter(|triple: &&[u8; 3]| self.alphabet.has_all(*triple))
            .map(|[one, two, three]| (self.alphabet.cell(letter(*one), letter(*two)), letter(*three)));
        loop {
            let some: Vec<(usize, Letter)> = triples.by_ref().take(AT_ONCE).collect();
            if some.is_empty() || all.as_ref().is_some_and(Places::is_empty) {
                return (all.unwrap_or_default(), true);
            }
            for having in self.triples.having_each(&some) {
                if are_few {
                    return (all.unwrap_or_default(), false);
                }
                match having {
                    Having::Noted(number) => keep_or_take(&mut all, &self.noted[usize::from(number)]),
                    Having::Posted(posted) => {
                        let mut places = Places::default();
                        put_all(&mut places, posted.iter().copied());
                        keep_or_take(&mut all, &places);
                        are_few = posted.len() <= HANDFUL;
                    }
                }
            }
        }
    }

    /// Another text is in this place.
    pub fn change(&mut self, at: usize) {
        self.astray.get_or_insert_default().put(at);
    }

    /// A text came before those that have this place or a later one.
    pub fn insert(&mut self, at: usize) {
        self.all_bits().for_each(|bits| bits.open(at));
        self.triples.lists_mut().open(at);
        self.forks.lists_mut().open(at);
        self.change(at);
    }

    /// A text went out.
    pub fn remove(&mut self, at: usize) {
        self.all_bits().for_each(|bits| bits.close(at));
        self.triples.lists_mut().close(at);
        self.forks.lists_mut().close(at);
    }

    /// How many texts came or changed.
    pub fn changed(&self) -> usize {
        self.astray.as_ref().map_or(0, |astray| astray.len())
    }

    fn all_bits(&mut self) -> impl Iterator<Item = &mut Places> {
        let astray = self.astray.iter_mut().map(Box::as_mut);
        self.noted.iter_mut().chain([&mut self.others]).chain(astray)
    }
}

/// Leaves of all those that are among these, too, or begins with these.
fn keep_or_take(all: &mut Option<Places>, places: &Places) {
    match all {
        Some(all) => all.keep_words(places.words(), true),
        None => *all = Some(places.clone()),
    }
}
