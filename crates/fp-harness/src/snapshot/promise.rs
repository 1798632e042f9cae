//! What the contract promises of a place in a payload: the second witness beside what was seen.

use std::collections::BTreeSet;

use fp_contract::{Contract, Document, Operation, Role, WebhookSystem};
use serde_json::Value;

use crate::generate::blueprint::resolve;

/// What the contract says of one place in a payload. Compositions are laid side by side.
#[derive(Clone, Debug)]
pub struct Promise<'d> {
    document: &'d Document,
    parts: Vec<Part<'d>>,
    optional: bool,
}

/// A schema that concerns a place.
#[derive(Clone, Copy, Debug)]
struct Part<'d> {
    schema: &'d Value,
    /// The alternative that it belongs to, if it is one of several.
    branch: Option<usize>,
}

/// Compositions within compositions that are followed.
const DEPTH_LIMIT: usize = 12;

impl<'d> Promise<'d> {
    /// What an operation's reply of this status is; `None` where the contract declares no body for it.
    pub fn of_reply(contract: &'d Contract, operation: &Operation, status: u16) -> Option<Self> {
        let method = operation.method.as_str().to_lowercase();
        let reply = contract.documents().iter().find_map(|document| {
            let base = document.root().pointer("/servers/0/url")?.as_str()?;
            let entry = document.root().get("paths")?.get(&operation.path)?.get(&method)?;
            let reply = entry.get("responses")?.get(status.to_string())?;
            (document.role() == Role::Api && base.ends_with(&operation.base)).then_some((document, reply))
        });
        let (document, reply) = reply?;
        let schema = resolve(document, reply).pointer("/content/application~1json/schema")?;
        Some(Self::at(document, schema, false))
    }

    /// Whether the contract names this status for an operation at all.
    pub fn declares_status(contract: &Contract, operation: &Operation, status: u16) -> bool {
        let method = operation.method.as_str().to_lowercase();
        contract.documents().iter().any(|document| {
            let base = document.root().pointer("/servers/0/url").and_then(Value::as_str);
            let paths = document.root().get("paths");
            let entry = paths.and_then(|paths| paths.get(&operation.path)?.get(&method)?.get("responses"));
            base.is_some_and(|base| base.ends_with(&operation.base))
                && entry.is_some_and(|replies| replies.get(status.to_string()).is_some())
        })
    }

    /// What the payload of an event is.
    pub fn of_event(contract: &'d Contract, system: WebhookSystem, event_type: &str) -> Option<Self> {
        let document = contract.documents().iter().find(|document| document.role() == Role::Webhooks)?;
        let paths = document.root().get("paths")?;
        let schema = paths
            .get(format!("/{system}/{event_type}"))?
            .pointer("/post/requestBody/content/application~1json/schema")?;
        Some(Self::at(document, schema, false))
    }

    fn at(document: &'d Document, schema: &'d Value, optional: bool) -> Self {
        let mut parts = Vec::new();
        let mut branches = 0;
        lay_out(document, schema, None, &mut branches, &mut parts, 0);
        Self { document, parts, optional }
    }

