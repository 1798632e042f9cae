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

/// A column of values that mostly lie near each other where their rows do, with the span in which all lie: a filter
/// seldom has to look at them one by one.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    values: Vec<T>,
    /// Between these all values lie, and maybe some that are gone.
    span: Option<(T, T)>,
}

impl<T> Default for Spanned<T> {
    fn default() -> Self {
        Self { values: Vec::new(), span: None }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values
    }
}

impl<T: Ord + Copy> Spanned<T> {
    fn widen(&mut self, value: T) {
        let (lowest, highest) = self.span.unwrap_or((value, value));
        self.span = Some((lowest.min(value), highest.max(value)));
    }

    /// Leaves of `places` those whose values lie within a span.
    pub fn keep_within(&self, places: &mut Places, span: &Span<T>) {
        let Some((lowest, highest)) = self.span else { return };
        let is_beyond = span.from.is_some_and(|from| from > highest) || span.to.is_some_and(|to| to < lowest);
        if is_beyond {
            *places = Places::default();
        } else if !(span.holds(&lowest) && span.holds(&highest)) {
            places.keep_within(&self.values, span);
        }
    }
}

impl<T: Ord + Copy> Column<T> for Spanned<T> {
    fn insert(&mut self, at: usize, value: T) {
        self.widen(value);
        self.values.insert(at, value);
    }

    fn set(&mut self, at: usize, value: T) {
        self.widen(value);
        self.values[at] = value;
    }

    fn remove(&mut self, at: usize) {
        self.values.remove(at);
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
        ) {
            let (mut spanned, mut plain) = (Spanned::default(), Vec::new());
            for (at, value, kind) in steps {
                let at = at.index(plain.len() + 1);
                match kind {
                    0 if at < plain.len() => { Column::remove(&mut spanned, at); Column::remove(&mut plain, at); }
                    1 if at < plain.len() => { Column::set(&mut spanned, at, value); Column::set(&mut plain, at, value); }
                    _ => { Column::insert(&mut spanned, at, value); Column::insert(&mut plain, at, value); }
                }
            }
            let span = Span { from, to };
            let (mut places, mut expected) = (Places::first(plain.len()), Places::first(plain.len()));
            spanned.keep_within(&mut places, &span);
            expected.keep_within(&plain, &span);
            prop_assert_eq!(places, expected);
            prop_assert_eq!(&spanned[..], &plain[..]);
        }
    }
}
