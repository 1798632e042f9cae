//! Payloads from recorded traffic: nothing is called.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use fp_contract::BaseUrl;
use fp_contract::recording::{Format, RecordingError, Subject as Recorded, read};

use super::album::Album;

/// A recording cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be read", file.display())]
pub struct NoRecording {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Adds every exchange and payload of a recording that belongs to the service, as `base_urls` map it; answers the
/// parts that could not be read.
///
/// # Errors
/// [`NoRecording`] if the file is out of reach.
pub fn add(
    album: &mut Album,
    file: &Path,
    format: Option<Format>,
    base_urls: &[BaseUrl],
) -> Result<Vec<String>, NoRecording> {
    let failed = |source| NoRecording { file: file.to_owned(), source };
    let mut reader: Box<dyn BufRead> = if file.as_os_str() == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(File::open(file).map_err(failed)?))
    };
    let format = match format.or_else(|| Format::of_path(file)) {
        Some(format) => format,
        None => Format::of_bytes(reader.fill_buf().map_err(failed)?),
    };
    let mut unreadable = Vec::new();
    for recorded in read(format, reader) {
        match recorded.map(|recorded| recorded.subject) {
            Ok(Recorded::Exchange(recording)) => {
                if let Some(target) = BaseUrl::map_by(base_urls, &recording.url) {
                    album.add_exchange(&recording.with_target(&target));
                }
            }
            Ok(Recorded::Webhook { system, event_type, body }) => match serde_json::from_slice(&body) {
                Ok(payload) => album.add_event(system, &event_type, &payload),
                Err(error) => unreadable.push(format!("{}: {event_type}: {error}", file.display())),
            },
            Err(RecordingError::Malformed { line, message }) => {
                unreadable.push(format!("{}:{line}: {message}", file.display()));
            }
            Err(RecordingError::Io(source)) => return Err(failed(source)),
        }
    }
    Ok(unreadable)
}
