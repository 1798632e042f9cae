//! Traffic compared with a contract: what the service does that the contract does not say, and an overlay that
//! would say it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Change;
use super::learned::Learned;
use crate::check::Judgement;
use crate::contract::{Contract, Document, Role};
use crate::params;
use crate::recording::{Recording, Subject};
use crate::report::Sighting;
use crate::violation::{Side, Violation};

/// Values of one enum that are learned.
const MOST_VALUES: usize = 50;
/// The largest body that is kept as a witness, as text.
const LARGEST_WITNESS: usize = 4_096;

/// Gathers what strict judging finds into changes. Give it judgements by [`Rules::strict`](crate::Rules::strict).
#[derive(Debug, Default)]
pub struct Observer {
    seen: BTreeMap<Key, Seen>,
    mask: bool,
}

/// Operation, side, code, pointer with `*` for indexes.
type Key = (String, Side, &'static str, String);

#[derive(Debug)]
struct Seen {
    violation: Violation,
    count: u64,
    first: Sighting,
    learned: Learned,
    values: BTreeSet<String>,
    witness: Option<Value>,
}

impl Observer {
    /// An observer; with `mask`, it keeps no value of a message.
    #[must_use]
    pub fn new(mask: bool) -> Observer {
        Observer { mask, ..Observer::default() }
    }

    /// Adds one judged exchange or payload. What was wrong with a request that the service refused is the
    /// client's business and no change.
    pub fn observe(&mut self, judgement: &Judgement, subject: &Subject, sighting: &Sighting) {
        let bodies = Bodies::of(subject);
        for violation in &judgement.violations {
            if violation.side == Side::Request && !bodies.accepted {
                continue;
            }
            let Some(code) = change_code(violation) else { continue };
            let operation = violation.operation.clone().unwrap_or_default();
            let key = (operation, violation.side, code, without_indexes(&violation.pointer));
            let value = bodies.value(violation);
            let seen = self.seen.entry(key).or_insert_with(|| Seen {
                violation: if self.mask { violation.clone().masked() } else { violation.clone() },
                count: 0,
                first: sighting.clone(),
                learned: Learned::default(),
                values: BTreeSet::new(),
                witness: if self.mask { None } else { bodies.witness(violation) },
            });
            seen.count += 1;
            if let Some(value) = value {
                seen.learned.see(&value);
                if seen.values.len() < MOST_VALUES {
                    seen.values.insert(value.to_string());
                }
            }
        }
    }

    /// What the traffic shows beyond the contract.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let change = |((operation, side, code, pointer), seen): (&Key, &Seen)| Change {
            code,
            breaking: *side == Side::Response && !matches!(*code, "field-added" | "status-added"),
            operation: operation.clone(),
            side: Some(*side),
            pointer: pointer.clone(),
            message: format!(
                "{}, seen {} times, first at {}:{}",
                seen.violation.message, seen.count, seen.first.file, seen.first.line
            ),
            witness: seen.witness.clone(),
            position: seen.violation.position.clone(),
        };
        self.seen.iter().map(change).collect()
    }

    /// For each document an overlay that makes the traffic conform, for review: document name and text.
    #[must_use]
    pub fn overlays(&self, contract: &Contract) -> Vec<(String, String)> {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        let mut done: BTreeSet<(String, String)> = BTreeSet::new();
        for ((operation, _, code, _), seen) in &self.seen {
            let Some(document) = document_of(contract, operation) else { continue };
            for (target, what) in seen.actions(code, document) {
                if !done.insert((target.clone(), what.clone())) {
                    continue;
                }
                let text = texts.entry(document.name()).or_insert_with(|| header(document));
                let description = format!(
                    "{} Seen {} times, first at {}:{} ({operation})",
                    title(code),
                    seen.count,
                    seen.first.file,
                    seen.first.line
                );
                let _ = writeln!(text, "  - target: {}", Value::from(target));
                let _ = writeln!(text, "    description: {}", Value::from(description));
                let _ = writeln!(text, "    {what}");
            }
        }
        texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
    }
}

/// The change that a violation amounts to; `None` for what says nothing about the service.
fn change_code(violation: &Violation) -> Option<&'static str> {
    Some(match violation.code {
        "undeclared-field" => "field-added",
        "undeclared-parameter" => "parameter-added",
        "missing-field" => "field-optional",
        "wrong-type" if violation.found == "null" => "null-allowed",
        "wrong-type" => "type-changed",
        "wrong-value" => "enum-value-added",
        "wrong-format" => "format-changed",
        "wrong-pattern" => "pattern-changed",
        "out-of-range" | "wrong-length" | "duplicate-items" => "limit-changed",
        "undeclared-status" => "status-added",
        "undeclared-media-type" => "media-type-added",
        _ => return None,
    })
}

fn title(code: &str) -> &'static str {
    match code {
        "field-added" => "A field that is not declared.",
        "parameter-added" => "A parameter that is not declared.",
        "field-optional" => "A required field that is not always there.",
        "null-allowed" => "Null where a value is declared.",
        "type-changed" => "A value of another type.",
        "enum-value-added" => "A value that the enum lacks.",
        "status-added" => "A status that is not declared.",
        _ => "A value beyond what is declared.",
    }
}

