//! Two schemas compared, field by field.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::Shape;
use crate::sample::OTHER_KEY;
use crate::source::pointer_step;
use crate::violation::Side;

/// Levels of fields that are compared.
const DEPTH_LIMIT: usize = 16;

/// A difference between two schemas, located in the value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    pub(crate) code: &'static str,
    pub(crate) effect: Effect,
    pub(crate) pointer: String,
    pub(crate) message: String,
    /// Values that the difference is about, where it is about some.
    pub(crate) examples: Vec<Value>,
}

/// What a difference does to the set of values that pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Fewer pass.
    Narrower,
    /// More pass.
    Wider,
    /// A field that the other side may rely on is no longer described.
    Forgotten,
    /// Nothing that passed fails, nothing that failed passes.
    None,
}

impl Effect {
    /// Clients break when their requests are refused, or when replies hold what they were never told of.
    pub(crate) fn is_breaking(self, side: Side) -> bool {
        match side {
            Side::Request => self == Effect::Narrower,
            Side::Response => matches!(self, Effect::Wider | Effect::Forgotten),
        }
    }
}

/// Compares two schemas, each within its own document.
pub(crate) fn compare(old: (&Value, &Value), new: (&Value, &Value)) -> Vec<Difference> {
    let mut comparison = Comparison { old_root: old.0, new_root: new.0, found: Vec::new() };
    comparison.schemas(old.1, new.1, "", 0);
    comparison.found
}

struct Comparison<'d> {
    old_root: &'d Value,
    new_root: &'d Value,
    found: Vec<Difference>,
}

impl<'d> Comparison<'d> {
    fn push(&mut self, code: &'static str, effect: Effect, pointer: &str, message: String) {
        let examples = Vec::new();
        self.found.push(Difference { code, effect, pointer: pointer.to_owned(), message, examples });
    }

    /// Values of an enum, as JSON text.
    fn push_values(
        &mut self,
        code: &'static str,
        effect: Effect,
        pointer: &str,
        verb: &str,
        values: &[String],
    ) {
        self.push(code, effect, pointer, format!("{verb} {}", values.join(", ")));
        if let Some(last) = self.found.last_mut() {
            last.examples = values.iter().filter_map(|value| serde_json::from_str(value).ok()).collect();
        }
    }

    fn schemas(&mut self, old: &'d Value, new: &'d Value, pointer: &str, depth: usize) {
        if depth > DEPTH_LIMIT {
            return;
        }
        let (old, new) = (Shape::of(self.old_root, old), Shape::of(self.new_root, new));
        self.types(&old, &new, pointer);
        self.values(&old, &new, pointer);
        self.texts(&old, &new, pointer);
        self.limits(&old, &new, pointer);
        self.fields(&old, &new, pointer, depth);
        if let (Some(old), Some(new)) = (old.items, new.items) {
            self.schemas(old, new, &format!("{pointer}/0"), depth + 1);
        }
        if let (Some(old), Some(new)) = (old.others, new.others) {
            self.schemas(old, new, &pointer_step(pointer, OTHER_KEY), depth + 1);
        }
    }

    fn types(&mut self, old: &Shape<'_>, new: &Shape<'_>, pointer: &str) {
        let (Some(before), Some(after)) = (&old.types, &new.types) else {
            let (effect, message) = match (&old.types, &new.types) {
                (None, Some(after)) => (Effect::Narrower, format!("any type became {}", joined(after))),
                (Some(before), None) => (Effect::Wider, format!("{} became any type", joined(before))),
                _ => return,
            };
            return self.push("type-changed", effect, pointer, message);
        };
        // A number was an integer too.
        let covers = |types: &BTreeSet<&str>, kind: &str| {
            types.contains(kind) || (kind == "integer" && types.contains("number"))
        };
        let gone: BTreeSet<&str> = before.iter().filter(|kind| !covers(after, kind)).copied().collect();
        let come: BTreeSet<&str> = after.iter().filter(|kind| !covers(before, kind)).copied().collect();
        match (gone.is_empty(), come.is_empty()) {
            (true, true) => {}
            (true, false) if come.contains("null") && come.len() == 1 => {
                self.push("null-allowed", Effect::Wider, pointer, "may be null now".to_owned());
            }
            (false, true) if gone.contains("null") && gone.len() == 1 => {
                self.push("null-refused", Effect::Narrower, pointer, "may no longer be null".to_owned());
            }
            (true, false) => {
                let message = format!("{} became {}", joined(before), joined(after));
                self.push("type-changed", Effect::Wider, pointer, message);
            }
            (false, _) => {
                let message = format!("{} became {}", joined(before), joined(after));
                self.push("type-changed", Effect::Narrower, pointer, message.clone());
                if !come.is_empty() {
                    self.push("type-changed", Effect::Wider, pointer, message);
                }
            }
        }
    }

