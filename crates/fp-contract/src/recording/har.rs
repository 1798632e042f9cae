//! HTTP archives. The entries are cut out of the stream one by one, so an archive of any size is read in the
//! memory of its largest entry.

use std::io::BufRead;

use super::json_lines::{Headers, delivered};
use super::{LARGEST, Recorded, RecordedResponse, Recording, RecordingError, base64};

/// The entries of an archive.
pub(super) struct Entries<R> {
    reader: R,
    line: usize,
    state: State,
    entry: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before `log.entries`.
    Before,
    Within,
    Done,
}

impl<R: BufRead> Entries<R> {
    pub(super) fn new(reader: R) -> Entries<R> {
        Entries { reader, line: 1, state: State::Before, entry: Vec::new() }
    }

    /// The next byte outside the entry buffer; counts lines.
    fn take(&mut self) -> Result<Option<u8>, RecordingError> {
        let byte = self.reader.fill_buf()?.first().copied();
        if let Some(byte) = byte {
            self.reader.consume(1);
            self.line += usize::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// Goes forward to the first entry: past `"entries"`, a colon and a bracket, within two objects.
    fn find_entries(&mut self) -> Result<(), RecordingError> {
        let mut depth = 0usize;
        let mut key = Vec::new();
        loop {
            match self.take()? {
                None => return Err(self.malformed("expected `log.entries`, found the end")),
                Some(b'{' | b'[') if depth == 2 && key == b"entries" => return Ok(()),
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth = depth.saturating_sub(1),
                Some(b'"') => {
                    let text = self.string()?;
                    if depth == 2 {
                        key = text;
                    }
                }
                Some(b',') => key.clear(),
                Some(_) => {}
            }
        }
    }

    /// A string's bytes up to its closing quote, escapes as written.
    fn string(&mut self) -> Result<Vec<u8>, RecordingError> {
        let mut text = Vec::new();
        loop {
            match self.take()? {
                None => return Err(self.malformed("expected a closing quote, found the end")),
                Some(b'"') => return Ok(text),
                Some(b'\\') => {
                    text.push(b'\\');
                    text.extend(self.take()?);
                }
                Some(byte) => text.push(byte),
            }
            if text.len() > LARGEST {
                return Err(self.malformed("expected an entry of sensible size"));
            }
        }
    }

    /// Goes to the next entry and copies it; `None` at the list's end.
    fn cut_entry(&mut self) -> Result<Option<usize>, RecordingError> {
        loop {
            match self.take()? {
                Some(b'{') => break,
                Some(b']') => return Ok(None),
                Some(byte) if byte == b',' || byte.is_ascii_whitespace() => {}
                Some(byte) => {
                    let found = char::from(byte);
                    return Err(self.malformed(&format!("expected an entry, found `{found}`")));
                }
                None => {
                    return Err(self.malformed("expected the end of the entries, found the end of the file"));
                }
            }
        }
        let start = self.line;
        self.entry.clear();
        self.entry.push(b'{');
        let mut scan = Scan { depth: 1, in_string: false, escaped: false };
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Err(self.malformed("expected the end of an entry, found the end of the file"));
            }
            let (used, done) = scan.advance(chunk);
            self.entry.extend_from_slice(&chunk[..used]);
            self.line += chunk[..used].iter().filter(|byte| **byte == b'\n').count();
            self.reader.consume(used);
            if done {
                return Ok(Some(start));
            }
            if self.entry.len() > LARGEST {
                return Err(self.malformed("expected an entry of sensible size"));
            }
        }
    }

    fn malformed(&self, message: &str) -> RecordingError {
        RecordingError::Malformed { line: self.line, message: message.to_owned() }
    }
}

/// Where in an object the scan is.
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// The bytes of a chunk that belong to the object, and whether it ended there.
    fn advance(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (at, byte) in chunk.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => {}
            }
        }
        (chunk.len(), false)
    }
}

impl<R: BufRead> Iterator for Entries<R> {
    type Item = Result<Recorded, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Done {
            return None;
        }
        let cut = match self.state {
            State::Before => self.find_entries().and_then(|()| self.cut_entry()),
            _ => self.cut_entry(),
        };
        self.state = State::Within;
        let read = match cut {
            Ok(None) => {
                self.state = State::Done;
                return None;
            }
            Ok(Some(line)) => recorded(&self.entry)
                .map(|recording| Recorded { line, subject: delivered(recording) })
                .map_err(|message| RecordingError::Malformed { line, message }),
            Err(error) => {
                self.state = State::Done;
                Err(error)
            }
        };
        Some(read)
    }
}

#[derive(serde::Deserialize)]
struct Entry {
    request: EntryRequest,
    response: Option<EntryResponse>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntryRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Headers,
    post_data: Option<PostData>,
}

#[derive(serde::Deserialize)]
struct PostData {
    #[serde(default)]
    text: String,
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<PostParam>,
}

#[derive(serde::Deserialize)]
struct PostParam {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(serde::Deserialize)]
struct EntryResponse {
    status: u16,
    #[serde(default)]
    headers: Headers,
    content: Option<Content>,
}

#[derive(serde::Deserialize)]
struct Content {
    #[serde(default)]
    text: String,
    encoding: Option<String>,
}

fn recorded(entry: &[u8]) -> Result<Recording, String> {
    let Entry { request, response } =
        serde_json::from_slice(entry).map_err(|error| format!("expected a HAR entry, found {error}"))?;
    let body = match request.post_data {
        Some(data) if data.text.is_empty() && !data.params.is_empty() => form(&data.params).into_bytes(),
        Some(data) => decoded(data.text, data.encoding.as_deref())?,
        None => Vec::new(),
    };
    let response = match response {
        // A status of zero means that no reply came.
        Some(response) if response.status > 0 => {
            let content = response.content.unwrap_or(Content { text: String::new(), encoding: None });
            // The archive holds the body as it was before its encoding.
            let mut headers = response.headers.0;
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-encoding"));
            let body = decoded(content.text, content.encoding.as_deref())?;
            Some(RecordedResponse { status: response.status, headers, body })
        }
        _ => None,
    };
    Ok(Recording { method: request.method, url: request.url, headers: request.headers.0, body, response })
}

fn form(params: &[PostParam]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for param in params {
        form.append_pair(&param.name, &param.value);
    }
    form.finish()
}

fn decoded(text: String, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    match encoding {
        Some("base64") => {
            base64::decode(&text).ok_or_else(|| "expected base64 in a body, found other text".to_owned())
        }
        Some(other) if !other.is_empty() => Err(format!("expected a body as text or base64, found {other}")),
        _ => Ok(text.into_bytes()),
    }
}
