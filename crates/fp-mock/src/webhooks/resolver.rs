//! Looks host names up for a sender that may not call into private networks.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::url::is_private_address;

/// All that a URL leads to is a private network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the URL leads into a private network")]
pub struct PrivateNetwork;

/// Finds the addresses of a name that are not private, at the moment of the connection: whatever the name led to when
/// it was subscribed.
#[derive(Debug)]
pub struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Addrs = Box::new(public(found)?.into_iter());
            Ok(addresses)
        })
    }
}

fn public(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, PrivateNetwork> {
    let public: Vec<_> = found.filter(|address| !is_private_address(address.ip())).collect();
    if public.is_empty() { Err(PrivateNetwork) } else { Ok(public) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_addresses_of_a_name_only_public_ones_are_called() {
        let of = |texts: &[&str]| {
            public(texts.iter().map(|text| text.parse().expect("an address"))).map(|left| left.len())
        };
        assert_eq!(of(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2001:4860:4860::8888]:0"]), Ok(2));
        assert_eq!(of(&["127.0.0.1:0", "[fd00::1]:0"]), Err(PrivateNetwork));
    }
}
