//! Where HTTP/1.1 messages begin and end (RFC 9112): heads, and bodies by length, in chunks or until the close.

/// The largest head that is read.
const LARGEST_HEAD: usize = 256 * 1024;

/// Header names and values in order.
pub(super) type Headers = Vec<(String, String)>;

/// A message's head, and how many bytes it takes.
#[derive(Debug)]
pub(super) struct Head<L> {
    pub(super) line: L,
    pub(super) headers: Headers,
    pub(super) len: usize,
}

/// The first line of a request.
#[derive(Debug)]
pub(super) struct RequestLine {
    pub(super) method: String,
    pub(super) target: String,
    /// Where the target lies in the head's bytes.
    pub(super) target_at: std::ops::Range<usize>,
    pub(super) minor_version: u8,
}

/// The first line of a reply.
#[derive(Debug)]
pub(super) struct StatusLine {
    pub(super) status: u16,
    pub(super) minor_version: u8,
}

/// Why bytes are no HTTP/1.1.
#[derive(Debug, thiserror::Error)]
pub(super) enum FramingError {
    #[error("expected an HTTP/1.1 message, found other bytes")]
    Head(#[from] httparse::Error),
    #[error("expected a head of at most {LARGEST_HEAD} bytes, found more")]
    LongHead,
    #[error("expected a chunk of a body, found other bytes")]
    Chunk,
    #[error("expected one body length, found several or none that can be read")]
    Length,
    #[error("expected the end of a message, found the end of the connection")]
    Closed,
}

/// Reads a request's head; `None` while it is not whole.
pub(super) fn request_head(bytes: &[u8]) -> Result<Option<Head<RequestLine>>, FramingError> {
    let mut slots = [httparse::EMPTY_HEADER; 256];
    let mut request = httparse::Request::new(&mut slots);
    match request.parse(bytes)? {
        httparse::Status::Partial => still_open(bytes),
        httparse::Status::Complete(len) => {
            let target = request.path.unwrap_or("/");
            let start = target.as_ptr().addr() - bytes.as_ptr().addr();
            let line = RequestLine {
                method: request.method.unwrap_or_default().to_owned(),
                target: target.to_owned(),
                target_at: start..start + target.len(),
                minor_version: request.version.unwrap_or(1),
            };
            Ok(Some(Head { line, headers: owned(request.headers), len }))
        }
    }
}

/// Reads a reply's head; `None` while it is not whole.
pub(super) fn reply_head(bytes: &[u8]) -> Result<Option<Head<StatusLine>>, FramingError> {
    let mut slots = [httparse::EMPTY_HEADER; 256];
    let mut reply = httparse::Response::new(&mut slots);
    match reply.parse(bytes)? {
        httparse::Status::Partial => still_open(bytes),
        httparse::Status::Complete(len) => {
            let line = StatusLine {
                status: reply.code.unwrap_or_default(),
                minor_version: reply.version.unwrap_or(1),
            };
            Ok(Some(Head { line, headers: owned(reply.headers), len }))
        }
    }
}

fn still_open<L>(bytes: &[u8]) -> Result<Option<Head<L>>, FramingError> {
    if bytes.len() > LARGEST_HEAD { Err(FramingError::LongHead) } else { Ok(None) }
}

fn owned(headers: &[httparse::Header<'_>]) -> Headers {
    let pair = |header: &httparse::Header<'_>| {
        (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
    };
    headers.iter().map(pair).collect()
}

/// All values of a header, lower case, split at commas.
fn values<'h>(headers: &'h Headers, name: &'h str) -> impl Iterator<Item = String> + 'h {
    let own = headers.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name));
    own.flat_map(|(_, value)| value.split(',').map(|part| part.trim().to_ascii_lowercase()))
}

/// Whether the connection may carry another message.
pub(super) fn keeps_alive(headers: &Headers, minor_version: u8) -> bool {
    let has = |wanted: &str| values(headers, "connection").any(|value| value == wanted);
    if minor_version == 0 { has("keep-alive") } else { !has("close") }
}

/// How the body of a message is framed, and how far it was read.
#[derive(Debug)]
pub(super) enum Framing {
    /// So many bytes are left; at none the body is whole.
    Length(u64),
    Chunked(Chunk),
    UntilClose,
}

