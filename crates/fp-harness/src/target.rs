//! What is attacked: an in-process mock, a mock elsewhere, or any endpoint.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use fp_contract::Version;

use crate::exchange::Call;
use crate::model::Program;

/// Where requests go and as whom.
#[derive(Debug)]
pub struct Target {
    base: String,
    account: String,
    keys: Keys,
    kind: Kind,
    real: bool,
    campaigns: BTreeMap<Program, u64>,
    mock: Option<fp_mock::Mock>,
}

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mock in this process.
    InProcess,
    /// A mock somewhere else: accounts cost nothing there either.
    Mock,
    /// Anything else: there is the one account.
    Elsewhere,
}

/// The keys of both front doors. Never shown.
#[derive(Clone)]
struct Keys {
    v2: String,
    v1: String,
    /// Whether they are anybody's: a mock in this process takes any.
    secret: bool,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(hidden)")
    }
}

/// The text that names the target makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a URL without a password such as http://127.0.0.1:4010, found {found:?}")]
pub struct NoUrl {
    /// What was found.
    pub found: String,
}

/// Where an in-process mock's calls can be tried again: the address that `fp-mock` serves by itself.
const SERVED_ALONE: &str = "http://127.0.0.1:4010";

impl Target {
    /// A mock in this process, with the starter scenario under a manual clock.
    pub fn in_process(seed: u64) -> Self {
        Self::of_mock(fp_mock::Mock::builder().seed(seed).start())
    }

    /// A mock in this process that is treated as the real service, its clock going by itself.
    pub fn rehearsal(seed: u64) -> Self {
        let mode = fp_mock::clock::Mode::Fast { speed: 3600.0 };
        Self::of_mock(fp_mock::Mock::builder().seed(seed).clock(mode).start()).as_real()
    }

    /// A mock in this process that was started elsewhere.
    pub fn of_mock(mock: fp_mock::Mock) -> Self {
        let keys = Keys { v2: "harness".into(), v1: "1".into(), secret: false };
        let base = mock.url().to_owned();
        Self {
            base,
            account: "1".into(),
            keys,
            kind: Kind::InProcess,
            real: false,
            campaigns: BTreeMap::new(),
            mock: Some(mock),
        }
    }

    /// The endpoint at `url`. `v1_key` defaults to `key`.
    ///
    /// # Errors
    /// [`NoUrl`] if `url` has no scheme or host.
    pub fn remote(url: &str, account: &str, key: &str, v1_key: Option<&str>) -> Result<Self, NoUrl> {
        let base = url.trim_end_matches('/');
        // A password in the address would be shown wherever the address is.
        let open = |url: &reqwest::Url| url.username().is_empty() && url.password().is_none();
        let good = reqwest::Url::parse(base)
            .is_ok_and(|url| url.has_host() && url.scheme().starts_with("http") && open(&url));
        if !good {
            let shown = url.rsplit('@').next().unwrap_or(url);
            return Err(NoUrl { found: shown.to_owned() });
        }
        let base = base.trim_end_matches("/api/v2").trim_end_matches("/api/v1").to_owned();
        let keys = Keys { v2: key.to_owned(), v1: v1_key.unwrap_or(key).to_owned(), secret: true };
        Ok(Self {
            base,
            account: account.to_owned(),
            keys,
            kind: Kind::Elsewhere,
            real: false,
            campaigns: BTreeMap::new(),
            mock: None,
        })
    }

    /// The same, but treated as the real service whatever its host: read-only unless writes are allowed, one
    /// account, nothing touched but what the run made.
    #[must_use]
    pub fn as_real(mut self) -> Self {
        self.real = true;
        self.kind = Kind::Elsewhere;
        self
    }

    /// The same, known to be a mock, which gives accounts of its own. A target that is treated as the real
    /// service stays one.
    #[must_use]
    pub fn as_mock(mut self) -> Self {
        if !self.real && self.kind == Kind::Elsewhere {
            self.kind = Kind::Mock;
        }
        self
    }

    /// The same, with the ids of campaigns that keep the terms the model knows.
    #[must_use]
    pub fn with_campaigns(mut self, campaigns: BTreeMap<Program, u64>) -> Self {
        self.campaigns = campaigns;
        self
    }

    /// The campaigns that were told.
    pub fn campaigns(&self) -> &BTreeMap<Program, u64> {
        &self.campaigns
    }

    /// How long to wait between two looks at what goes on by itself.
    pub fn looks_every(&self) -> Duration {
        Duration::from_millis(if self.mock.is_some() { 5 } else { 1000 })
    }

