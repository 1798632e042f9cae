//! Parameters that cannot be read at all.

use super::{Case, Judgement};
use crate::params::ParamError;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    let Err(error) = case.params else { return };
    let (code, pointer) = match error {
        ParamError::MalformedJson { .. } => ("malformed-json", "/body"),
        ParamError::DuplicateKey { .. } => ("duplicate-key", "/body"),
        ParamError::BodyNotAnObject { .. } => ("wrong-type", "/body"),
        ParamError::InvalidUtf8 { place, .. } => ("invalid-utf8", pointer_of(place)),
        ParamError::InvalidPercentEncoding { place, .. } => ("invalid-percent-encoding", pointer_of(place)),
        ParamError::TooDeep { .. } => ("too-deep", ""),
        ParamError::Conflict { .. } => ("conflicting-parameter", ""),
        ParamError::UnsupportedContentType { .. } => ("unsupported-media-type", "/header/content-type"),
        ParamError::UnsupportedCharset { .. } => ("unsupported-charset", "/header/content-type"),
    };
    let message = error.to_string();
    let (expected, found) = message.split_once(", found ").unwrap_or((&message, "something else"));
    let expected = expected.strip_prefix("expected ").unwrap_or(expected);
    judgement.violate(Violation::new(code, Side::Request, pointer, expected, found));
}

fn pointer_of(place: &str) -> &'static str {
    if place == "query" { "/query" } else { "/body" }
}
