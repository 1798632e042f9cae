//! What texts are searched for.

use std::ops::Range;

use memchr::memmem::Finder;

use super::bigrams;

/// A part that texts may hold, and where the last one held it: in texts that are made alike it is in the same place,
/// counted from the begin or from the end, and looking there takes a fifth of what looking for it does.
#[derive(Clone, Debug)]
pub struct Part<'p> {
    finder: Finder<'p>,
    /// Its first bytes as a number, and which bytes of a number they are.
    head: u128,
    mask: u128,
    /// The bits of its pairs of bytes.
    bigrams: Vec<usize>,
    from_begin: usize,
    from_end: usize,
    /// How far guesses come true; without any hope none is made.
    hope: u32,
}

/// How many bytes are compared at once.
const HEAD: usize = size_of::<u128>();

/// How often guesses may be wrong before none is made, at first and at most.
const HOPE: u32 = 8;
const HOPE_MAX: u32 = 64;
/// How many right guesses make up for a wrong one: even where every second is wrong, the right ones save more.
const WRONG: u32 = 1;

impl<'p> Part<'p> {
    /// This text, which must not be empty, in lower case.
    pub fn of(text: &'p str) -> Self {
        let mut bytes = [0; HEAD];
        let length = text.len().min(HEAD);
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        Self {
            finder: Finder::new(text),
            head: u128::from_le_bytes(bytes),
            mask: u128::MAX >> (8 * (HEAD - length)),
            bigrams: bigrams::bits(text).collect(),
            from_begin: 0,
            from_end: 0,
            hope: HOPE,
        }
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.finder.needle().len()
    }

    /// The byte that is all of it.
    pub(super) fn byte(&self) -> Option<u8> {
        match self.finder.needle() {
            [byte] => Some(*byte),
            _ => None,
        }
    }

    /// The bits of its pairs of bytes.
    pub(super) fn bigrams(&self) -> &[usize] {
        &self.bigrams
    }

    /// Where it is found first.
    pub(super) fn find(&self, bytes: &[u8]) -> Option<usize> {
        self.finder.find(bytes)
    }

    /// Lets guesses be made again.
    pub(super) fn hope(&mut self) {
        self.hope = self.hope.max(HOPE);
    }

    /// Takes note of where in a text it was found.
    pub(super) fn found(&mut self, at: usize, text: &Range<usize>) {
        (self.from_begin, self.from_end) = (at - text.start, text.end - at);
    }

    /// Whether it is worth while to look where it was found last.
    pub(super) fn has_hope(&self) -> bool {
        self.hope > 0
    }

    /// Takes note of so many right guesses and a wrong one.
    pub(super) fn guessed(&mut self, right: usize) {
        self.hope = (self.hope + right.min(HOPE_MAX as usize) as u32).saturating_sub(WRONG).min(HOPE_MAX);
    }

    /// Whether it is in this text where it was found last; if not, it may still be elsewhere.
    #[inline(always)]
    pub(super) fn is_there_again(&self, all: &[u8], text: &Range<usize>) -> bool {
        let late = text.end.wrapping_sub(self.from_end);
        (late >= text.start && self.is_at(all, late, text.end))
            || self.is_at(all, text.start + self.from_begin, text.end)
    }

    #[inline(always)]
    fn is_at(&self, all: &[u8], at: usize, end: usize) -> bool {
        if at + self.len() > end {
            return false;
        }
        match all[at..].first_chunk() {
            Some(bytes) => {
                u128::from_le_bytes(*bytes) & self.mask == self.head
                    && (self.len() <= HEAD || all[at..].starts_with(self.finder.needle()))
            }
            None => all[at..].starts_with(self.finder.needle()),
        }
    }
}
