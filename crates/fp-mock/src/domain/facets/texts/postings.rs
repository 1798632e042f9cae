//! Triples that few texts have, each with the places of those that do.

use std::ops::Range;

use super::grams::{Triple, triples};

/// For each triple that is not noted otherwise the texts that have it. Of bytes outside the alphabet nothing is known.
#[derive(Clone, Debug)]
pub struct Postings {
    alphabet: [u64; 4],
    /// Ascending.
    triples: Vec<Triple>,
    /// Where the places of each end.
    ends: Vec<u32>,
    /// Ascending for each triple, as often as texts have it.
    places: Vec<u16>,
}

impl Postings {
    /// Of these triples, which ascend and of which each comes so often, without places; all others of the alphabet come
    /// nowhere, or are noted otherwise.
    pub fn of(alphabet: &[u8], counted: &[(Triple, u32)]) -> Self {
        let mut words = [0; 4];
        alphabet.iter().for_each(|byte| words[usize::from(byte / 64)] |= 1 << (byte % 64));
        let mut end = 0;
        let mut end_of = |count: u32| {
            end += count;
            end
        };
        Self {
            alphabet: words,
            triples: counted.iter().map(|(triple, _)| *triple).collect(),
            ends: counted.iter().map(|(_, count)| end_of(*count)).collect(),
            places: vec![0; end as usize],
        }
    }

    /// Where the places of all are, to be filled.
    pub fn places_mut(&mut self) -> &mut [u16] {
        &mut self.places
    }

    /// The places of the texts that have a triple which is not noted otherwise; `None` if that is not known.
    pub fn having(&self, triple: Triple) -> Option<&[u16]> {
        if !triple.iter().all(|byte| self.knows(*byte)) {
            return None;
        }
        let found = self.triples.binary_search(&triple);
        Some(found.map_or(&[], |at| &self.places[self.span(at)]))
    }

    fn knows(&self, byte: u8) -> bool {
        self.alphabet[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    fn span(&self, at: usize) -> Range<usize> {
        self.begin(at) as usize..self.ends[at] as usize
    }

    fn begin(&self, at: usize) -> u32 {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    /// Takes note of a text that comes before those that have this place or a later one, but of none of its triples that
    /// are noted otherwise.
    pub fn insert(&mut self, at: usize, text: &str, is_noted: impl Fn(Triple) -> bool) {
        let place = at as u16;
        self.places.iter_mut().filter(|other| **other >= place).for_each(|other| *other += 1);
        let is_mine = |triple: &Triple| triple.iter().all(|byte| self.knows(*byte)) && !is_noted(*triple);
        let mine: Vec<Triple> = triples(text.as_bytes()).filter(is_mine).collect();
        for triple in mine {
            let list = self.triples.binary_search(&triple).unwrap_or_else(|list| {
                self.triples.insert(list, triple);
                self.ends.insert(list, self.begin(list));
                list
            });
            let span = self.span(list);
            let before = self.places[span.clone()].partition_point(|other| *other < place);
            self.places.insert(span.start + before, place);
            self.ends[list..].iter_mut().for_each(|end| *end += 1);
        }
    }

    /// A text goes out.
    pub fn remove(&mut self, at: usize) {
        let place = at as u16;
        let (mut kept, mut begin) = (0, 0);
        for end in &mut self.ends {
            for from in begin..*end as usize {
                let other = self.places[from];
                if other != place {
                    self.places[kept] = other - u16::from(other > place);
                    kept += 1;
                }
            }
            begin = *end as usize;
            *end = kept as u32;
        }
        self.places.truncate(kept);
    }
}
