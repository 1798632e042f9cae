//! Headers that a reply declares.

use serde_json::Value;

use super::plan::Reply;
use super::{Case, Judgement};
use crate::exchange::Response;
use crate::schema::{coerce, judge};
use crate::source::pointer_step;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, response: &Response<'_>, reply: &Reply, judgement: &mut Judgement) {
    let documents = case.contract.documents();
    for header in &reply.headers {
        let pointer = || pointer_step("/header", &header.name.to_ascii_lowercase());
        let Some(text) = response.header(&header.name) else {
            if header.required {
                let expected = format!("the header `{}`", header.name);
                judgement.violate(
                    Violation::new("missing-header", Side::Response, pointer(), expected, "none")
                        .against(case.document, &header.pointer),
                );
            }
            continue;
        };
        let value = coerce(case.document.root(), &header.source, Value::String(text.to_owned()));
        if header.schema.gate(documents).admits(&value) {
            continue;
        }
        let pointer = pointer();
        let place = |below: &str| format!("{pointer}{below}");
        for violation in judge(&header.schema, documents, &case.contract.bench().registries, &value, &place) {
            judgement.violate(violation);
        }
    }
}
