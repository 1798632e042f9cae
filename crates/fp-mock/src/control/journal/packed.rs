//! A call in one piece of memory. Journals keep a thousand calls each and forget one with every new one: in pieces,
//! every header of a forgotten call would be looked up in memory that nobody has touched for long, to be given back.

use std::mem;

use axum::body::Bytes;

use super::entry::Sent;
use crate::api::dispatch::Incoming;

/// Bodies of answers up to this are packed; larger ones are shared with whoever sends them.
const SMALL: usize = 4 * 1024;

/// A request, what was answered, and on which account.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// Field behind field, each behind its length.
    fields: Vec<u8>,
    answer: Answer,
}

/// Memory of a call that is forgotten, for another one.
#[derive(Debug, Default)]
pub struct Room(Vec<u8>);

impl Room {
    /// Memory for so many bytes: this, unless it is too small or much too large.
    fn with(mut self, bytes: usize) -> Vec<u8> {
        self.0.clear();
        if (bytes..=4 * bytes).contains(&self.0.capacity()) { self.0 } else { Vec::with_capacity(bytes) }
    }
}

#[derive(Clone, Debug, Default)]
enum Answer {
    /// The connection was cut.
    #[default]
    None,
    /// Its body is the last field.
    Small(u16),
    Large(u16, Bytes),
}

/// A request as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Request<'e> {
    /// The method, in upper case.
    pub method: &'e str,
    /// Path and query.
    pub target: &'e str,
    /// Headers in the order sent.
    pub headers: Headers<'e>,
    /// The body.
    pub body: &'e [u8],
}

/// An answer as it went out.
#[derive(Clone, Copy, Debug)]
pub struct Response<'e> {
    /// The status.
    pub status: u16,
    /// The headers that the mock set, in order.
    pub headers: Headers<'e>,
    /// The body.
    pub body: &'e [u8],
}

/// Names and values of headers.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'e> {
    fields: Fields<'e>,
    left: usize,
}

impl<'e> Iterator for Headers<'e> {
    type Item = (&'e str, &'e str);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some((self.fields.text(), self.fields.text()))
    }
}

impl<'e> Request<'e> {
    /// The path without the query.
    pub fn path(&self) -> &'e str {
        self.target.split_once('?').map_or(self.target, |(path, _)| path)
    }

    /// The query without the question mark, empty when there is none.
    pub fn query(&self) -> &'e str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first header of that name, in any letter case.
    pub fn header(&self, name: &str) -> Option<&'e str> {
        self.headers.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Packed {
    /// Puts a call down.
    pub fn of(account: Option<&str>, request: &Incoming, sent: Option<&Sent>) -> Self {
        Self::written(Room::default(), account, request, sent)
    }

    /// All of it but a large body of the answer.
    pub fn bytes(&self) -> &[u8] {
        &self.fields
    }

    /// The memory, for another call.
    pub fn take_room(&mut self) -> Room {
        Room(mem::take(&mut self.fields))
    }

    /// A call of which the memory was taken, with what it had there.
    #[must_use]
    pub fn refilled(&self, bytes: Vec<u8>) -> Self {
        Self { fields: bytes, answer: self.answer.clone() }
    }

    /// Puts a call down in the room of one that is forgotten.
    pub fn written(room: Room, account: Option<&str>, request: &Incoming, sent: Option<&Sent>) -> Self {
        let answered = sent.map_or(&[][..], |sent| &sent.headers);
        let (small, answer) = match sent {
            None => (&[][..], Answer::None),
            Some(sent) if sent.body.len() <= SMALL => (&sent.body[..], Answer::Small(sent.status)),
            Some(sent) => (&[][..], Answer::Large(sent.status, sent.body.clone())),
        };
        let texts = [account.unwrap_or_default(), &request.method, &request.target];
        let lengths =
            request.headers.iter().chain(answered).map(|(name, value)| name.len() + value.len() + 8);
        let length: usize = lengths.sum::<usize>() + texts.iter().map(|text| text.len() + 4).sum::<usize>();
        let mut fields = room.with(length + request.body.len() + small.len() + 16);
        texts.iter().for_each(|text| put(&mut fields, text.as_bytes()));
        put_headers(&mut fields, &request.headers);
        put(&mut fields, &request.body);
        put_headers(&mut fields, answered);
        put(&mut fields, small);
        Self { fields, answer }
    }

    /// The body of the answer, if it is not packed.
    pub fn large_body(&mut self) -> Option<&mut Bytes> {
        match &mut self.answer {
            Answer::Large(_, body) => Some(body),
            Answer::None | Answer::Small(_) => None,
        }
    }

    /// The account that was acted on or named.
    pub fn account(&self) -> Option<&str> {
        Some(Fields(&self.fields).text()).filter(|account| !account.is_empty())
    }

    /// The request.
    pub fn request(&self) -> Request<'_> {
        let mut fields = Fields(&self.fields);
        fields.bytes();
        let (method, target) = (fields.text(), fields.text());
        let headers = fields.headers();
        Request { method, target, headers, body: fields.bytes() }
    }

    /// The answer; `None` if the connection was cut instead.
    pub fn response(&self) -> Option<Response<'_>> {
        let mut fields = Fields(&self.fields);
        for _ in 0..3 {
            fields.bytes();
        }
        fields.headers();
        fields.bytes();
        let headers = fields.headers();
        match &self.answer {
            Answer::None => None,
            Answer::Small(status) => Some(Response { status: *status, headers, body: fields.bytes() }),
            Answer::Large(status, body) => Some(Response { status: *status, headers, body }),
        }
    }
}

