//! Rows by id, with the indexes that questions need and an undo log.
//!
//! The log keeps what each row was before every change since the last commit. It gives three things: going
//! back to any savepoint, the set of changed rows with their first "before", and so the events of a
//! transaction, without business code naming any of them.

use std::fmt::Debug;
use std::sync::Arc;

use super::ids::Id;
use super::shelf::Shelf;

/// A record that lives in a [`Table`].
pub trait Row: Clone + Debug {
    /// The type of its id.
    type Id: Id + Debug;
    /// What is kept beside the rows to answer questions without a scan.
    type Index: Index<Self>;

    /// The id of this record; it never changes.
    fn id(&self) -> Self::Id;
}

/// Whatever is derived from rows one by one: look-ups, counts, sums.
pub trait Index<R>: Default + Clone + Debug {
    /// A row came in.
    fn add(&mut self, row: &R);
    /// A row that was added before goes out.
    fn remove(&mut self, row: &R);
    /// A row that was added before becomes another. Where most changes leave most of the index alone, this may
    /// say so.
    fn change(&mut self, before: &R, after: &R) {
        self.remove(before);
        self.add(after);
    }
}

/// Entries of a log that are compared with one another instead of being gathered first.
const FEW: usize = 8;

/// For tables that are only ever asked by id.
#[derive(Clone, Debug, Default)]
pub struct NoIndex;

impl<R> Index<R> for NoIndex {
    fn add(&mut self, _row: &R) {}
    fn remove(&mut self, _row: &R) {}
}

/// What a transaction did to one row: what it was, and by its id what it is.
#[derive(Clone, Debug)]
pub struct Change<R: Row> {
    /// The row's id.
    pub id: R::Id,
    /// The row before the transaction; `None` if the transaction made it.
    pub before: Option<Arc<R>>,
    /// The row after the transaction; `None` if the transaction deleted it.
    pub after: Option<Arc<R>>,
}

/// Records of one kind. What a row was and what a kept state has of it is shared with it until it changes.
#[derive(Clone, Debug)]
pub struct Table<R: Row> {
    rows: Shelf<R::Id, R>,
    index: R::Index,
    log: Vec<(R::Id, Option<Arc<R>>)>,
    revision: u64,
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Shelf::default(), index: R::Index::default(), log: Vec::new(), revision: 0 }
    }
}

impl<R: Row> Table<R> {
    /// The row with this id.
    pub fn get(&self, id: R::Id) -> Option<&R> {
        self.rows.get(id).map(|row| &**row)
    }

    /// The same, to be kept: as long as it is, the row cannot change in its place.
    pub fn shared(&self, id: R::Id) -> Option<&Arc<R>> {
        self.rows.get(id)
    }

    /// A number that is raised by whatever touches a row, undoing included, and never lowered: as long as it is
    /// the same, so are all rows of this very table. Tables that were cloned go on counting each for itself.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether there is a row with this id.
    pub fn contains(&self, id: R::Id) -> bool {
        self.rows.contains(id)
    }

