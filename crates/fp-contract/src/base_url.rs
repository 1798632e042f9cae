//! Base URLs: which part of the traffic is meant, and where it lies in the contract.

use std::borrow::Cow;
use std::str::FromStr;

/// A URL under which the service is reached, and the path that it stands for.
///
/// `https://staging.example.com/fp=/api/v2` maps `https://staging.example.com/fp/track/sale` to
/// `/api/v2/track/sale`. Without a path the URL's own path stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
    stands_for: Option<String>,
}

/// The text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a base URL as https://host/path or https://host/path=/api/v2, found `{found}`")]
pub struct NoBaseUrl {
    /// What was found instead.
    pub found: String,
}

impl FromStr for BaseUrl {
    type Err = NoBaseUrl;

    fn from_str(text: &str) -> Result<BaseUrl, NoBaseUrl> {
        let fault = || NoBaseUrl { found: text.to_owned() };
        let (url, stands_for) = match text.split_once('=') {
            Some((url, path)) if path.is_empty() || path.starts_with('/') => (url, Some(path)),
            Some(_) => return Err(fault()),
            None => (text, None),
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(fault)?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if host.is_empty() || !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
            return Err(fault());
        }
        Ok(BaseUrl {
            origin: format!("{scheme}://{host}").to_ascii_lowercase(),
            path: path.trim_end_matches('/').to_owned(),
            stands_for: stands_for.map(|path| path.trim_end_matches('/').to_owned()),
        })
    }
}

impl BaseUrl {
    /// The path and query that a URL means, `None` when it lies elsewhere.
    #[must_use]
    pub fn map<'u>(&self, url: &'u str) -> Option<Cow<'u, str>> {
        let scheme = url.find("://")? + 3;
        let path_at = url[scheme..].find(['/', '?']).map_or(url.len(), |at| scheme + at);
        let (origin, target) = url.split_at(path_at);
        if !origin.eq_ignore_ascii_case(&self.origin) {
            return None;
        }
        let rest = target.strip_prefix(self.path.as_str())?;
        if !(rest.is_empty() || rest.starts_with(['/', '?'])) {
            return None;
        }
        match &self.stands_for {
            None => Some(Cow::Borrowed(if target.is_empty() { "/" } else { target })),
            Some(path) => Some(Cow::Owned(format!("{path}{rest}"))),
        }
    }

    /// The path and query by the first base URL that fits. Without any base URL, every host will do.
    #[must_use]
    pub fn map_by<'u>(base_urls: &[BaseUrl], url: &'u str) -> Option<Cow<'u, str>> {
        if base_urls.is_empty() {
            return Some(Cow::Borrowed(crate::recording::target_of(url)));
        }
        base_urls.iter().find_map(|base| base.map(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(base: &str, url: &str) -> Option<String> {
        base.parse::<BaseUrl>().expect("a base URL").map(url).map(Cow::into_owned)
    }

    #[test]
    fn what_lies_under_a_base_is_mapped_and_the_rest_is_foreign() {
        let base = "https://staging.example.com/fp=/api/v2";
        assert_eq!(
            mapped(base, "https://staging.example.com/fp/track/sale?a=1").as_deref(),
            Some("/api/v2/track/sale?a=1")
        );
        assert_eq!(mapped(base, "https://Staging.Example.com/fp").as_deref(), Some("/api/v2"));
        assert_eq!(mapped(base, "https://staging.example.com/fpx/a"), None);
        assert_eq!(mapped(base, "http://staging.example.com/fp/a"), None);
        assert_eq!(mapped("https://h:8443", "https://h:8443/api/v2/a").as_deref(), Some("/api/v2/a"));
        assert_eq!(mapped("https://h", "https://h:8443/a"), None);
    }

    #[test]
    fn without_any_base_every_host_will_do() {
        assert_eq!(BaseUrl::map_by(&[], "https://h/api?x").as_deref(), Some("/api?x"));
        assert_eq!(BaseUrl::map_by(&[], "/api").as_deref(), Some("/api"));
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for text in ["h/path", "ftp://h", "https://", "https://h=api"] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
