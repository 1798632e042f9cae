//! Plain requests and their answers as bytes: what nearly every call is. Everything else is none of this file's
//! business.

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

/// Reads the head of the first request of `bytes` and answers its length and the body's; else what the bytes are.
pub(super) fn read_head(bytes: &[u8], incoming: &mut Incoming) -> Result<(usize, usize), Reading> {
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
        out.extend_from_slice(b"content-length: ");
        out.extend_from_slice(itoa::Buffer::new().format(sent.body.len()).as_bytes());
        out.extend_from_slice(b"\r\n");
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
