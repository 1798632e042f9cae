//! What rows of a block are searched for by.

mod alphabet;
mod bigrams;
mod common;
mod domains;
mod forks;
mod grams;
mod lines;
mod needle;
mod part;
mod postings;
mod tally;
mod triples;

use std::borrow::Cow;
use std::hint::black_box;

use super::Places;
use domains::Domains;
use lines::Lines;
use part::Across;
pub use part::Part;

/// What a row is searched for by: lines in lower case.
#[derive(Clone, Debug, Default)]
pub struct Text<'a> {
    /// The lines that everybody searches. An e-mail address, which is the first, ends with its last @.
    pub lines: Cow<'a, str>,
    /// What follows that @; empty if there is no such address.
    pub domain: Cow<'a, str>,
    /// Lines that only some search.
    pub details: Cow<'a, str>,
}

/// The texts of some rows. Domains are kept once, as many addresses share them.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    lines: Lines,
    /// How many @ there are in them.
    ats: usize,
    domains: Option<Box<Domains>>,
    /// If any row has some.
    details: Option<Box<Lines>>,
}

impl Texts {
    /// Puts a text before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, Text { lines, domain, details }: &Text<'_>) {
        let count = self.lines.len();
        self.lines.insert(at, lines);
        self.ats += count_ats(lines);
        if !domain.is_empty() || self.domains.is_some() {
            self.domains.get_or_insert_with(|| Box::new(Domains::none_of(count))).insert(at, domain);
        }
        if !details.is_empty() || self.details.is_some() {
            self.details.get_or_insert_with(|| Box::new(Lines::empty(count))).insert(at, details);
        }
    }

    /// Puts another text in the place of one.
    pub fn replace(&mut self, at: usize, Text { lines, domain, details }: &Text<'_>) {
        let count = self.lines.len();
        self.ats -= count_ats(self.lines.text(at));
        self.ats += count_ats(lines);
        self.lines.replace(at, lines);
        if !domain.is_empty() || self.domains.is_some() {
            self.domains.get_or_insert_with(|| Box::new(Domains::none_of(count))).replace(at, domain);
        }
        if !details.is_empty() || self.details.is_some() {
            self.details.get_or_insert_with(|| Box::new(Lines::empty(count))).replace(at, details);
        }
    }

    /// Takes a text out.
    pub fn remove(&mut self, at: usize) {
        self.ats -= count_ats(self.lines.text(at));
        self.lines.remove(at);
        self.domains.iter_mut().for_each(|domains| domains.remove(at));
        self.details.iter_mut().for_each(|details| details.remove(at));
    }

    /// Makes searches fast from now on, at the cost of many: to be called when hardly any text is still to come.
    pub fn settle(&mut self) {
        self.lines.settle();
        self.domains.iter_mut().for_each(|domains| domains.settle());
        self.details.iter_mut().for_each(|details| details.settle());
    }

    /// The lines and domains in their places.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let domain = |at| self.domains.as_ref().map_or("", |domains| domains.of(at));
        self.lines.iter().enumerate().map(move |(at, lines)| (lines, domain(at)))
    }

    /// Of each of these the places of the texts of which the lines hold a part.
    pub fn holding_each(all: &[&Self], part: &mut Part<'_>) -> Vec<Places> {
        Self::approach(all);
        let by_domain = |texts: &&Self| {
            texts.domains.as_ref().map_or_else(Places::default, |domains| domains.holding(part))
        };
        let mut found: Vec<Places> = all.iter().map(by_domain).collect();
        // Mostly a block has but a few domains, and a part of one that all have need not be looked for elsewhere.
        let is_open = |places: &Places, texts: &Self| places.len() < texts.lines.len();
        let may_hold = |texts: &Self| part.across.is_empty() || !texts.are_all_ats_last();
        let asked =
            all.iter().zip(&mut found).filter(|(texts, places)| is_open(places, texts) && may_hold(texts));
        let (asked, places): (Vec<&Lines>, Vec<&mut Places>) =
            asked.map(|(texts, places)| (&texts.lines, places)).unzip();
        let holding = Lines::holding_each(&asked, &mut part.whole);
        places.into_iter().zip(&holding).for_each(|(places, holding)| places.put_all(holding));
        // What begins with the @ was found with the domains.
        for across in part.across.iter_mut().filter(|across| across.before != "@") {
            Self::put_across(all, across, &mut found);
        }
        found
    }

    /// Asks for the memory of what is read first of each, step by step, before any of it is waited for.
    fn approach(all: &[&Self]) {
        let step = |read: fn(&Self) -> usize| {
            black_box(all.iter().fold(0, |every, texts| every ^ read(texts)));
        };
        step(|texts| texts.ats);
        step(|texts| texts.lines.first_read() ^ texts.domains.as_ref().map_or(0, |domains| domains.count()));
        step(|texts| texts.domains.as_ref().map_or(0, |domains| domains.first_read()));
    }

    /// Of one alone those of which lines or details do.
    pub fn holding_anywhere(&self, part: &mut Part<'_>) -> Places {
        let mut found = Self::holding_each(&[self], part).pop().unwrap_or_default();
        let details: Vec<&Lines> = self.details.as_deref().into_iter().collect();
        Lines::holding_each(&details, &mut part.whole).iter().for_each(|places| found.put_all(places));
        found
    }

    /// Whether every @ ends an address, as mostly no uid has one.
    fn are_all_ats_last(&self) -> bool {
        self.ats == self.domains.as_ref().map_or(0, |domains| domains.count())
    }

    /// Puts those among what was found of each of these that hold a part on either side of the @ of an address.
    fn put_across(all: &[&Self], across: &mut Across<'_>, found: &mut [Places]) {
        let mut asked = Vec::new();
        for (texts, found) in all.iter().zip(found) {
            let domains = texts.domains.as_ref();
            let there = domains.map(|domains| domains.beginning_with(&mut across.domain).without(found));
            asked.extend(there.filter(|there| !there.is_empty()).map(|there| (*texts, there, found)));
        }
        let lines: Vec<&Lines> = asked.iter().map(|(texts, ..)| &texts.lines).collect();
        let ended = Lines::holding_each(&lines, &mut across.ending);
        for ((texts, mut there, found), ended) in asked.into_iter().zip(&ended) {
            there.keep_words(ended.words(), true);
            if texts.are_all_ats_last() {
                found.put_all(&there);
                continue;
            }
            let is_of_address = |at: &usize| {
                let address = texts.lines.text(*at).split('\n').next();
                address.is_some_and(|address| address.ends_with(across.before))
            };
            there.iter().filter(is_of_address).for_each(|at| found.put(at));
        }
    }
}

