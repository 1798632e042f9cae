//! Texts that are searched.

use std::hint::black_box;

use super::super::Places;
use super::bigrams::Bigrams;
use super::common::Common;
use super::grams::{Grams, Holding};
use super::needle::Needle;

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    all: String,
    ends: Vec<u32>,
    bigrams: Bigrams,
    common: Common,
    /// If they are [settled](Lines::settle).
    grams: Option<Box<Grams>>,
}

/// No more texts than the so manieth part of all lie so far apart that there is other memory between them.
const FEW: usize = 8;
/// So many at once.
const AT_ONCE: usize = 32;
/// Fewer texts than so many are gone through as fast as what is known of them.
const MANY: usize = if cfg!(test) { 3 } else { 64 };
/// So many changed texts are looked at by every search before what is known is found out anew, which takes far longer.
const CHANGED_MAX: usize = if cfg!(test) { 8 } else { 128 };

impl Lines {
    fn span(&self, at: usize) -> std::ops::Range<usize> {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        begin as usize..self.ends[at] as usize
    }

    /// So many that are empty.
    pub fn empty(count: usize) -> Self {
        let mut common = Common::default();
        common.add("");
        Self { ends: vec![0; count], common, ..Self::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text in a place.
    pub fn text(&self, at: usize) -> &str {
        &self.all[self.span(at)]
    }

    /// All of them in their places.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut begin = 0;
        self.ends
            .iter()
            .map(move |end| &self.all[std::mem::replace(&mut begin, *end as usize)..*end as usize])
    }

    /// Puts a text before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, text: &str) {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        self.bigrams.add(text);
        self.common.add(text);
        if self.all.len() + text.len() > self.all.capacity() {
            self.all.reserve_exact(text.len() * self.texts_ahead());
        }
        self.all.insert_str(begin, text);
        let length = text.len() as u32;
        self.ends.insert(at, begin as u32 + length);
        self.ends[at + 1..].iter_mut().for_each(|end| *end += length);
        self.settle_again(|grams| grams.insert(at));
    }

    /// Puts another text in the place of one.
    pub fn replace(&mut self, at: usize, text: &str) {
        let span = self.span(at);
        if self.all[span.clone()] == *text {
            return;
        }
        self.bigrams.add(text);
        self.common.add(text);
        let length = span.len() as u32;
        self.all.replace_range(span, text);
        self.ends[at..].iter_mut().for_each(|end| *end = *end - length + text.len() as u32);
        self.settle_again(|grams| grams.change(at));
    }

    /// Lets what is known of the letters follow a change. If many texts have changed, it is found out anew.
    fn settle_again(&mut self, follow: impl FnOnce(&mut Grams)) {
        let Some(grams) = &mut self.grams else { return };
        follow(grams);
        if grams.changed() > CHANGED_MAX {
            self.grams = Some(Box::new(Grams::of(self.iter())));
        }
    }

    /// For how many texts room is taken at a time: for as many as there are, as memory that was left behind is no longer
    /// in any cache; for an eighth of them if hardly any is still to come.
    fn texts_ahead(&self) -> usize {
        if self.grams.is_some() { self.len().div_ceil(8) } else { self.len().max(1) }
    }

    /// Makes searches fast from now on, at the cost of many: to be called when hardly any text is still to come.
    pub fn settle(&mut self) {
        if self.grams.is_none() && self.len() >= MANY {
            self.grams = Some(Box::new(Grams::of(self.iter())));
            self.all.shrink_to_fit();
        }
    }

    /// Takes a text out.
    pub fn remove(&mut self, at: usize) {
        let span = self.span(at);
        self.grams.iter_mut().for_each(|grams| grams.remove(at));
        self.ends.remove(at);
        self.ends[at..].iter_mut().for_each(|end| *end -= span.len() as u32);
        self.all.replace_range(span, "");
    }

    /// A number of what a search reads first.
    pub fn first_read(&self) -> usize {
        let of_texts = || {
            let first = |bytes: Option<&u8>| bytes.copied().map_or(0, usize::from);
            first(self.all.as_bytes().first()) ^ self.common.first_read() ^ self.bigrams.first_read()
        };
        self.grams.as_ref().map_or_else(of_texts, |grams| grams.first_read())
    }

    /// The places of the texts of each of these that hold a needle.
    pub fn holding_each(all: &[&Self], needle: &mut Needle<'_>) -> Vec<Places> {
        let settled: Vec<&Grams> = all.iter().filter_map(|lines| lines.grams.as_deref()).collect();
        let mut holding = Grams::holding_each(&settled, needle.bytes()).into_iter();
        let mut of_each = |lines: &&Self| match lines.grams.as_ref().and_then(|_| holding.next()) {
            Some(holding) => lines.looked_at(holding, needle),
            None => lines.gone_through(needle),
        };
        all.iter().map(&mut of_each).collect()
    }

    /// The places of the texts that hold a needle, where little is known.
    fn gone_through(&self, needle: &mut Needle<'_>) -> Places {
        let mut places = Places::default();
        if self.common.holds(needle) {
            places.put_range(0..self.len());
        } else if self.bigrams.may_hold(needle.bigrams()) {
            self.scan(needle, &mut places);
        }
        places
    }

