//! Which letters follow each other in texts.

/// How many bits note pairs of bytes: few of them are set by texts that are made alike.
const BITS: usize = 2_048;

/// The pairs of bytes that stand beside each other in any of some texts, a bit for each and for a few others: a text
/// that has another pair is not part of them, and they need not be gone through. Pairs of texts that went out stay.
#[derive(Clone, Debug, Default)]
pub struct Bigrams {
    words: [u64; BITS / 64],
}

impl Bigrams {
    /// Takes note of a text.
    pub fn add(&mut self, text: &str) {
        bits(text).for_each(|bit| self.words[bit / 64] |= 1 << (bit % 64));
    }

    /// A number of what is read first: of each line of memory a word.
    pub fn first_read(&self) -> usize {
        self.words.iter().step_by(8).fold(0, |every, word| every ^ *word as usize)
    }

    /// Whether texts that these are of may hold a part with these bits.
    pub fn may_hold(&self, part: &[usize]) -> bool {
        part.iter().all(|bit| self.words[bit / 64] >> (bit % 64) & 1 == 1)
    }
}

/// The bits of the pairs of a text. The product spreads what is near over all of them.
pub fn bits(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.as_bytes()
        .array_windows()
        .map(|pair| usize::from(u16::from_le_bytes(*pair).wrapping_mul(40_503) >> 5))
}
