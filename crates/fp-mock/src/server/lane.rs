//! The fast lane: connections whose requests are plain calls of the APIs are served here, from bytes to bytes. The
//! first request that is anything else takes its connection, with all that was read, to the complete server.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::calls::{self, Ending};
use super::gathering::Gathering;
use super::latest::Latest;
use super::line::Line;
use super::plain::{self, Dates, Reading};
use crate::control::desk::Desk;
use crate::control::faults::Cut;

/// Room for what is read at once.
const ROOM: usize = 8 * 1024;
/// Bodies up to this go out in one piece with their heads.
const SMALL: usize = 4 * 1024;

/// Takes connections in until `closing` says so, then waits for the answers that are under way.
pub(super) async fn run(
    listener: TcpListener,
    desk: Desk,
    over: mpsc::UnboundedSender<Line>,
    closing: watch::Receiver<bool>,
) {
    // What pages may read is said by the complete server.
    let is_open = !desk.front().policy().cors;
    let (mut connections, mut ending) = (JoinSet::new(), closing.clone());
    let gathering = Gathering::default();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are small and are wanted at once; a system that refuses is merely slower.
                    let _ = stream.set_nodelay(true);
                    if is_open {
                        let connection = Connection::new(stream, desk.clone(), gathering.clone());
                        connections.spawn(connection.serve(over.clone(), closing.clone()));
                    } else {
                        // Without a receiver the server is gone.
                        let _ = over.send(Line::after(stream, Vec::new()));
                    }
                }
                Err(error) => complain(&error).await,
            },
            () = closed(&mut ending) => break,
        }
        while connections.try_join_next().is_some() {}
    }
    while connections.join_next().await.is_some() {}
}

/// Waits until the server is to end.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // Without a sender it has ended.
    let _ = closing.wait_for(|closing| *closing).await;
}

/// A connection that could not be taken in: its client is gone, or the system is short of something for a while.
async fn complain(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!("a connection could not be accepted: {error}");
        crate::clock::driver::pause(std::time::Duration::from_secs(1)).await;
    }
}

struct Connection {
    stream: TcpStream,
    desk: Desk,
    heard: Heard,
    latest: Latest,
    head: Vec<u8>,
    dates: Dates,
    gathering: Gathering,
}

/// What was read and not served yet, in room that is used again and again.
#[derive(Default)]
struct Heard {
    room: Vec<u8>,
    filled: usize,
}

impl Heard {
    fn bytes(&self) -> &[u8] {
        &self.room[..self.filled]
    }

    /// Forgets the first `length` bytes, which were served.
    fn forget(&mut self, length: usize) {
        self.room.copy_within(length..self.filled, 0);
        self.filled -= length;
    }

    /// Reads what there is, at least something; 0 at the end of the connection.
    async fn read_from(&mut self, stream: &mut TcpStream) -> io::Result<usize> {
        if self.room.len() < self.filled + ROOM / 2 {
            self.room.resize(self.filled + ROOM, 0);
        }
        let read = poll_fn(|context| {
            let mut room = ReadBuf::new(&mut self.room[self.filled..]);
            Pin::new(&mut *stream).poll_read(context, &mut room).map_ok(|()| room.filled().len())
        });
        let length = read.await?;
        self.filled += length;
        Ok(length)
    }

    fn into_bytes(mut self) -> Vec<u8> {
        self.room.truncate(self.filled);
        self.room
    }
}

/// How a connection goes on after a request.
enum Next {
    Request,
    Over,
    Cut(Cut),
    Closed,
}

impl Connection {
    fn new(stream: TcpStream, desk: Desk, gathering: Gathering) -> Self {
        Self {
            stream,
            desk,
            heard: Heard::default(),
            latest: Latest::default(),
            head: Vec::with_capacity(512),
            dates: Dates::default(),
            gathering,
        }
    }

    async fn serve(mut self, over: mpsc::UnboundedSender<Line>, closing: watch::Receiver<bool>) {
        let mut watched = closing.clone();
        let mut closed = pin!(closed(&mut watched));
        loop {
            match self.next(&closing, closed.as_mut()).await {
                Ok(Next::Request) => {}
                Ok(Next::Over) => {
                    // Without a receiver the server is gone, and so is the connection.
                    let _ = over.send(Line::after(self.stream, self.heard.into_bytes()));
                    return;
                }
                Ok(Next::Cut(cut)) => {
                    return Line::after(self.stream, self.heard.into_bytes()).end(cut).await;
                }
                Ok(Next::Closed) | Err(_) => return,
            }
        }
    }

    /// Reads on until there is a request, and answers it. `closed` is ready when `closing` says so.
    async fn next(
        &mut self,
        closing: &watch::Receiver<bool>,
        mut closed: Pin<&mut impl Future<Output = ()>>,
    ) -> io::Result<Next> {
        loop {
            match self.latest.read(self.heard.bytes()) {
                Reading::Whole(length) => {
                    self.heard.forget(length);
                    return match calls::serve(&self.desk, &mut self.latest.asked).await {
                        Ending::Answer(sent) => {
                            self.head.clear();
                            let goes_on = plain::write_head(&mut self.head, &sent, &mut self.dates);
                            let body: &[u8] = if plain::has_body(&sent) { &sent.body } else { b"" };
                            self.gathering.join().await;
                            self.desk.terms().call_log.flush();
                            send(&mut self.stream, &mut self.head, body).await?;
                            Ok(if goes_on && !*closing.borrow() { Next::Request } else { Next::Closed })
                        }
                        Ending::Cut(cut) => {
                            self.desk.terms().call_log.flush();
                            Ok(Next::Cut(cut))
                        }
                    };
                }
                Reading::Other => return Ok(Next::Over),
                Reading::Part => {
                    let is_idle = self.heard.filled == 0;
                    let read = tokio::select! {
                        biased;
                        read = self.heard.read_from(&mut self.stream) => read?,
                        () = &mut closed, if is_idle => 0,
                    };
                    if read == 0 {
                        return Ok(Next::Closed);
                    }
                }
            }
        }
    }
}

/// Sends head and body; a small body is put behind the head first.
async fn send(stream: &mut TcpStream, head: &mut Vec<u8>, body: &[u8]) -> io::Result<()> {
    let mut body = body;
    if body.len() <= SMALL {
        head.extend_from_slice(body);
        body = b"";
    }
    let (mut first, mut second) = (head.as_slice(), body);
    while !first.is_empty() || !second.is_empty() {
        let sent = if second.is_empty() {
            poll_fn(|context| Pin::new(&mut *stream).poll_write(context, first)).await?
        } else {
            let slices = [IoSlice::new(first), IoSlice::new(second)];
            poll_fn(|context| Pin::new(&mut *stream).poll_write_vectored(context, &slices)).await?
        };
        if sent == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        let of_first = sent.min(first.len());
        first = &first[of_first..];
        second = &second[sent - of_first..];
    }
    Ok(())
}
