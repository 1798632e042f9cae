//! Facts of rows, each kind of fact by itself: a filter goes through what it asks about and nothing else.

use std::fmt::Debug;

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

/// Defines facts of a row, and the columns in which those of many rows lie.
macro_rules! columns {
    ($(#[$of_facts:meta])* $facts:ident, $(#[$of_columns:meta])* $columns:ident {
        $($(#[$of_field:meta])* $field:ident: $kind:ty,)*
    }) => {
        $(#[$of_facts])*
        #[derive(Clone, Copy, Debug)]
        pub struct $facts {
            $($(#[$of_field])* pub(super) $field: $kind,)*
        }

        $(#[$of_columns])*
        #[derive(Clone, Debug, Default)]
        pub struct $columns {
            $($(#[$of_field])* pub(super) $field: Vec<$kind>,)*
        }

        impl $crate::domain::facets::Columns for $columns {
            type Facts = $facts;

            fn insert(&mut self, at: usize, facts: $facts) {
                $(self.$field.insert(at, facts.$field);)*
            }

            fn set(&mut self, at: usize, facts: $facts) {
                $(self.$field[at] = facts.$field;)*
            }

            fn remove(&mut self, at: usize) {
                $(self.$field.remove(at);)*
            }
        }
    };
}
pub(in crate::domain) use columns;