    /// All rows by ascending id; reversible, so the newest come first with `.rev()`.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &R> + Clone {
        self.rows.iter().map(|row| &**row)
    }

    /// The rows with these ids. Those that are skipped are not looked at.
    pub fn rows<'a, I: Iterator<Item = u64> + 'a>(&'a self, ids: I) -> Rows<'a, R, I> {
        Rows { table: self, ids }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// The indexes.
    pub fn index(&self) -> &R::Index {
        &self.index
    }

    /// The indexes, to make what they only keep for those who ask. What follows from rows is not to be changed.
    pub(in crate::domain) fn index_mut(&mut self) -> &mut R::Index {
        &mut self.index
    }

    /// Puts a new row in and answers it.
    ///
    /// # Panics
    /// If the id is taken: ids come from the account's generator, so that is a mistake of ours.
    pub fn insert(&mut self, row: R) -> &R {
        let id = row.id();
        assert!(!self.contains(id), "a row with the id {id:?} exists already");
        self.revision += 1;
        self.index.add(&row);
        self.log.push((id, None));
        self.rows.insert(id, Arc::new(row))
    }

    /// Changes the row with this id in place, keeping indexes and log. Answers `None` if there is none.
    pub fn update<T>(&mut self, id: R::Id, change: impl FnOnce(&mut R) -> T) -> Option<T> {
        let Self { rows, index, log, revision } = self;
        let (before, result) = rows.replace(id, |row| {
            // Should the change panic, nothing has happened.
            let mut after = R::clone(row);
            let result = change(&mut after);
            *revision += 1;
            index.change(row, &after);
            (Arc::new(after), result)
        })?;
        log.push((id, Some(before)));
        Some(result)
    }

    /// Takes the row with this id out.
    pub fn delete(&mut self, id: R::Id) -> Option<Arc<R>> {
        let row = self.rows.remove(id)?;
        self.revision += 1;
        self.index.remove(&row);
        self.log.push((id, Some(Arc::clone(&row))));
        Some(row)
    }

    /// A point to which [`Table::rollback`] can return.
    #[inline]
    pub(crate) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Undoes everything since `mark`.
    pub(crate) fn rollback(&mut self, mark: usize) {
        while self.log.len() > mark {
            let Some((id, before)) = self.log.pop() else { return };
            self.put_back(id, before);
        }
    }

    /// What the log amounts to: each touched row once, in the order of first touch, rows that came and went
    /// within the transaction left out.
    #[inline]
    pub(crate) fn changes(&self) -> Vec<Change<R>> {
        // Most transactions leave most tables alone.
        if self.log.is_empty() { Vec::new() } else { self.logged_changes() }
    }

    fn logged_changes(&self) -> Vec<Change<R>> {
        let mut changes: Vec<Change<R>> = Vec::with_capacity(self.log.len().min(FEW));
        let mut seen = std::collections::BTreeSet::new();
        for (at, (id, before)) in self.log.iter().enumerate() {
            let is_first = match self.log.len() {
                ..=FEW => !self.log[..at].iter().any(|(earlier, _)| earlier == id),
                _ => seen.insert(*id),
            };
            if !is_first {
                continue;
            }
            let after = self.rows.get(*id).cloned();
            if before.is_some() || after.is_some() {
                changes.push(Change { id: *id, before: before.clone(), after });
            }
        }
        changes
    }

    /// Puts another version of a row in its place, unlogged: for a look at how things were.
    pub(crate) fn place(&mut self, id: R::Id, row: Option<&Arc<R>>) {
        self.put_back(id, row.cloned());
    }

    fn put_back(&mut self, id: R::Id, row: Option<Arc<R>>) {
        self.revision += 1;
        if let Some(current) = self.rows.remove(id) {
            self.index.remove(&current);
        }
        if let Some(row) = row {
            self.index.add(&row);
            self.rows.insert(id, row);
        }
    }

    /// Makes everything final: there is no way back from here.
    #[inline]
    pub(crate) fn commit(&mut self) {
        if !self.log.is_empty() {
            self.log.clear();
        }
    }
}

/// Rows by their ids; see [`Table::rows`].
#[derive(Clone, Debug)]
pub struct Rows<'a, R: Row, I> {
    table: &'a Table<R>,
    ids: I,
}

impl<'a, R: Row, I: Iterator<Item = u64>> Iterator for Rows<'a, R, I> {
    type Item = &'a R;

