//! What was searched for last by somebody who went deep into it.

use super::members::Members;

/// The rows that a search found, kept as long as no row of the tables that it looked into changes: whoever goes
/// through many pages of a search asks for the same again and again.
#[derive(Clone, Debug, Default)]
pub struct Searched(Option<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    part: String,
    revisions: [u64; 2],
    found: Members,
}

impl Searched {
    /// What a search for `part` found, if it is the one that is kept and the tables are what they were.
    pub fn found(&self, part: &str, revisions: [u64; 2]) -> Option<&Members> {
        let kept = self.0.as_ref().filter(|kept| kept.part == part && kept.revisions == revisions);
        kept.map(|kept| &kept.found)
    }

    /// Keeps what a search found.
    pub fn keep(&mut self, part: &str, revisions: [u64; 2], found: Members) {
        self.0 = Some(Kept { part: part.to_owned(), revisions, found });
    }
}

/// So many rows must come before those that are wanted for a search to be kept.
pub const DEEP: usize = 1_000;
