//! Path, query and header parameters: there when required, and as their schemas say.

use serde_json::Value;

use super::plan::{Parameter, Place};
use super::{Case, Judgement, place_of};
use crate::params::{Params, Source};
use crate::schema::{coerce, judge, wants_list};
use crate::source::pointer_step;
use crate::violation::{Side, Violation};

pub(super) fn check(case: &Case<'_>, judgement: &mut Judgement) {
    for parameter in &case.plan.parameters {
        match parameter.place {
            Place::Path => {
                let sent = case.path_params.iter().find(|(name, _)| *name == parameter.name);
                if let Some((name, text)) = sent {
                    let value = read(case, parameter, Value::String(text.clone()));
                    weigh(case, parameter, &value, &|| pointer_step("/path", name), judgement);
                }
            }
            Place::Header => check_header(case, parameter, judgement),
            Place::Query => {
                if let Ok(params) = case.params {
                    check_query(case, params, parameter, judgement);
                }
            }
        }
    }
}

fn check_header(case: &Case<'_>, parameter: &Parameter, judgement: &mut Judgement) {
    let pointer = || pointer_step("/header", &parameter.name.to_ascii_lowercase());
    match case.exchange.request.header(&parameter.name) {
        Some(text) => {
            let value = read(case, parameter, Value::String(text.to_owned()));
            weigh(case, parameter, &value, &pointer, judgement);
        }
        None if parameter.required => {
            let expected = format!("the header `{}`", parameter.name);
            judgement.violate(missing(case, parameter, pointer(), expected));
        }
        None => {}
    }
}

fn check_query(case: &Case<'_>, params: &Params, parameter: &Parameter, judgement: &mut Judgement) {
    let base = parameter.steps[0].as_str();
    let place = place_of(params, base);
    let pointer = |steps: &[String]| steps.iter().fold(place.to_owned(), |at, step| pointer_step(&at, step));
    let mut value = params.get(base);
    for (depth, step) in parameter.steps.iter().enumerate().skip(1) {
        match value {
            Some(Value::Object(map)) => value = map.get(step),
            Some(other) => {
                let at = pointer(&parameter.steps[..depth]);
                if !judgement.violations.iter().any(|violation| violation.pointer == at) {
                    judgement.violate(wrong_shape(case, parameter, at, other));
                }
                return;
            }
            None => break,
        }
    }
    match value {
        Some(value) => {
            let is_text = params.source(base) != Some(Source::Json);
            let value = if is_text { read(case, parameter, value.clone()) } else { value.clone() };
            weigh(case, parameter, &value, &|| pointer(&parameter.steps), judgement);
        }
        None if parameter.required => {
            let expected = format!("the parameter `{}`", parameter.name);
            judgement.violate(missing(case, parameter, pointer(&parameter.steps), expected));
        }
        None => {}
    }
}

/// Text as the schema means it. A list declared without brackets may come as one plain value.
fn read(case: &Case<'_>, parameter: &Parameter, value: Value) -> Value {
    let root = case.document.root();
    let schema = &parameter.source;
    let one_of_list = value.is_string() && !parameter.name.contains('[') && wants_list(root, schema);
    let value = if one_of_list { Value::Array(vec![value]) } else { value };
    coerce(root, schema, value)
}

/// `pointer` leads to the parameter.
fn weigh(
    case: &Case<'_>,
    parameter: &Parameter,
    value: &Value,
    pointer: &dyn Fn() -> String,
    judgement: &mut Judgement,
) {
    let documents = case.contract.documents();
    if parameter.schema.gate(documents).admits(value) {
        return;
    }
    let pointer = pointer();
    let place = |below: &str| format!("{pointer}{below}");
    for violation in judge(&parameter.schema, documents, &case.contract.bench().registries, value, &place) {
        let bracketed = parameter.name.strip_suffix("[]").filter(|_| value.is_string());
        judgement.violate(match bracketed {
            Some(name) => violation.with_hint(format!("write it as a list: `{name}[]=…`")),
            None => violation,
        });
    }
}

fn missing(case: &Case<'_>, parameter: &Parameter, pointer: String, expected: String) -> Violation {
    Violation::new("missing-parameter", Side::Request, pointer, expected, "none")
        .against(case.document, &parameter.pointer)
}

fn wrong_shape(case: &Case<'_>, parameter: &Parameter, pointer: String, found: &Value) -> Violation {
    let expected = format!("keys in brackets, as in `{}`", parameter.name);
    Violation::new("wrong-type", Side::Request, pointer, expected, crate::schema::describe(found))
        .with_kind(crate::params::kind_of(found))
        .against(case.document, &parameter.pointer)
        .with_hint(format!("write `{}=…`", parameter.name))
}
