//! Many webhooks on the manual clock to a local receiver.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::machine::{CLIENT_CORE, resident_mib, stay_on};
use super::program::Server;
use super::table::{Table, Wanted};

const SUBSCRIPTIONS: usize = 50;
const EVENTS: usize = 2_000;

pub fn measure(table: &mut Table) {
    let received = Arc::new(AtomicUsize::new(0));
    let receiver = receiver(Arc::clone(&received));
    let server = Server::mock(&["--max-journal-entries", "0"]);
    for number in 0..SUBSCRIPTIONS {
        let body = format!(r#"{{"url":"http://{receiver}/{number}","event_types":["referral.created"]}}"#);
        server.json("1", "POST", "/api/v2/company/webhooks", &body);
    }
    let began = Instant::now();
    for number in 0..EVENTS {
        let lead = format!(r#"{{"email":"lead{number}@example.com","ref_id":"jane89"}}"#);
        server.json("1", "POST", "/api/v2/track/signup", &lead);
    }
    server.json("1", "POST", "/__admin/clock/advance", r#"{"by":"0s"}"#);
    let took = began.elapsed().as_secs_f64();
    let all = EVENTS * SUBSCRIPTIONS;
    assert_eq!(received.load(Ordering::Relaxed), all, "every delivery arrives once");
    table.judge(
        "100,000 webhook deliveries, manual clock",
        all as f64 / took,
        "/s",
        Wanted::AtLeast(5_000.0),
    );
    table.tell("memory after them", resident_mib(server.process()), "MiB");
}

/// A receiver that answers 200 to whatever comes, on threads of the client's core.
fn receiver(received: Arc<AtomicUsize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        stay_on(CLIENT_CORE);
        for stream in listener.incoming().flatten() {
            let received = Arc::clone(&received);
            std::thread::spawn(move || receive(stream, &received));
        }
    });
    address
}

/// Reads requests to their ends and answers each.
fn receive(mut stream: TcpStream, received: &AtomicUsize) {
    let mut heard = Vec::new();
    let mut part = [0; 16 * 1024];
    let _ = stream.set_nodelay(true);
    while let Ok(read) = stream.read(&mut part) {
        if read == 0 {
            return;
        }
        heard.extend_from_slice(&part[..read]);
        while let Some(whole) = first_request(&heard) {
            heard.drain(..whole);
            received.fetch_add(1, Ordering::Relaxed);
            if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_err() {
                return;
            }
        }
    }
}

/// How many bytes the first request has, if it is there to its end.
fn first_request(heard: &[u8]) -> Option<usize> {
    let head = heard.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&heard[..head]).ok()?.to_ascii_lowercase();
    let length = text.split("\r\n").find_map(|line| line.strip_prefix("content-length:"));
    let whole = head + length.and_then(|value| value.trim().parse::<usize>().ok()).unwrap_or(0);
    (heard.len() >= whole).then_some(whole)
}
