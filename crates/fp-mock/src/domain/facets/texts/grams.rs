//! Which texts have which letters, and which beside each other.

use std::collections::BTreeSet;

use super::super::Places;

/// A byte, two that stand beside each other, or one that stands on both sides of any other: of three that are the same
/// pairs tell little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gram(u32);

/// From where on single bytes, bytes around others, and pairs are numbered.
const BYTES: u32 = 0;
const AROUNDS: u32 = 256;
const PAIRS: u32 = 512;
const ALL: usize = 512 + 256 * 256;

impl Gram {
    /// Those that make out a text, which must not be empty: itself, if it is no more than one.
    pub fn sought(text: &str) -> Vec<Self> {
        match text.as_bytes() {
            [byte] => vec![Self(BYTES + u32::from(*byte))],
            bytes => arounds(bytes).chain(pairs(bytes)).collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    fn number(self) -> usize {
        self.0 as usize
    }
}

fn arounds(bytes: &[u8]) -> impl Iterator<Item = Gram> + '_ {
    let same = bytes.array_windows().filter(|[one, _, other]| one == other);
    same.map(|[one, _, _]| Gram(AROUNDS + u32::from(*one)))
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = Gram> + '_ {
    bytes.array_windows().map(|pair| Gram(PAIRS + u32::from(u16::from_be_bytes(*pair))))
}

/// All of a text, as often as they come.
fn grams(text: &str) -> impl Iterator<Item = Gram> + '_ {
    let bytes = text.as_bytes();
    let single = bytes.iter().map(|byte| Gram(BYTES + u32::from(*byte)));
    single.chain(arounds(bytes)).chain(pairs(bytes))
}

/// Of what comes in less than the so manieth part of all texts it is not noted in which.
const RARE: usize = 64;
/// No more grams than so many are noted, those that come most often.
const MOST: usize = if cfg!(test) { 20 } else { 512 };

/// The grams that come often in these texts, ascending.
fn often<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Vec<Gram> {
    let mut least = (texts.len() / RARE).max(1) as u32;
    let mut counts = vec![0u32; ALL];
    texts.flat_map(grams).for_each(|gram| counts[gram.number()] += 1);
    while counts.iter().filter(|count| **count >= least).count() > MOST {
        least *= 2;
    }
    let numbered = counts.iter().zip(0..).filter(|(count, _)| **count >= least);
    numbered.map(|(_, number)| Gram(number)).collect()
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
        let noted = often(texts.clone());
        let mut having = vec![Places::default(); noted.len()];
        let mut numbers = vec![u32::MAX; ALL];
        noted.iter().zip(0..).for_each(|(gram, number)| numbers[gram.number()] = number);
        for (place, text) in texts.enumerate() {
            let its = grams(text).map(|gram| numbers[gram.number()]).filter(|number| *number != u32::MAX);
            its.for_each(|number| having[number as usize].put(place));
        }
        Self { noted, having }
    }

    /// The texts that have all of these; `None` if of none it is noted in which it is. With each comes where it was found
    /// in the grams of other texts, which are often alike; it becomes where it is found here.
    pub fn having_all(&self, grams: &mut [(Gram, usize)]) -> Option<Places> {
        let mut all: Option<Places> = None;
        for (gram, hint) in grams {
            if self.noted.get(*hint) != Some(gram) {
                let Ok(at) = self.noted.binary_search(gram) else { continue };
                *hint = at;
            }
            let having = &self.having[*hint];
            match &mut all {
                None => all = Some(having.clone()),
                Some(all) => all.keep_words(having.words(), true),
            }
        }
        all
    }

    /// Takes note of a text that comes before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, text: &str) {
        self.having.iter_mut().for_each(|places| places.open(at));
        for gram in grams(text) {
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
