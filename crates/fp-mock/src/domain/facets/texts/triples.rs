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
pub enum OfTriple<'t> {
    /// The number of its bits.
    Noted(u16),
    /// Their places.
    Posted(&'t [u16]),
}

impl<'t> OfTriple<'t> {
    /// The number of the bits, if there are some.
    pub fn noted(&self) -> Option<u16> {
        match self {
            Self::Noted(number) => Some(*number),
            Self::Posted(_) => None,
        }
    }

    /// The places otherwise.
    pub fn posted(&self) -> Option<&'t [u16]> {
        match self {
            Self::Noted(_) => None,
            Self::Posted(places) => Some(places),
        }
    }
}

/// A triple that is looked for among some.
pub struct Sought<'t> {
    pub among: &'t Triples,
    /// The number of its first two letters.
    pub cell: usize,
    pub third: Letter,
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

    /// The texts that have one of those whose first two letters have these numbers.
    pub fn beginning_with(&self, cells: Range<usize>) -> HavingAny<'_> {
        let triples = self.row(cells);
        HavingAny { numbers: &self.numbers[triples.clone()], posted: self.lists.of_lists(triples) }
    }

    fn row(&self, cells: Range<usize>) -> Range<usize> {
        self.rows[cells.start] as usize..self.rows[cells.end] as usize
    }
}

/// The texts that have each of these. What all of them need is asked for step by step, as each step waits for memory that
/// is in no cache, and all together wait hardly longer than one.
pub fn having_each<'t>(sought: &[Sought<'t>]) -> Vec<OfTriple<'t>> {
    let rows: Vec<Range<usize>> =
        sought.iter().map(|sought| sought.among.row(sought.cell..sought.cell + 1)).collect();
    let found = rows.into_iter().zip(sought).map(|(row, Sought { among, third, .. })| {
        let at = among.thirds[row.clone()].iter().position(|other| usize::from(*other) == *third);
        at.map(|at| row.start + at)
    });
    let found: Vec<Option<usize>> = found.collect();
    let numbered = found.iter().zip(sought).map(|(at, sought)| at.map(|at| (at, sought.among.numbers[at])));
    let numbered: Vec<Option<(usize, u16)>> = numbered.collect();
    let having = numbered.into_iter().zip(sought).map(|(found, sought)| match found {
        None => OfTriple::Posted(&[]),
        Some((at, NONE)) => OfTriple::Posted(sought.among.lists.of_lists(at..at + 1)),
        Some((_, number)) => OfTriple::Noted(number),
    });
    having.collect()
}
