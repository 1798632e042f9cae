//! Connections that can go wrong on demand.

use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::control::faults::Cut;

/// What is sent in place of chunks.
const NO_CHUNK: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
                          lskdu018973t09sylgasjkfg1][]'./.sdlv";
/// What is sent in place of an answer.
const NO_HTTP: &[u8] = b"\x13\xf7k)~\x00q]\x8a;Zx#\xd1c0\x1bLm\xfe'\xa4p$\x07W\xe2\x99u\r\n\x05";

/// Takes connections over from the fast lane.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) handed: mpsc::UnboundedReceiver<Line>,
    pub(super) address: SocketAddr,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    /// What was read already.
    heard: Vec<u8>,
    scissors: Scissors,
    /// What is still to be sent before the connection ends, once it has been cut.
    last_words: Option<&'static [u8]>,
}

/// Cuts the connection that it belongs to, as soon as something is to be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Scissors(Arc<Mutex<Option<Cut>>>);

impl Scissors {
    /// Lets the connection go wrong in place of the next answer.
    pub(super) fn cut(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    fn wanted(&self) -> Option<Cut> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        match self.handed.recv().await {
            Some(line) => (line, self.address),
            // The fast lane has closed: nothing will come any more.
            None => pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, Lines>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().scissors.clone()
    }
}

impl Line {
    /// A connection from which something was read already.
    pub(super) fn after(stream: TcpStream, heard: Vec<u8>) -> Self {
        Self { stream, heard, scissors: Scissors::default(), last_words: None }
    }

    /// Ends the connection the way it is asked to.
    pub(super) async fn end(mut self, cut: Cut) {
        // However it ends is how it was to end.
        let _ = poll_fn(|context| self.poll_end(context, cut)).await;
    }

    /// Ends the connection the way it was asked to; ready when it is over.
    fn poll_end(&mut self, context: &mut Context<'_>, cut: Cut) -> Poll<io::Error> {
        let words = match cut {
            Cut::Reset => {
                // Without lingering, closing the socket resets the connection.
                let _ = self.stream.set_zero_linger();
                return Poll::Ready(io::ErrorKind::ConnectionReset.into());
            }
            Cut::Empty => b"",
            Cut::MalformedChunk => NO_CHUNK,
            Cut::RandomData => NO_HTTP,
        };
        let left = self.last_words.get_or_insert(words);
        while !left.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(context, left)) {
                Ok(sent) => *left = &left[sent..],
                Err(error) => return Poll::Ready(error),
            }
        }
        Poll::Ready(io::ErrorKind::BrokenPipe.into())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.heard.is_empty() {
            let length = self.heard.len().min(buffer.remaining());
            buffer.put_slice(&self.heard[..length]);
            self.heard.drain(..length);
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.scissors.wanted() {
            Some(cut) => self.poll_end(context, cut).map(Err),
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.scissors.wanted() {
            Some(cut) => self.poll_end(context, cut).map(Err),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
