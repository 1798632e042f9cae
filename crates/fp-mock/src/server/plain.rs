//! Plain requests and their answers as bytes: what nearly every call is. Everything else is none of this file's
//! business.

use std::io::Write as _;

use super::calls::Asked;
use crate::api::dispatch::Incoming;
use crate::clock::machine_now;
use crate::control::journal::entry::Sent;

/// The largest request that is read here.
const LENGTH_MAX: usize = 64 * 1024;
/// Headers of a request that is read here.
const HEADERS_MAX: usize = 32;

/// What the bytes of a connection are so far.
#[derive(Debug)]
pub(super) enum Reading {
    /// A request of so many bytes.
    Whole(usize),
    /// The begin of one.
    Part,
    /// Something that wants a complete server: chunks, upgrades, control calls, mistakes.
    Other,
}

/// The latest request of a connection, in whose room the next one is read.
#[derive(Debug, Default)]
pub(super) struct Latest {
    /// What was read; nothing in it means anything unless there was a whole request.
    pub asked: Asked,
    /// The bytes of its head: clients mostly say the same again, and what was understood once needs no second look.
    head: Vec<u8>,
    body_len: usize,
}

impl Latest {
    /// Reads the first request of `bytes`.
    pub fn read(&mut self, bytes: &[u8]) -> Reading {
        if self.head.starts_with(bytes) && self.head.len() > bytes.len() || bytes.is_empty() {
            return Reading::Part;
        }
        if !self.head.is_empty() && bytes.starts_with(&self.head) {
            return self.read_body(bytes);
        }
        self.read_anew(bytes)
    }

    fn read_anew(&mut self, bytes: &[u8]) -> Reading {
        self.head.clear();
        self.asked.recognised = None;
        match read_head(bytes, &mut self.asked.incoming) {
            Ok((head_len, body_len)) => {
                self.head.extend_from_slice(&bytes[..head_len]);
                self.body_len = body_len;
                self.read_body(bytes)
            }
            Err(reading) => reading,
        }
    }

    fn read_body(&mut self, bytes: &[u8]) -> Reading {
        let whole = self.head.len() + self.body_len;
        let Some(body) = bytes.get(self.head.len()..whole) else { return Reading::Part };
        body.clone_into(&mut self.asked.incoming.body);
        Reading::Whole(whole)
    }
}

/// Reads the head of the first request of `bytes` and answers its length and the body's; else what the bytes are.
fn read_head(bytes: &[u8], incoming: &mut Incoming) -> Result<(usize, usize), Reading> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let head_len = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) if bytes.len() < LENGTH_MAX && may_be_plain(&request) => {
            return Err(Reading::Part);
        }
        Ok(httparse::Status::Partial) | Err(_) => return Err(Reading::Other),
    };
    let (Some(1), true) = (request.version, may_be_plain(&request)) else { return Err(Reading::Other) };
    let body_len = plain_headers(request.headers, &mut incoming.headers).ok_or(Reading::Other)?;
    if head_len + body_len > LENGTH_MAX {
        return Err(Reading::Other);
    }
    request.method.unwrap_or_default().clone_into(&mut incoming.method);
    request.path.unwrap_or_default().clone_into(&mut incoming.target);
    Ok((head_len, body_len))
}

