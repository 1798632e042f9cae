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
    let is_refused = |host: &str| !private_allowed && is_private(host);
    if let Some(host) = plain_host(text) {
        return if is_refused(host) { Err(UrlProblem::Private) } else { Ok(()) };
    }
    let url = Url::parse(text).map_err(|_| UrlProblem::Malformed)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(UrlProblem::Malformed)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlProblem::Malformed);
    }
    if is_refused(host) { Err(UrlProblem::Private) } else { Ok(()) }
}

/// The host of a URL that can be read off without taking the whole of it apart, as most can: a name in lower case
/// that is no address and no foreign word in disguise, followed by nothing or a path.
fn plain_host(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    let is_plain = |label: &str| {
        !label.is_empty()
            && !label.starts_with("xn--")
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_name = host.rsplit('.').next()?.starts_with(|first: char| first.is_ascii_lowercase());
    (is_name && host.split('.').all(is_plain)).then_some(host)
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_host_that_is_read_off_is_the_one_that_is_parsed(
            text in "(https?://)?([a-z0-9X-]{0,3}|xn--a|10|0x1)([.:@/][a-z0-9-]{0,3}){0,3}(/[ -~é]{0,6})?",
        ) {
            if let Some(host) = plain_host(&text) {
                let url = Url::parse(&text).ok();
                prop_assert_eq!(url.as_ref().and_then(Url::host_str), Some(host));
            }
        }
    }

    #[test]
    fn urls_of_services_are_plain() {
        assert_eq!(plain_host("https://hooks.example.com/in?of=1"), Some("hooks.example.com"));
        assert_eq!(plain_host("http://localhost/in"), Some("localhost"));
        for text in
            ["https://example.com:8080/", "https://Example.com", "https://10.0.0.1/", "ftp://example.com"]
        {
            assert_eq!(plain_host(text), None, "{text}");
        }
    }

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
