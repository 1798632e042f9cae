//! What a request in the journal must be like.

use std::collections::BTreeMap;
use std::fmt;

use fp_contract::Contract;
use regex::Regex;
use serde::Deserialize;

use super::entry::Entry;
use super::matcher::{self, Matcher};
use crate::control::reply::Problem;

/// What every refused pattern is told.
pub const HINT: &str = "send {\"method\": \"POST\", \"urlPath\": \"/api/v2/track/sale\", \"headers\": {\"x\": \
                        {\"equalTo\": \"y\"}}, \"bodyPatterns\": [{\"contains\": \"z\"}]}";

/// A pattern as it stands in a body.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Written {
    method: Option<String>,
    url: Option<String>,
    url_path: Option<String>,
    url_pattern: Option<String>,
    url_path_pattern: Option<String>,
    operation: Option<String>,
    headers: BTreeMap<String, matcher::Written>,
    query_parameters: BTreeMap<String, matcher::Written>,
    body_patterns: Vec<matcher::Written>,
}

/// A pattern that makes sense. An empty one fits every request.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    method: Option<String>,
    url: Option<String>,
    path: Option<String>,
    url_like: Option<Regex>,
    path_like: Option<Regex>,
    operation: Option<String>,
    headers: Vec<(String, Matcher)>,
    query: Vec<(String, Matcher)>,
    body: Vec<Matcher>,
}

impl Pattern {
    /// Reads what was written.
    ///
    /// # Errors
    /// A problem says which part makes no sense.
    pub fn read(written: Written, contract: &Contract) -> Result<Self, Problem> {
        let part = |name: &str, problem: String| Problem::bad_request(format!("{name}: {problem}"), HINT);
        let regex = |name: &str, text: &Option<String>| {
            let text = text.as_deref().map(matcher::whole).transpose();
            text.map_err(|problem| part(name, problem))
        };
        let all = |name: &str, written: &BTreeMap<String, matcher::Written>| {
            let each = |(of, written): (&String, &matcher::Written)| {
                let matcher = Matcher::read(written);
                matcher.map(|m| (of.clone(), m)).map_err(|p| part(&format!("{name}.{of}"), p))
            };
            written.iter().map(each).collect::<Result<Vec<_>, Problem>>()
        };
        if let Some(key) = &written.operation {
            known(contract, key)?;
        }
        let body = written.body_patterns.iter().enumerate().map(|(at, written)| {
            Matcher::read(written).map_err(|problem| part(&format!("bodyPatterns[{at}]"), problem))
        });
        Ok(Self {
            url_like: regex("urlPattern", &written.url_pattern)?,
            path_like: regex("urlPathPattern", &written.url_path_pattern)?,
            headers: all("headers", &written.headers)?,
            query: all("queryParameters", &written.query_parameters)?,
            body: body.collect::<Result<_, _>>()?,
            method: written.method.filter(|method| method != "ANY").map(|method| method.to_uppercase()),
            url: written.url,
            path: written.url_path,
            operation: written.operation,
        })
    }

    /// The pattern for one method and path.
    pub fn of(method: &str, path: &str) -> Self {
        Self { method: Some(method.to_uppercase()), path: Some(path.to_owned()), ..Self::default() }
    }

    /// The same with one more thing the body must be like.
    #[must_use]
    pub fn with_body(mut self, matcher: Matcher) -> Self {
        self.body.push(matcher);
        self
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, matcher: Matcher) -> Self {
        self.headers.push((name.to_owned(), matcher));
        self
    }

    /// The same with one more query parameter.
    #[must_use]
    pub fn with_query(mut self, name: &str, matcher: Matcher) -> Self {
        self.query.push((name.to_owned(), matcher));
        self
    }

    /// Whether an entry fits.
    pub fn fits(&self, entry: &Entry) -> bool {
        self.differences(entry).is_empty()
    }

