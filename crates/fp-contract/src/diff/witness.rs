//! A value that one schema takes and the other refuses, and that differs from a plain one at one place only.

use serde_json::{Value, json};

use super::schemas::Difference;
use crate::contract::Contract;
use crate::sample::Sampler;
use crate::schema::Schema;
use crate::strength::{put, without};

/// A schema within its contract.
#[derive(Clone, Copy)]
pub(crate) struct Held<'c> {
    pub(crate) contract: &'c Contract,
    pub(crate) schema: &'c Schema,
}

impl Held<'_> {
    fn accepts(&self, value: &Value) -> bool {
        self.schema.accepts(self.contract.documents(), &self.contract.bench().registries, value)
    }

    fn samples(&self) -> Vec<Value> {
        let documents = self.contract.documents();
        let root = documents[self.schema.document].root();
        let sampler = Sampler::new(root, self.schema.edition.side);
        let source = self.schema.source(documents);
        (0..3).map(|alternative| sampler.with_alternative(alternative).sample(source)).collect()
    }
}

/// Searches for a witness of a difference. `None` when nothing plain shows the difference.
pub(crate) fn find(takes: Held<'_>, refuses: Held<'_>, difference: &Difference) -> Option<Value> {
    let pointer = difference.pointer.as_str();
    let mut bases = takes.samples();
    bases.extend(refuses.samples());
    // Best is a value that both take: what is changed in it then is the only difference.
    bases.sort_by_key(|base| (!refuses.accepts(base), !takes.accepts(base)));
    let shows = |value: &Value| takes.accepts(value) && !refuses.accepts(value);
    for base in &bases {
        if base.pointer(pointer).is_some() {
            let lacking = without(base, pointer);
            if shows(&lacking) {
                return Some(lacking);
            }
        }
        for candidate in difference.examples.iter().cloned().chain(candidates(&bases, pointer)) {
            let mut value = base.clone();
            if pointer.is_empty() {
                value = candidate;
            } else if base.pointer(pointer).is_some() {
                put(&mut value, pointer, candidate);
            } else if !add(&mut value, pointer, candidate) {
                break;
            }
            if shows(&value) {
                return Some(value);
            }
        }
    }
    bases.into_iter().find(|base| shows(base))
}

/// What may stand at the pointer: null, every type, the values that samples have there, and numbers and texts
/// about the usual limits.
fn candidates(bases: &[Value], pointer: &str) -> Vec<Value> {
    let mut list: Vec<Value> = bases.iter().filter_map(|base| base.pointer(pointer)).cloned().collect();
    list.extend([
        Value::Null,
        json!("text"),
        json!(1),
        json!(1.5),
        json!(true),
        json!({}),
        json!([]),
        json!(""),
        json!("2025-01-15"),
        json!("2025-01-15T10:30:00Z"),
        json!("a@b.example"),
        json!("https://x.example/"),
        json!("x".repeat(300)),
        json!(0),
        json!(-1),
        json!(100),
        json!(101),
        json!(1_000_000),
        json!("true"),
        json!("1"),
    ]);
    list
}

/// Adds a field where its object is there.
fn add(value: &mut Value, pointer: &str, field: Value) -> bool {
    let Some((owner, step)) = pointer.rsplit_once('/') else { return false };
    match value.pointer_mut(owner) {
        Some(Value::Object(map)) => {
            map.insert(step.replace("~1", "/").replace("~0", "~"), field);
            true
        }
        _ => false,
    }
}
