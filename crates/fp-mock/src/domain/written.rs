//! Texts that others wrote about rows, kept while they are true: a row that did not change need not be written again.
//!
//! A text is true as long as three things are what they were: the row itself, the tables that were looked into beside
//! it, and whether a moment has passed. The row is told by its place in memory, which nothing else can take and where
//! nothing can change while it is held here. The tables are told by their revisions. What a text was written with
//! belongs to one state alone, so a state that is cloned begins without any.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ids::Id;
use super::table::Row;
use crate::clock::timestamp::Timestamp;

/// The revisions of the tables that were looked into beside the rows.
pub type Basis = [u64; 3];

/// Texts that are kept at most.
const MOST: u64 = 512;
/// Bytes of a text that is still kept.
const LONGEST: usize = 4 * 1024;

/// Texts about rows of one kind.
#[derive(Debug)]
pub struct Written<R: Row> {
    basis: Basis,
    /// By what is left of a row's number when it is divided by the number of places: a newer text takes the place of
    /// an older one.
    texts: BTreeMap<u64, Text<R>>,
}

#[derive(Debug)]
struct Text<R> {
    row: Arc<R>,
    turns_at: Option<Timestamp>,
    has_turned: bool,
    bytes: Box<[u8]>,
}

impl<R: Row> Default for Written<R> {
    fn default() -> Self {
        Self { basis: Basis::default(), texts: BTreeMap::new() }
    }
}

impl<R: Row> Clone for Written<R> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<R: Row<Id: Id>> Written<R> {
    /// Forgets everything if it rests on another basis than this.
    pub fn rest_on(&mut self, basis: Basis) {
        if self.basis != basis {
            self.texts.clear();
            self.basis = basis;
        }
    }

    /// What was written about a row, if it is still true at `now`.
    pub fn text(&self, row: &R, now: Timestamp) -> Option<&[u8]> {
        let text = self.texts.get(&place(row))?;
        let is_true =
            std::ptr::eq(Arc::as_ptr(&text.row), row) && text.has_turned == has_turned(text.turns_at, now);
        is_true.then_some(&text.bytes)
    }

    /// Keeps what was written about a row at `now` and is otherwise after `turns_at`.
    pub fn keep(&mut self, row: &Arc<R>, turns_at: Option<Timestamp>, now: Timestamp, text: &[u8]) {
        if text.len() > LONGEST {
            return;
        }
        let has_turned = has_turned(turns_at, now);
        let text = Text { row: Arc::clone(row), turns_at, has_turned, bytes: text.into() };
        self.texts.insert(place(&**row), text);
    }
}

fn place(row: &impl Row<Id: Id>) -> u64 {
    row.id().number() % MOST
}

/// Whether a moment has passed.
pub fn has_turned(turns_at: Option<Timestamp>, now: Timestamp) -> bool {
    turns_at.is_some_and(|at| at < now)
}
