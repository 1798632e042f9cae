//! Where webhooks may go, and whom the sender believes.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use fp_mock::Mock;
use fp_mock::webhooks::Settings;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};

use super::receiver::Receiver;
use crate::command::{Running, ends, fp_mock};
use crate::kit::Api;

/// A mock that may not call private networks, with a campaign that tells `url`.
fn telling(url: &str) -> Api {
    let denied = Settings { private_urls: false, ..Settings::default() };
    let api = Api::with(Mock::builder().webhooks(denied));
    let starter = include_str!("../../../../../fixtures/scenarios/starter.yaml");
    let scenario =
        starter.replace("    landing_url", &format!("    default_webhook_url: {url}\n    landing_url"));
    api.load_bytes(scenario.as_bytes()).expect(200);
    api
}

#[test]
fn what_a_host_name_leads_to_is_looked_at_when_it_is_called() {
    let receiver = Receiver::start();
    let port = receiver.url().rsplit_once(':').expect("a port").1.to_owned();
    // A scenario may name any URL: nobody was there to refuse it.
    for host in ["localhost", "127.0.0.1", "[::1]"] {
        let api = telling(&format!("http://{host}:{port}/told"));
        super::sign_up(&api, "bob@example.com");
        api.advance("0s");
        let told = api.admin("GET", "/deliveries?event_type=lead_signup", Value::Null).expect(200);
        let delivery = &told["deliveries"][0];
        assert_eq!(delivery["status"], "failed", "{host}");
        assert_eq!(delivery["last_error"], "the URL leads into a private network", "{host}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[test]
fn a_name_that_leads_nowhere_is_told_from_one_that_leads_into_a_private_network() {
    let api = telling("http://nobody.invalid/told");
    super::sign_up(&api, "bob@example.com");
    api.advance("0s");
    let told = api.admin("GET", "/deliveries?event_type=lead_signup", Value::Null).expect(200);
    let error = told["deliveries"][0]["last_error"].as_str().expect("an error");
    assert!(error.starts_with("no connection: "), "{error}");
}

/// A receiver at `localhost` that speaks TLS, answers one request with 200, and tells it.
struct Encrypting {
    url: String,
    certificate: String,
    heard: JoinHandle<Option<String>>,
}

impl Encrypting {
    fn start() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let provider = rustls::crypto::ring::default_provider().into();
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key)
            })
            .expect("a configuration");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let heard = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a caller");
            let session = rustls::ServerConnection::new(Arc::new(config)).expect("a session");
            let mut stream = rustls::StreamOwned::new(session, stream);
            let (mut heard, mut piece) = (Vec::new(), [0; 4096]);
            while !heard.ends_with(b"}") {
                // Whoever does not trust the certificate breaks off here.
                let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
                heard.extend_from_slice(&piece[..count]);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()?;
            stream.conn.send_close_notify();
            stream.flush().ok()?;
            Some(String::from_utf8_lossy(&heard).into_owned())
        });
        Self { url, certificate: made.cert.pem(), heard }
    }

    fn heard(self) -> Option<String> {
        self.heard.join().expect("no panic")
    }
}

/// Subscribes the receiver, lets a lead sign up, and answers the delivery.
fn deliver(api: &Api, url: &str) -> Value {
    let wish = json!({ "url": format!("{url}/hook"), "event_types": ["referral.created"] });
    api.post("/company/webhooks", wish).expect(201);
    super::sign_up(api, "bob@example.com");
    api.advance("0s");
    api.admin("GET", "/deliveries", Value::Null).expect(200)["deliveries"][0].clone()
}

#[test]
fn a_receiver_behind_tls_is_reached_if_its_certificate_is_trusted() {
    let receiver = Encrypting::start();
    let authorities = Some(receiver.certificate.as_str().into());
    let api = Api::with(Mock::builder().webhooks(Settings { authorities, ..Settings::default() }));
    let delivery = deliver(&api, &receiver.url);
    assert_eq!((&delivery["status"], &delivery["last_error"]), (&json!("delivered"), &Value::Null));
    let heard = receiver.heard().expect("a request");
    assert!(heard.starts_with("POST /hook HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("\"event_type\":\"referral.created\""), "{heard}");
}

#[test]
fn a_receiver_with_a_certificate_that_nobody_vouches_for_gets_nothing() {
    let receiver = Encrypting::start();
    let delivery = deliver(&Api::start(), &receiver.url);
    assert_eq!(delivery["status"], "retrying");
    let error = delivery["last_error"].as_str().expect("an error");
    assert!(error.starts_with("no connection: ") && error.contains("certificate"), "{error}");
    assert_eq!(receiver.heard(), None);
}

#[test]
fn the_command_trusts_the_authorities_of_a_file() {
    let receiver = Encrypting::start();
    let file = std::env::temp_dir().join(format!("fp-mock-{}-authority.pem", std::process::id()));
    std::fs::write(&file, &receiver.certificate).expect("a file");
    let path = file.to_str().expect("a path of letters");
    let server = Running::start(&["--webhook-ca", path]);
    let headers = [("authorization", "Bearer k"), ("account-id", "1"), ("content-type", "application/json")];
    let body = json!({ "url": receiver.url, "event_type": "payout.updated" }).to_string();
    let answer = server.call("POST", "/api/v2/company/webhooks/test", &headers, &body);
    assert_eq!(answer.text().expect("text"), "{\"status\":200,\"body\":\"\"}");
    assert!(receiver.heard().is_some());
    std::fs::write(&file, "no certificate").expect("a file");
    let (status, _, err) = ends(&mut fp_mock(&["--webhook-ca", path]));
    assert_eq!(status, Some(2));
    assert!(err.contains("--webhook-ca: ") && err.contains("expected certificates in PEM"), "{err}");
    std::fs::remove_file(&file).expect("the file");
    let (status, _, err) = ends(&mut fp_mock(&["--webhook-ca", path]));
    assert_eq!(status, Some(2));
    assert!(err.contains("--webhook-ca: cannot read"), "{err}");
}
