//! The request body by its schema. What the query brings beyond its own parameters counts as body, and a form
//! counts as JSON: the service reads all three into one tree.
//!
//! Evidence: service behaviour notes (query, form and JSON mean the same)

use serde_json::{Map, Value};

use super::plan::{Content, Place, RequestBody, content_for};
use super::{Case, Judgement, place_of};
use crate::params::{Params, Source};
use crate::schema::{coerce, judge};
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    let (Some(body), Ok(params)) = (&case.plan.body, case.params) else { return };
    if admits_plain_json(case, body, params) {
        return;
    }
    let fields = body_fields(case, params);
    if fields.is_empty() && is_blank(case.exchange.request.body) {
        if body.required {
            judgement.violate(missing(case, body));
        }
        return;
    }
    let Some(schema) = content(case, body).and_then(|content| content.schema.as_ref()) else {
        judgement.skip("no-schema", Side::Request, "the request body is declared without a schema");
        return;
    };
    let documents = case.contract.documents();
    let (root, source) = (case.document.root(), schema.source(documents));
    let value = coerce_text(root, source, fields, params);
    let place = |pointer: &str| {
        let name = pointer.split('/').nth(1).unwrap_or_default().replace("~1", "/").replace("~0", "~");
        let place = if params.get(&name).is_some() { place_of(params, &name) } else { "/body" };
        format!("{place}{pointer}")
    };
    for violation in judge(schema, documents, &case.contract.bench().registries, &value, &place) {
        judgement.violate(violation);
    }
}

/// Whether the parameters are all of a JSON body that surely keeps to its schema: nothing to sort or to read first.
fn admits_plain_json(case: &Case<'_>, body: &RequestBody, params: &Params) -> bool {
    let schema = || content(case, body).and_then(|content| content.schema.as_ref());
    params.are_all_from(Source::Json)
        && schema().is_some_and(|schema| schema.gate(case.contract.documents()).admits_fields(params.root()))
}

/// All parameters but those of the query that are declared as such.
fn body_fields(case: &Case<'_>, params: &Params) -> Map<String, Value> {
    let is_query = |name: &str| {
        params.source(name) == Some(Source::Query)
            && case.plan.parameters.iter().any(|known| known.place == Place::Query && known.steps[0] == name)
    };
    params
        .root()
        .iter()
        .filter(|(name, _)| !is_query(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Reads text as the schema means it, where it came as text.
fn coerce_text(root: &Value, schema: &Value, fields: Map<String, Value>, params: &Params) -> Value {
    let (text, typed): (Map<_, _>, Map<_, _>) =
        fields.into_iter().partition(|(name, _)| params.source(name) != Some(Source::Json));
    let mut value = coerce(root, schema, Value::Object(text));
    if let Value::Object(map) = &mut value {
        map.extend(typed);
    }
    value
}

fn content<'c>(case: &Case<'_>, body: &'c RequestBody) -> Option<&'c Content> {
    let sent = case.exchange.request.header("content-type");
    let named = sent.and_then(|sent| content_for(&body.content, sent));
    named.map(|(content, _)| content).or_else(|| body.content.first())
}

fn missing(case: &Case<'_>, body: &RequestBody) -> Violation {
    Violation::new("missing-body", Side::Request, "/body", "a request body", "none")
        .against(case.document, &body.pointer)
}

fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}
