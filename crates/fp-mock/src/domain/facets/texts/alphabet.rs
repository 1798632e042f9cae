//! Bytes that texts are made of.

/// A byte's place in an alphabet.
pub type Letter = usize;

/// The bytes that come often in some texts, ascending, each of which is a letter; one letter behind them stands for all
/// other bytes, and for what is behind the end of a text.
#[derive(Clone, Debug)]
pub struct Alphabet {
    letters: [u8; 256],
    /// That of the others. There are fewer letters than bytes, as some bytes are no part of UTF-8.
    other: u8,
}

/// An alphabet of no more bytes than so many has those that are rare, too.
const SMALL: usize = if cfg!(test) { 8 } else { 64 };

impl Alphabet {
    /// Of bytes that come so often each: of those that come at all, or `enough` times if they are many.
    pub fn of(counts: &[u32; 256], enough: u32) -> Self {
        let coming = |least: u32| (0..=u8::MAX).filter(move |byte| counts[usize::from(*byte)] >= least);
        let is_small = coming(1).count() <= SMALL;
        let often: Vec<u8> = coming(if is_small { 1 } else { enough.max(1) }).collect();
        let other = often.len() as u8;
        let mut letters = [other; 256];
        often.iter().zip(0..).for_each(|(byte, letter)| letters[usize::from(*byte)] = letter);
        Self { letters, other }
    }

    /// The letter of the others.
    pub fn other(&self) -> Letter {
        self.other.into()
    }

    /// How many letters there are.
    pub fn size(&self) -> usize {
        self.other() + 1
    }

    /// The letter of a byte.
    pub fn letter(&self, byte: u8) -> Letter {
        self.letters[usize::from(byte)].into()
    }

    /// Whether none of these bytes is one of the others.
    pub fn has_all(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.letter(*byte) != self.other())
    }

    /// The number of a pair of letters, of which the pairs with the same first one follow each other.
    pub fn cell(&self, one: Letter, two: Letter) -> usize {
        one * self.size() + two
    }

    /// How many pairs begin with a byte that is none of the others: those with the lowest numbers.
    pub fn cells(&self) -> usize {
        self.other() * self.size()
    }

    /// Tells of each letter of a text that is none of the others which two follow it.
    pub fn spell(&self, text: &str, mut tell: impl FnMut([Letter; 3])) {
        let other = self.other();
        let (mut one, mut two) = (other, other);
        let mut next = |three: Letter| {
            if one != other {
                tell([one, two, three]);
            }
            (one, two) = (two, three);
        };
        text.bytes().for_each(|byte| next(self.letter(byte)));
        next(other);
        next(other);
    }
}
