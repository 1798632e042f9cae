//! What rows are searched for.

use memchr::memmem::Finder;

use super::Places;

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
}

/// So many texts' worth of room is taken at a time.
const TEXTS_AHEAD: usize = 64;

impl Texts {
    fn span(&self, at: usize) -> std::ops::Range<usize> {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin as usize..self.ends[at] as usize
    }

    /// All of them in their places.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut begin = 0;
        self.ends
            .iter()
            .map(move |end| &self.all[std::mem::replace(&mut begin, *end as usize)..*end as usize])
    }

    /// Puts a text before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, text: &str) {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        if self.all.len() + text.len() > self.all.capacity() {
            let texts = self.ends.len().clamp(1, TEXTS_AHEAD);
            self.all.reserve_exact(text.len() * texts);
        }
        self.all.insert_str(begin, text);
        let length = text.len() as u32;
        self.ends.insert(at, begin as u32 + length);
        self.ends[at + 1..].iter_mut().for_each(|end| *end += length);
    }

    /// Takes a text out.
    pub fn remove(&mut self, at: usize) {
        let span = self.span(at);
        self.ends.remove(at);
        self.ends[at..].iter_mut().for_each(|end| *end -= span.len() as u32);
        self.all.replace_range(span, "");
    }

    /// Lets the places of the texts that hold `part` be among these.
    pub fn find(&self, part: &Finder<'_>, places: &mut Places) {
        let (all, length) = (self.all.as_bytes(), part.needle().len());
        let (mut from, mut at) = (0, 0);
        while let Some(found) = part.find(&all[from..]) {
            let begin = from + found;
            while self.ends[at] as usize <= begin {
                at += 1;
            }
            let end = self.ends[at] as usize;
            // It may lie in two texts that follow each other.
            let is_in_one = begin + length <= end;
            if is_in_one {
                places.put(at);
            }
            from = if is_in_one { end } else { begin + 1 };
        }
    }
}
