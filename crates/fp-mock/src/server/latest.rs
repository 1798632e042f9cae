//! The latest request of a connection: the next one is read in its room, and mostly has the same head.

use super::asked::Asked;
use super::plain::{self, Reading};

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
        match plain::read_head(bytes, &mut self.asked.incoming) {
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

#[cfg(test)]
mod tests {
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
}