impl Seen {
    /// Targets and what to do there, as a line of an overlay's action.
    fn actions(&self, code: &str, document: &Document) -> Vec<(String, String)> {
        let Some(rule) = self.violation.rule.as_deref() else { return Vec::new() };
        let update = |value: Value| format!("update: {value}");
        let (owner, keyword) = rule.rsplit_once('/').unwrap_or_default();
        let field = last_step(&self.violation.pointer);
        match code {
            "field-added" => {
                let Some((schema, _)) = document.resolve(rule.to_owned()) else { return Vec::new() };
                vec![(path(&schema), update(json!({"properties": {field: self.learned.schema()}})))]
            }
            "field-optional" if keyword == "required" => {
                let name = field.replace('\\', "\\\\").replace('\'', "\\'");
                vec![(format!("{}[?@ == '{name}']", path(rule)), "remove: true".to_owned())]
            }
            "null-allowed" => vec![(path(owner), update(json!({"nullable": true})))],
            "type-changed" if keyword == "type" => self.widened_type(owner, rule, document),
            "enum-value-added" if keyword == "enum" => {
                let values: Vec<Value> =
                    self.values.iter().filter_map(|value| serde_json::from_str(value).ok()).collect();
                vec![(path(rule), update(values.into()))]
            }
            "format-changed" | "pattern-changed" | "limit-changed" => {
                vec![(path(rule), "remove: true".to_owned())]
            }
            "status-added" => {
                let reply = json!({"description": "Seen in traffic", "content": {"application/json": {"schema": self.learned.schema()}}});
                vec![(path(rule), update(json!({self.violation.found.as_str(): reply})))]
            }
            _ => Vec::new(),
        }
    }

    /// A type cannot be a list in OpenAPI 3.0, so the alternatives go into an `anyOf`.
    fn widened_type(&self, owner: &str, rule: &str, document: &Document) -> Vec<(String, String)> {
        let declared = document.at(rule).cloned().unwrap_or(Value::Null);
        let learned = self.learned.schema();
        if declared == "integer" && learned == json!({"type": "number"}) {
            return vec![(path(owner), format!("update: {learned}"))];
        }
        let alternatives = json!({"anyOf": [{"type": declared}, learned]});
        vec![(path(rule), "remove: true".to_owned()), (path(owner), format!("update: {alternatives}"))]
    }
}

/// The bodies of one exchange as values.
struct Bodies {
    request: Value,
    reply: Value,
    accepted: bool,
}

impl Bodies {
    fn of(subject: &Subject) -> Bodies {
        match subject {
            Subject::Webhook { body, .. } => Bodies {
                request: Value::Null,
                reply: serde_json::from_slice(body).unwrap_or(Value::Null),
                accepted: true,
            },
            Subject::Exchange(recording) => Bodies {
                request: parameters(recording),
                reply: recording
                    .response
                    .as_ref()
                    .and_then(|response| serde_json::from_slice(&response.body).ok())
                    .unwrap_or(Value::Null),
                accepted: recording.response.as_ref().is_some_and(|response| response.status < 400),
            },
        }
    }

    /// The value that a violation is about.
    fn value(&self, violation: &Violation) -> Option<Value> {
        let body = if violation.side == Side::Request { &self.request } else { &self.reply };
        match violation.code {
            "undeclared-status" => Some(body.clone()),
            _ => {
                let below = ["/body", "/query"]
                    .into_iter()
                    .find_map(|place| violation.pointer.strip_prefix(place))?;
                body.pointer(below).cloned()
            }
        }
    }

    fn witness(&self, violation: &Violation) -> Option<Value> {
        let body = if violation.side == Side::Request { &self.request } else { &self.reply };
        if !body.is_null() && body.to_string().len() <= LARGEST_WITNESS {
            return Some(body.clone());
        }
        self.value(violation).filter(|value| value.to_string().len() <= LARGEST_WITNESS)
    }
}

fn parameters(recording: &Recording) -> Value {
    params::read(&recording.as_exchange().request)
        .map_or(Value::Null, |params| Value::Object(params.into_root()))
}

/// The document that describes an operation or a webhook event.
fn document_of<'c>(contract: &'c Contract, operation: &str) -> Option<&'c Document> {
    if operation.starts_with("webhook ") {
        return contract.documents().iter().find(|document| document.role() == Role::Webhooks);
    }
    let found = contract.operations().iter().find(|known| known.key() == operation)?;
    contract.documents().get(found.document)
}

fn header(document: &Document) -> String {
    format!(
        "# Learned from traffic by fp-contract: read it before you use it.\noverlay: 1.0.0\n\
         info: {{ title: Learned from traffic, version: 1.0.0 }}\nextends: {}\nactions:\n",
        document.name()
    )
}

/// A JSON pointer as JSONPath.
fn path(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).map(|step| {
        let name = step.replace("~1", "/").replace("~0", "~").replace('\\', "\\\\").replace('\'', "\\'");
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) && !is_status(&name) {
            format!("[{name}]")
        } else {
            format!("['{name}']")
        }
    });
    format!("${}", steps.collect::<String>())
}

/// Statuses are keys, not indexes.
fn is_status(name: &str) -> bool {
    name.len() == 3
}

fn last_step(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    step.replace("~1", "/").replace("~0", "~")
}

fn without_indexes(pointer: &str) -> String {
    let is_index = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|step| if is_index(step) { "*" } else { step }).collect::<Vec<_>>().join("/")
}
