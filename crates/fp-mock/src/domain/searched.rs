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
    progress: Progress,
}

/// How far a search went, from the newest row on.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What it found.
    pub found: Members,
    /// Rows with lower ids were not gone through; 0: all were.
    pub from: u64,
}

impl Searched {
    /// How far a search for `part` went, if it is the one that is kept and the tables are what they were.
    pub fn progress(&self, part: &str, revisions: [u64; 2]) -> Option<&Progress> {
        let kept = self.0.as_ref().filter(|kept| kept.part == part && kept.revisions == revisions);
        kept.map(|kept| &kept.progress)
    }

    /// All that it found, if it went through all rows.
    pub fn found(&self, part: &str, revisions: [u64; 2]) -> Option<&Members> {
        self.progress(part, revisions).filter(|progress| progress.from == 0).map(|progress| &progress.found)
    }

    /// Keeps what a search found.
    pub fn keep(&mut self, part: &str, revisions: [u64; 2], progress: Progress) {
        self.0 = Some(Kept { part: part.to_owned(), revisions, progress });
    }
}

/// So many rows must come before those that are wanted for a search to be kept.
pub const DEEP: usize = if cfg!(test) { 10 } else { 1_000 };
