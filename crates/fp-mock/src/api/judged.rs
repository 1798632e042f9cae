//! Replies that were judged already.

use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use fp_contract::Response;

/// Shorter bodies are judged nearly as fast as they are compared.
const SHORTEST: usize = 2 * 1024;
/// Longer ones are not kept.
const LONGEST: usize = 1024 * 1024;

/// The last reply of each operation against which the contract had nothing. The same reply to the same operation, byte
/// for byte, has nothing against it either: what is judged about a reply depends on nothing else.
#[derive(Debug)]
pub struct Judged {
    last: Vec<Mutex<Option<Clean>>>,
}

#[derive(Debug)]
struct Clean {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Judged {
    /// Knows none of so many operations.
    pub fn new(operations: usize) -> Self {
        Self { last: (0..operations).map(|_| Mutex::default()).collect() }
    }

    /// Whether a reply is the last clean one of an operation.
    pub fn knows(&self, operation: usize, reply: &Response<'_>) -> bool {
        if reply.body.len() < SHORTEST {
            return false;
        }
        let last = self.last[operation].lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_some_and(|last| {
            last.status == reply.status && last.headers == reply.headers && last.body == reply.body
        })
    }

    /// Keeps a reply against which nothing was found.
    pub fn keep(&self, operation: usize, reply: &Response<'_>, body: &Bytes) {
        if !(SHORTEST..=LONGEST).contains(&body.len()) {
            return;
        }
        let clean = Clean { status: reply.status, headers: reply.headers.to_vec(), body: body.clone() };
        let mut last = self.last[operation].lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(clean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_known_to_its_operation_until_anything_about_it_differs() {
        let judged = Judged::new(2);
        let headers = [("content-type".to_owned(), "application/json".to_owned())];
        let body = Bytes::from(vec![b' '; SHORTEST]);
        let reply = Response { status: 200, headers: &headers, body: &body };
        assert!(!judged.knows(0, &reply));
        judged.keep(0, &reply, &body);
        assert!(judged.knows(0, &reply));
        assert!(!judged.knows(1, &reply));
        assert!(!judged.knows(0, &Response { status: 201, ..reply }));
        assert!(!judged.knows(0, &Response { headers: &[], ..reply }));
        let mut other = body.to_vec();
        other[SHORTEST / 2] = b'x';
        assert!(!judged.knows(0, &Response { body: &other, ..reply }));
        other.push(b' ');
        assert!(!judged.knows(0, &Response { body: &other, ..reply }));
        judged.keep(0, &Response { status: 201, ..reply }, &body);
        assert!(!judged.knows(0, &reply));
    }

    #[test]
    fn what_is_short_or_very_long_is_not_kept() {
        let judged = Judged::new(1);
        for length in [0, SHORTEST - 1, LONGEST + 1] {
            let body = Bytes::from(vec![b' '; length]);
            let reply = Response { status: 200, headers: &[], body: &body };
            judged.keep(0, &reply, &body);
            assert!(!judged.knows(0, &reply));
        }
    }
}
