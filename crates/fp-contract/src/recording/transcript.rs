//! `.http` files: raw requests, each perhaps followed by its reply, parted by lines that begin with `###`.
//!
//! A line that begins with `HTTP/` and a status starts the reply. Comments (`#`, `//`) may stand before a request.

use std::io::{BufRead, Read as _};

use super::json_lines::delivered;
use super::{LARGEST, Recorded, RecordedResponse, Recording, RecordingError};

/// The parts between separators.
pub(super) struct Parts<R> {
    reader: R,
    line: usize,
    ended: bool,
}

impl<R: BufRead> Parts<R> {
    pub(super) fn new(reader: R) -> Parts<R> {
        Parts { reader, line: 0, ended: false }
    }

    /// The lines up to the next separator, and the number of the first.
    fn part(&mut self) -> Result<(usize, Vec<u8>), RecordingError> {
        let start = self.line + 1;
        let mut text = Vec::new();
        loop {
            let before = text.len();
            let read = (&mut self.reader).take(LARGEST as u64).read_until(b'\n', &mut text)?;
            if read == 0 {
                self.ended = true;
                return Ok((start, text));
            }
            self.line += 1;
            if text[before..].starts_with(b"###") {
                text.truncate(before);
                return Ok((start, text));
            }
            if text.len() > LARGEST {
                let message = "expected an exchange of sensible size".to_owned();
                return Err(RecordingError::Malformed { line: start, message });
            }
        }
    }
}

impl<R: BufRead> Iterator for Parts<R> {
    type Item = Result<Recorded, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let (start, text) = match self.part() {
                Ok(part) => part,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            };
            let (skipped, text) = skip_comments(&text);
            if text.is_empty() {
                continue;
            }
            let line = start + skipped;
            let read = exchange(text).map(|recording| Recorded { line, subject: delivered(recording) });
            return Some(read.map_err(|message| RecordingError::Malformed { line, message }));
        }
        None
    }
}

/// Leaves out blank lines and comments before a request, and says how many lines they were.
fn skip_comments(mut text: &[u8]) -> (usize, &[u8]) {
    let mut skipped = 0;
    loop {
        let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
        let line = text[..end].trim_ascii();
        if text.is_empty() || !(line.is_empty() || line.starts_with(b"#") || line.starts_with(b"//")) {
            return (skipped, text);
        }
        text = &text[end..];
        skipped += 1;
    }
}

fn exchange(text: &[u8]) -> Result<Recording, String> {
    let (request, response) = match status_line(text) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    let (first, headers, body) = message(request)?;
    let mut words = first.split_ascii_whitespace();
    let (method, url) = match (words.next(), words.next()) {
        (Some(method), Some(url)) => (method.to_owned(), url.to_owned()),
        (Some(url), None) => ("GET".to_owned(), url.to_owned()),
        _ => return Err("expected a request line, found none".to_owned()),
    };
    // A relative target with a Host header is whole enough for the judge.
    let response = match response {
        None => None,
        Some(text) => {
            let (first, headers, body) = message(text)?;
            let status = first.split_ascii_whitespace().nth(1).and_then(|word| word.parse().ok());
            let status = status.ok_or_else(|| format!("expected a status, found `{first}`"))?;
            Some(RecordedResponse { status, headers, body })
        }
    };
    Ok(Recording { method, url, headers, body, response })
}

/// Where a line `HTTP/1.1 200 …` begins.
fn status_line(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"HTTP/").and_then(|rest| rest.splitn(2, |byte| *byte == b' ').nth(1));
        if at > 0 && rest.is_some_and(|rest| rest.len() >= 3 && rest[..3].iter().all(u8::is_ascii_digit)) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

type Message = (String, Vec<(String, String)>, Vec<u8>);

/// First line, headers and body. One blank line ends the headers; blank lines at the end belong to the file.
fn message(text: &[u8]) -> Result<Message, String> {
    let mut rest = text;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        String::from_utf8_lossy(line).trim_end().to_owned()
    };
    let first = line();
    let mut headers = Vec::new();
    loop {
        let header = line();
        if header.is_empty() {
            break;
        }
        let (name, value) =
            header.split_once(':').ok_or_else(|| format!("expected a header, found `{header}`"))?;
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok((first, headers, rest.trim_ascii_end().to_vec()))
}
