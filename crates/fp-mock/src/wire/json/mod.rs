//! Writes what our views are made of as JSON, letter for letter as serde_json does, in half the time: names of fields
//! are known to need no escape, and texts are looked at and copied eight bytes at a time.
//!
//! Builds with debug assertions, all tests among them, hold every single reply against serde_json.

mod sheet;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;

use serde::{Serialize, ser};
use sheet::Sheet;
use writer::Writer;

/// Why something cannot be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unwritable(String);

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The JSON of `value`; `room` is how many bytes are expected.
///
/// # Errors
/// [`Unwritable`] for what is no JSON: maps with keys that are neither texts nor numbers.
pub fn written(value: &(impl Serialize + ?Sized), room: usize) -> Result<Vec<u8>, Unwritable> {
    let mut sheet = Sheet::with_room(room);
    value.serialize(Writer::on(&mut sheet))?;
    let bytes = sheet.into_bytes();
    debug_assert_eq!(
        std::str::from_utf8(&bytes).ok(),
        serde_json::to_string(value).ok().as_deref(),
        "we write as serde_json does"
    );
    Ok(bytes)
}
