//! Operations and the words that name them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Which of the two front doors an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// The older API under `/api/v1`: key-value parameters, `x-api-key`.
    V1,
    /// The current API under `/api/v2`: JSON, bearer token, `Account-ID`.
    V2,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Version::V1 => "v1",
            Version::V2 => "v2",
        })
    }
}

/// The HTTP methods that the documents use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Every method, in the order of the enum.
    pub const ALL: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

    /// The method as it stands in a request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no method that an operation can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected one of GET, POST, PUT, PATCH, DELETE, found `{found}`")]
pub struct UnknownMethod {
    /// What was found instead.
    pub found: String,
}

impl FromStr for Method {
    type Err = UnknownMethod;

    /// Reads a method in any letter case: documents write `get`, request lines `GET`.
    fn from_str(text: &str) -> Result<Method, UnknownMethod> {
        Method::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownMethod { found: text.to_owned() })
    }
}

/// One operation of the contract: a method on a path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The API that it belongs to.
    pub version: Version,
    /// The path that all operations of its document share: `/api/v2`.
    pub base: String,
    /// Its method.
    pub method: Method,
    /// The template without the base: `/company/promoters/{id}`.
    pub path: String,
    /// The document's own name for it, if it has one.
    pub operation_id: Option<String>,
    /// Names of the template's parameters, from left to right.
    pub path_params: Vec<String>,
    /// Whether the service's own reference leaves it out (`x-beyond-reference`).
    pub beyond_reference: bool,
    pub(crate) document: usize,
    pub(crate) pointer: String,
    pub(crate) name: String,
}

impl Operation {
    /// The name used in reports and tables: `POST /api/v2/track/sale`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same, to be kept.
    #[must_use]
    pub fn key(&self) -> String {
        self.name.clone()
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The names between braces in a path template, from left to right.
pub(crate) fn template_params(template: &str) -> Vec<String> {
    template
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_read_in_any_case_and_written_in_capitals() {
        assert_eq!("delete".parse(), Ok(Method::Delete));
        assert_eq!(Method::Patch.to_string(), "PATCH");
        let unknown = "BREW".parse::<Method>().expect_err("no such method");
        assert_eq!(unknown.to_string(), "expected one of GET, POST, PUT, PATCH, DELETE, found `BREW`");
    }

    #[test]
    fn a_template_names_its_parameters_from_left_to_right() {
        assert_eq!(template_params("/a/{b_id}/c/{d}"), ["b_id", "d"]);
        assert!(template_params("/a/b").is_empty());
    }
}
