//! What is attacked: an in-process mock, or any endpoint.

use std::net::IpAddr;

use fp_contract::Version;

/// Where requests go and as whom.
#[derive(Debug)]
pub struct Target {
    base: String,
    account: String,
    keys: Keys,
    mock: Option<fp_mock::Mock>,
}

/// The keys of both front doors. Never shown.
#[derive(Clone)]
struct Keys {
    v2: String,
    v1: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// The text that names the target makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a URL such as http://127.0.0.1:4010, found {found:?}")]
pub struct NoUrl {
    /// What was found.
    pub found: String,
}

impl Target {
    /// A mock in this process, with the starter scenario under a manual clock.
    pub fn in_process(seed: u64) -> Self {
        let mock = fp_mock::Mock::builder().seed(seed).start();
        let keys = Keys { v2: "harness".into(), v1: "1".into() };
        Self { base: mock.url().to_owned(), account: "1".into(), keys, mock: Some(mock) }
    }

    /// The endpoint at `url`. `v1_key` defaults to `key`.
    ///
    /// # Errors
    /// [`NoUrl`] if `url` has no scheme or host.
    pub fn remote(url: &str, account: &str, key: &str, v1_key: Option<&str>) -> Result<Self, NoUrl> {
        let base = url.trim_end_matches('/');
        let good =
            reqwest::Url::parse(base).is_ok_and(|url| url.has_host() && url.scheme().starts_with("http"));
        if !good {
            return Err(NoUrl { found: url.to_owned() });
        }
        let base = base.trim_end_matches("/api/v2").trim_end_matches("/api/v1").to_owned();
        let keys = Keys { v2: key.to_owned(), v1: v1_key.unwrap_or(key).to_owned() };
        Ok(Self { base, account: account.to_owned(), keys, mock: None })
    }

    /// The URL that paths are appended to.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The account that is worked on.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The same endpoint seen as another account, if the target is a mock, whose accounts cost nothing.
    pub fn as_account(&self, account: &str) -> Option<Self> {
        self.mock.as_ref()?;
        let keys = Keys { v2: self.keys.v2.clone(), v1: account.to_owned() };
        Some(Self { base: self.base.clone(), account: account.to_owned(), keys, mock: None })
    }

    /// Whether the target is a mock in this process.
    pub fn is_in_process(&self) -> bool {
        self.mock.is_some()
    }

    /// The in-process mock.
    pub fn mock(&self) -> Option<&fp_mock::Mock> {
        self.mock.as_ref()
    }

    /// Whether the host is this machine: only there may the harness write without being told so.
    pub fn is_this_machine(&self) -> bool {
        let Some(host) =
            reqwest::Url::parse(&self.base).ok().and_then(|url| url.host_str().map(str::to_owned))
        else {
            return false;
        };
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// The headers that say who calls.
    pub fn credentials(&self, version: Version) -> Vec<(String, String)> {
        match version {
            Version::V1 => vec![("x-api-key".into(), self.keys.v1.clone())],
            Version::V2 => vec![
                ("authorization".into(), format!("Bearer {}", self.keys.v2)),
                ("account-id".into(), self.account.clone()),
            ],
        }
    }

    /// `text` without any key in it.
    pub fn without_keys(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for (key, name) in [(&self.keys.v2, "$FP_KEY"), (&self.keys.v1, "$FP_V1_KEY")] {
            // A mock takes the account's name for a key; that is no secret.
            if key.len() > 3 && *key != self.account {
                shown = shown.replace(key.as_str(), name);
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Target {
        Target::remote(url, "7", "secret-key", None).expect("a URL")
    }

    #[test]
    fn only_loopback_hosts_are_this_machine() {
        for url in ["http://127.0.0.1:4010", "http://localhost", "http://[::1]:80/api/v2"] {
            assert!(at(url).is_this_machine(), "{url}");
        }
        for url in ["https://api.firstpromoter.com/api/v2", "http://10.0.0.1", "http://localhost.example.com"]
        {
            assert!(!at(url).is_this_machine(), "{url}");
        }
        assert!(Target::remote("api.example.com", "7", "k", None).is_err());
    }

    #[test]
    fn keys_are_never_shown() {
        let target = at("http://127.0.0.1:1");
        assert!(!format!("{target:?}").contains("secret-key"));
        assert_eq!(target.without_keys("Bearer secret-key"), "Bearer $FP_KEY");
    }
}
