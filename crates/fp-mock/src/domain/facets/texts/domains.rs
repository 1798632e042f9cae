//! The domains of e-mail addresses.

use super::super::Places;
use super::lines::Lines;
use super::needle::Needle;
use super::part::Part;

/// The domains of some rows, each kept once.
#[derive(Clone, Debug)]
pub struct Domains {
    /// Of each row the number of its domain.
    numbers: Vec<u16>,
    /// The domains in the places that are their numbers, and how many rows have each. Those that none has any more give
    /// room to others.
    domains: Lines,
    rows: Vec<u16>,
    count: usize,
    /// By number the rows that have a domain, once no more come in behind them, if there are few domains.
    places: Option<Vec<Places>>,
    /// The numbers of those that rows have, in the order of the domains, and of the others.
    sorted: Vec<u16>,
    unused: Vec<u16>,
}

/// What stands for none.
const NONE: u16 = u16::MAX;
/// Of more domains it is not kept which rows have each.
const FEW: usize = if cfg!(test) { 4 } else { 32 };

impl Domains {
    /// So many rows without domains.
    pub fn none_of(count: usize) -> Self {
        Self {
            numbers: vec![NONE; count],
            domains: Lines::default(),
            rows: Vec::new(),
            count: 0,
            places: None,
            sorted: Vec::new(),
            unused: Vec::new(),
        }
    }

    /// Puts the domain of a row, empty if it has none, before those that have this place or a later one.
    pub fn insert(&mut self, at: usize, domain: &str) {
        let number = if domain.is_empty() { NONE } else { self.number(domain) };
        if number != NONE {
            self.rows[usize::from(number)] += 1;
            self.count += 1;
        }
        self.numbers.insert(at, number);
        self.places.iter_mut().flatten().for_each(|places| places.open(at));
        self.put(at, number);
    }

    /// Takes note of the number of a row, if that is kept.
    fn put(&mut self, at: usize, number: u16) {
        if number == NONE {
            return;
        }
        let Some(all) = &mut self.places else { return };
        if all.len() < self.rows.len() {
            all.push(Places::default());
        }
        all[usize::from(number)].put(at);
        if all.len() > FEW {
            self.places = None;
        }
    }

    /// The number of a domain, which it gets if it has none.
    fn number(&mut self, domain: &str) -> u16 {
        let sought = |number: &u16| self.domains.text((*number).into()).cmp(domain);
        let at = match self.sorted.binary_search_by(sought) {
            Ok(at) => return self.sorted[at],
            Err(at) => at,
        };
        let number = self.unused.pop().unwrap_or(self.rows.len() as u16);
        if usize::from(number) == self.rows.len() {
            self.rows.push(0);
        } else {
            self.domains.remove(number.into());
        }
        self.domains.insert(number.into(), domain);
        self.sorted.insert(at, number);
        number
    }

    /// Takes a row out.
    pub fn remove(&mut self, at: usize) {
        let number = self.numbers.remove(at);
        self.places.iter_mut().flatten().for_each(|places| places.close(at));
        let Some(rows) = self.rows.get_mut(usize::from(number)) else { return };
        self.count -= 1;
        *rows -= 1;
        if *rows == 0 {
            self.sorted.retain(|other| *other != number);
            self.unused.push(number);
        }
    }

    /// Puts another domain in the place of that of a row.
    pub fn replace(&mut self, at: usize, domain: &str) {
        if self.of(at) != domain {
            self.remove(at);
            self.insert(at, domain);
        }
    }

    /// How many rows have a domain.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A number of what a search reads first.
    pub fn first_read(&self) -> usize {
        self.domains.first_read()
    }

    /// Makes searches fast from now on.
    pub fn settle(&mut self) {
        self.domains.settle();
        if self.places.is_none() && self.rows.len() <= FEW {
            let mut all = vec![Places::default(); self.rows.len()];
            for (at, number) in self.numbers.iter().enumerate().filter(|(_, number)| **number != NONE) {
                all[usize::from(*number)].put(at);
            }
            self.places = Some(all);
        }
    }

    /// The domain of a row, empty if it has none.
    pub fn of(&self, at: usize) -> &str {
        match self.numbers[at] {
            NONE => "",
            number => self.domains.text(number.into()),
        }
    }

    /// The rows whose domains hold a part, or begin with what it has behind an @ with which it begins.
    pub fn holding(&self, part: &mut Part<'_>) -> Places {
        // Behind the last @ of an address there is none.
        let mut numbers = match part.across.is_empty() {
            true => self.numbers_holding(&mut part.whole),
            false => Places::default(),
        };
        let at_once = part.across.iter_mut().filter(|across| across.before == "@");
        at_once.for_each(|across| numbers.put_all(&self.numbers_beginning_with(&mut across.domain)));
        self.rows_of(&numbers)
    }

    /// The rows whose domains begin with a needle.
    pub fn beginning_with(&self, needle: &mut Needle<'_>) -> Places {
        self.rows_of(&self.numbers_beginning_with(needle))
    }

    fn numbers_beginning_with(&self, needle: &mut Needle<'_>) -> Places {
        let (holding, mut beginning) = (self.numbers_holding(needle), Places::default());
        let begins = |number: &usize| needle.begins(self.domains.text(*number));
        holding.iter().filter(begins).for_each(|number| beginning.put(number));
        beginning
    }

    fn numbers_holding(&self, needle: &mut Needle<'_>) -> Places {
        Lines::holding_each(&[&self.domains], needle).pop().unwrap_or_default()
    }

    /// The rows that have one of these domains.
    fn rows_of(&self, numbers: &Places) -> Places {
        if let Some(all) = &self.places {
            let mut rows = Places::default();
            numbers.iter().for_each(|number| rows.put_all(&all[number]));
            return rows;
        }
        let count: usize = numbers.iter().map(|number| usize::from(self.rows[number])).sum();
        let mut rows = if count == 0 { Places::default() } else { Places::first(self.numbers.len()) };
        if count != 0 && count != self.numbers.len() {
            rows.keep(&self.numbers, |number| *number != NONE && numbers.has((*number).into()));
        }
        rows
    }
}
