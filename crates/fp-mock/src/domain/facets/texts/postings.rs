//! Lists of texts.

use std::ops::Range;

use super::super::Places;

/// Lists of texts that have something, most of which are short. They lie in a row.
#[derive(Clone, Debug)]
pub struct Postings<P> {
    /// Where each ends.
    ends: Vec<u32>,
    /// In each maybe several times.
    places: Vec<P>,
}

/// The place of a text, and maybe something about it.
pub trait Place: Copy + Default {
    /// The place.
    fn place(self) -> u16;

    /// The same in another place.
    fn moved(self, place: u16) -> Self;
}

impl Place for u16 {
    fn place(self) -> u16 {
        self
    }

    fn moved(self, place: u16) -> Self {
        place
    }
}

impl<P: Place> Postings<P> {
    /// Lists that have room for so many each.
    pub fn with_room(counts: impl Iterator<Item = u32>) -> Self {
        let mut end = 0;
        let mut end_of = |count: u32| {
            end += count;
            end
        };
        let ends: Vec<u32> = counts.map(&mut end_of).collect();
        Self { places: vec![P::default(); ends.last().map_or(0, |end| *end as usize)], ends }
    }

    /// So many lists, of which these have these places; the lists ascend.
    pub fn of(lists: usize, posted: impl Iterator<Item = (usize, P)> + Clone) -> Self {
        let mut ends = vec![0; lists];
        posted.clone().for_each(|(list, _)| ends[list] += 1);
        let places = posted.map(|(_, place)| place).collect();
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        Self { ends, places }
    }

    /// The room of all, to be filled.
    pub fn places_mut(&mut self) -> &mut [P] {
        &mut self.places
    }

    /// How many lists there are.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// What is in these lists.
    pub fn of_lists(&self, lists: Range<usize>) -> &[P] {
        let end_before = |list: usize| list.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.places[end_before(lists.start)..end_before(lists.end)]
    }

    /// Lets the texts from a place on be one further each.
    pub fn open(&mut self, at: usize) {
        let further = |place: u16| place + u16::from(usize::from(place) >= at);
        self.places.iter_mut().for_each(|entry| *entry = entry.moved(further(entry.place())));
    }

    /// A text goes out.
    pub fn close(&mut self, at: usize) {
        let gone = at as u16;
        let (mut kept, mut begin) = (0, 0);
        for end in &mut self.ends {
            for from in begin..*end as usize {
                let entry = self.places[from];
                let place = entry.place();
                if place != gone {
                    self.places[kept] = entry.moved(place - u16::from(place > gone));
                    kept += 1;
                }
            }
            begin = *end as usize;
            *end = kept as u32;
        }
        self.places.truncate(kept);
    }
}

/// Lets these texts be among those.
pub fn put_all(places: &mut Places, posted: impl IntoIterator<Item = u16>) {
    posted.into_iter().for_each(|at| places.put(at.into()));
}