/// Where in a chunked body the reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunk {
    /// In the line with a chunk's size; digits read so far.
    Size {
        size: u64,
        digits: u8,
        in_extension: bool,
    },
    Data {
        left: u64,
    },
    /// Behind a chunk's data, before its line break.
    End,
    /// In the trailer section; whether the current line holds anything.
    Trailer {
        in_line: bool,
    },
    Done,
}

impl Framing {
    /// The body of a request: none without a length.
    pub(super) fn of_request(headers: &Headers) -> Result<Framing, FramingError> {
        if is_chunked(headers)? {
            return Ok(Framing::Chunked(Chunk::start()));
        }
        Ok(Framing::Length(length(headers)?.unwrap_or(0)))
    }

    /// The body of a reply, which depends on the request's method and the status.
    pub(super) fn of_reply(method: &str, status: u16, headers: &Headers) -> Result<Framing, FramingError> {
        if method == "HEAD" || matches!(status, 100..=199 | 204 | 304) {
            return Ok(Framing::Length(0));
        }
        if is_chunked(headers)? {
            return Ok(Framing::Chunked(Chunk::start()));
        }
        Ok(length(headers)?.map_or(Framing::UntilClose, Framing::Length))
    }

    /// Whether the body is whole.
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Framing::Length(0) | Framing::Chunked(Chunk::Done))
    }

    /// Reads on: how many of the bytes belong to the message. What they say of the body goes to `body`.
    pub(super) fn read(&mut self, bytes: &[u8], body: &mut dyn FnMut(&[u8])) -> Result<usize, FramingError> {
        match self {
            Framing::Length(left) => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                body(&bytes[..taken]);
                *left -= taken as u64;
                Ok(taken)
            }
            Framing::UntilClose => {
                body(bytes);
                Ok(bytes.len())
            }
            Framing::Chunked(chunk) => {
                let mut at = 0;
                while at < bytes.len() && *chunk != Chunk::Done {
                    at += chunk.read(&bytes[at..], body)?;
                }
                Ok(at)
            }
        }
    }
}

impl Chunk {
    fn start() -> Chunk {
        Chunk::Size { size: 0, digits: 0, in_extension: false }
    }

    /// Reads at least one byte.
    fn read(&mut self, bytes: &[u8], body: &mut dyn FnMut(&[u8])) -> Result<usize, FramingError> {
        let byte = bytes[0];
        match self {
            Chunk::Size { size, digits, in_extension } => match byte {
                b'\n' if *digits == 0 => return Err(FramingError::Chunk),
                b'\n' if *size == 0 => *self = Chunk::Trailer { in_line: false },
                b'\n' => *self = Chunk::Data { left: *size },
                _ if *in_extension => {}
                b';' | b'\r' | b' ' | b'\t' => *in_extension = true,
                _ => {
                    let digit = char::from(byte).to_digit(16).ok_or(FramingError::Chunk)?;
                    *digits += 1;
                    if *digits > 15 {
                        return Err(FramingError::Chunk);
                    }
                    *size = *size * 16 + u64::from(digit);
                }
            },
            Chunk::Data { left } => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                body(&bytes[..taken]);
                *left -= taken as u64;
                if *left == 0 {
                    *self = Chunk::End;
                }
                return Ok(taken);
            }
            Chunk::End => match byte {
                b'\r' => {}
                b'\n' => *self = Chunk::start(),
                _ => return Err(FramingError::Chunk),
            },
            Chunk::Trailer { in_line } => match byte {
                b'\n' if !*in_line => *self = Chunk::Done,
                b'\n' => *in_line = false,
                b'\r' => {}
                _ => *in_line = true,
            },
            Chunk::Done => {}
        }
        Ok(1)
    }
}

fn is_chunked(headers: &Headers) -> Result<bool, FramingError> {
    let codings: Vec<String> = values(headers, "transfer-encoding").collect();
    match codings.last().map(String::as_str) {
        None => Ok(false),
        Some("chunked") => Ok(true),
        Some(_) => Err(FramingError::Length),
    }
}

