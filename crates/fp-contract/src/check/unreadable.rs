//! Parameters that cannot be read at all.

use super::{Case, Judgement};
use crate::params::ParamError;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    let Err(error) = case.params else { return };
    let pointer = match error {
        ParamError::MalformedJson { .. }
        | ParamError::DuplicateKey { .. }
        | ParamError::BodyNotAnObject { .. } => "/body",
        ParamError::InvalidUtf8 { place, .. } | ParamError::InvalidPercentEncoding { place, .. } => {
            if *place == "query" { "/query" } else { "/body" }
        }
        ParamError::TooDeep { .. } | ParamError::Conflict { .. } => "",
        ParamError::UnsupportedContentType { .. } | ParamError::UnsupportedCharset { .. } => {
            "/header/content-type"
        }
    };
    let message = error.to_string();
    let (expected, found) = message.split_once(", found ").unwrap_or((&message, "something else"));
    let expected = expected.strip_prefix("expected ").unwrap_or(expected);
    judgement.violate(Violation::new(error.code(), Side::Request, pointer, expected, found));
}
