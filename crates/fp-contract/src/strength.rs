//! How much a contract notices: which fields of a reply could vanish, or change their type, without a violation.

use serde::Serialize;
use serde_json::{Value, json};

use crate::check::plan::Plan;
use crate::contract::dialect::Edition;
use crate::contract::{Contract, Operation};
use crate::sample::Sampler;
use crate::schema::Schema;
use crate::source::pointer_step;
use crate::violation::Side;

/// What one contract notices in one reply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Fields that the reply's schema declares, at every depth; a list counts once.
    pub fields: usize,
    /// Those whose absence goes unnoticed, as JSON pointers.
    pub can_vanish: Vec<String>,
    /// Those that the document declares to come only at times: by `x-optional`, or as keys of a map.
    pub optional: Vec<String>,
    /// Those whose change to another type goes unnoticed.
    pub can_change_type: Vec<String>,
    /// Whether `{}` or `[{}]` passes as the whole body.
    pub accepts_empty: bool,
}

/// One reply of one operation, seen by two contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// The operation's key.
    pub operation: String,
    /// The reply's status as declared: `200`.
    pub status: String,
    /// By the first contract; `None` where it declares no JSON body for that status.
    pub before: Option<Score>,
    /// By the second.
    pub after: Option<Score>,
}

/// Weighs every 2xx reply with a JSON body of two contracts side by side, in the order of the second.
#[must_use]
pub fn compare(before: &Contract, after: &Contract) -> Vec<Strength> {
    let mut list = Vec::new();
    for operation in after.operations() {
        let key = operation.key();
        let old = before.operations().iter().find(|old| old.key() == key);
        let old = old.map_or_else(Vec::new, |old| scores(before, old));
        let new = scores(after, operation);
        let mut statuses: Vec<&String> = old.iter().chain(&new).map(|(status, _)| status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        for status in statuses {
            let of = |scores: &[(String, Score)]| {
                scores.iter().find(|(own, _)| own == status).map(|(_, score)| score.clone())
            };
            list.push(Strength {
                operation: key.clone(),
                status: status.clone(),
                before: of(&old),
                after: of(&new),
            });
        }
    }
    list
}

fn scores(contract: &Contract, operation: &Operation) -> Vec<(String, Score)> {
    let document = &contract.documents()[operation.document];
    let plan = Plan::of(operation, document, false);
    let replies = plan.replies.iter().filter(|reply| reply.status.starts_with('2'));
    let json = replies.filter_map(|reply| {
        let content = reply.content.iter().find(|content| content.range.contains("json"))?;
        Some((reply.status.clone(), score(contract, content.schema.as_ref()?)))
    });
    json.collect()
}

fn score(contract: &Contract, schema: &Schema) -> Score {
    let accepts = |schema: &Schema, value: &Value| {
        schema.accepts(contract.documents(), &contract.bench().registries, value)
    };
    let strict =
        Schema::new(schema.document, schema.pointer.clone(), Edition { strict: true, ..schema.edition });
    let source = schema.source(contract.documents());
    let sampler = Sampler::new(contract.documents()[schema.document].root(), Side::Response);
    // A field that only another alternative has is weighed there.
    let mut samples: Vec<Value> = Vec::new();
    for alternative in 0..4 {
        let sample = sampler.with_alternative(alternative).sample(source);
        if accepts(schema, &sample) && !samples.contains(&sample) {
            samples.push(sample);
        }
    }
    let empty = [json!({}), json!([{}])];
    let mut score =
        Score { accepts_empty: empty.iter().any(|body| accepts(schema, body)), ..Score::default() };
    let mut seen: Vec<String> = Vec::new();
    for mut sample in samples {
        let is_whole = accepts(&strict, &sample);
        for pointer in field_pointers(&sample) {
            if seen.contains(&pointer) {
                continue;
            }
            score.fields += 1;
            let lacking = without(&sample, &pointer);
            if accepts(schema, &lacking) {
                // Strict rules ask for every field but those that are declared to come only at times.
                let declared = is_whole && accepts(&strict, &lacking);
                if declared { &mut score.optional } else { &mut score.can_vanish }.push(pointer.clone());
            }
            if passes_changed(&mut sample, &pointer, &|value| accepts(schema, value)) {
                score.can_change_type.push(pointer.clone());
            }
            seen.push(pointer);
        }
    }
    score
}

/// Whether the value passes with another type in place of what is at a pointer. Null is no change of type but an
/// absence. The value is the same afterwards.
fn passes_changed(value: &mut Value, pointer: &str, accepts: &dyn Fn(&Value) -> bool) -> bool {
    let Some(own) = value.pointer(pointer).cloned() else { return false };
    let others =
        [json!("text"), json!("2025-01-15"), json!(1.5), json!(1), json!(true), json!({}), json!([])];
    let differs = |other: &Value| std::mem::discriminant(other) != std::mem::discriminant(&own);
    let mut passes = false;
    for other in others.into_iter().filter(differs) {
        put(value, pointer, other);
        passes = accepts(value);
        if passes {
            break;
        }
    }
    put(value, pointer, own);
    passes
}

/// The pointers of all members of objects, at every depth. Only the first item of a list is looked into.
pub(crate) fn field_pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_fields(value, "", &mut found);
    found
}

fn collect_fields(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, field) in map {
                let at = pointer_step(pointer, name);
                found.push(at.clone());
                collect_fields(field, &at, found);
            }
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                collect_fields(first, &format!("{pointer}/0"), found);
            }
        }
        _ => {}
    }
}

/// A value without the member at a pointer.
pub(crate) fn without(value: &Value, pointer: &str) -> Value {
    let mut value = value.clone();
    let (owner, step) = pointer.rsplit_once('/').unwrap_or_default();
    if let Some(Value::Object(map)) = value.pointer_mut(owner) {
        map.shift_remove(&step.replace("~1", "/").replace("~0", "~"));
    }
    value
}

/// Puts another value at a pointer.
pub(crate) fn put(value: &mut Value, pointer: &str, other: Value) {
    if let Some(place) = value.pointer_mut(pointer) {
        *place = other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corrected_contract_notices_what_the_published_one_lets_pass() {
        let strengths = compare(Contract::published(), Contract::corrected());
        assert!(strengths.len() > 80, "{} replies", strengths.len());
        let v2 = || strengths.iter().filter(|strength| strength.operation.contains("/api/v2/"));
        let unnoticed = |score: &Option<Score>| score.as_ref().map_or(0, |score| score.can_vanish.len());
        let before: usize = v2().map(|strength| unnoticed(&strength.before)).sum();
        let after: usize = v2().map(|strength| unnoticed(&strength.after)).sum();
        assert!(after * 20 < before, "{after} of {before} fields could still vanish");
    }
}