fn count_ats(lines: &str) -> usize {
    lines.bytes().filter(|byte| *byte == b'@').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An address, if there is one, a uid that may look like one, and details.
    type Row = (Option<(String, String)>, String, String);

    fn row() -> impl Strategy<Value = Row> {
        let local = prop_oneof!["[ab@]{0,3}", "lead[0-9]{1,2}"];
        let domain = prop_oneof![4 => "[ab]\\.(com|b)", 1 => "[abc]{1,5}"];
        let uid = prop_oneof![2 => "[ab@]{0,4}", 1 => "(lead)?[0-9]@a"];
        (proptest::option::of((local, domain)), uid, prop_oneof![4 => "", 1 => "[ab@]{1,4}\n"])
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let alike = (row(), 0usize..90).prop_map(|(row, count)| vec![row; count]);
        (alike, proptest::collection::vec(row(), 0..60)).prop_map(|(alike, any)| [alike, any].concat())
    }

    fn text((address, uid, details): &Row) -> Text<'static> {
        let (mut lines, mut domain) = (String::new(), "");
        if let Some((local, behind)) = address {
            lines = format!("{local}@\n");
            domain = behind;
        }
        Text {
            lines: format!("{lines}{uid}\n").into(),
            domain: domain.to_owned().into(),
            details: details.clone().into(),
        }
    }

    fn holds((address, uid, details): &Row, part: &str, is_anywhere: bool) -> bool {
        address.as_ref().is_some_and(|(local, domain)| format!("{local}@{domain}").contains(part))
            || uid.contains(part)
            || (is_anywhere && details.contains(part))
    }

    proptest! {
        #[test]
        fn a_part_is_found_in_addresses_as_if_they_were_whole(
            rows in rows(),
            settled_at in any::<prop::sample::Index>(),
            changed in proptest::collection::vec((any::<prop::sample::Index>(), row()), 0..20),
            parts in proptest::collection::vec(prop_oneof!["[ab@.c]{1,5}", "[0-9]?@a\\.(com)?", "lead[0-9]@[ab]"], 1..6),
        ) {
            let (mut rows, mut ours) = (rows, Texts::default());
            for (at, row) in rows.iter().enumerate() {
                ours.insert(at, &text(row));
                if at == settled_at.index(rows.len()) {
                    ours.settle();
                }
            }
            let count = rows.len();
            for (at, row) in changed.into_iter().filter(|_| count > 0) {
                let at = at.index(count);
                ours.replace(at, &text(&row));
                rows[at] = row;
                if at % 5 == 0 {
                    ours.remove(at);
                    ours.insert(at, &text(&rows[at]));
                }
            }
            for part in &parts {
                let mut sought = Part::of(part);
                let holding = |is_anywhere: bool| -> Vec<usize> {
                    (0..rows.len()).filter(|at| holds(&rows[*at], part, is_anywhere)).collect()
                };
                let found = Texts::holding_each(&[&ours, &Texts::default(), &ours], &mut sought);
                prop_assert_eq!(found[0].iter().collect::<Vec<_>>(), holding(false));
                prop_assert!(found[1].is_empty() && found[2] == found[0]);
                prop_assert_eq!(ours.holding_anywhere(&mut sought).iter().collect::<Vec<_>>(), holding(true));
            }
            let written = ours.iter().map(|(lines, domain)| (lines.to_owned(), domain.to_owned()));
            prop_assert!(written.eq(rows.iter().map(text).map(|text| (text.lines.into_owned(), text.domain.into_owned()))));
        }
    }
}
