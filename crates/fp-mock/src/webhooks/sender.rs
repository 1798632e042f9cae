//! Requests to others: as plain data, and sent.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::Certificate;
use reqwest::redirect::Policy;

use super::Settings;
use super::resolver::{PrivateNetwork, PublicOnly};
use super::url::names_private_address;

/// Characters of an answer's body that are kept.
///
/// Evidence: service behaviour notes.
pub const BODY_KEPT_CHARS: usize = 1_000;

/// A connection that nobody used for so long is not used again: short enough that a receiver does not close
/// it just as the next request goes out.
const IDLE_CONNECTION: Duration = Duration::from_secs(1);

/// A POST to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Arc<[u8]>,
    /// How long the answer is waited for, in seconds of the account's clock.
    pub timeout_s: u32,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer, or why there is none.
    pub result: Result<Answer, String>,
    /// How long it took on the machine.
    pub took: Duration,
}

/// An answer that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, the first [`BODY_KEPT_CHARS`] characters of it.
    pub body: String,
}

/// A client, or why there is none: the system's certificates may be unreadable.
type Built = Result<reqwest::Client, String>;

/// Sends requests. One for each server: it keeps connections open for as long as a burst lasts.
#[derive(Debug)]
pub struct Sender {
    plain: OnceLock<Built>,
    /// Made only when a receiver wants TLS, because reading the system's certificates takes a while.
    encrypting: OnceLock<Built>,
    private_urls: bool,
    authorities: Option<Arc<str>>,
}

impl Sender {
    /// One that has no connection yet. Of the settings, those count that say whom it may call and whom it trusts.
    pub fn new(settings: &Settings) -> Self {
        // Whoever chose how this process encrypts before us keeps his choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (plain, encrypting) = (OnceLock::new(), OnceLock::new());
        let (private_urls, authorities) = (settings.private_urls, settings.authorities.clone());
        Self { plain, encrypting, private_urls, authorities }
    }

    /// Sends `request` and waits for the answer for at most `wait` on the machine.
    ///
    /// Redirects are not followed, nothing is sent twice, and of a long body only the beginning is read.
    ///
    /// Evidence: service behaviour notes (redirects, what is kept of the body).
    pub async fn send(&self, request: &Request, wait: Duration) -> Outcome {
        let began = Instant::now();
        let result = match tokio::time::timeout(wait, self.exchange(request)).await {
            Ok(result) => result,
            Err(_) => Err(format!("timed out after {} s", request.timeout_s)),
        };
        Outcome { result, took: began.elapsed() }
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, String> {
        if !self.private_urls && names_private_address(&request.url) {
            return Err(PrivateNetwork.to_string());
        }
        let client = self.client(&request.url).as_ref().map_err(Clone::clone)?;
        let mut call = client.post(&request.url).body(request.body.to_vec());
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let mut response = call.send().await.map_err(|error| sentence(&error))?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        // No character is longer than four bytes.
        while bytes.len() < BODY_KEPT_CHARS * 4 {
            let chunk = response.chunk().await.map_err(|error| sentence(&error))?;
            let Some(chunk) = chunk else { break };
            bytes.extend_from_slice(&chunk);
        }
        let body = String::from_utf8_lossy(&bytes).chars().take(BODY_KEPT_CHARS).collect();
        Ok(Answer { status, body })
    }

    fn client(&self, url: &str) -> &Built {
        let is_plain = url.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("http:"));
        if is_plain {
            self.plain.get_or_init(|| build(self.builder().tls_certs_only([])))
        } else {
            self.encrypting.get_or_init(|| {
                let own = self.authorities.as_deref().map_or(Ok(Vec::new()), authorities)?;
                build(self.builder().tls_certs_merge(own))
            })
        }
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder();
        let builder = if self.private_urls { builder } else { builder.dns_resolver(PublicOnly) };
        builder
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .pool_idle_timeout(IDLE_CONNECTION)
            .http1_title_case_headers()
            .user_agent(concat!("fp-mock/", env!("CARGO_PKG_VERSION")))
    }
}

/// The certificates of a text in PEM.
///
/// # Errors
/// What is wrong with it; that there is none in it.
pub fn authorities(pem: &str) -> Result<Vec<Certificate>, String> {
    let found = Certificate::from_pem_bundle(pem.as_bytes());
    let found = found.map_err(|error| deepest(&error).to_string().to_lowercase())?;
    if found.is_empty() { Err("expected certificates in PEM, found none".to_owned()) } else { Ok(found) }
}

fn build(builder: reqwest::ClientBuilder) -> Built {
    builder.build().map_err(|error| sentence(&error))
}

impl Default for Sender {
    fn default() -> Self {
        Self::new(&Settings::default())
    }
}

fn deepest(error: &reqwest::Error) -> &(dyn Error + 'static) {
    let mut cause: &(dyn Error + 'static) = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}

/// What went wrong, from the general to the cause, without the URL.
fn sentence(error: &reqwest::Error) -> String {
    let cause = deepest(error);
    if let Some(private) = cause.downcast_ref::<PrivateNetwork>() {
        return private.to_string();
    }
    let cause = cause.to_string().to_lowercase();
    let stage = if error.is_builder() {
        "the request cannot be made"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    format!("{stage}: {cause}").chars().take(BODY_KEPT_CHARS).collect()
}
