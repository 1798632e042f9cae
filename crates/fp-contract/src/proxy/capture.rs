//! A copy of what passes, for the judge.

use super::framing::Headers;
use crate::exchange::{Exchange, Request, Response};

/// The largest body that is copied.
pub(super) const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// A body as it was seen so far, without its framing.
#[derive(Debug, Default)]
pub(super) struct Copy {
    bytes: Vec<u8>,
    /// The body grew beyond what is copied.
    overflowed: bool,
}

impl Copy {
    pub(super) fn push(&mut self, part: &[u8]) {
        if self.overflowed || self.bytes.len() + part.len() > LARGEST_BODY {
            self.overflowed = true;
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(part);
        }
    }
}

/// An exchange as it passed.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Headers,
    pub(super) body: Copy,
    pub(super) reply: Option<SeenReply>,
}

/// Its reply.
#[derive(Debug)]
pub(super) struct SeenReply {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Copy,
}

impl Seen {
    /// Whether both bodies were copied whole.
    pub(super) fn is_whole(&self) -> bool {
        !self.body.overflowed && self.reply.as_ref().is_none_or(|reply| !reply.body.overflowed)
    }

    pub(super) fn as_exchange(&self) -> Exchange<'_> {
        Exchange {
            request: Request {
                method: &self.method,
                target: &self.target,
                headers: &self.headers,
                body: &self.body.bytes,
            },
            response: self.reply.as_ref().map(|reply| Response {
                status: reply.status,
                headers: &reply.headers,
                body: &reply.body.bytes,
            }),
        }
    }
}
