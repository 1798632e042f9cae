//! Which URLs may be called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Why a URL may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlProblem {
    /// It is no absolute HTTP or HTTPS URL.
    Malformed,
    /// It leads into a private network.
    Private,
}

impl UrlProblem {
    /// What is wrong, after the name of the field.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Malformed => "is not a valid http or https URL",
            Self::Private => "leads into a private network",
        }
    }
}

/// Finds out whether a URL may be called. Host names are judged as they stand; what they lead to is looked at when
/// they are called.
///
/// # Errors
/// What is wrong with it.
///
/// Evidence: published v2 webhooks document (the test call refuses both); which hosts count as private is
/// chosen.
pub fn check(text: &str, private_allowed: bool) -> Result<(), UrlProblem> {
    let url = Url::parse(text).map_err(|_| UrlProblem::Malformed)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(UrlProblem::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlProblem::Malformed);
    }
    if !private_allowed && is_private(host) { Err(UrlProblem::Private) } else { Ok(()) }
}

fn is_private(host: &str) -> bool {
    match address(host) {
        Some(address) => is_private_address(address),
        None => {
            let name = host.trim_end_matches('.');
            let below = |parent: &str| name == parent || name.ends_with(&format!(".{parent}"));
            ["localhost", "local", "internal", "home.arpa"].into_iter().any(below) || !name.contains('.')
        }
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Whether a URL names a private address in figures; names are looked up elsewhere.
pub fn names_private_address(text: &str) -> bool {
    let url = Url::parse(text).ok();
    let address = url.as_ref().and_then(Url::host_str).and_then(address);
    address.is_some_and(is_private_address)
}

/// Whether an address belongs to a private network.
///
/// Evidence: chosen.
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || first == 0
        || (first == 100 && (64..128).contains(&second))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.to_ipv4_mapped().is_some_and(is_private_v4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_web_address_is_malformed() {
        for text in ["", "example.com/hook", "ftp://example.com", "http://", "javascript:alert(1)"] {
            assert_eq!(check(text, true), Err(UrlProblem::Malformed), "{text}");
        }
    }

    #[test]
    fn private_networks_are_told_from_public_ones() {
        for text in [
            "http://localhost:3000/hook",
            "http://127.0.0.1",
            "http://2130706433/",
            "https://10.1.2.3/",
            "http://192.168.0.10",
            "http://172.16.0.1",
            "http://169.254.169.254/latest",
            "http://100.64.0.1",
            "http://0.0.0.0",
            "http://[::1]:80/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://printer.local",
            "http://intranet/",
        ] {
            assert_eq!(check(text, false), Err(UrlProblem::Private), "{text}");
            assert_eq!(check(text, true), Ok(()), "{text}");
        }
        for text in ["https://example.com/hook", "http://8.8.8.8", "https://hooks.example.com:8443/a?b=c"] {
            assert_eq!(check(text, false), Ok(()), "{text}");
        }
    }
}
