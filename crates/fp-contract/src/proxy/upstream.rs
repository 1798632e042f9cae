//! The service behind the proxy, reached in the clear or by TLS.

use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Where requests are sent on.
#[derive(Clone)]
pub struct Upstream {
    host: String,
    port: u16,
    /// The value of `Host`: the port stands in it unless it is the scheme's own.
    authority: String,
    /// Put before every target.
    path: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// The text names no upstream.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// It is no URL of a host.
    #[error("expected an upstream as https://host[:port][/path], found `{0}`")]
    NoUrl(String),
    /// The certificates of the platform, or those given, cannot be used.
    #[error("the trusted certificates cannot be used")]
    Certificates(#[from] rustls::Error),
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upstream({}{}, tls: {})", self.authority, self.path, self.tls.is_some())
    }
}

impl FromStr for Upstream {
    type Err = UpstreamError;

    /// Trusts the certificates that the platform trusts.
    fn from_str(text: &str) -> Result<Upstream, UpstreamError> {
        Upstream::new(text, Vec::new())
    }
}

impl Upstream {
    /// The upstream at a URL, `https://host[:port][/path]`. Its certificate has to be vouched for by those that the
    /// platform trusts, or by one of `trusted`.
    ///
    /// # Errors
    /// [`UpstreamError`] if the text is no URL of a host, or a certificate cannot be used.
    pub fn new(text: &str, trusted: Vec<CertificateDer<'static>>) -> Result<Upstream, UpstreamError> {
        let fault = || UpstreamError::NoUrl(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(fault)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let own_port = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(fault()),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| fault())?),
            _ => (authority, own_port),
        };
        if host.is_empty() || authority.contains('@') || path.contains(['?', '#']) {
            return Err(fault());
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = if scheme == "https" {
            let name = ServerName::try_from(bare.clone()).map_err(|_| fault())?;
            Some((connector(trusted)?, name))
        } else {
            None
        };
        Ok(Upstream {
            host: bare,
            port,
            authority: authority.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
            tls,
        })
    }
}

fn connector(trusted: Vec<CertificateDer<'static>>) -> Result<TlsConnector, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(trusted, Arc::clone(&provider))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl Upstream {
    /// The value of `Host` that the upstream knows itself by.
    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// The path that is put before every target; empty for most.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) async fn connect(&self) -> io::Result<Link> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
        tcp.set_nodelay(true)?;
        Ok(match &self.tls {
            None => Link::Plain(tcp),
            Some((connector, name)) => Link::Tls(Box::new(connector.connect(name.clone(), tcp).await?)),
        })
    }
}

/// A connection to the upstream.
pub(super) enum Link {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Link {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Link::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Link::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Link {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Link::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Link::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Link::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Link::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Link::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Link::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_a_url_of_a_host() {
        let read = |text: &str| text.parse::<Upstream>().expect("an upstream");
        let plain = read("http://127.0.0.1:4010/fp/");
        assert_eq!(
            (plain.host.as_str(), plain.port, plain.authority(), plain.path()),
            ("127.0.0.1", 4010, "127.0.0.1:4010", "/fp")
        );
        let six = read("http://[::1]");
        assert_eq!((six.host.as_str(), six.port), ("::1", 80));
        for text in ["h", "ftp://h", "http://", "http://user@h", "http://h:x", "http://h/a?b"] {
            assert!(text.parse::<Upstream>().is_err(), "{text}");
        }
    }
}
