//! Facts of rows, each kind of fact by itself: a filter goes through what it asks about and nothing else.

use std::fmt::Debug;

use super::Places;
use crate::domain::span::Span;

/// The facts of some rows, a column for each kind of fact; made by `columns!`.
pub trait Columns: Clone + Debug + Default {
    /// All facts of one row.
    type Facts: Copy;

    /// Puts the facts of a row before those that have this place or a later one.
    fn insert(&mut self, at: usize, facts: Self::Facts);

    /// Puts other facts in a place.
    fn set(&mut self, at: usize, facts: Self::Facts);

    /// Takes the facts of a row out.
    fn remove(&mut self, at: usize);
}

/// The values of one kind of fact in their places.
pub trait Column<T> {
    /// Puts a value before those that have this place or a later one.
    fn insert(&mut self, at: usize, value: T);

    /// Puts another value in a place.
    fn set(&mut self, at: usize, value: T);

    /// Takes a value out.
    fn remove(&mut self, at: usize);
}

impl<T> Column<T> for Vec<T> {
    fn insert(&mut self, at: usize, value: T) {
        self.insert(at, value);
    }

    fn set(&mut self, at: usize, value: T) {
        self[at] = value;
    }

    fn remove(&mut self, at: usize) {
        self.remove(at);
    }
}

/// Between which all values of a column lie, and maybe some that are gone; none of no values.
#[derive(Clone, Copy, Debug)]
struct Bounds<T>(Option<(T, T)>);

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Ord + Copy> Bounds<T> {
    fn widen(&mut self, value: T) {
        let (lowest, highest) = self.0.unwrap_or((value, value));
        self.0 = Some((lowest.min(value), highest.max(value)));
    }

    /// Whether all values lie within a span, or none does; `None` if they must be looked at.
    fn are_within(&self, span: &Span<T>) -> Option<bool> {
        let Some((lowest, highest)) = self.0 else { return Some(false) };
        let is_beyond = span.from.is_some_and(|from| from > highest) || span.to.is_some_and(|to| to < lowest);
        match span.holds(&lowest) && span.holds(&highest) {
            _ if is_beyond => Some(false),
            true => Some(true),
            false => None,
        }
    }
}

/// A column of values that mostly lie near each other where their rows do: a filter seldom has to look at them one by one.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    values: Vec<T>,
    bounds: Bounds<T>,
}

