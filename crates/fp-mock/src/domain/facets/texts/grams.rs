//! Which texts have which letters, and which beside each other.

use std::ops::Range;

use super::super::Places;
use super::alphabet::{Alphabet, Letter};
use super::forks::{self, Doubtful, Forks};
use super::postings::put_all;
use super::tally::{Noted, Tally};
use super::triples::{OfTriple, Sought, Triples, having_each};

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

/// The texts that have what a needle consists of.
struct Having {
    places: Places,
    /// Whether they have all of it, as far as is known.
    is_all: bool,
}

/// No more triples of a needle than so many are asked for.
const TRIPLES_MAX: usize = if cfg!(test) { 5 } else { 16 };
/// What has no more triples.
const NEEDLE_MAX: usize = TRIPLES_MAX + 2;

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

    /// A number of what is read first.
    pub fn first_read(&self) -> usize {
        self.alphabet.letter(b'a') ^ self.noted.len() ^ usize::from(self.astray.is_some())
    }

    /// The texts of each of these that may hold a needle, which must not be empty.
    pub fn holding_each(all: &[&Self], needle: &[u8]) -> Vec<Holding> {
        let having = match needle.len() {
            1 | 2 => all.iter().map(|grams| grams.having_short(needle)).collect(),
            _ => Self::having_triples(all, needle),
        };
        // Of longer ones some triples are not asked for, so that all texts that are left are looked at anyway.
        let doubtful = if needle.len() <= NEEDLE_MAX { forks::doubtful(needle) } else { Vec::new() };
        having.into_iter().zip(all).map(|(having, grams)| grams.holding(&doubtful, having)).collect()
    }

    /// The same, of those that have what the needle consists of, if this is doubtful of it.
    fn holding(&self, doubtful: &[Doubtful], Having { places: mut surely, is_all }: Having) -> Holding {
        let mut perhaps = Places::default();
        if !is_all {
            std::mem::swap(&mut surely, &mut perhaps);
        } else if !surely.is_empty() {
            self.forks.put_concerning(doubtful, &mut perhaps);
            perhaps.keep_words(surely.words(), true);
        }
        self.astray.iter().for_each(|astray| perhaps.put_all(astray));
        Holding { surely: surely.without(&perhaps), perhaps }
    }

    /// The texts that have a needle of one or two bytes.
    fn having_short(&self, needle: &[u8]) -> Having {
        if !self.alphabet.has_all(needle) {
            return Having { places: self.others.clone(), is_all: false };
        }
        let letter = |byte: u8| self.alphabet.letter(byte);
        let places = match *needle {
            [one, two] => self.having_pair(self.alphabet.cell(letter(one), letter(two))),
            _ => self.having_byte(letter(needle[0])),
        };
        Having { places, is_all: true }
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

    /// The texts of each of these that have the triples of a needle, as far as they are of letters and asked for.
    fn having_triples(all: &[&Self], needle: &[u8]) -> Vec<Having> {
        let windows = || needle.array_windows().take(TRIPLES_MAX);
        let sought: Vec<Sought<'_>> =
            all.iter().flat_map(|grams| windows().filter_map(|triple| grams.sought(triple))).collect();
        let mut having = having_each(&sought).into_iter();
        let of_each = all.iter().map(|grams| {
            let count = windows().filter(|triple| grams.alphabet.has_all(*triple)).count();
            let has_all = grams.alphabet.has_all(needle);
            let places = grams.having_all(having.by_ref().take(count).collect(), has_all);
            Having { places, is_all: has_all && needle.len() <= NEEDLE_MAX }
        });
        of_each.collect()
    }

    /// A triple to look for, if it is of letters.
    fn sought(&self, triple: &[u8; 3]) -> Option<Sought<'_>> {
        let [one, two, three] = triple.map(|byte| self.alphabet.letter(byte));
        let cell = || self.alphabet.cell(one, two);
        self.alphabet.has_all(triple).then(|| Sought { among: &self.triples, cell: cell(), third: three })
    }

    /// The texts that have all of some triples, and, if so, bytes that are no letters.
    fn having_all(&self, triples: Vec<OfTriple<'_>>, are_letters: bool) -> Places {
        let mut all = if are_letters { None } else { Some(self.others.clone()) };
        // Those that few have are the short way to none.
        for posted in triples.iter().filter_map(OfTriple::posted) {
            let mut places = Places::default();
            put_all(&mut places, posted.iter().copied());
            keep_or_take(&mut all, &places);
            if all.as_ref().is_some_and(Places::is_empty) {
                return Places::default();
            }
        }
        let noted = triples.iter().filter_map(OfTriple::noted);
        noted.for_each(|number| keep_or_take(&mut all, &self.noted[usize::from(number)]));
        all.unwrap_or_default()
    }

    /// Another text is in this place.
    pub fn change(&mut self, at: usize) {
        self.astray.get_or_insert_default().put(at);
    }

    /// A text came before those that have this place or a later one.
    pub fn insert(&mut self, at: usize) {
        self.all_bits().for_each(|bits| bits.open(at));
        self.triples.lists_mut().open(at);
        self.forks.open(at);
        self.change(at);
    }

    /// A text went out.
    pub fn remove(&mut self, at: usize) {
        self.all_bits().for_each(|bits| bits.close(at));
        self.triples.lists_mut().close(at);
        self.forks.close(at);
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
