//! What JSON is written on.

/// Bytes that grow as they are written on. There is always room beyond what is written, so that a word is put down
/// with one look at its length.
#[derive(Debug)]
pub(super) struct Sheet {
    bytes: Vec<u8>,
    written: usize,
}

impl Sheet {
    /// An empty sheet with room for so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { bytes: vec![0; bytes], written: 0 }
    }

    /// How many bytes are written.
    pub fn len(&self) -> usize {
        self.written
    }

    /// What is written from a place on.
    pub fn since(&self, place: usize) -> &[u8] {
        &self.bytes[place..self.written]
    }

    /// What is written.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.written);
        self.bytes
    }

    /// The next bytes, taken as written.
    #[inline(always)]
    fn next(&mut self, count: usize) -> &mut [u8] {
        if self.bytes.len() - self.written < count {
            self.grow(count);
        }
        let begin = self.written;
        self.written += count;
        &mut self.bytes[begin..begin + count]
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, count: usize) {
        self.bytes.resize((self.bytes.len() * 2).max(self.written + count), 0);
    }

    #[inline(always)]
    pub fn put(&mut self, byte: u8) {
        self.next(1)[0] = byte;
    }

    #[inline(always)]
    pub fn put_all(&mut self, bytes: &[u8]) {
        self.next(bytes.len()).copy_from_slice(bytes);
    }

    /// A field's name that needs no escape, with the comma before it unless it is the first, and the colon after it.
    #[inline(always)]
    pub fn put_name(&mut self, name: &str, is_first: bool) {
        debug_assert!(copy(&mut vec![0; name.len()], name.as_bytes()), "a field's name needs no escape");
        let (comma, length) = (usize::from(!is_first), name.len());
        let room = self.next(comma + length + 3);
        room[0] = b',';
        let room = &mut room[comma..];
        room[0] = b'"';
        room[1..=length].copy_from_slice(name.as_bytes());
        room[length + 1] = b'"';
        room[length + 2] = b':';
    }

    /// A text between quotes.
    #[inline]
    pub fn put_text(&mut self, text: &str) {
        let length = text.len();
        let room = self.next(length + 2);
        room[0] = b'"';
        room[length + 1] = b'"';
        if !copy(&mut room[1..=length], text.as_bytes()) {
            self.written -= length + 1;
            self.put_escaped(text.as_bytes());
            self.put(b'"');
        }
    }

    /// What stands between the quotes when something must be escaped.
    #[cold]
    fn put_escaped(&mut self, text: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        for byte in text {
            match byte {
                b'"' => self.put_all(b"\\\""),
                b'\\' => self.put_all(b"\\\\"),
                b'\x08' => self.put_all(b"\\b"),
                b'\t' => self.put_all(b"\\t"),
                b'\n' => self.put_all(b"\\n"),
                b'\x0c' => self.put_all(b"\\f"),
                b'\r' => self.put_all(b"\\r"),
                0..0x20 => {
                    let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                    self.put_all(b"\\u00");
                    self.put_all(&digits);
                }
                _ => self.put(*byte),
            }
        }
    }

    /// Puts quotes around what is written from a place on.
    pub fn quote_since(&mut self, place: usize) {
        self.put_all(b"\"\"");
        self.bytes.copy_within(place..self.written - 2, place + 1);
        self.bytes[place] = b'"';
        self.bytes[self.written - 1] = b'"';
    }
}

/// Copies a text into a room of its length, eight bytes at a time, and says whether nothing in it must be escaped.
#[inline(always)]
fn copy(room: &mut [u8], text: &[u8]) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        let mut is_plain = true;
        for (place, byte) in room.iter_mut().zip(text) {
            *place = *byte;
            is_plain &= *byte >= 0x20 && !matches!(byte, b'"' | b'\\');
        }
        return is_plain;
    };
    let mut found = 0;
    for (place, word) in room.as_chunks_mut::<8>().0.iter_mut().zip(text.as_chunks::<8>().0) {
        found |= marks(*word);
        *place = *word;
    }
    // The last eight bytes overlap those before them.
    if let Some(place) = room.last_chunk_mut::<8>() {
        *place = *last;
    }
    found | marks(*last) == 0
}

/// Not zero if a quote, a backslash or a control character is among eight bytes.
#[inline(always)]
fn marks(bytes: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(bytes);
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (equal(b'"') | equal(b'\\') | below(word, 0x20)) & TOPS
}
