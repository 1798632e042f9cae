//! What rows are searched for.

use super::bigrams::Bigrams;
use super::letters::Letters;
use super::{Part, Places};

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
    bigrams: Bigrams,
    /// Of many texts that came one behind the other.
    letters: Option<Box<Letters>>,
}

/// From so many texts on it is noted which letters each has.
const LETTERS_FROM: usize = if cfg!(test) { 20 } else { 256 };

/// So many texts' worth of room is taken at a time, or for an eighth of those that there are.
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
        self.bigrams.add(text);
        if self.all.len() + text.len() > self.all.capacity() {
            let texts = self.ends.len().clamp(1, TEXTS_AHEAD).max(self.ends.len() / 8);
            self.all.reserve_exact(text.len() * texts);
        }
        self.all.insert_str(begin, text);
        let length = text.len() as u32;
        self.ends.insert(at, begin as u32 + length);
        self.ends[at + 1..].iter_mut().for_each(|end| *end += length);
        let is_last = at + 1 == self.ends.len();
        match &mut self.letters {
            Some(letters) if is_last => letters.add(at, text),
            // Until enough others came.
            _ if is_last && self.ends.len().is_multiple_of(LETTERS_FROM) => {
                self.letters = Some(Box::new(Letters::of(self.iter())));
            }
            letters => *letters = None,
        }
    }

    /// Takes a text out.
    pub fn remove(&mut self, at: usize) {
        let span = self.span(at);
        self.letters = None;
        self.ends.remove(at);
        self.ends[at..].iter_mut().for_each(|end| *end -= span.len() as u32);
        self.all.replace_range(span, "");
    }

    /// Lets the places of the texts that hold a part be among these; of each text only the head counts, if heads are given
    /// by their lengths.
    pub fn find(&self, part: &mut Part<'_>, heads: Option<&[u16]>, places: &mut Places) {
        if !self.bigrams.may_hold(part.bigrams()) {
            return;
        }
        if let (Some(byte), Some(letters)) = (part.byte(), &self.letters)
            && heads.is_none_or(|heads| self.are_whole(heads))
        {
            places.put_all(&Places::of_words(letters.having(byte)));
            return;
        }
        part.hope();
        match heads {
            Some(heads) => self.find_in(part, |begin, at| begin + usize::from(heads[at]), places),
            None => self.find_in(part, |_, at| self.ends[at] as usize, places),
        }
    }

    /// Whether heads of these lengths are all that texts have.
    fn are_whole(&self, heads: &[u16]) -> bool {
        heads.iter().map(|length| usize::from(*length)).sum::<usize>() == self.all.len()
    }

    /// The same; of the text that begins here and has this place, `head` tells the end of the head.
    fn find_in(&self, part: &mut Part<'_>, head: impl Fn(usize, usize) -> usize, places: &mut Places) {
        let all = self.all.as_bytes();
        let (mut begin, mut from, mut at) = (0, 0, 0);
        while let Some(found) = part.find(&all[from..]) {
            let found = from + found;
            while self.ends[at] as usize <= found {
                begin = self.ends[at] as usize;
                at += 1;
            }
            let (end, end_of_head) = (self.ends[at] as usize, head(begin, at));
            // It may lie in two texts that follow each other.
            if found + part.len() > end {
                from = found + 1;
                continue;
            }
            if found + part.len() <= end_of_head {
                part.found(found, &(begin..end_of_head));
                places.put(at);
                (begin, at) = self.find_again(part, (end, at + 1), &head, places);
            } else {
                (begin, at) = (end, at + 1);
            }
            from = begin;
        }
    }

    /// Of the texts from this one on, puts those among the places that hold a part where it was found last, until one
    /// does not; tells which, and where it begins. Texts that follow each other are often alike.
    fn find_again(
        &self,
        part: &mut Part<'_>,
        (mut begin, first): (usize, usize),
        head: impl Fn(usize, usize) -> usize,
        places: &mut Places,
    ) -> (usize, usize) {
        let mut at = first;
        if part.has_hope() {
            let all = self.all.as_bytes();
            while let Some(end) = self.ends.get(at)
                && part.is_there_again(all, &(begin..head(begin, at)))
            {
                begin = *end as usize;
                at += 1;
            }
            places.put_range(first..at);
            part.guessed(at - first);
        }
        (begin, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts that are alike, texts of few letters, and none.
    fn texts() -> impl Strategy<Value = Vec<String>> {
        let alike = (0u32..2_000, 0usize..300).prop_map(|(first, count)| {
            (first..)
                .take(count)
                .map(|number| format!("lead{number}@example.com\nä{number}\n"))
                .collect::<Vec<_>>()
        });
        let single = prop_oneof![4 => "[ab]{0,9}", 2 => "[a-cß-ü]{0,40}", 1 => "(abc){0,9}", 1 => ""];
        let any = proptest::collection::vec(single, 0..200);
        (alike, any).prop_map(|(alike, any)| [alike, any].concat())
    }

    fn parts() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab]{1,4}",
            "[a-cß-ü]{1,12}",
            "(abc){1,7}",
            "[0-9]{1,3}",
            "[0-9]@",
            "[a-d]?[0-9]{0,2}@example.com",
            "(ä[0-9])|m"
        ]
    }

    proptest! {
        #[test]
        fn those_that_hold_a_part_are_found(
            texts in texts(),
            parts in proptest::collection::vec(parts(), 1..4),
            short in prop_oneof![Just(0usize), 0usize..30],
            is_changed in any::<bool>(),
        ) {
            let mut texts = texts;
            let mut ours = Texts::default();
            texts.iter().enumerate().for_each(|(at, text)| ours.insert(at, text));
            if is_changed && let Some(middle) = texts.get(texts.len() / 2) {
                ours.remove(texts.len() / 2);
                ours.insert(texts.len() / 2, middle);
                ours.insert(texts.len(), "a0b");
                texts.push("a0b".to_owned());
            }
            let heads: Vec<u16> = texts.iter().map(|text| text.len().saturating_sub(short) as u16).collect();
            for part in &parts {
                let mut sought = Part::of(part);
                for heads in [None, Some(&heads[..]), None] {
                    let mut found = Places::default();
                    ours.find(&mut sought, heads, &mut found);
                    let head = |at: usize| heads.map_or(texts[at].len(), |heads| usize::from(heads[at]));
                    let holds = |at: &usize| {
                        texts[*at].as_bytes()[..head(*at)].windows(part.len()).any(|bytes| bytes == part.as_bytes())
                    };
                    prop_assert_eq!(found.iter().collect::<Vec<_>>(), (0..texts.len()).filter(holds).collect::<Vec<_>>());
                }
            }
        }
    }
}