    /// Everything in which an entry differs from the pattern.
    pub fn differences(&self, entry: &Entry) -> Vec<String> {
        let (request, mut differences) = (entry.call.request(), Vec::new());
        let mut exactly = |name: &str, wanted: &Option<String>, found: &str| {
            if let Some(wanted) = wanted.as_deref().filter(|wanted| *wanted != found) {
                differences.push(format!("{name}: expected {wanted}, found {found}"));
            }
        };
        exactly("method", &self.method, request.method);
        exactly("url", &self.url, request.target);
        exactly("urlPath", &self.path, request.path());
        exactly("operation", &self.operation, entry.operation.unwrap_or("none"));
        for (name, regex, found) in [
            ("urlPattern", &self.url_like, request.target),
            ("urlPathPattern", &self.path_like, request.path()),
        ] {
            if let Some(regex) = regex.as_ref().filter(|regex| !regex.is_match(found)) {
                differences.push(format!("{name}: expected something like {regex}, found {found}"));
            }
        }
        for (name, matcher) in &self.headers {
            let of_name = |(known, _): &(&str, &str)| known.eq_ignore_ascii_case(name);
            let values = request.headers.filter(of_name).map(|(_, value)| value.to_owned());
            differences.extend(any_of(matcher, values.collect()).map(|d| format!("header {name}: {d}")));
        }
        for (name, matcher) in &self.query {
            let pairs = form_urlencoded::parse(request.query().as_bytes());
            let values = pairs.filter(|(known, _)| known == name).map(|(_, value)| value.into_owned());
            differences.extend(any_of(matcher, values.collect()).map(|d| format!("query {name}: {d}")));
        }
        let body = String::from_utf8_lossy(request.body);
        let body = (!body.is_empty()).then_some(body);
        for matcher in &self.body {
            differences
                .extend(matcher.differences(body.as_deref()).into_iter().map(|d| format!("body: {d}")));
        }
        differences
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().or(self.url.as_deref()).or(self.operation.as_deref());
        let path = path.or(self.path_like.as_ref().or(self.url_like.as_ref()).map(Regex::as_str));
        write!(f, "{} {}", self.method.as_deref().unwrap_or("ANY"), path.unwrap_or("any path"))?;
        for (name, matcher) in &self.headers {
            write!(f, ", header {name} {matcher}")?;
        }
        for (name, matcher) in &self.query {
            write!(f, ", query {name} {matcher}")?;
        }
        self.body.iter().try_for_each(|matcher| write!(f, ", body {matcher}"))
    }
}

/// What differs if none of several values fits.
fn any_of(matcher: &Matcher, values: Vec<String>) -> Option<String> {
    if values.is_empty() {
        return matcher.differences(None).into_iter().next();
    }
    let unfit = values.iter().all(|value| !matcher.fits(Some(value)));
    unfit.then(|| matcher.differences(values.first().map(String::as_str)).join(", "))
}

/// Makes sure that the contract has an operation of this key.
///
/// # Errors
/// A problem naming the nearest ones.
pub fn known(contract: &Contract, key: &str) -> Result<(), Problem> {
    if contract.operations().iter().any(|operation| operation.key() == key) {
        return Ok(());
    }
    let (method, path) = key.split_once(' ').unwrap_or(("GET", key));
    let hint = crate::api::nearest::hint(contract, method, path);
    Err(Problem::bad_request(format!("there is no operation {key:?}"), hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(written: Value) -> Result<Pattern, Problem> {
        Pattern::read(serde_json::from_value(written).expect("a pattern"), Contract::corrected())
    }

    #[test]
    fn a_request_fits_if_every_part_of_the_pattern_does() {
        let entry = Entry::sample(1);
        for (written, fits) in [
            (json!({}), true),
            (json!({"method": "ANY"}), true),
            (json!({"method": "post", "urlPath": "/api/v2/track/sale"}), true),
            (json!({"url": "/api/v2/track/sale"}), false),
            (json!({"urlPattern": "/api/v2/track/.*\\?via=.*"}), true),
            (json!({"urlPathPattern": "/api/v2/track/(sale|refund)"}), true),
            (json!({"operation": "POST /api/v2/track/sale"}), true),
            (json!({"operation": "POST /api/v2/track/refund"}), false),
            (json!({"headers": {"X-Tag": {"equalTo": "b"}}}), true),
            (json!({"headers": {"X-Tag": {"equalTo": "c"}}}), false),
            (json!({"headers": {"x-none": {"absent": true}}}), true),
            (json!({"queryParameters": {"via": {"equalTo": "test"}}}), true),
            (json!({"bodyPatterns": [{"contains": "bob"}, {"matchesJsonPath": "$.amount"}]}), true),
            (json!({"bodyPatterns": [{"contains": "bob"}, {"contains": "alice"}]}), false),
        ] {
            let pattern = read(written.clone()).expect("one that makes sense");
            assert_eq!(pattern.fits(&entry), fits, "{written}: {:?}", pattern.differences(&entry));
        }
    }

    #[test]
    fn a_pattern_that_makes_no_sense_is_refused() {
        for written in [
            json!({"urlPattern": "("}),
            json!({"headers": {"x": {}}}),
            json!({"operation": "POST /api/v2/track/sail"}),
            json!({"bodyPatterns": [{"matches": "["}]}),
        ] {
            assert!(read(written.clone()).is_err(), "{written}");
        }
    }
}