impl<T> Default for Spanned<T> {
    fn default() -> Self {
        Self { values: Vec::new(), bounds: Bounds::default() }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Ord + Copy> Spanned<T> {
    /// Leaves of `places` those whose values lie within a span.
    pub fn keep_within(&self, places: &mut Places, span: &Span<T>) {
        match self.bounds.are_within(span) {
            Some(true) => {}
            Some(false) => *places = Places::default(),
            None => places.keep_within(&self.values, span),
        }
    }
}

impl<T: Ord + Copy> Column<T> for Spanned<T> {
    fn insert(&mut self, at: usize, value: T) {
        self.bounds.widen(value);
        self.values.insert(at, value);
    }

    fn set(&mut self, at: usize, value: T) {
        self.bounds.widen(value);
        self.values[at] = value;
    }

    fn remove(&mut self, at: usize) {
        self.values.remove(at);
    }
}

/// The same of values that may be absent: whether they are is a bit for each.
#[derive(Clone, Debug)]
pub struct Sometimes<T> {
    values: Vec<Option<T>>,
    present: Places,
    bounds: Bounds<T>,
}

impl<T> Default for Sometimes<T> {
    fn default() -> Self {
        Self { values: Vec::new(), present: Places::default(), bounds: Bounds::default() }
    }
}

impl<T: Ord + Copy> Sometimes<T> {
    /// Leaves of `places` those that have a value, or have none.
    pub fn keep_present(&self, places: &mut Places, is_present: bool) {
        places.keep_words(self.present.words(), is_present);
    }

    /// Leaves of `places` those whose values lie within a span, if one is asked for: what is absent does not.
    pub fn keep_within(&self, places: &mut Places, span: &Span<T>) {
        if span.is_open() {
            return;
        }
        self.keep_present(places, true);
        match self.bounds.are_within(span) {
            Some(true) => {}
            Some(false) => *places = Places::default(),
            None => places.keep_some_within(&self.values, span),
        }
    }

    fn note(&mut self, at: usize, value: Option<T>) {
        if let Some(value) = value {
            self.bounds.widen(value);
            self.present.put(at);
        }
    }
}

impl<T: Ord + Copy> Column<Option<T>> for Sometimes<T> {
    fn insert(&mut self, at: usize, value: Option<T>) {
        self.values.insert(at, value);
        self.present.open(at);
        self.note(at, value);
    }

    fn set(&mut self, at: usize, value: Option<T>) {
        self.values[at] = value;
        self.present.take(at);
        self.note(at, value);
    }

    fn remove(&mut self, at: usize) {
        self.values.remove(at);
        self.present.close(at);
    }
}

/// The type of a column, if it is not said: a plain one.
macro_rules! column {
    ($kind:ty) => { Vec<$kind> };
    ($kind:ty, $column:ty) => { $column };
}
pub(in crate::domain) use column;

/// Defines facts of a row, and the columns in which those of many rows lie. Behind `=>` is the column of a kind of fact
/// that does not lie in a plain one.
macro_rules! columns {
    ($(#[$of_facts:meta])* $facts:ident, $(#[$of_columns:meta])* $columns:ident {
        $($(#[$of_field:meta])* $field:ident: $kind:ty $(=> $column:ty)?,)*
    }) => {
        $(#[$of_facts])*
        #[derive(Clone, Copy, Debug)]
        pub struct $facts {
            $($(#[$of_field])* pub(super) $field: $kind,)*
        }

        $(#[$of_columns])*
        #[derive(Clone, Debug, Default)]
        pub struct $columns {
            $($(#[$of_field])* pub(super) $field: $crate::domain::facets::column!($kind $(, $column)?),)*
        }

        impl $crate::domain::facets::Columns for $columns {
            type Facts = $facts;

            fn insert(&mut self, at: usize, facts: $facts) {
                $($crate::domain::facets::Column::insert(&mut self.$field, at, facts.$field);)*
            }

            fn set(&mut self, at: usize, facts: $facts) {
                $($crate::domain::facets::Column::set(&mut self.$field, at, facts.$field);)*
            }

            fn remove(&mut self, at: usize) {
                $($crate::domain::facets::Column::remove(&mut self.$field, at);)*
            }
        }
    };
}
pub(in crate::domain) use columns;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_span_leaves_what_it_would_of_a_plain_column(
            steps in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..40, 0u8..4), 0..60),
            from in proptest::option::of(0u8..45),
            to in proptest::option::of(0u8..45),
            is_present in any::<bool>(),
        ) {
            let (mut spanned, mut sometimes, mut plain) = (Spanned::default(), Sometimes::default(), Vec::new());
            for (at, value, kind) in steps {
                let at = at.index(plain.len() + 1);
                let some = (value % 3 != 0).then_some(value);
                match kind {
                    0 if at < plain.len() => {
                        Column::remove(&mut spanned, at);
                        Column::remove(&mut sometimes, at);
                        Column::remove(&mut plain, at);
                    }
                    1 if at < plain.len() => {
                        Column::set(&mut spanned, at, value);
                        Column::set(&mut sometimes, at, some);
                        Column::set(&mut plain, at, value);
                    }
                    _ => {
                        Column::insert(&mut spanned, at, value);
                        Column::insert(&mut sometimes, at, some);
                        Column::insert(&mut plain, at, value);
                    }
                }
            }
            let span = Span { from, to };
            let all = Places::first(plain.len());
            let (mut places, mut expected) = (all.clone(), all.clone());
            spanned.keep_within(&mut places, &span);
            expected.keep_within(&plain, &span);
            prop_assert_eq!(places, expected);
            prop_assert_eq!(&spanned[..], &plain[..]);
            let (mut places, mut expected) = (all.clone(), all.clone());
            sometimes.keep_within(&mut places, &span);
            let values: Vec<Option<u8>> = plain.iter().map(|value| (value % 3 != 0).then_some(*value)).collect();
            expected.keep_some_within(&values, &span);
            prop_assert_eq!(places, expected);
            let (mut places, mut expected) = (all.clone(), all);
            sometimes.keep_present(&mut places, is_present);
            expected.keep(&values, |value| value.is_some() == is_present);
            prop_assert_eq!(places, expected);
        }
    }
}