    /// What is said of a field; `None` if none of this name is declared.
    pub fn field(&self, name: &str) -> Option<Self> {
        let own = |part: &Part<'d>| {
            let field = part.schema.get("properties")?.get(name)?;
            Some((part.branch, field))
        };
        let found: Vec<_> = self.parts.iter().filter_map(own).collect();
        let Some((_, first)) = found.first() else { return self.values() };
        let branches: BTreeSet<_> = self.parts.iter().filter_map(|part| part.branch).collect();
        let having: BTreeSet<_> = found.iter().filter_map(|(branch, _)| *branch).collect();
        let in_all = found.iter().any(|(branch, _)| branch.is_none()) || having.len() == branches.len();
        let mut promise = Self::at(self.document, first, !in_all);
        for (_, schema) in &found[1..] {
            promise.parts.extend(Self::at(self.document, schema, false).parts);
        }
        promise.optional |= found.iter().any(|(_, schema)| comes_at_times(self.document, schema));
        Some(promise)
    }

    /// What is said of the values of an object whose keys are data.
    pub fn values(&self) -> Option<Self> {
        let schema = self.parts.iter().find_map(|part| part.schema.get("additionalProperties"))?;
        schema.is_object().then(|| Self::at(self.document, schema, true))
    }

    /// What is said of the items of a list.
    pub fn items(&self) -> Option<Self> {
        let mut found = self.parts.iter().filter_map(|part| part.schema.get("items"));
        let mut promise = Self::at(self.document, found.next()?, false);
        for schema in found {
            promise.parts.extend(Self::at(self.document, schema, false).parts);
        }
        Some(promise)
    }

    /// Whether fields are named here.
    pub fn names_fields(&self) -> bool {
        self.parts.iter().any(|part| {
            part.schema.get("properties").and_then(Value::as_object).is_some_and(|fields| !fields.is_empty())
        })
    }

    /// The names of the fields that are declared here.
    pub fn field_names(&self) -> BTreeSet<&'d str> {
        let named = |part: &Part<'d>| part.schema.get("properties").and_then(Value::as_object);
        self.parts.iter().filter_map(named).flat_map(|fields| fields.keys()).map(String::as_str).collect()
    }

    /// Whether the contract says that the field comes at times only.
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// Whether null is foreseen.
    pub fn allows_null(&self) -> bool {
        let nullable = |part: &Part<'_>| part.schema.get("nullable") == Some(&Value::Bool(true));
        self.is_open() || self.parts.iter().any(nullable)
    }

    /// Whether a value of this type is foreseen by name: `string`, `integer`, `number`, `object`…
    pub fn declares(&self, kind: &str) -> bool {
        self.parts.iter().any(|part| match part.schema.get("type").and_then(Value::as_str) {
            Some(declared) => declared == kind,
            None => kind == "object" && part.schema.get("properties").is_some(),
        })
    }

    /// Whether a value of this type is foreseen, by name or because anything goes.
    pub fn allows(&self, kind: &str) -> bool {
        self.is_open() || self.declares(kind) || (kind == "integer" && self.declares("number"))
    }

    /// Whether texts of this format are demanded.
    pub fn declares_format(&self) -> bool {
        self.parts.iter().any(|part| part.schema.get("format").is_some())
    }

    /// The values of the enumeration, if there is one.
    pub fn enumeration(&self) -> BTreeSet<&'d str> {
        let values = self.parts.iter().filter_map(|part| part.schema.get("enum")?.as_array()).flatten();
        values.filter_map(Value::as_str).collect()
    }

    /// Whether nothing is said of the type: anything goes.
    fn is_open(&self) -> bool {
        let says =
            |part: &Part<'_>| ["type", "properties", "enum"].iter().any(|k| part.schema.get(k).is_some());
        !self.parts.iter().any(says)
    }
}

/// A schema and everything it is composed of.
fn lay_out<'d>(
    document: &'d Document,
    schema: &'d Value,
    branch: Option<usize>,
    branches: &mut usize,
    parts: &mut Vec<Part<'d>>,
    depth: usize,
) {
    let schema = resolve(document, schema);
    if depth > DEPTH_LIMIT {
        return;
    }
    parts.push(Part { schema, branch });
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        lay_out(document, part, branch, branches, parts, depth + 1);
    }
    for keyword in ["oneOf", "anyOf"] {
        for alternative in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            *branches += 1;
            let own = Some(*branches);
            lay_out(document, alternative, own, branches, parts, depth + 1);
        }
    }
}

fn comes_at_times(document: &Document, schema: &Value) -> bool {
    schema.get("x-optional").or_else(|| resolve(document, schema).get("x-optional")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fp_contract::Resolution;

    fn reply(method: &str, path: &str) -> Promise<'static> {
        let contract = Contract::corrected();
        let Resolution::Found(found) = contract.resolve(method, path) else { panic!("{method} {path}") };
        Promise::of_reply(contract, found.operation, 200).expect("a body")
    }

    #[test]
    fn places_of_a_reply_say_what_may_stand_there() {
        let promoter = reply("GET", "/api/v2/company/promoters/7");
        assert!(promoter.field("id").expect("an id").declares("integer"));
        assert!(promoter.field("cust_id").expect("a cust_id").allows_null());
        assert!(!promoter.field("id").expect("an id").allows_null());
        assert!(promoter.field("no_such_field").is_none());
        let campaigns = promoter.field("promoter_campaigns").expect("campaigns").items().expect("items");
        let states = campaigns.field("state").expect("a state").enumeration();
        assert!(states.contains("accepted") && states.contains("blocked"), "{states:?}");
    }

    #[test]
    fn payloads_of_events_are_promised_too() {
        let contract = Contract::corrected();
        let promise = Promise::of_event(contract, WebhookSystem::V2, "commission.created").expect("a body");
        assert!(promise.field("data").expect("data").field("amount").is_some());
        assert!(Promise::of_event(contract, WebhookSystem::V2, "commission.invented").is_none());
    }
}
