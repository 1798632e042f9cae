//! Pages of lists.

use super::fields::Fields;
use crate::domain::refusal::Refusal;

/// Rows a page has unless asked otherwise.
///
/// Evidence: service behaviour notes.
pub const PER_PAGE: usize = 20;

/// Rows a page has at most; more are not refused but cut to this.
///
/// Evidence: service behaviour notes (the limit); cutting is chosen.
pub const PER_PAGE_MAX: usize = 100;

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its number, from 1.
    pub number: usize,
    /// How many rows it has.
    pub size: usize,
}

impl Page {
    /// Reads `page` and `per_page`.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything but whole numbers from 1.
    pub fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Self::read_with(fields, PER_PAGE)
    }

    /// Reads `page` and `per_page` where the default size is another one.
    ///
    /// # Errors
    /// [`Refusal::InvalidParam`] for anything but whole numbers from 1.
    pub fn read_with(fields: &Fields<'_>, default_size: usize) -> Result<Self, Refusal> {
        let positive = |name| match fields.int(name)? {
            None => Ok(None),
            Some(number) => match usize::try_from(number) {
                Ok(number) if number > 0 => Ok(Some(number)),
                _ => Err(fields.invalid(name, "a whole number from 1")),
            },
        };
        let size = positive("per_page")?.unwrap_or(default_size).min(PER_PAGE_MAX);
        Ok(Self { number: positive("page")?.unwrap_or(1), size })
    }

    /// How many rows come before this page.
    pub fn skipped(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The rows of this page.
    pub fn of<I: Iterator>(self, rows: I) -> impl Iterator<Item = I::Item> {
        rows.skip(self.skipped()).take(self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn page(params: &Value) -> Result<Page, Refusal> {
        Page::read(&Fields::root(params.as_object().expect("an object")))
    }

    #[test]
    fn absurd_pages_are_refused_and_large_sizes_cut() {
        assert_eq!(page(&json!({})), Ok(Page { number: 1, size: 20 }));
        assert_eq!(page(&json!({"page": "3", "per_page": 1000})), Ok(Page { number: 3, size: 100 }));
        for bad in [json!({"page": 0}), json!({"page": -1}), json!({"per_page": "all"}), json!({"page": 1.5})]
        {
            assert!(page(&bad).is_err(), "{bad}");
        }
        let last = page(&json!({"page": i64::MAX})).expect("a page");
        assert_eq!(last.of([1, 2, 3].iter()).count(), 0);
    }

    proptest! {
        #[test]
        fn pages_partition_a_list(rows in 0usize..200, size in 1usize..30) {
            let all: Vec<usize> = (0..rows).collect();
            let paged: Vec<usize> = (1..)
                .map(|number| Page { number, size }.of(all.iter().copied()).collect::<Vec<_>>())
                .take_while(|page| !page.is_empty())
                .flatten()
                .collect();
            prop_assert_eq!(paged, all);
        }
    }
}
