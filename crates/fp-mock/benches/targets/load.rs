//! Load: some connections, on each of which a request follows every answer.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// Connections that are open at once.
pub const CONNECTIONS: usize = 32;

/// Where the number of a request goes, so that each is another one.
pub const NUMBER: &str = "00000000";

/// What a load came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Answers a second.
    pub rate: f64,
    /// The latency that half of the answers kept below, in microseconds.
    pub p50_us: f64,
    /// The latency that 99 of 100 answers kept below, in microseconds.
    pub p99_us: f64,
}

/// Sends `requests` in turn, again and again: first to warm up, then for `span`. `from` is the number of the first one.
///
/// # Panics
/// If any answer has another status than 2xx.
pub fn put(address: SocketAddr, requests: &[String], from: &mut u64, span: Duration) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begin = Instant::now() + span / 10;
    let end = begin + span;
    let templates: Rc<[String]> = Rc::from(requests);
    let local = LocalSet::new();
    let mut latencies = Vec::new();
    local.block_on(&runtime, async {
        let clients: Vec<_> = (0..CONNECTIONS as u64)
            .map(|lane| {
                let lane = Lane { turn: lane as usize, number: *from + lane * 1_000_000 };
                tokio::task::spawn_local(client(address, Rc::clone(&templates), lane, begin, end))
            })
            .collect();
        let mut most = 0;
        for client in clients {
            let (sent, mut measured) = client.await.expect("no client panics");
            most = most.max(sent);
            latencies.append(&mut measured);
        }
        *from += most;
    });
    assert!(!latencies.is_empty(), "nothing was answered");
    latencies.sort_unstable();
    let at = |share: f64| f64::from(latencies[((latencies.len() - 1) as f64 * share) as usize]) / 10.0;
    Outcome { rate: latencies.len() as f64 / span.as_secs_f64(), p50_us: at(0.5), p99_us: at(0.99) }
}

/// Which request a connection sends next, and what number it has. Neighbours send different ones.
struct Lane {
    turn: usize,
    number: u64,
}

/// One connection: how many requests it sent, and how long the answers within the time took, in tenths of a
/// microsecond.
async fn client(
    address: SocketAddr,
    templates: Rc<[String]>,
    mut lane: Lane,
    begin: Instant,
    end: Instant,
) -> (u64, Vec<u32>) {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    let mut messages: Vec<(Vec<u8>, Option<usize>)> =
        templates.iter().map(|template| (template.as_bytes().to_vec(), template.find(NUMBER))).collect();
    let mut heard = vec![0; 256 * 1024];
    let mut measured = Vec::with_capacity(1 << 16);
    let mut sent = 0;
    let mut asked = Instant::now();
    while asked < end {
        let turn = lane.turn % messages.len();
        lane.turn += 1;
        let (message, place) = &mut messages[turn];
        if let Some(place) = *place {
            message[place..place + NUMBER.len()].copy_from_slice(format!("{:08}", lane.number).as_bytes());
            lane.number += 1;
        }
        stream.write_all(message).await.expect("the server reads");
        sent += 1;
        answer(&mut stream, &mut heard).await;
        let answered = Instant::now();
        if asked >= begin {
            measured.push((answered - asked).as_nanos() as u32 / 100);
        }
        asked = answered;
    }
    (sent, measured)
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, heard: &mut [u8]) {
    let mut filled = stream.read(heard).await.expect("the server answers");
    let head = loop {
        assert!(filled > 0, "the server hung up");
        match heard[..filled].windows(4).position(|window| window == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => filled += stream.read(&mut heard[filled..]).await.expect("the server answers"),
        }
    };
    let text = std::str::from_utf8(&heard[..head]).expect("an ASCII head");
    assert_eq!(text.as_bytes()[9], b'2', "the server refuses: {}", String::from_utf8_lossy(&heard[..filled]));
    let whole = head + length(text);
    while filled < whole {
        filled += stream.read(&mut heard[filled..]).await.expect("the server answers");
    }
}

fn length(head: &str) -> usize {
    let line = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    line.and_then(|value| value.parse().ok()).expect("a length")
}
