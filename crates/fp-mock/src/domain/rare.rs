//! What most records have nothing of.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A part of a record that takes hardly any room where it is empty, and is shared by the versions of a record that
/// agree on it.
#[derive(Debug)]
pub struct Rare<T>(Option<Arc<T>>);

/// What can be empty.
pub trait Nothing: Default + Clone + 'static {
    /// The empty value.
    fn nothing() -> &'static Self;
}

impl<T> Rare<T> {
    /// Whether it was ever filled.
    pub fn is_something(&self) -> bool {
        self.0.is_some()
    }

    /// Such a part, not empty.
    pub fn of(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Rare<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Nothing> Deref for Rare<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::nothing())
    }
}

impl<T: Nothing> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}
