use std::sync::mpsc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;
use crate::report::Report;

/// An upstream that says the same to every connection, whatever it hears, and tells what it heard.
async fn upstream(replies: Vec<&'static [u8]>) -> (String, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut heard = Vec::new();
        for reply in replies {
            let mut piece = vec![0; 100_000];
            let read = stream.read(&mut piece).await.expect("a request");
            heard.extend_from_slice(&piece[..read]);
            // In pieces, as networks deliver.
            for part in reply.chunks(7) {
                stream.write_all(part).await.expect("a reader");
                stream.flush().await.expect("a reader");
            }
        }
        stream.shutdown().await.expect("an end");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("the client's end");
        heard.extend(rest);
        heard
    });
    (url, heard)
}

struct Running {
    address: std::net::SocketAddr,
    end: oneshot::Sender<()>,
    served: JoinHandle<io::Result<Tally>>,
    notices: mpsc::Receiver<Notice>,
}

async fn proxy(upstream: &str, options: Options) -> Running {
    proxy_to(upstream.parse().expect("an upstream"), options).await
}

async fn proxy_to(upstream: Upstream, options: Options) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, notices) = mpsc::channel();
    let proxy =
        Proxy::new(listener, upstream, Contract::corrected(), options, move |notice| drop(tell.send(notice)));
    let (end, ended) = oneshot::channel();
    let served = tokio::spawn(proxy.serve(async { drop(ended.await) }));
    Running { address, end, served, notices }
}

impl Running {
    async fn say(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.expect("the proxy");
        stream.write_all(bytes).await.expect("the proxy listens");
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.expect("an answer");
        heard
    }

    async fn finish(self) -> (Report, Vec<Notice>) {
        self.end.send(()).expect("the proxy runs");
        let tally = self.served.await.expect("no panic").expect("no failure");
        (tally.finish(&[], "2025-01-15"), self.notices.iter().collect())
    }
}

const REQUEST: &[u8] = b"GET /api/v2/company/batch_processes/7?x=%20a HTTP/1.1\r\nhOsT:localhost\r\nAuthorization: Bearer top-key\r\nACCOUNT-ID: 1\r\nX-Odd:   two  spaces \r\n\r\n";
const REPLY: &[u8] = b"HTTP/1.1 200 Alright\r\nX-Case: Kept\r\ncontent-type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4;x=1\r\n{\"id\r\n5\r\n\": 7}\r\n0\r\nX-Trailer: 1\r\n\r\n";

#[tokio::test]
async fn bytes_pass_unchanged_but_for_the_host() {
    let (url, heard) = upstream(vec![REPLY]).await;
    let running = proxy(&url, Options::default()).await;
    assert_eq!(running.say(REQUEST).await, REPLY);
    let expected =
        String::from_utf8_lossy(REQUEST).replace("hOsT:localhost", &format!("hOsT: {}", &url[7..]));
    assert_eq!(String::from_utf8_lossy(&heard.await.expect("the upstream")), expected);
    let (report, notices) = running.finish().await;
    assert_eq!(report.counts.violate, 1);
    assert!(report.findings.iter().any(|finding| finding.violation.pointer == "/body/status"), "{report:?}");
    assert!(!format!("{report:?}{notices:?}").contains("top-key"));
    let new: Vec<_> = notices.iter().filter(|notice| matches!(notice, Notice::Violation(_))).collect();
    assert_eq!(new.len(), report.findings.len());
}

#[tokio::test]
async fn interim_replies_pipelined_requests_and_bodies_pass_in_order() {
    let first = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
    let second = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let third = b"HTTP/1.0 200 OK\r\n\r\nuntil the close";
    let (url, heard) = upstream(vec![first, second, third]).await;
    let running = proxy(&format!("{url}/base/"), Options::default()).await;
    let said = b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello\
        PUT /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\
        GET /c HTTP/1.1\r\nHost: x\r\n\r\n";
    let heard_back = running.say(said).await;
    assert_eq!(heard_back, [first.as_slice(), second, third].concat());
    let heard = String::from_utf8(heard.await.expect("the upstream")).expect("text");
    assert!(heard.contains("POST /base/a HTTP/1.1") && heard.contains("\r\n\r\nhello"), "{heard}");
    assert!(heard.contains("PUT /base/b HTTP/1.1") && heard.contains("3\r\nabc\r\n0\r\n\r\n"), "{heard}");
    let (report, _) = running.finish().await;
    assert_eq!(report.counts.total(), 3);
}