/// A call of an API by a method that has nothing special about it. What is not read yet may be anything.
fn may_be_plain(request: &httparse::Request<'_, '_>) -> bool {
    let is_known = |method| matches!(method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
    request.method.is_none_or(is_known) && request.path.is_none_or(is_plain_target)
}

/// Paths of the APIs in letters that need no thought.
fn is_plain_target(target: &str) -> bool {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    path.starts_with("/api/")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@[]".contains(&byte))
        && query.bytes().all(|byte| matches!(byte, b'!' | b'$'..=b';' | b'=' | b'?'..=b'~'))
}

/// Puts the headers down, names in lower case, and answers the length of the body; `None` if any of them changes how a
/// message is read, or comes twice.
fn plain_headers(headers: &[httparse::Header<'_>], plain: &mut Vec<(String, String)>) -> Option<usize> {
    plain.resize_with(headers.len(), Default::default);
    let mut body_len = 0;
    for (at, header) in headers.iter().enumerate() {
        let (known, rest) = plain.split_at_mut(at);
        let (name, value) = &mut rest[0];
        header.name.clone_into(name);
        name.make_ascii_lowercase();
        value.clear();
        value.push_str(&String::from_utf8_lossy(header.value));
        match name.as_str() {
            "transfer-encoding" | "upgrade" | "expect" | "te" | "trailer" => return None,
            "connection" if !value.eq_ignore_ascii_case("keep-alive") => return None,
            "content-length" => {
                let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                body_len = value.parse().ok().filter(|_| is_number)?;
            }
            _ => {}
        }
        if known.iter().any(|(known, _)| known == name) {
            return None;
        }
    }
    Some(body_len)
}

/// The date of answers, written once a second.
#[derive(Debug, Default)]
pub(super) struct Dates {
    second: i64,
    text: String,
}

impl Dates {
    fn now(&mut self) -> &str {
        let now = machine_now();
        let second = now.millis().div_euclid(1_000);
        if self.second != second || self.text.is_empty() {
            self.second = second;
            let at = now.datetime();
            self.text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        }
        &self.text
    }
}

/// Writes the head of an answer, and says whether the connection goes on.
pub(super) fn write_head(out: &mut Vec<u8>, sent: &Sent, dates: &mut Dates) -> bool {
    let status = axum::http::StatusCode::from_u16(sent.status).unwrap_or_default();
    let mut goes_on = true;
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(status.canonical_reason().unwrap_or("").as_bytes());
    out.extend_from_slice(b"\r\n");
    for (at, (name, value)) in sent.headers.iter().enumerate() {
        let is_replaced = sent.headers[at + 1..].iter().any(|(later, _)| later == name);
        if is_replaced || is_ours(name) || !is_header(name, value) {
            continue;
        }
        goes_on &= name != "connection";
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    if has_body(sent) {
        // Writing into a vector cannot fail.
        let _ = write!(out, "content-length: {}\r\n", sent.body.len());
    }
    out.extend_from_slice(b"date: ");
    out.extend_from_slice(dates.now().as_bytes());
    out.extend_from_slice(b"\r\n\r\n");
    goes_on
}

/// Whether an answer has a body, be it empty.
pub(super) fn has_body(sent: &Sent) -> bool {
    !matches!(sent.status, 100..=199 | 204 | 304)
}

/// Headers that say how the message is to be read.
fn is_ours(name: &str) -> bool {
    matches!(name, "content-length" | "transfer-encoding" | "date")
}

fn is_header(name: &str, value: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty()
        && name.bytes().all(is_token)
        && value.bytes().all(|byte| byte == b'\t' || byte >= 0x20 && byte != 0x7f)
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;

    use super::*;

    fn read_anew(text: &str) -> Reading {
        Latest::default().read(text.as_bytes())
    }

    #[test]
    fn a_plain_call_is_read_with_its_body_and_nothing_of_the_next() {
        let text = "POST /api/v2/track/sale?a[b]=1 HTTP/1.1\r\nHost: x\r\nX-Tag:  y \r\nContent-Length: 3\r\n\r\nabcGET /";
        let mut latest = Latest::default();
        let longer = "PUT /api/v1/x HTTP/1.1\r\na: 1\r\nb: 2\r\nc: 3\r\nContent-Length: 4\r\n\r\nwhat";
        assert!(matches!(latest.read(longer.as_bytes()), Reading::Whole(length) if length == longer.len()));
        let Reading::Whole(length) = latest.read(text.as_bytes()) else { panic!("a whole request") };
        let incoming = &latest.asked.incoming;
        assert_eq!((&text[length..], incoming.headers.len()), ("GET /", 3));
        assert_eq!((incoming.method.as_str(), incoming.body.as_slice()), ("POST", &b"abc"[..]));
        assert_eq!(incoming.target, "/api/v2/track/sale?a[b]=1");
        assert_eq!(incoming.headers[1], ("x-tag".to_owned(), "y".to_owned()));
        for end in 0..length {
            assert!(matches!(read_anew(&text[..end]), Reading::Part), "{}", &text[..end]);
        }
    }

    #[test]
    fn a_head_that_is_the_one_before_goes_with_a_body_of_its_own() {
        let head = "PUT /api/v1/x HTTP/1.1\r\nX-Tag: y\r\nContent-Length: 3\r\n\r\n";
        let mut latest = Latest::default();
        for body in ["abc", "def", "g"] {
            let text = format!("{head}{body}");
            let is_whole =
                matches!(latest.read(text.as_bytes()), Reading::Whole(length) if length == text.len());
            assert_eq!(is_whole, body.len() == 3, "{body}");
            assert!(!is_whole || latest.asked.incoming.body == body.as_bytes());
            assert_eq!(
                (latest.asked.incoming.method.as_str(), latest.asked.incoming.headers.len()),
                ("PUT", 2)
            );
            let known = latest.head.as_ptr();
            assert!(
                matches!(latest.read(b""), Reading::Part)
                    && matches!(latest.read(&head.as_bytes()[..9]), Reading::Part)
            );
            assert_eq!((latest.head.as_slice(), latest.head.as_ptr()), (head.as_bytes(), known));
        }
        let shorter = head.replace("Length: 3", "Length: 1") + "hi";
        assert!(
            matches!(latest.read(shorter.as_bytes()), Reading::Whole(length) if length + 1 == shorter.len())
        );
        assert_eq!(
            (latest.asked.incoming.body.as_slice(), &*latest.asked.incoming.headers[1].1),
            (&b"h"[..], "1")
        );
        assert!(matches!(latest.read(&head.as_bytes()[..20]), Reading::Part));
        assert!(matches!(latest.read(b"GET / HTTP/1.1\r\n\r\n"), Reading::Other));
    }

    #[test]
    fn whatever_is_not_plain_is_left_to_the_complete_server() {
        let head = |line: &str, headers: &str| format!("{line}\r\nHost: x\r\n{headers}\r\n");
        let plain = "GET /api/v1/leads/list HTTP/1.1";
        assert!(matches!(read_anew(&head(plain, "")), Reading::Whole(_)));
        for (line, headers) in [
            ("GET /__admin/health HTTP/1.1", ""),
            ("GET / HTTP/1.1", ""),
            ("HEAD /api/v1/leads/list HTTP/1.1", ""),
            ("OPTIONS /api/v1/leads/list HTTP/1.1", ""),
            ("GET /api/v1/leads/list HTTP/1.0", ""),
            ("GET /api/v1/<leads> HTTP/1.1", ""),
            ("GET /api/v1/leads/list?a=\"b\" HTTP/1.1", ""),
            ("GET http://x/api/v1/leads/list HTTP/1.1", ""),
            (plain, "Transfer-Encoding: chunked\r\n"),
            (plain, "Expect: 100-continue\r\n"),
            (plain, "Upgrade: websocket\r\n"),
            (plain, "Connection: close\r\n"),
            (plain, "Content-Length: +3\r\n"),
            (plain, "Content-Length: 70000\r\n"),
            (plain, "X-Tag: a\r\nx-tag: b\r\n"),
            (plain, "bad header\r\n"),
        ] {
            assert!(matches!(read_anew(&head(line, headers)), Reading::Other), "{line} {headers}");
        }
    }

    #[test]
    fn an_answer_has_the_last_header_of_each_name_and_its_length() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![
            header("content-type", "a/b"),
            header("x", "1"),
            header("content-type", "c/d"),
            header("content-length", "99"),
            header("bad name", "1"),
            header("y", "line\nbreak"),
        ];
        let mut sent = Sent { status: 200, headers, body: Bytes::from_static(b"{}") };
        let mut out = Vec::new();
        assert!(write_head(&mut out, &sent, &mut Dates::default()));
        let text = String::from_utf8(out).expect("text");
        let expected = "HTTP/1.1 200 OK\r\nx: 1\r\ncontent-type: c/d\r\ncontent-length: 2\r\ndate: ";
        assert!(text.starts_with(expected) && text.ends_with(" GMT\r\n\r\n"), "{text}");
        sent = Sent { status: 204, headers: vec![header("connection", "close")], body: Bytes::new() };
        let mut out = Vec::new();
        assert!(!write_head(&mut out, &sent, &mut Dates::default()));
        assert!(!String::from_utf8(out).expect("text").contains("content-length"));
    }
}