fn length(headers: &Headers) -> Result<Option<u64>, FramingError> {
    let mut found = None;
    for value in values(headers, "content-length") {
        let length: u64 = value.parse().map_err(|_| FramingError::Length)?;
        if found.is_some_and(|known| known != length) {
            return Err(FramingError::Length);
        }
        found = Some(length);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(list: &[(&str, &str)]) -> Headers {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Reads a body in pieces of that size; what is left over comes back.
    fn read(mut framing: Framing, bytes: &[u8], piece: usize) -> Result<(Vec<u8>, usize), FramingError> {
        let mut body = Vec::new();
        let mut at = 0;
        while at < bytes.len() && !framing.is_done() {
            let end = bytes.len().min(at + piece);
            at += framing.read(&bytes[at..end], &mut |part| body.extend_from_slice(part))?;
        }
        Ok((body, at))
    }

    #[test]
    fn heads_are_read_once_they_are_whole() {
        let bytes = b"POST /a?b=1 HTTP/1.1\r\nHost: h\r\nX-Odd:  v \r\n\r\nrest";
        assert!(request_head(&bytes[..30]).expect("a beginning").is_none());
        let head = request_head(bytes).expect("a head").expect("whole");
        assert_eq!((head.line.method.as_str(), head.line.target.as_str()), ("POST", "/a?b=1"));
        assert_eq!(&bytes[head.line.target_at], b"/a?b=1");
        assert_eq!(head.headers, headers(&[("Host", "h"), ("X-Odd", "v")]));
        assert_eq!(&bytes[head.len..], b"rest");
        assert!(request_head(b"\x16\x03\x01").is_err());
        assert!(request_head(&[b"GET / HTTP/1.1\r\nA: ".as_slice(), &[b'x'; 300_000]].concat()).is_err());
    }

    #[test]
    fn bodies_are_framed_by_what_their_heads_say() {
        let of = |method, status, list: &[(&str, &str)]| {
            Framing::of_reply(method, status, &headers(list)).expect("a framing")
        };
        assert!(of("HEAD", 200, &[("Content-Length", "5")]).is_done());
        assert!(of("GET", 204, &[]).is_done());
        assert!(matches!(of("GET", 200, &[]), Framing::UntilClose));
        assert!(matches!(of("GET", 200, &[("content-length", "5")]), Framing::Length(5)));
        assert!(matches!(of("GET", 200, &[("Transfer-Encoding", "gzip, Chunked")]), Framing::Chunked(_)));
        assert!(Framing::of_request(&headers(&[])).expect("no body").is_done());
        for odd in [
            [("Content-Length", "5"), ("Content-Length", "6")],
            [("Content-Length", "x"), ("A", "")],
            [("Transfer-Encoding", "gzip"), ("A", "")],
        ] {
            assert!(Framing::of_request(&headers(&odd)).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn chunks_extensions_and_trailers_are_read_in_pieces_of_any_size() {
        let bytes = b"5;ext=\"a\"\r\nhello\r\nA\r\n, world!!!\r\n0\r\nTrailer: x\r\n\r\nnext";
        for piece in 1..bytes.len() {
            let framing = Framing::Chunked(Chunk::start());
            let (body, taken) = read(framing, bytes, piece).expect("chunks");
            assert_eq!(body, b"hello, world!!!");
            assert_eq!(&bytes[taken..], b"next");
        }
    }

    #[test]
    fn broken_chunks_are_refused() {
        for bytes in ["x\r\n", "\r\n", "5\r\nhelloX", "fffffffffffffffff\r\n"] {
            assert!(read(Framing::Chunked(Chunk::start()), bytes.as_bytes(), 100).is_err(), "{bytes}");
        }
    }

    #[test]
    fn connections_live_as_their_version_has_it() {
        assert!(keeps_alive(&headers(&[]), 1));
        assert!(!keeps_alive(&headers(&[("Connection", "Upgrade, Close")]), 1));
        assert!(!keeps_alive(&headers(&[]), 0));
        assert!(keeps_alive(&headers(&[("connection", "keep-alive")]), 0));
    }

    proptest! {
        #[test]
        fn any_body_in_any_chunks_comes_out_whole(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..50), 0..6), piece in 1usize..40) {
            let mut bytes = Vec::new();
            for part in &parts {
                bytes.extend(format!("{:x}\r\n", part.len()).bytes());
                bytes.extend(part);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
            let (body, taken) = read(Framing::Chunked(Chunk::start()), &bytes, piece).expect("chunks");
            prop_assert_eq!(body, parts.concat());
            prop_assert_eq!(taken, bytes.len());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), piece in 1usize..40) {
            drop(read(Framing::Chunked(Chunk::start()), &bytes, piece));
            drop(request_head(&bytes));
            drop(reply_head(&bytes));
        }
    }
}
