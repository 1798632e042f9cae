//! A reverse proxy that is transparent to the byte and judges what passes.
//!
//! Bytes are forwarded as they come; only the `Host` header is rewritten, and the target where the upstream has a
//! path. Messages are taken apart on the side, judged on a thread of their own, and recorded without keys. The
//! proxy answers by itself only when it enforces the contract.

mod capture;
mod connection;
mod enforce;
mod framing;
mod judge;
mod upstream;

use std::fs::File;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use judge::Notice;
pub use upstream::{Upstream, UpstreamError};

use crate::check::Rules;
use crate::contract::Contract;
use crate::recording::Mask;
use crate::report::Tally;
use judge::Judge;

/// What a proxy does beside forwarding.
#[derive(Debug, Default)]
pub struct Options {
    /// How severely exchanges are judged.
    pub rules: Rules,
    /// A file to which every exchange is written as a JSON line.
    pub record: Option<File>,
    /// What is left out of the recording and of notices.
    pub mask: Mask,
    /// Answer requests and replies that break the contract by itself, in place of forwarding them.
    pub enforce: bool,
    /// Add the header `sl-violations` to replies. They are then held back until they are whole.
    pub violations_header: bool,
}

/// A proxy that listens.
#[derive(Debug)]
pub struct Proxy {
    listener: TcpListener,
    shared: Arc<Shared>,
    judge: Judge,
}

/// What every connection works with.
#[derive(Debug)]
struct Shared {
    contract: &'static Contract,
    upstream: Upstream,
    rules: Rules,
    enforce: bool,
    violations_header: bool,
    cases: judge::Cases,
}

impl Proxy {
    /// A proxy on a listener. `notice` hears of each cause of violations once, and of what could not be done.
    pub fn new(
        listener: TcpListener,
        upstream: Upstream,
        contract: &'static Contract,
        options: Options,
        notice: impl FnMut(Notice) + Send + 'static,
    ) -> Proxy {
        let Options { rules, record, mask, enforce, violations_header } = options;
        let (judge, cases) = Judge::start(contract, rules, record, mask, Box::new(notice));
        let shared = Shared { contract, upstream, rules, enforce, violations_header, cases };
        Proxy { listener, shared: Arc::new(shared), judge }
    }

    /// Serves until `end` is ready, then lets no new connection in, ends those there are, and answers what was
    /// judged.
    ///
    /// # Errors
    ///
    /// When the listener fails.
    pub async fn serve(self, end: impl Future<Output = ()>) -> io::Result<Tally> {
        let Proxy { listener, shared, judge } = self;
        let mut connections = JoinSet::new();
        tokio::pin!(end);
        let served = loop {
            tokio::select! {
                () = &mut end => break Ok(()),
                accepted = listener.accept() => match accepted {
                    Ok((client, _)) => {
                        connections.spawn(connection::serve(client, Arc::clone(&shared)));
                    }
                    Err(error) => break Err(error),
                },
                Some(_) = connections.join_next() => {}
            }
        };
        connections.shutdown().await;
        drop(shared);
        let tally = judge.finish();
        served.map(|()| tally)
    }
}

#[cfg(test)]
mod tests;
