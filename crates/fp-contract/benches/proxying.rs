//! How many requests a second the proxy passes on and judges. Client, upstream, proxy and judge share the machine.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use fp_contract::Contract;
use fp_contract::proxy::{Options, Proxy};
use fp_contract::report::Tally;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const CLIENTS: usize = 16;
const SECONDS: u64 = 3;
const REQUEST: &[u8] = b"GET /api/v1/promoters/list?page=1 HTTP/1.1\r\nHost: x\r\nx-api-key: key\r\n\r\n";

/// The documented promoters, often enough to make 35 KB.
pub fn large_body() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/payloads/v1-published/promoters/list.json");
    let list: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(path).expect("a payload")).expect("JSON");
    let mut records = list.clone();
    while serde_json::to_vec(&records).expect("JSON").len() < 35_000 {
        records.extend(list.iter().cloned());
    }
    serde_json::to_vec(&records).expect("JSON")
}

fn reply() -> Vec<u8> {
    let body = large_body();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

async fn upstream(reply: &'static [u8]) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut heard = [0; 1_024];
                while stream.read(&mut heard).await.is_ok_and(|read| read > 0) {
                    if stream.write_all(reply).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    address
}

/// Asks again and again until the time is over; how often.
async fn client(address: std::net::SocketAddr, len: usize, end: Instant) -> u64 {
    let mut stream = TcpStream::connect(address).await.expect("a listener");
    stream.set_nodelay(true).expect("a socket");
    let mut heard = vec![0; len];
    let mut count = 0;
    while Instant::now() < end {
        stream.write_all(REQUEST).await.expect("a listener");
        stream.read_exact(&mut heard).await.expect("a whole reply");
        count += 1;
    }
    count
}

async fn ask(address: std::net::SocketAddr, len: usize) -> f64 {
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let clients: Vec<_> = (0..CLIENTS).map(|_| tokio::spawn(client(address, len, end))).collect();
    let mut total = 0;
    for client in clients {
        total += client.await.expect("no panic");
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = total as f64 / SECONDS as f64;
    rate
}

async fn through_proxy(upstream: std::net::SocketAddr, len: usize) -> (f64, Tally) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let url = format!("http://{upstream}").parse().expect("an upstream");
    let proxy = Proxy::new(listener, url, Contract::corrected(), Options::default(), drop);
    let (end, ended) = oneshot::channel::<()>();
    let served = tokio::spawn(proxy.serve(async { drop(ended.await) }));
    let rate = ask(address, len).await;
    drop(end);
    (rate, served.await.expect("no panic").expect("no failure"))
}

/// What the proxy passed on.
pub struct Load {
    /// Requests a second without the proxy.
    pub direct: f64,
    /// Requests a second through it.
    pub proxied: f64,
    /// How many of those were judged: what comes while the judge is busy passes unjudged, and is counted.
    pub judged: f64,
    /// Bytes of a reply.
    pub length: usize,
}

/// Puts load on the upstream and on the proxy before it.
pub fn measure() -> Load {
    let reply: &'static [u8] = reply().leak();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let (direct, proxied, tally) = runtime.block_on(async {
        let address = upstream(reply).await;
        let direct = ask(address, reply.len()).await;
        let (proxied, tally) = through_proxy(address, reply.len()).await;
        (direct, proxied, tally)
    });
    let report = tally.finish(&[], "2025-01-15");
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let judged = report.counts.total() as f64 / SECONDS as f64;
    Load { direct, proxied, judged, length: reply.len() }
}

fn main() {
    // `cargo test --benches` only asks whether it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let Load { direct, proxied, judged, length } = measure();
    let text = format!(
        "{CLIENTS} clients, a reply of {length} bytes\ndirect: {direct:.0} requests a second\n\
         through the proxy: {proxied:.0} requests a second, {judged:.0} of them judged\n",
    );
    std::io::stdout().write_all(text.as_bytes()).expect("standard output");
}