    /// The programs that sequences can be about: at a mock those of its starter scenario, elsewhere those whose
    /// campaigns were told.
    pub fn programs(&self) -> Vec<Program> {
        if self.gives_accounts() { Program::ALL.to_vec() } else { self.campaigns.keys().copied().collect() }
    }

    /// The id of a program's campaign.
    pub fn campaign(&self, program: Program) -> u64 {
        self.campaigns.get(&program).copied().unwrap_or_else(|| program.campaign_id())
    }

    /// The URL that paths are appended to.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL as reports show it: the same in every run.
    pub fn shown_base(&self) -> &str {
        if self.kind == Kind::InProcess { SERVED_ALONE } else { &self.base }
    }

    /// What it is, for the head of a report.
    pub fn described(&self) -> &str {
        if self.kind == Kind::InProcess { "in process" } else { &self.base }
    }

    /// The account that is worked on.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The same endpoint seen as another account, if the target is a mock, whose accounts cost nothing.
    pub fn as_account(&self, account: &str) -> Option<Self> {
        self.gives_accounts().then(|| self.in_account(account))
    }

    /// The same endpoint as another account, if it might be a mock: to find out whether it is.
    pub(crate) fn stranger(&self, account: &str) -> Option<Self> {
        (!self.real).then(|| self.in_account(account))
    }

    fn in_account(&self, account: &str) -> Self {
        let keys = Keys { v2: self.keys.v2.clone(), v1: account.to_owned(), secret: self.keys.secret };
        Self {
            base: self.base.clone(),
            account: account.to_owned(),
            keys,
            kind: self.kind,
            real: self.real,
            campaigns: self.campaigns.clone(),
            mock: None,
        }
    }

    /// What answers.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether there are as many accounts as one likes.
    pub fn gives_accounts(&self) -> bool {
        self.kind != Kind::Elsewhere
    }

    /// Whether the target is a mock in this process.
    pub fn is_in_process(&self) -> bool {
        self.kind == Kind::InProcess
    }

    /// The in-process mock, at the target that started it.
    pub fn mock(&self) -> Option<&fp_mock::Mock> {
        self.mock.as_ref()
    }

    /// Whether the host is this machine: only there may the harness write without being told so.
    pub fn is_this_machine(&self) -> bool {
        if self.real {
            return false;
        }
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

    /// A call as a line for a shell, without any key in it: the shell takes keys from `FP_KEY` and `FP_V1_KEY`.
    pub fn curl(&self, call: &Call) -> String {
        self.hide(&call.curl(self.shown_base()), |name| format!("'\"${name}\"'"))
    }

    /// `text` without any key in it.
    pub fn without_keys(&self, text: &str) -> String {
        self.hide(text, |name| format!("${name}"))
    }

    fn hide(&self, text: &str, shown: impl Fn(&str) -> String) -> String {
        let mut hidden = text.to_owned();
        for (key, name) in [(&self.keys.v2, "FP_KEY"), (&self.keys.v1, "FP_V1_KEY")] {
            // A mock takes the account's name for a key; that is no secret.
            if self.keys.secret && key.len() > 3 && *key != self.account {
                hidden = hidden.replace(key.as_str(), &shown(name));
            }
        }
        hidden
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
            assert!(!at(url).as_real().is_this_machine(), "{url}");
        }
        for url in ["https://api.firstpromoter.com/api/v2", "http://10.0.0.1", "http://localhost.example.com"]
        {
            assert!(!at(url).is_this_machine(), "{url}");
        }
        for url in ["api.example.com", "https://me:secret@api.example.com"] {
            assert!(Target::remote(url, "7", "k", None).is_err(), "{url}");
        }
    }

    #[test]
    fn keys_are_never_shown() {
        let target = at("http://127.0.0.1:1");
        assert!(!format!("{target:?}").contains("secret-key"));
        assert_eq!(target.without_keys("Bearer secret-key"), "Bearer $FP_KEY");
        let headers = target.credentials(Version::V2);
        let call = Call { method: "GET".into(), target: "/x".into(), headers, body: Vec::new() };
        let line = target.curl(&call);
        assert!(line.contains(r#"-H 'authorization: Bearer '"$FP_KEY"''"#), "{line}");
    }

    #[test]
    fn only_mocks_give_accounts() {
        assert!(at("http://127.0.0.1:1").as_account("8").is_none());
        assert!(at("http://127.0.0.1:1").as_mock().as_account("8").is_some());
        assert!(at("http://127.0.0.1:1").as_mock().as_real().as_account("8").is_none());
        assert!(at("http://127.0.0.1:1").as_real().as_mock().as_account("8").is_none());
    }
}
