//! Which texts have a letter.

/// How many texts there may be.
const WORDS: usize = super::ROWS / 64;

/// For each byte that stands in any of some texts a bit for each text that has it: a search for a single letter, which
/// half of all texts may have, need not look at them.
#[derive(Clone, Debug)]
pub struct Letters {
    /// Of each byte the number of its bits among those below, and one more; 0: no text has it.
    numbers: [u8; 256],
    bits: Vec<[u64; WORDS]>,
}

impl Letters {
    /// Those of these texts.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut letters = Self { numbers: [0; 256], bits: Vec::new() };
        texts.enumerate().for_each(|(at, text)| letters.add(at, text));
        letters
    }

    /// Takes note of the text in a place that none had.
    pub fn add(&mut self, at: usize, text: &str) {
        for byte in text.bytes() {
            let number = &mut self.numbers[usize::from(byte)];
            if *number == 0 {
                self.bits.reserve_exact(1);
                self.bits.push([0; WORDS]);
                // No text has a byte of 255, so that there are fewer.
                *number = self.bits.len() as u8;
            }
            self.bits[usize::from(*number) - 1][at / 64] |= 1 << (at % 64);
        }
    }

    /// The bits of the texts that have a byte.
    pub fn having(&self, byte: u8) -> [u64; WORDS] {
        let number = usize::from(self.numbers[usize::from(byte)]);
        number.checked_sub(1).map_or([0; WORDS], |at| self.bits[at])
    }
}