    fn values(&mut self, old: &Shape<'_>, new: &Shape<'_>, pointer: &str) {
        match (&old.values, &new.values) {
            (Some(before), Some(after)) => {
                // Null has a change of its own.
                let not_null = |value: &&String| value.as_str() != "null";
                let gone: Vec<String> = before.difference(after).filter(not_null).cloned().collect();
                let come: Vec<String> = after.difference(before).filter(not_null).cloned().collect();
                if !gone.is_empty() {
                    self.push_values(
                        "enum-value-removed",
                        Effect::Narrower,
                        pointer,
                        "no longer takes",
                        &gone,
                    );
                }
                if !come.is_empty() {
                    self.push_values("enum-value-added", Effect::Wider, pointer, "also takes", &come);
                }
            }
            (None, Some(after)) => {
                let values: Vec<String> = after.iter().cloned().collect();
                self.push(
                    "enum-added",
                    Effect::Narrower,
                    pointer,
                    format!("takes only {} now", values.join(", ")),
                );
            }
            (Some(_), None) => {
                self.push(
                    "enum-removed",
                    Effect::Wider,
                    pointer,
                    "takes any value of its type now".to_owned(),
                );
            }
            (None, None) => {}
        }
    }

    fn texts(&mut self, old: &Shape<'_>, new: &Shape<'_>, pointer: &str) {
        for (code, what, before, after) in [
            ("format-changed", "format", old.format, new.format),
            ("pattern-changed", "pattern", old.pattern, new.pattern),
        ] {
            match (before, after) {
                (None, Some(after)) => {
                    self.push(code, Effect::Narrower, pointer, format!("has the {what} {after} now"));
                }
                (Some(before), None) => {
                    self.push(code, Effect::Wider, pointer, format!("lost the {what} {before}"));
                }
                (Some(before), Some(after)) if before != after => {
                    let message = format!("its {what} {before} became {after}");
                    self.push(code, Effect::Narrower, pointer, message.clone());
                    self.push(code, Effect::Wider, pointer, message);
                }
                _ => {}
            }
        }
    }

    fn limits(&mut self, old: &Shape<'_>, new: &Shape<'_>, pointer: &str) {
        let keys: BTreeSet<&str> = old.limits.keys().chain(new.limits.keys()).copied().collect();
        for key in keys {
            let is_lower_bound = key.starts_with("min");
            let (effect, message) = match (old.limits.get(key), new.limits.get(key)) {
                (None, Some(after)) => (Effect::Narrower, format!("{key} is {after} now")),
                (Some(before), None) => (Effect::Wider, format!("lost {key} {before}")),
                (Some(before), Some(after)) if (before - after).abs() > f64::EPSILON => {
                    let tighter = (after > before) == is_lower_bound;
                    let effect = if tighter { Effect::Narrower } else { Effect::Wider };
                    (effect, format!("{key} {before} became {after}"))
                }
                _ => continue,
            };
            self.push("limit-changed", effect, pointer, message);
        }
    }

    fn fields(&mut self, old: &Shape<'d>, new: &Shape<'d>, pointer: &str, depth: usize) {
        for (name, before) in &old.fields {
            let at = pointer_step(pointer, name);
            match new.fields.get(name) {
                Some(after) => self.schemas(before, after, &at, depth + 1),
                None => {
                    let effect = if new.closed { Effect::Narrower } else { Effect::Forgotten };
                    self.push("field-removed", effect, &at, format!("`{name}` is no longer declared"));
                }
            }
        }
        for name in new.fields.keys().filter(|name| !old.fields.contains_key(*name)) {
            let effect = if old.closed { Effect::Wider } else { Effect::None };
            self.push(
                "field-added",
                effect,
                &pointer_step(pointer, name),
                format!("`{name}` is declared now"),
            );
        }
        for name in new.required.difference(&old.required) {
            let message = format!("`{name}` is required now");
            self.push("field-required", Effect::Narrower, &pointer_step(pointer, name), message);
        }
        for name in old.required.difference(&new.required).filter(|name| new.fields.contains_key(**name)) {
            let message = format!("`{name}` is no longer required");
            self.push("field-optional", Effect::Wider, &pointer_step(pointer, name), message);
        }
    }
}

fn joined(types: &BTreeSet<&str>) -> String {
    types.iter().copied().collect::<Vec<_>>().join(" or ")
}
