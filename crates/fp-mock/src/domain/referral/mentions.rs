//! Which referrals a text is part of, for those who search for what belongs to them.

use super::facts::FactColumns;
use crate::domain::facets::{Ahead, Places, Series, block_number, next_block};
use crate::domain::members::Members;
use crate::domain::state::State;

/// The referrals whose e-mail address or uid holds a text. They are looked for block by block, as somebody asks about
/// one of a block.
#[derive(Debug)]
pub struct Mentions<'a> {
    search: Ahead<'a, FactColumns>,
    /// The ids that were found in blocks that were gone through.
    found: Members,
    /// The numbers of those blocks; of those in which some are found; and of those with whose number there is no id that
    /// is not.
    searched: Members,
    some: Members,
    all: Members,
    /// How many blocks were not gone through yet.
    left: usize,
    /// Whether any is found.
    has_found: bool,
}

/// How many of some referrals hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    None,
    Some,
    All,
}

impl<'a> Mentions<'a> {
    /// Of this text in lower case, which must be neither empty nor of several lines.
    pub fn of(state: &'a State, text: &'a str) -> Self {
        let facets = &state.referrals.index().facets;
        let (found, searched) = (facets.no_members(), facets.no_blocks());
        let (some, all) = (searched.clone(), searched.clone());
        let (search, left) = (Ahead::of(facets, text), facets.blocks().count());
        Self { search, found, searched, some, all, left, has_found: false }
    }

    /// Leaves of `places` those with ids of referrals that hold the text.
    pub fn keep(&mut self, places: &mut Places, ids: &Series) {
        match self.share_around(places, ids) {
            Share::None => *places = Places::default(),
            Share::Some => ids.keep_members(places, &self.found),
            Share::All => {}
        }
    }

    /// Goes through the blocks with these ids, as far as that was not done yet, and says how many are found in all of
    /// them. Ids that follow each other are mostly of the same block.
    fn share_around(&mut self, places: &Places, ids: &Series) -> Share {
        if self.left == 0 && !self.has_found {
            return Share::None;
        }
        if let Some(first) = ids.first_of_row() {
            return self.share_of_row(first.into(), places);
        }
        let (mut last, mut share) = (None, None);
        let mut look = |id: u32, search: &mut Self| {
            let number = block_number(id.into());
            if last.replace(number) != Some(number) {
                let here = search.share(number, id.into());
                share = Some(share.map_or(here, |share| if share == here { share } else { Share::Some }));
            }
        };
        let (whole, rest) = ids.as_chunks::<64>();
        let (words, last_word) = places.words().split_at(whole.len());
        for (word, ids) in words.iter().zip(whole).filter(|(word, _)| **word != 0) {
            let differing = ids.iter().fold(0, |differing, id| differing | (id ^ ids[0]));
            if block_number(differing.into()) == 0 {
                look(ids[0], self);
            } else if self.left == 0 {
                // They lie all over the place, and looking at each is as fast as asking about its block.
                return Share::Some;
            } else {
                of_bits(*word, ids).for_each(|id| look(id, self));
            }
        }
        last_word.iter().take(1).flat_map(|word| of_bits(*word, rest)).for_each(|id| look(id, self));
        share.unwrap_or(Share::None)
    }

    /// The same of ids that follow each other from this one on: they are of one block, or of two.
    fn share_of_row(&mut self, first: u64, places: &Places) -> Share {
        let of_first = Places::first((next_block(first) - first) as usize);
        let mut here = places.clone();
        here.keep_words(of_first.words(), true);
        let mut share = None;
        for places in [here, places.clone().without(&of_first)] {
            let Some(at) = places.iter().next() else { continue };
            let id = first + at as u64;
            let here = self.share(block_number(id), id);
            share = Some(share.map_or(here, |share| if share == here { share } else { Share::Some }));
        }
        share.unwrap_or(Share::None)
    }

    /// How many are found in a block, which is gone through if that was not done yet.
    fn share(&mut self, number: u64, id: u64) -> Share {
        if !self.searched.has(number) {
            self.search_from(id);
            self.searched.put(number, true);
        }
        match (self.some.has(number), self.all.has(number)) {
            (false, _) => Share::None,
            (true, false) => Share::Some,
            (true, true) => Share::All,
        }
    }

    fn search_from(&mut self, id: u64) {
        let Self { search, searched, .. } = self;
        for (block, places) in search.search(id, |block| !searched.has(block_number(block.lowest()))) {
            let number = block_number(block.lowest());
            block.put_into(&mut self.found, &places);
            self.left -= 1;
            self.has_found |= !places.is_empty();
            self.searched.put(number, true);
            self.some.put(number, !places.is_empty());
            self.all.put(number, block.are_all_ids(&places));
        }
    }
}

/// The ids whose bits are set.
fn of_bits(word: u64, ids: &[u32]) -> impl Iterator<Item = u32> + '_ {
    ids.iter().enumerate().filter(move |(bit, _)| word >> bit & 1 == 1).map(|(_, id)| *id)
}
