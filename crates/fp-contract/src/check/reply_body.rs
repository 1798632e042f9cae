//! The reply's media type and body.

use super::plan::{Content, Reply, content_for};
use super::{Case, Judgement};
use crate::content_coding::decoded;
use crate::exchange::Response;
use crate::schema::{judge, read_body};
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, response: &Response<'_>, reply: &Reply, judgement: &mut Judgement) {
    let bodiless = matches!(response.status, 204 | 205 | 304) || case.exchange.request.method == "HEAD";
    match (response.body.is_empty(), reply.content.is_empty()) {
        (true, true) => {}
        (true, false) if bodiless => {}
        (true, false) => {
            let expected = format!("a body of {}", ranges(reply));
            judgement.violate(
                Violation::new("missing-body", Side::Response, "/body", expected, "none")
                    .against(case.document, &rule(reply)),
            );
        }
        (false, true) if bodiless => {
            let found = format!("{} bytes", response.body.len());
            judgement.violate(Violation::new("unexpected-body", Side::Response, "/body", "no body", found));
        }
        (false, true) => {
            let message = format!("the status {} is declared without a body", response.status);
            judgement.skip("no-schema", Side::Response, message);
        }
        (false, false) => {
            if let Some((content, is_json)) = content(case, response, reply, judgement) {
                check_body(case, response, (content, is_json), judgement);
            }
        }
    }
}

fn rule(reply: &Reply) -> String {
    format!("{}/content", reply.pointer)
}

fn ranges(reply: &Reply) -> String {
    reply.content.iter().map(|content| content.range.as_str()).collect::<Vec<_>>().join(" or ")
}

/// The declared content for the reply's media type, and whether that is JSON. Without a type the first one is meant,
/// and that is told.
fn content<'r>(
    case: &Case<'_>,
    response: &Response<'_>,
    reply: &'r Reply,
    judgement: &mut Judgement,
) -> Option<(&'r Content, bool)> {
    const AT: &str = "/header/content-type";
    let Some(sent) = response.header("content-type") else {
        judgement.violate(
            Violation::new("missing-content-type", Side::Response, AT, ranges(reply), "none")
                .against(case.document, &rule(reply)),
        );
        let first = reply.content.first()?;
        return first.media_type.is_some().then(|| (first, first.is_json()));
    };
    let found = content_for(&reply.content, sent);
    if found.is_none() {
        let violation =
            Violation::new("undeclared-media-type", Side::Response, AT, ranges(reply), format!("`{sent}`"));
        judgement.violate(violation.against(case.document, &rule(reply)));
        judgement.skip("unknown-media-type", Side::Response, format!("no schema for bodies of {sent}"));
    }
    found
}

fn check_body(
    case: &Case<'_>,
    response: &Response<'_>,
    (content, is_json): (&Content, bool),
    judgement: &mut Judgement,
) {
    let body = match decoded(response.header("content-encoding").unwrap_or_default(), response.body) {
        Ok(body) => body,
        Err(reason) => {
            judgement.skip("encoded-body", Side::Response, reason);
            return;
        }
    };
    if !is_json {
        // The type itself was judged; nothing is declared about the text.
        return;
    }
    let documents = case.contract.documents();
    if content.schema.as_ref().is_some_and(|schema| schema.gate(documents).admits_text(&body)) {
        return;
    }
    let value = match read_body(&body) {
        Ok(value) => value,
        Err(error) => {
            judgement.violate(Violation::new(
                error.code,
                Side::Response,
                "/body",
                error.expected,
                error.found,
            ));
            return;
        }
    };
    let Some(schema) = &content.schema else {
        judgement.skip("no-schema", Side::Response, format!("no schema for bodies of {}", content.range));
        return;
    };
    let place = |pointer: &str| format!("/body{pointer}");
    for violation in judge(schema, documents, &case.contract.bench().registries, &value, &place) {
        judgement.violate(violation);
    }
}
