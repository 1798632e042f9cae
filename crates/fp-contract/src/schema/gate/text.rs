//! Holding a body against a shape while it is read.
//!
//! What is admitted is JSON to the letter of the parser that the judge uses, without doubled keys; everything that
//! is unusual (escapes in keys, lone surrogates, numbers of many digits) is not admitted but left to that parser.

use super::{DEPTH_MAX, List, Number, Object, Others, Shape, ShapeId, Slot, Text};

pub(super) fn admits(shapes: &[Shape], root: ShapeId, body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let mut reader = Reader { shapes, text, bytes: body, at: 0, depth: 0 };
    reader.value(Some(&shapes[root])) && {
        reader.skip_blanks();
        reader.at == body.len()
    }
}

struct Reader<'b> {
    shapes: &'b [Shape],
    text: &'b str,
    bytes: &'b [u8],
    at: usize,
    depth: usize,
}

/// Keys of one object that were seen, to find doubled ones: a bit each tells most apart. Most objects have few.
#[derive(Default)]
struct Keys<'b> {
    marks: u64,
    few: [&'b str; FEW],
    count: usize,
    others: Vec<&'b str>,
}

const FEW: usize = 8;

impl<'b> Keys<'b> {
    /// Notes a key; false if it was there before.
    #[inline]
    fn note(&mut self, key: &'b str) -> bool {
        let bytes = key.as_bytes();
        let ends = bytes
            .first()
            .zip(bytes.last())
            .map_or(0, |(first, last)| usize::from(*first) * 31 + usize::from(*last) * 7);
        let mark = 1 << ((ends + bytes.len() * 13) % 64);
        if self.marks & mark != 0
            && (self.few[..self.count.min(FEW)].contains(&key) || self.others.contains(&key))
        {
            return false;
        }
        self.marks |= mark;
        match self.few.get_mut(self.count) {
            Some(place) => *place = key,
            None => self.others.push(key),
        }
        self.count += 1;
        true
    }
}