fn put(fields: &mut Vec<u8>, field: &[u8]) {
    fields.extend_from_slice(&(field.len() as u32).to_le_bytes());
    fields.extend_from_slice(field);
}

/// How many, then each.
fn put_headers(fields: &mut Vec<u8>, headers: &[(String, String)]) {
    fields.extend_from_slice(&(headers.len() as u32).to_le_bytes());
    for (name, value) in headers {
        put(fields, name.as_bytes());
        put(fields, value.as_bytes());
    }
}

/// What is left to read of packed fields.
#[derive(Clone, Copy, Debug)]
struct Fields<'e>(&'e [u8]);

impl<'e> Fields<'e> {
    fn number(&mut self) -> usize {
        let Some((number, rest)) = self.0.split_first_chunk() else { return 0 };
        self.0 = rest;
        u32::from_le_bytes(*number) as usize
    }

    fn bytes(&mut self) -> &'e [u8] {
        let length = self.number();
        let (field, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        field
    }

    /// Only what was text is read as text.
    fn text(&mut self) -> &'e str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    fn headers(&mut self) -> Headers<'e> {
        let left = self.number();
        let headers = Headers { fields: *self, left };
        for _ in 0..2 * left {
            self.bytes();
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
        prop::collection::vec(("[a-z-]{1,8}", ".{0,12}"), 0..5)
    }

    proptest! {
        #[test]
        fn what_was_packed_is_read_as_it_was(
            account in prop::option::of("[a-z]{1,5}"),
            (method, target) in ("[A-Z]{3,6}", "/.{0,30}"),
            (asked, answered) in (headers(), headers()),
            body in prop::collection::vec(any::<u8>(), 0..100),
            (status, length) in (100..600_u16, 0..2 * SMALL),
            is_cut in any::<bool>(),
        ) {
            let request = Incoming { method, target, headers: asked, body };
            let sent = Sent { status, headers: answered, body: vec![b'x'; length].into() };
            let packed = Packed::of(account.as_deref(), &request, (!is_cut).then_some(&sent));
            let read = packed.request();
            prop_assert_eq!(packed.account(), account.as_deref());
            prop_assert_eq!((read.method, read.target), (&*request.method, &*request.target));
            prop_assert_eq!(read.body, &request.body[..]);
            let owned = |headers: Headers<'_>| -> Vec<(String, String)> {
                headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
            };
            prop_assert_eq!(owned(read.headers), request.headers);
            prop_assert_eq!(packed.response().is_none(), is_cut);
            if let Some(response) = packed.response() {
                prop_assert_eq!((response.status, response.body), (sent.status, &sent.body[..]));
                prop_assert_eq!(owned(response.headers), sent.headers);
            }
        }
    }
}
