//! What one can type: a file for each subcommand.

use std::io::{self, Write as _};

pub mod bench;
mod interruption;
mod output;
pub mod pin;
mod progress;
pub mod properties;
pub mod replay;
pub mod run;
pub mod snapshot;
mod target;

/// Writes to standard output. A reader that went away has seen enough.
///
/// # Errors
/// When nothing can be written.
pub fn show(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
