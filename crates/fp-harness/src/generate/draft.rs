//! A request before it is written down: its parts by name, so that a fault can be put into one of them.

use fp_contract::params;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::blueprint::{Blueprint, Parameter, Place};
use super::pool::Pool;
use super::values::{Source, present};
use crate::client::Client;
use crate::exchange::Call;

/// A request in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Path parameters by name.
    pub path: Vec<(String, Value)>,
    /// The query as a tree.
    pub query: Map<String, Value>,
    /// The body.
    pub body: Option<Value>,
    /// Whether the body goes as a form (v1 only).
    pub as_form: bool,
}

impl Blueprint {
    /// Valid requests, values from `pool` preferred.
    pub fn drafts(&self, pool: &Pool) -> BoxedStrategy<Draft> {
        let source = Source { document: self.document, pool, path: &self.operation.path };
        let parameter = |parameter: &Parameter| {
            let name = parameter.keys().last().copied().unwrap_or_default().to_owned();
            let value = source.valid(&parameter.schema, &name);
            let must = parameter.required || parameter.place == Place::Path;
            let parameter = parameter.clone();
            present(must, 0.25, value).prop_map(move |value| (parameter.clone(), value)).boxed()
        };
        let parameters: Vec<_> = self.parameters.iter().map(parameter).collect();
        let body = match &self.body {
            None => Just(None).boxed(),
            Some((schema, _)) => source.valid(schema, "").prop_map(Some).boxed(),
        };
        let form = if self.is_v1() { any::<bool>().boxed() } else { Just(false).boxed() };
        (parameters, body, form)
            .prop_map(|(parameters, body, as_form)| {
                let mut draft = Draft { path: Vec::new(), query: Map::new(), body, as_form };
                for (parameter, value) in parameters {
                    let Some(value) = value else { continue };
                    match parameter.place {
                        Place::Path => draft.path.push((parameter.name.clone(), value)),
                        Place::Query => put(&mut draft.query, &parameter.keys(), value),
                    }
                }
                in_order(&mut draft.query);
                draft
            })
            .boxed()
    }
}

/// Parameters that bound a period, first and last: a schema cannot say that one is not after the other.
const PERIODS: [(&str, &str); 2] = [("start_date", "end_date"), ("period_from", "period_to")];

fn in_order(query: &mut Map<String, Value>) {
    for (first, last) in PERIODS {
        if let (Some(from), Some(to)) = (query.get(first).cloned(), query.get(last).cloned())
            && from.as_str() > to.as_str()
        {
            query.insert(first.to_owned(), to);
            query.insert(last.to_owned(), from);
        }
    }
}

/// Puts `value` where `keys` lead, making objects on the way.
pub(super) fn put(tree: &mut Map<String, Value>, keys: &[&str], value: Value) {
    match keys {
        [] => {}
        [last] => {
            tree.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let below = tree.entry((*first).to_owned()).or_insert_with(|| json!({}));
            if !below.is_object() {
                *below = json!({});
            }
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}

impl Draft {
    /// The request as it goes over the wire.
    pub fn call(&self, blueprint: &Blueprint, client: &Client<'_>) -> Call {
        let mut path = format!("{}{}", blueprint.operation.base, blueprint.operation.path);
        for (name, value) in &self.path {
            path = path.replace(&format!("{{{name}}}"), &escaped(&text(value)));
        }
        let query = params::encode(&self.query);
        let target = if query.is_empty() { path } else { format!("{path}?{query}") };
        let method = blueprint.operation.method.as_str();
        match (&self.body, self.as_form) {
            (Some(Value::Object(body)), true) => {
                let mut call = client.call(method, &target, &Value::Null);
                call.headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
                call.body = params::encode(body).into_bytes();
                call
            }
            (body, _) => client.call(method, &target, body.as_ref().unwrap_or(&Value::Null)),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A path segment, everything but unreserved characters percent-encoded.
fn escaped(segment: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    segment
        .bytes()
        .map(|byte| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