#[tokio::test]
async fn a_recording_holds_the_traffic_and_no_key() {
    let folder = std::env::temp_dir().join(format!("fp-contract-proxy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("traffic.jsonl");
    let (url, _heard) = upstream(vec![REPLY]).await;
    let record = Some(File::create(&path).expect("a file"));
    let running = proxy(&url, Options { record, ..Options::default() }).await;
    running.say(REQUEST).await;
    running.finish().await;
    let text = std::fs::read_to_string(&path).expect("the recording");
    std::fs::remove_dir_all(&folder).expect("the folder");
    assert!(!text.contains("top-key"), "{text}");
    let read: Vec<_> = crate::recording::read(crate::recording::Format::JsonLines, text.as_bytes()).collect();
    assert_eq!(read.len(), 1);
    assert!(
        text.contains("Bearer ***")
            && text.contains("batch_processes/7?x=%20a")
            && text.contains("missing-field")
    );
}

#[tokio::test]
async fn an_enforcing_proxy_answers_a_wrong_request_itself() {
    let (url, heard) = upstream(vec![]).await;
    let running = proxy(&url, Options { enforce: true, ..Options::default() }).await;
    let wrong = b"GET /api/v2/company/batch_processes/seven HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nAccount-ID: 1\r\n\r\n";
    let answer = String::from_utf8(running.say(wrong).await).expect("text");
    assert!(answer.starts_with("HTTP/1.1 422 ") && answer.contains("/path/id"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    assert_eq!(heard.await.expect("the upstream"), b"", "nothing was sent on");
    let (report, _) = running.finish().await;
    assert_eq!(report.counts.violate, 1);
}

#[tokio::test]
async fn an_enforcing_proxy_answers_in_place_of_a_wrong_reply() {
    let (url, _heard) = upstream(vec![REPLY]).await;
    let running = proxy(&url, Options { enforce: true, ..Options::default() }).await;
    let answer = String::from_utf8(running.say(REQUEST).await).expect("text");
    assert!(answer.starts_with("HTTP/1.1 502 ") && answer.contains("/body/status"), "{answer}");
    running.finish().await;
}

#[tokio::test]
async fn violations_go_into_a_header_when_asked_for() {
    let (url, _heard) = upstream(vec![REPLY]).await;
    let running = proxy(&url, Options { violations_header: true, ..Options::default() }).await;
    let answer = String::from_utf8(running.say(REQUEST).await).expect("text");
    let header = answer.lines().find_map(|line| line.strip_prefix("sl-violations: ")).expect("the header");
    let list: Vec<serde_json::Value> = serde_json::from_str(header).expect("JSON");
    assert!(list.iter().any(|violation| violation["pointer"] == "/body/status"), "{header}");
    assert!(
        answer.starts_with("HTTP/1.1 200 Alright\r\nsl-violations: ")
            && answer.ends_with("X-Trailer: 1\r\n\r\n")
    );
    running.finish().await;
}

/// An upstream that speaks TLS and says one thing to every connection, and its certificate.
async fn tls_upstream(reply: &'static [u8]) -> (String, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key))
        .expect("a configuration");
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust us breaks off here.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut heard = vec![0; 100_000];
            assert_ne!(stream.read(&mut heard).await.expect("a request"), 0);
            stream.write_all(reply).await.expect("a reader");
            stream.shutdown().await.expect("an end");
        }
    });
    (url, certificate)
}

#[tokio::test]
async fn an_upstream_behind_tls_is_reached_if_its_certificate_is_trusted() {
    let (url, certificate) = tls_upstream(REPLY).await;
    let trusting = Upstream::new(&url, vec![certificate]).expect("an upstream");
    let running = proxy_to(trusting, Options::default()).await;
    assert_eq!(running.say(REQUEST).await, REPLY);
    let (report, _) = running.finish().await;
    assert_eq!(report.counts.violate, 1);

    let running = proxy(&url, Options::default()).await;
    assert_eq!(running.say(REQUEST).await, b"");
    let (_, notices) = running.finish().await;
    assert!(matches!(&notices[0], Notice::Trouble(text) if text.contains("certificate")), "{notices:?}");
}

#[tokio::test]
async fn an_upstream_that_is_away_is_told_and_the_client_gets_no_answer() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", nobody.local_addr().expect("an address"));
    drop(nobody);
    let running = proxy(&url, Options::default()).await;
    assert_eq!(running.say(REQUEST).await, b"");
    let (_, notices) = running.finish().await;
    assert!(
        matches!(&notices[0], Notice::Trouble(text) if text.starts_with("the upstream cannot be reached")),
        "{notices:?}"
    );
}

#[tokio::test]
async fn bytes_that_are_no_http_end_the_connection() {
    let (url, _heard) = upstream(vec![]).await;
    let running = proxy(&url, Options::default()).await;
    assert_eq!(running.say(b"\x16\x03\x01 hello\r\n\r\n").await, b"");
    let (report, notices) = running.finish().await;
    assert_eq!(report.counts.total(), 0);
    assert!(
        matches!(&notices[0], Notice::Trouble(text) if text.starts_with("expected an HTTP/1.1 message")),
        "{notices:?}"
    );
}