impl<'b> Reader<'b> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    #[inline]
    fn word(&mut self, word: &[u8]) -> bool {
        let is_there = self.bytes[self.at..].starts_with(word);
        self.at += word.len();
        is_there
    }

    /// Reads a value; without a shape it may be anything.
    fn value(&mut self, shape: Option<&'b Shape>) -> bool {
        self.skip_blanks();
        match self.peek() {
            Some(b'"') => match shape.map(|shape| &shape.text) {
                None => self.string().is_some(),
                Some(Slot::Accepted(wanted)) => self.string().is_some_and(|read| suits(wanted, read)),
                Some(_) => false,
            },
            Some(b'{') => match shape.map(|shape| &shape.object) {
                None => self.deeper(|reader| reader.object(None)),
                Some(Slot::Accepted(wanted)) => self.deeper(|reader| reader.object(Some(wanted))),
                Some(_) => false,
            },
            Some(b'[') => match shape.map(|shape| &shape.list) {
                None => self.deeper(|reader| reader.list(None)),
                Some(Slot::Accepted(wanted)) => self.deeper(|reader| reader.list(Some(wanted))),
                Some(_) => false,
            },
            Some(b'n') => shape.is_none_or(|shape| shape.null.is_accepted()) && self.word(b"null"),
            Some(b't') => shape.is_none_or(|shape| shape.boolean.is_accepted()) && self.word(b"true"),
            Some(b'f') => shape.is_none_or(|shape| shape.boolean.is_accepted()) && self.word(b"false"),
            Some(b'-' | b'0'..=b'9') => match shape.map(|shape| &shape.number) {
                None => self.number(None),
                Some(Slot::Accepted(wanted)) => self.number(Some(wanted)),
                Some(_) => false,
            },
            _ => false,
        }
    }

    #[inline]
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> bool) -> bool {
        self.depth += 1;
        let is_read = self.depth <= DEPTH_MAX && read(self);
        self.depth -= 1;
        is_read
    }

    fn list(&mut self, wanted: Option<&'b List>) -> bool {
        let shapes = self.shapes;
        let items = wanted.and_then(|wanted| wanted.items).map(|shape| &shapes[shape]);
        self.at += 1;
        self.skip_blanks();
        let mut count = 0;
        if !self.take(b']') {
            loop {
                if !self.value(items) {
                    return false;
                }
                count += 1;
                self.skip_blanks();
                if self.take(b']') {
                    break;
                }
                if !self.take(b',') {
                    return false;
                }
            }
        }
        wanted.is_none_or(|wanted| wanted.admits_length(count))
    }

    fn object(&mut self, wanted: Option<&'b Object>) -> bool {
        let (mut seen, mut next, mut count) = (0u128, 0, 0);
        let mut others = Keys::default();
        self.at += 1;
        self.skip_blanks();
        if !self.take(b'}') {
            loop {
                self.skip_blanks();
                let Some(place) = self.key(wanted, next, &mut others) else { return false };
                let shape = match (wanted, place) {
                    (Some(wanted), Some(place)) => {
                        if seen & (1 << place) != 0 {
                            return false;
                        }
                        seen |= 1 << place;
                        next = place + 1;
                        wanted.fields[place].shape
                    }
                    (wanted, _) => match wanted.map_or(Others::Anything, |wanted| wanted.others) {
                        Others::Anything => None,
                        Others::Refused => return false,
                        Others::Shaped(shape) => Some(shape),
                    },
                };
                let shapes = self.shapes;
                if !self.value(shape.map(|shape| &shapes[shape])) {
                    return false;
                }
                count += 1;
                self.skip_blanks();
                if self.take(b'}') {
                    break;
                }
                if !self.take(b',') {
                    return false;
                }
            }
        }
        wanted.is_none_or(|wanted| wanted.admits_fields(seen, count))
    }

    /// Reads a key and its colon: the place of the field among those wanted, `Some(None)` if it is another one,
    /// `None` if there is no key in order. `next` is where the field is if fields come in the order of the schema.
    #[inline]
    fn key(&mut self, wanted: Option<&Object>, next: usize, others: &mut Keys<'b>) -> Option<Option<usize>> {
        let expected = wanted.and_then(|wanted| wanted.fields.get(next));
        if let Some(field) = expected
            && self.bytes[self.at..].starts_with(&field.opening)
        {
            self.at += field.opening.len();
            return Some(Some(next));
        }
        let Some(Read { text: key, is_plain: true }) = self.quoted() else { return None };
        self.skip_blanks();
        if !self.take(b':') {
            return None;
        }
        let place = wanted.and_then(|wanted| wanted.find(key, next));
        (place.is_some() || others.note(key)).then_some(place)
    }

    #[inline]
    fn quoted(&mut self) -> Option<Read<'b>> {
        if self.peek() == Some(b'"') { self.string() } else { None }
    }

    /// Reads a text, its quotes not included.
    #[inline]
    fn string(&mut self) -> Option<Read<'b>> {
        self.at += 1;
        let begin = self.at;
        let mut is_plain = true;
        loop {
            self.at += plain_bytes(&self.bytes[self.at..]);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    self.escape()?;
                }
                // Control characters do not stand in texts.
                _ => return None,
            }
        }
        let text = &self.text[begin..self.at];
        self.at += 1;
        Some(Read { text, is_plain })
    }

    fn escape(&mut self) -> Option<()> {
        match self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = self.text.get(self.at + 2..self.at + 6)?;
                let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
                if (0xd800..=0xdfff).contains(&unit) {
                    return None;
                }
                self.at += 6;
            }
            _ => return None,
        }
        Some(())
    }

    fn number(&mut self, wanted: Option<&Number>) -> bool {
        let begin = self.at;
        let is_negative = self.take(b'-');
        let (digits, whole) = self.whole_number();
        let first = self.bytes.get(self.at - digits);
        // More digits might not fit; a zero stands alone.
        if digits == 0 || digits > 18 || digits > 1 && first == Some(&b'0') {
            return false;
        }
        let mut is_integer = true;
        if self.take(b'.') {
            is_integer = false;
            if self.digits() == 0 {
                return false;
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_integer = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return false;
            }
        }
        if is_integer {
            let number = if is_negative { -whole } else { whole };
            // A negative zero is a float to the parser.
            return (number != 0 || !is_negative) && wanted.is_none_or(|w| w.admits_integer(number));
        }
        let number = self.text[begin..self.at].parse::<f64>();
        number
            .is_ok_and(|number| number.is_finite() && wanted.is_none_or(|wanted| wanted.admits_float(number)))
    }

    /// Digits: how many, and the number they are if there are no more than eighteen.
    #[inline]
    fn whole_number(&mut self) -> (usize, i64) {
        let (begin, mut number) = (self.at, 0i64);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        (self.at - begin, number)
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let begin = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - begin
    }
}

/// A text as it stands in the body.
struct Read<'b> {
    text: &'b str,
    /// Whether nothing in it is escaped.
    is_plain: bool,
}

#[inline]
fn suits(wanted: &Text, read: Read<'_>) -> bool {
    wanted.is_free() || read.is_plain && wanted.admits(read.text)
}

/// How many bytes there are before a quote, a backslash or a control character: eight at a time.
#[inline]
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    let mut at = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
        let quotes = has_zero(word ^ (ONES * u64::from(b'"')));
        let escapes = has_zero(word ^ (ONES * u64::from(b'\\')));
        let controls = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
        let found = quotes | escapes | controls;
        if found != 0 {
            // The lowest mark is exact; those above it may be echoes of it.
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    at + rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}
