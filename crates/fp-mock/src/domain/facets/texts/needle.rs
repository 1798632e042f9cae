//! What lines are searched for.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem::Finder;

use super::bigrams;

/// What a text may hold, and where the last one held it: in texts that are made alike it is in the same place,
/// counted from the begin or from the end, and looking there takes a fifth of what looking for it does.
#[derive(Clone, Debug)]
pub struct Needle<'p> {
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

/// Texts up to this length are compared place by place.
const SHORT: usize = 2 * HEAD;

/// How often guesses may be wrong before none is made, at first and at most.
const HOPE: u32 = 8;
const HOPE_MAX: u32 = 64;
/// How many right guesses make up for a wrong one: even where every second is wrong, the right ones save more.
const WRONG: u32 = 1;

impl<'p> Needle<'p> {
    /// This text, which must not be empty.
    pub fn of(text: Cow<'p, str>) -> Self {
        let mut bytes = [0; HEAD];
        let length = text.len().min(HEAD);
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        Self {
            head: u128::from_le_bytes(bytes),
            mask: u128::MAX >> (8 * (HEAD - length)),
            bigrams: bigrams::bits(&text).collect(),
            from_begin: 0,
            from_end: 0,
            hope: HOPE,
            finder: match text {
                Cow::Borrowed(text) => Finder::new(text),
                Cow::Owned(text) => Finder::new(&text).into_owned(),
            },
        }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.finder.needle()
    }

    /// The bits of its pairs of bytes.
    pub fn bigrams(&self) -> &[usize] {
        &self.bigrams
    }

    /// Whether a text begins with it.
    pub fn begins(&self, text: &str) -> bool {
        text.as_bytes().starts_with(self.bytes())
    }

    /// Where it is found first.
    pub fn find(&self, bytes: &[u8]) -> Option<usize> {
        self.finder.find(bytes)
    }

    /// Whether it is in this text.
    pub fn is_in(&self, all: &[u8], text: Range<usize>) -> bool {
        if text.len() > SHORT {
            return self.find(&all[text]).is_some();
        }
        let mut places = text.start..(text.end + 1).saturating_sub(self.len());
        places.any(|at| self.is_at(all, at, text.end))
    }

    /// Lets guesses be made again.
    pub fn hope(&mut self) {
        self.hope = self.hope.max(HOPE);
    }

    /// Takes note of where in a text it was found.
    pub fn found(&mut self, at: usize, text: &Range<usize>) {
        (self.from_begin, self.from_end) = (at - text.start, text.end - at);
    }

    /// Whether it is worth while to look where it was found last.
    pub fn has_hope(&self) -> bool {
        self.hope > 0
    }

    /// Takes note of so many right guesses and a wrong one.
    pub fn guessed(&mut self, right: usize) {
        self.hope = (self.hope + right.min(HOPE_MAX as usize) as u32).saturating_sub(WRONG).min(HOPE_MAX);
    }

    /// Whether it is in this text where it was found last; if not, it may still be elsewhere.
    #[inline(always)]
    pub fn is_there_again(&self, all: &[u8], text: &Range<usize>) -> bool {
        let late = text.end.checked_sub(self.from_end).filter(|late| *late >= text.start);
        late.is_some_and(|late| self.is_at(all, late, text.end))
            || self.is_at(all, text.start + self.from_begin, text.end)
    }

    /// Whether it is in this text, which is looked at first where it was found last.
    #[inline]
    pub fn is_again_in(&mut self, all: &[u8], text: &Range<usize>) -> bool {
        if self.is_there_again(all, text) {
            return true;
        }
        let found = self.find(&all[text.clone()]);
        found.into_iter().for_each(|at| self.found(text.start + at, text));
        found.is_some()
    }

    #[inline(always)]
    fn is_at(&self, all: &[u8], at: usize, end: usize) -> bool {
        if at + self.len() > end {
            return false;
        }
        match all[at..].first_chunk() {
            Some(bytes) => {
                u128::from_le_bytes(*bytes) & self.mask == self.head
                    && (self.len() <= HEAD || all[at..].starts_with(self.bytes()))
            }
            None => all[at..].starts_with(self.bytes()),
        }
    }
}
