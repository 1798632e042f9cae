//! A receiver of webhooks on a real socket, which behaves as badly as the test wants.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use serde_json::Value;

/// What the receiver does with a request.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// Answers a status and a body.
    Answer(u16, String),
    /// Answers a status, headers and a body.
    AnswerWith(u16, Vec<(&'static str, String)>, String),
    /// Takes the request and says nothing until the receiver is dropped.
    Hang,
    /// Resets the connection in the middle of the request.
    Reset,
    /// Closes the connection without a word.
    CloseSilently,
    /// Promises a body and closes before its end.
    CloseEarly,
    /// Sends POST with this body to this URL before it answers 200.
    CallBack(String, Vec<(&'static str, String)>, Value),
}

/// A request that came in whole.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    script: VecDeque<Behaviour>,
    received: Vec<Received>,
    connections: usize,
    closing: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test thread panics here")
    }
}

/// The receiver. It answers 200 unless a script says otherwise; the last line of a script repeats.
pub struct Receiver {
    url: String,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    /// One that answers 200.
    pub fn start() -> Self {
        Self::scripted(Vec::new())
    }

    /// One that behaves like this, request by request.
    pub fn scripted(script: Vec<Behaviour>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared::default());
        shared.lock().script = script.into();
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if of_thread.lock().closing {
                    return;
                }
                let (Ok(connection), shared) = (connection, Arc::clone(&of_thread)) else { continue };
                std::thread::spawn(move || serve(&connection, &shared));
            }
        });
        Self { url, shared, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on it behaves like this.
    pub fn follow(&self, script: Vec<Behaviour>) {
        self.shared.lock().script = script.into();
    }

    /// Everything that came in so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// How many connections were opened to it.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Waits until so many requests came in.
    pub fn wait_for(&self, count: usize) {
        let mut state = self.shared.lock();
        while state.received.len() < count {
            state = self.shared.changed.wait(state).expect("no test thread panics here");
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.lock().closing = true;
        self.shared.changed.notify_all();
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn next(shared: &Shared) -> Behaviour {
    let script = &mut shared.lock().script;
    let next = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
    next.unwrap_or(Behaviour::Answer(200, String::new()))
}

fn serve(mut connection: &TcpStream, shared: &Shared) {
    shared.lock().connections += 1;
    let mut reader = BufReader::new(connection);
    loop {
        let mut line = String::new();
        // The first byte decides: whoever resets does so with the rest of the request unread.
        if reader.get_ref().peek(&mut [0]).unwrap_or(0) == 0 {
            return;
        }
        let behaviour = next(shared);
        if matches!(behaviour, Behaviour::Reset) {
            shared.lock().received.push(Received::nothing());
            shared.changed.notify_all();
            return;
        }
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let Some(request) = read_rest(&line, &mut reader) else { return };
        let answered = answer(&mut connection, shared, behaviour, request);
        if !answered {
            let _ = connection.shutdown(Shutdown::Both);
            return;
        }
    }
}

impl Received {
    fn nothing() -> Self {
        Self { method: String::new(), path: String::new(), headers: Vec::new(), body: Vec::new() }
    }
}

fn read_rest(line: &str, reader: &mut BufReader<&TcpStream>) -> Option<Received> {
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Received { method, path, headers, body })
}

/// Behaves; false if the connection is to be closed.
fn answer(connection: &mut &TcpStream, shared: &Shared, behaviour: Behaviour, request: Received) -> bool {
    let (status, headers, body) = match behaviour {
        Behaviour::Answer(status, body) => (status, Vec::new(), body),
        Behaviour::AnswerWith(status, headers, body) => (status, headers, body),
        Behaviour::CallBack(url, headers, body) => {
            let mut call = reqwest::blocking::Client::new().post(url).body(body.to_string());
            for (name, value) in headers {
                call = call.header(name, value);
            }
            let answer = call.send().expect("the mock answers").text().expect("a body");
            (200, Vec::new(), answer)
        }
        Behaviour::Hang => {
            note(shared, request);
            let mut state = shared.lock();
            while !state.closing {
                state = shared.changed.wait(state).expect("no test thread panics here");
            }
            return false;
        }
        Behaviour::CloseSilently | Behaviour::Reset => {
            note(shared, request);
            return false;
        }
        Behaviour::CloseEarly => {
            note(shared, request);
            let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly so much");
            return false;
        }
    };
    note(shared, request);
    let mut text = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(&body);
    connection.write_all(text.as_bytes()).is_ok()
}

fn note(shared: &Shared, request: Received) {
    shared.lock().received.push(request);
    shared.changed.notify_all();
}