    /// The same, where it is known which texts may hold it.
    fn looked_at(&self, Holding { surely: mut places, perhaps }: Holding, needle: &mut Needle<'_>) -> Places {
        if perhaps.len() > self.len() / FEW {
            self.find_among_many(&perhaps, needle, &mut places);
        } else if !perhaps.is_empty() {
            self.find_among(&perhaps.iter().collect::<Vec<_>>(), needle, &mut places);
        }
        places
    }

    /// Puts those among the places that hold a needle, looking at these texts one by one.
    fn find_among(&self, few: &[usize], needle: &Needle<'_>, places: &mut Places) {
        let all = self.all.as_bytes();
        for some in few.chunks(AT_ONCE) {
            // They lie far apart: the memory is asked for all of these before one of them is waited for.
            let spans = some.iter().map(|at| self.span(*at)).filter(|span| !span.is_empty());
            black_box(spans.fold(0, |every, span| every ^ all[span.start] ^ all[span.end - 1]));
            let holds = |at: &usize| needle.is_in(all, self.span(*at));
            some.iter().copied().filter(holds).for_each(|at| places.put(at));
        }
    }

    /// The same where they are so many that hardly any memory between them is left out: nearly all of them hold it, and
    /// those that were made alike where the one before does.
    fn find_among_many(&self, many: &Places, needle: &mut Needle<'_>, places: &mut Places) {
        let all = self.all.as_bytes();
        for at in many.iter() {
            if needle.is_again_in(all, &self.span(at)) {
                places.put(at);
            }
        }
    }

    /// The same, going through all texts.
    fn scan(&self, needle: &mut Needle<'_>, places: &mut Places) {
        needle.hope();
        let all = self.all.as_bytes();
        let (mut begin, mut from, mut at) = (0, 0, 0);
        while let Some(found) = needle.find(&all[from..]) {
            let found = from + found;
            while self.ends[at] as usize <= found {
                begin = self.ends[at] as usize;
                at += 1;
            }
            let end = self.ends[at] as usize;
            // It may lie in two texts that follow each other.
            if found + needle.len() > end {
                from = found + 1;
                continue;
            }
            needle.found(found, &(begin..end));
            places.put(at);
            (begin, at) = self.find_again(needle, (end, at + 1), places);
            from = begin;
        }
    }

    /// Of the texts from this one on, puts those among the places that hold a needle where it was found last, until one
    /// does not; tells which, and where it begins. Texts that follow each other are often alike.
    fn find_again(
        &self,
        needle: &mut Needle<'_>,
        (mut begin, first): (usize, usize),
        places: &mut Places,
    ) -> (usize, usize) {
        let mut at = first;
        if needle.has_hope() {
            let all = self.all.as_bytes();
            while let Some(end) = self.ends.get(at)
                && needle.is_there_again(all, &(begin..*end as usize))
            {
                begin = *end as usize;
                at += 1;
            }
            places.put_range(first..at);
            needle.guessed(at - first);
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
        let single = prop_oneof![4 => "[ab]{0,9}", 1 => "[ab]{9,29}", 2 => "[a-cß-ü]{0,40}", 1 => "(abc){0,9}", 1 => ""];
        let any = proptest::collection::vec(single, 0..200);
        (alike, any).prop_map(|(alike, any)| [alike, any].concat())
    }

    fn needles() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ab]{1,4}",
            "[a-cß-ü]{1,12}",
            "[ab]{3,8}",
            "[ab]{6,7}",
            "(abc){1,7}",
            "[0-9]{1,3}",
            "[0-9]@",
            "[a-d]?[0-9]{0,2}@example.com",
            "(ä[0-9])|m"
        ]
    }

    proptest! {
        #[test]
        fn those_that_hold_a_needle_are_found(
            texts in texts(),
            needles in proptest::collection::vec(needles(), 1..4),
            settled_at in any::<prop::sample::Index>(),
            changed in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let mut texts = texts;
            let mut ours = Lines::default();
            for (at, text) in texts.iter().enumerate() {
                ours.insert(at, text);
                if at == settled_at.index(texts.len()) {
                    ours.settle();
                }
            }
            for at in changed {
                let Some(at) = texts.len().checked_sub(1).map(|last| at.index(last + 1)) else { break };
                let text = format!("{}a0b", texts[at]);
                if at % 2 == 0 {
                    ours.replace(at, &text);
                    texts[at] = text;
                    continue;
                }
                ours.remove(at);
                texts.remove(at);
                ours.insert(at / 2, &text);
                texts.insert(at / 2, text);
            }
            prop_assert!(ours.iter().eq(texts.iter().map(String::as_str)));
            for needle in &needles {
                let mut sought = Needle::of(needle.as_str().into());
                for _ in 0..2 {
                    let found = Lines::holding_each(&[&ours, &Lines::default(), &ours], &mut sought);
                    let holding = (0..texts.len()).filter(|at| texts[*at].contains(needle));
                    prop_assert!(found[0].iter().eq(holding));
                    prop_assert!(found[1].is_empty() && found[2] == found[0]);
                }
            }
        }
    }
}
