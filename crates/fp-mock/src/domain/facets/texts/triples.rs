//! Which texts have which three letters in a row.

use std::ops::Range;

use super::alphabet::{Alphabet, Letter};
use super::postings::Postings;

/// Of the triples that come at all in some texts the places of those that have each: of what few have a list, of others
/// the number of bits that are elsewhere.
#[derive(Clone, Debug)]
pub struct Triples {
    /// Where those with the same first two letters begin, by the number of that pair, and where the last ones end.
    rows: Vec<u32>,
    /// The third letter of each, ascending in a row.
    thirds: Vec<u8>,
    /// The number of its bits, or that it has [`NONE`].
    numbers: Vec<u16>,
    lists: Postings<u16>,
}

/// What has no bits.
pub const NONE: u16 = u16::MAX;

/// A triple that comes.
pub struct Counted {
    /// The number of its first two letters.
    pub cell: usize,
    pub third: u8,
    /// The number of its bits, or that it has [`NONE`].
    pub number: u16,
    /// How long its list is.
    pub posted: u32,
}

/// The texts that have a triple.
pub enum Having<'t> {
    /// The number of its bits.
    Noted(u16),
    /// Their places.
    Posted(&'t [u16]),
}

/// The texts that have some triples.
pub struct HavingAny<'t> {
    /// The numbers of their bits, or that there are [`NONE`].
    pub numbers: &'t [u16],
    /// The others.
    pub posted: &'t [u16],
}

impl Triples {
    /// These of an alphabet, which ascend; with lists that are yet to be filled.
    pub fn of(alphabet: &Alphabet, counted: &[Counted]) -> Self {
        let mut rows = vec![0; alphabet.cells() + 1];
        counted.iter().for_each(|triple| rows[triple.cell + 1] += 1);
        (1..rows.len()).for_each(|at| rows[at] += rows[at - 1]);
        Self {
            rows,
            thirds: counted.iter().map(|triple| triple.third).collect(),
            numbers: counted.iter().map(|triple| triple.number).collect(),
            lists: Postings::with_room(counted.iter().map(|triple| triple.posted)),
        }
    }

    /// The lists.
    pub fn lists_mut(&mut self) -> &mut Postings<u16> {
        &mut self.lists
    }

    /// The texts that have each of these triples, of which the first two letters have a number. What all of them need is
    /// asked for step by step, as each step waits for memory.
    pub fn having_each(&self, triples: &[(usize, Letter)]) -> Vec<Having<'_>> {
        let rows: Vec<Range<usize>> = triples.iter().map(|(cell, _)| self.row(*cell..cell + 1)).collect();
        let found = rows.into_iter().zip(triples).map(|(row, (_, third))| {
            let at = self.thirds[row.clone()].iter().position(|other| usize::from(*other) == *third);
            at.map(|at| row.start + at)
        });
        let found: Vec<Option<usize>> = found.collect();
        let numbers = found.iter().map(|at| at.map(|at| (at, self.numbers[at])));
        let numbers: Vec<Option<(usize, u16)>> = numbers.collect();
        let having = numbers.into_iter().map(|found| match found {
            None => Having::Posted(&[]),
            Some((at, NONE)) => Having::Posted(self.lists.of_lists(at..at + 1)),
            Some((_, number)) => Having::Noted(number),
        });
        having.collect()
    }

    /// The texts that have one of those whose first two letters have these numbers.
    pub fn beginning_with(&self, cells: Range<usize>) -> HavingAny<'_> {
        let triples = self.row(cells);
        HavingAny { numbers: &self.numbers[triples.clone()], posted: self.lists.of_lists(triples) }
    }

    fn row(&self, cells: Range<usize>) -> Range<usize> {
        self.rows[cells.start] as usize..self.rows[cells.end] as usize
    }
}
