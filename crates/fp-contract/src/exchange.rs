//! One HTTP exchange as plain data: what the judge reads, wherever it was caught.

use std::borrow::Cow;

use crate::content_coding::decoded;

/// A request as it went over the wire, headers in their order, the body undecoded.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method as sent, for example `POST`.
    pub method: &'a str,
    /// Path and query as sent: `/api/v2/company/promoters?page=2`.
    pub target: &'a str,
    /// Header names and values in the order of the message.
    pub headers: &'a [(String, String)],
    /// The raw body; empty when there is none.
    pub body: &'a [u8],
}

/// A reply as it went over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The status code, 100 to 599.
    pub status: u16,
    /// Header names and values in the order of the message.
    pub headers: &'a [(String, String)],
    /// The raw body; empty when there is none.
    pub body: &'a [u8],
}

/// A request and, once there is one, its reply.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// What the client sent.
    pub request: Request<'a>,
    /// What it got back; `None` while only the request is to be judged.
    pub response: Option<Response<'a>>,
}

impl<'a> Request<'a> {
    /// The target up to its query.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.target.split_once('?').map_or(self.target, |(path, _)| path)
    }

    /// The target's query without the question mark, empty when there is none.
    #[must_use]
    pub fn query(&self) -> &'a str {
        let (_, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        query.split_once('#').map_or(query, |(query, _)| query)
    }

    /// The first header of that name, in any letter case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        first_header(self.headers, name)
    }
}

impl<'a> Response<'a> {
    /// The body without its content coding.
    ///
    /// # Errors
    ///
    /// Why the coding cannot be undone.
    pub fn decoded_body(&self) -> Result<Cow<'a, [u8]>, String> {
        decoded(self.header("content-encoding").unwrap_or_default(), self.body)
    }

    /// The first header of that name, in any letter case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        first_header(self.headers, name)
    }
}

fn first_header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_splits_into_path_and_query() {
        let request = Request { method: "GET", target: "/a/b?x=1?2#top", headers: &[], body: b"" };
        assert_eq!((request.path(), request.query()), ("/a/b", "x=1?2"));
        let bare = Request { target: "/a/b", ..request };
        assert_eq!((bare.path(), bare.query()), ("/a/b", ""));
    }

    #[test]
    fn header_names_ignore_letter_case_and_the_first_one_counts() {
        let headers = [("ACCOUNT-ID".to_owned(), "7".to_owned()), ("account-id".to_owned(), "8".to_owned())];
        let request = Request { method: "GET", target: "/", headers: &headers, body: b"" };
        assert_eq!(request.header("Account-Id"), Some("7"));
        assert_eq!(request.header("X-Other"), None);
    }
}
