//! One client's connection and the upstream's that goes with it.

use std::io;
use std::sync::Arc;

use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf, copy, split,
};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::Shared;
use super::capture::{Copy, LARGEST_BODY, Seen, SeenReply};
use super::enforce::{header_line, refusal};
use super::framing::{
    Framing, FramingError, Head, Headers, RequestLine, keeps_alive, reply_head, request_head,
};
use super::upstream::{Link, Upstream};
use crate::exchange::Exchange;
use crate::violation::{Side, Violation};

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Why a connection ended before its time.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("the upstream cannot be reached: {0}")]
    Upstream(#[source] io::Error),
    #[error("{0}")]
    Framing(#[from] FramingError),
    /// Either end went away.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Serves one client until either end closes.
pub(super) async fn serve(client: TcpStream, shared: Arc<Shared>) {
    if client.set_nodelay(true).is_err() {
        return;
    }
    let (read, write) = client.into_split();
    let mut connection = Connection { client: Inbound::new(read), to_client: write, upstream: None };
    match connection.run(&shared).await {
        // An end that goes away is nobody's fault.
        Ok(()) | Err(Broken::Io(_) | Broken::Framing(FramingError::Closed)) => {}
        Err(error) => shared.cases.trouble(error.to_string()),
    }
}

/// Bytes that arrived and were not used yet.
struct Inbound<R> {
    read: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Inbound<R> {
    fn new(read: R) -> Inbound<R> {
        Inbound { read, buffer: Vec::new() }
    }

    /// Reads more; zero at the end. Nothing is lost when this is dropped half-way.
    async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(PIECE);
        self.read.read_buf(&mut self.buffer).await
    }

    /// Takes bytes off the front.
    fn take(&mut self, len: usize) -> Vec<u8> {
        self.buffer.drain(..len).collect()
    }
}

struct Connection {
    client: Inbound<OwnedReadHalf>,
    to_client: OwnedWriteHalf,
    upstream: Option<Ends>,
}

/// Both directions of the upstream's connection.
struct Ends {
    from: Inbound<ReadHalf<Link>>,
    to: WriteHalf<Link>,
}

/// How an exchange left the connection.
#[derive(Debug, PartialEq, Eq)]
enum After {
    Next,
    Close,
    /// The two ends speak another protocol now.
    Switched,
}

impl Connection {
    async fn run(&mut self, shared: &Shared) -> Result<(), Broken> {
        while let Some(head) = self.next_head().await? {
            if self.upstream.is_none() {
                let link = shared.upstream.connect().await.map_err(Broken::Upstream)?;
                let (read, write) = split(link);
                self.upstream = Some(Ends { from: Inbound::new(read), to: write });
            }
            let Some(upstream) = &mut self.upstream else { return Ok(()) };
            let raw = self.client.take(head.len);
            let outgoing = readdressed(&raw, &head, &shared.upstream);
            let framing = Framing::of_request(&head.headers)?;
            let ends =
                Exchanging { client: &mut self.client, to_client: &mut self.to_client, upstream, shared };
            let after = if shared.enforce || shared.violations_header {
                ends.held(head, outgoing, framing).await?
            } else {
                ends.transparent(head, &outgoing, framing).await?
            };
            match after {
                After::Next => {}
                After::Close => return Ok(()),
                After::Switched => return self.tunnel().await,
            }
        }
        Ok(())
    }

    /// The next request's head; `None` when either end closed between two exchanges.
    async fn next_head(&mut self) -> Result<Option<Head<RequestLine>>, Broken> {
        loop {
            if let Some(head) = request_head(&self.client.buffer)? {
                return Ok(Some(head));
            }
            let read = match &mut self.upstream {
                None => self.client.fill().await?,
                Some(upstream) => tokio::select! {
                    read = self.client.fill() => read?,
                    // An upstream that closes, or speaks unasked, ends the connection for both.
                    _ = upstream.from.fill() => return Ok(None),
                },
            };
            if read == 0 {
                let partial = !self.client.buffer.is_empty();
                return if partial { Err(FramingError::Closed.into()) } else { Ok(None) };
            }
        }
    }

    async fn tunnel(&mut self) -> Result<(), Broken> {
        let Some(upstream) = &mut self.upstream else { return Ok(()) };
        upstream.to.write_all(&self.client.buffer).await?;
        self.to_client.write_all(&upstream.from.buffer).await?;
        tokio::try_join!(
            copy(&mut self.client.read, &mut upstream.to),
            copy(&mut upstream.from.read, &mut self.to_client)
        )?;
        Ok(())
    }
}

/// The ends of a connection while one exchange passes.
struct Exchanging<'c> {
    client: &'c mut Inbound<OwnedReadHalf>,
    to_client: &'c mut OwnedWriteHalf,
    upstream: &'c mut Ends,
    shared: &'c Shared,
}

impl Exchanging<'_> {
    /// Every byte is passed on as it comes; request and reply may overlap.
    async fn transparent(
        self,
        head: Head<RequestLine>,
        outgoing: &[u8],
        framing: Framing,
    ) -> Result<After, Broken> {
        let Exchanging { client, to_client, upstream, shared } = self;
        let Ends { from, to } = upstream;
        let client_stays = keeps_alive(&head.headers, head.line.minor_version);
        let Head { line: RequestLine { method, target, .. }, headers, .. } = head;
        let mut body = Copy::default();
        let mut sent = false;
        let received = {
            let send = async {
                to.write_all(outgoing).await?;
                pass_body(client, to, framing, &mut body).await
            };
            let receive = receive(from, to_client, &method);
            tokio::pin!(send, receive);
            loop {
                tokio::select! {
                    result = &mut send, if !sent => {
                        // An upstream that stops listening may still have its answer on the way.
                        sent = true;
                        if let Err(Broken::Framing(error)) = result {
                            return Err(error.into());
                        }
                    }
                    received = &mut receive => break received?,
                }
            }
        };
        let after = match received.after {
            After::Next if sent && client_stays => After::Next,
            After::Switched => After::Switched,
            _ => After::Close,
        };
        shared.cases.exchange(Seen { method, target, headers, body, reply: Some(received.reply) });
        Ok(after)
    }

    /// Request and reply are held until they are whole, so that they can be judged before they are passed on.
    async fn held(
        self,
        head: Head<RequestLine>,
        mut outgoing: Vec<u8>,
        framing: Framing,
    ) -> Result<After, Broken> {
        let Exchanging { client, to_client, upstream, shared } = self;
        let client_stays = keeps_alive(&head.headers, head.line.minor_version);
        let Head { line: RequestLine { method, target, .. }, headers, .. } = head;
        if !framing.is_done() && expects_continue(&headers) {
            to_client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let mut body = Copy::default();
        let mut held = Held::default();
        pass_body(client, &mut held, framing, &mut body).await?;
        let mut seen = Seen { method, target, headers, body, reply: None };
        let wrong = judged(shared, &seen.as_exchange(), Side::Request);
        if shared.enforce && !wrong.is_empty() {
            let refused = refusal(422, "the request does not keep to the contract", &wrong);
            to_client.write_all(&refused).await?;
            shared.cases.exchange(seen);
            return Ok(After::Close);
        }
        outgoing.extend_from_slice(&held.0);
        upstream.to.write_all(&outgoing).await?;
        upstream.to.flush().await?;
        let mut held = Held::default();
        let received = receive(&mut upstream.from, &mut held, &seen.method).await?;
        if received.after == After::Switched {
            to_client.write_all(&held.0).await?;
            return Ok(After::Switched);
        }
        seen.reply = Some(received.reply);
        let wrong = judged(shared, &seen.as_exchange(), Side::Response);
        if shared.enforce && !wrong.is_empty() {
            let refused = refusal(502, "the reply does not keep to the contract", &wrong);
            to_client.write_all(&refused).await?;
            shared.cases.exchange(seen);
            return Ok(After::Close);
        }
        let all = shared.contract.judge(&seen.as_exchange(), &shared.rules).violations;
        let mut bytes = held.0;
        if shared.violations_header && !all.is_empty() {
            insert_header(&mut bytes, &header_line(&all));
        }
        to_client.write_all(&bytes).await?;
        shared.cases.exchange(seen);
        Ok(if received.after == After::Next && client_stays { After::Next } else { After::Close })
    }
}

fn judged(shared: &Shared, exchange: &Exchange<'_>, side: Side) -> Vec<Violation> {
    let violations = shared.contract.judge(exchange, &shared.rules).violations;
    violations.into_iter().filter(|violation| violation.side == side).collect()
}

/// A reply that was passed on.
struct Received {
    reply: SeenReply,
    after: After,
}

/// Passes a reply on, interim replies included.
async fn receive(
    from: &mut Inbound<ReadHalf<Link>>,
    to: &mut (impl AsyncWrite + Unpin),
    method: &str,
) -> Result<Received, Broken> {
    let head = loop {
        let head = loop {
            if let Some(head) = reply_head(&from.buffer)? {
                break head;
            }
            if from.fill().await? == 0 {
                return Err(FramingError::Closed.into());
            }
        };
        let raw = from.take(head.len);
        to.write_all(&raw).await?;
        if !matches!(head.line.status, 100 | 102..=199) {
            break head;
        }
    };
    let status = head.line.status;
    let framing = Framing::of_reply(method, status, &head.headers)?;
    let until_close = matches!(framing, Framing::UntilClose);
    let mut body = Copy::default();
    pass_body(from, to, framing, &mut body).await?;
    to.flush().await?;
    let stays = !until_close && keeps_alive(&head.headers, head.line.minor_version);
    let after = match (status, stays) {
        (101, _) => After::Switched,
        (_, true) => After::Next,
        (_, false) => After::Close,
    };
    Ok(Received { reply: SeenReply { status, headers: head.headers, body }, after })
}

/// Passes a body on as it comes, with its framing.
async fn pass_body(
    from: &mut Inbound<impl AsyncRead + Unpin>,
    to: &mut (impl AsyncWrite + Unpin),
    mut framing: Framing,
    copy: &mut Copy,
) -> Result<(), Broken> {
    while !framing.is_done() {
        if from.buffer.is_empty() && from.fill().await? == 0 {
            return match framing {
                Framing::UntilClose => Ok(()),
                _ => Err(FramingError::Closed.into()),
            };
        }
        let taken = framing.read(&from.buffer, &mut |part| copy.push(part))?;
        to.write_all(&from.buffer[..taken]).await?;
        if taken == from.buffer.len() {
            from.buffer.clear();
        } else {
            from.buffer.drain(..taken);
        }
    }
    to.flush().await?;
    Ok(())
}

/// The request's head as the upstream is to see it: its own name as host, its path before the target.
fn readdressed(raw: &[u8], head: &Head<RequestLine>, upstream: &Upstream) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 64);
    out.extend_from_slice(&raw[..head.line.target_at.start]);
    if head.line.target.starts_with('/') {
        out.extend_from_slice(upstream.path().as_bytes());
    }
    let mut rest = &raw[head.line.target_at.start..];
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end + 1);
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if name.eq_ignore_ascii_case(b"host") {
            out.extend_from_slice(name);
            out.extend_from_slice(format!(": {}\r\n", upstream.authority()).as_bytes());
        } else {
            out.extend_from_slice(line);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// Puts a header line behind the status line of the reply's last head.
fn insert_header(bytes: &mut Vec<u8>, line: &[u8]) {
    let mut start = 0;
    // Interim replies stand before the final one.
    while let Ok(Some(head)) = reply_head(&bytes[start..])
        && matches!(head.line.status, 100 | 102..=199)
    {
        start += head.len;
    }
    if let Some(end) = bytes[start..].iter().position(|byte| *byte == b'\n') {
        let at = start + end + 1;
        bytes.splice(at..at, line.iter().copied());
    }
}

fn expects_continue(headers: &Headers) -> bool {
    headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("expect") && value.eq_ignore_ascii_case("100-continue")
    })
}

/// Bytes that are held back.
#[derive(Default)]
struct Held(Vec<u8>);

impl AsyncWrite for Held {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        if self.0.len() + bytes.len() > LARGEST_BODY * 2 {
            return std::task::Poll::Ready(Err(io::Error::other("a message is too large to be held back")));
        }
        self.0.extend_from_slice(bytes);
        std::task::Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}