    fn next(&mut self) -> Option<&'a R> {
        self.nth(0)
    }

    fn nth(&mut self, count: usize) -> Option<&'a R> {
        self.ids.nth(count).and_then(|id| self.table.get(R::Id::from_number(id)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::ids::ReferralId;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Note(ReferralId, i64);

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Sum(i64, usize);

    impl Index<Note> for Sum {
        fn add(&mut self, row: &Note) {
            self.0 += row.1;
            self.1 += 1;
        }
        fn remove(&mut self, row: &Note) {
            self.0 -= row.1;
            self.1 -= 1;
        }
    }

    impl Row for Note {
        type Id = ReferralId;
        type Index = Sum;
        fn id(&self) -> ReferralId {
            self.0
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Insert(ReferralId, i64),
        Update(ReferralId, i64),
        Delete(ReferralId),
    }

    fn ids() -> impl Strategy<Value = ReferralId> {
        (0u64..6).prop_map(ReferralId::new)
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (ids(), any::<i32>()).prop_map(|(id, v)| Step::Insert(id, v.into())),
            (ids(), any::<i32>()).prop_map(|(id, v)| Step::Update(id, v.into())),
            ids().prop_map(Step::Delete),
        ];
        proptest::collection::vec(step, 0..40)
    }

    fn run(table: &mut Table<Note>, steps: &[Step]) {
        for step in steps {
            match *step {
                Step::Insert(id, value) if !table.contains(id) => {
                    table.insert(Note(id, value));
                }
                Step::Insert(id, value) | Step::Update(id, value) => {
                    table.update(id, |row| row.1 = value);
                }
                Step::Delete(id) => {
                    table.delete(id);
                }
            }
        }
    }

    fn rows(table: &Table<Note>) -> Vec<Note> {
        table.iter().cloned().collect()
    }

    proptest! {
        #[test]
        fn rolling_back_restores_rows_and_indexes(first in steps(), second in steps()) {
            let mut table = Table::default();
            run(&mut table, &first);
            let (before, index, mark) = (rows(&table), table.index().clone(), table.mark());
            run(&mut table, &second);
            table.rollback(mark);
            prop_assert_eq!(rows(&table), before);
            prop_assert_eq!(table.index(), &index);
        }

        #[test]
        fn a_look_at_how_things_were_leaves_them_as_they_are(first in steps(), second in steps()) {
            let mut table = Table::default();
            run(&mut table, &first);
            table.commit();
            let (old, old_index) = (rows(&table), table.index().clone());
            run(&mut table, &second);
            let (new, new_index, changes) = (rows(&table), table.index().clone(), table.changes());
            changes.iter().for_each(|change| table.place(change.id, change.before.as_ref()));
            prop_assert_eq!((rows(&table), table.index()), (old, &old_index));
            changes.iter().for_each(|change| table.place(change.id, change.after.as_ref()));
            prop_assert_eq!((rows(&table), table.index()), (new, &new_index));
        }

        #[test]
        fn the_revision_rises_with_every_touch_of_a_row(first in steps(), second in steps()) {
            let mut table = Table::default();
            run(&mut table, &first);
            for step in &second {
                let (before, mark, revision) = (rows(&table), table.mark(), table.revision());
                run(&mut table, std::slice::from_ref(step));
                let changed = table.revision();
                prop_assert!(changed > revision || changed == revision && rows(&table) == before);
                let changes = table.changes();
                table.rollback(mark);
                let undone = table.revision();
                prop_assert!(undone > changed || changed == revision && undone == changed);
                if let Some(change) = changes.first() {
                    table.place(change.id, change.after.as_ref());
                    prop_assert!(table.revision() > undone);
                }
            }
        }

        #[test]
        fn the_changes_lead_from_the_old_rows_to_the_new(first in steps(), second in steps()) {
            let mut table = Table::default();
            run(&mut table, &first);
            table.commit();
            let mut replayed: BTreeMap<ReferralId, Arc<Note>> =
                table.iter().map(|r| (r.0, Arc::new(r.clone()))).collect();
            run(&mut table, &second);
            for change in table.changes() {
                prop_assert_eq!(replayed.get(&change.id), change.before.as_ref());
                match change.after {
                    Some(row) => replayed.insert(change.id, row),
                    None => replayed.remove(&change.id),
                };
            }
            let replayed = replayed.into_values().map(Arc::unwrap_or_clone);
            prop_assert_eq!(replayed.collect::<Vec<_>>(), rows(&table));
        }
    }
}
