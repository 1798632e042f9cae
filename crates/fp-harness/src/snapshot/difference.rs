//! What changed between a snapshot and what was seen, field by field.

use std::collections::BTreeSet;

use serde::Serialize;

use super::promise::Promise;
use super::shape::{Evidence, Fields, Numeric, Shape, Text};
use super::written::kinds;

/// What a difference means to a program that relied on the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A program that read every field of the snapshot goes on working.
    Harmless,
    /// The contract foresees it, or too little was seen to be sure.
    MayBreak,
    /// Neither the snapshot nor the contract foresees it.
    Breaking,
}

impl Weight {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::MayBreak => "may break",
            Self::Breaking => "breaking",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its permanent code.
    pub code: &'static str,
    /// What it means.
    pub weight: Weight,
    /// The place: `/data/[]/email`, `*` for the values of a map.
    pub pointer: String,
    /// What was expected and what was found.
    pub message: String,
}

/// Every code with what it means.
pub const CODES: [(&str, &str); 12] = [
    ("payload-new", "an operation, an event or a status of it has no snapshot yet"),
    ("status-new", "an operation was done with a status that the snapshot does not hold"),
    ("field-new", "a field that the snapshot does not hold"),
    ("field-lost", "a field that was always there is gone"),
    ("field-not-seen", "a field was not there this time, and that may be chance"),
    ("field-sometimes-missing", "a field that was always there is missing in some of the records"),
    ("type-changed", "a value of another type"),
    ("null-possible", "null where there never was one"),
    ("value-possible", "a value where there was nothing but null"),
    ("enum-value-new", "a value of an enumeration that was never seen"),
    ("format-changed", "a text of another format: a date where a moment was, a word where an address was"),
    ("order-changed", "the same fields in another order, which JSON gives no meaning"),
];

/// Compares what was seen with a snapshot. `promise` is what the contract says of the place.
pub fn compare(known: &Shape, seen: &Shape, promise: Option<&Promise<'_>>) -> Vec<Difference> {
    let mut found = Vec::new();
    place(known, seen, promise, "", &mut found);
    found
}

fn place(known: &Shape, seen: &Shape, promise: Option<&Promise<'_>>, at: &str, found: &mut Vec<Difference>) {
    // Items of a list that was empty in the snapshot: nothing was known, so nothing changed.
    if known.is_unseen() || seen.is_unseen() {
        return;
    }
    compare_null(known, seen, promise, at, found);
    compare_kinds(known, seen, promise, at, found);
    compare_texts(known, seen, promise, at, found);
    if let (Some(known), Some(seen)) = (&known.list, &seen.list) {
        let promise = promise.and_then(Promise::items);
        place(known, seen, promise.as_ref(), &format!("{at}/[]"), found);
    }
    if let (Some(known), Some(seen)) = (&known.map, &seen.map) {
        let promise = promise.and_then(Promise::values);
        place(known, seen, promise.as_ref(), &format!("{at}/*"), found);
    }
    if let (Some(known), Some(seen)) = (&known.object, &seen.object) {
        compare_fields(known, seen, promise, at, found);
    }
}

fn compare_null(
    known: &Shape,
    seen: &Shape,
    promise: Option<&Promise<'_>>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    if seen.null && !known.null {
        let foreseen = promise.is_some_and(Promise::allows_null);
        let weight = if foreseen { Weight::MayBreak } else { Weight::Breaking };
        let and = if foreseen { ", which the contract foresees" } else { "" };
        let message = format!("expected {}, found null{and}", kinds(known));
        found.push(Difference { code: "null-possible", weight, pointer: at.to_owned(), message });
    }
}

/// The kinds of value that a shape has, null apart, by the contract's names.
fn type_names(shape: &Shape) -> Vec<&'static str> {
    let number = match shape.number {
        Some(Numeric::Number) => Some("number"),
        Some(_) => Some("integer"),
        None => None,
    };
    let is_object = shape.object.is_some() || shape.map.is_some();
    let all = [
        shape.boolean.then_some("boolean"),
        number,
        shape.text.is_some().then_some("string"),
        shape.list.is_some().then_some("array"),
        is_object.then_some("object"),
    ];
    all.into_iter().flatten().collect()
}

fn compare_kinds(
    known: &Shape,
    seen: &Shape,
    promise: Option<&Promise<'_>>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    let before = type_names(known);
    let is_known =
        |kind: &&str| before.contains(kind) || (**kind == *"integer" && before.contains(&"number"));
    let new: Vec<_> = type_names(seen).into_iter().filter(|kind| !is_known(kind)).collect();
    if new.is_empty() {
        return;
    }
    let foreseen = promise.is_none_or(|promise| new.iter().all(|kind| promise.allows(kind)));
    let was_only_null = before.is_empty();
    let (code, weight) = match (promise.is_some() && foreseen, was_only_null) {
        (_, true) if foreseen => ("value-possible", Weight::Harmless),
        (true, _) => ("type-changed", Weight::MayBreak),
        (false, _) => ("type-changed", Weight::Breaking),
    };
    let and = if promise.is_some() && foreseen { ", which the contract foresees" } else { "" };
    let message = format!("expected {}, found {}{and}", kinds(known), kinds(seen));
    found.push(Difference { code, weight, pointer: at.to_owned(), message });
}

fn compare_texts(
    known: &Shape,
    seen: &Shape,
    promise: Option<&Promise<'_>>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    let pointer = at.to_owned();
    match (&known.text, &seen.text) {
        (Some(Text::Values(before)), Some(Text::Values(now))) => {
            let listed = promise.map(Promise::enumeration).unwrap_or_default();
            let (foreseen, unknown): (Vec<_>, Vec<_>) =
                now.difference(before).partition(|value| listed.contains(value.as_str()));
            for (values, weight, and) in [
                (unknown, Weight::Breaking, ", which the contract does not list"),
                (foreseen, Weight::MayBreak, ", which the contract lists"),
            ] {
                if !values.is_empty() {
                    let message = format!("expected one of {before:?}, found {values:?}{and}");
                    found.push(Difference {
                        code: "enum-value-new",
                        weight,
                        pointer: pointer.clone(),
                        message,
                    });
                }
            }
        }
        (Some(Text::Of(before)), Some(now @ (Text::Of(_) | Text::Plain))) if *now != Text::Of(*before) => {
            let demanded = promise.is_some_and(Promise::declares_format);
            let weight = if demanded { Weight::Breaking } else { Weight::MayBreak };
            let message = format!("expected {}, found {}", kinds(known), kinds(seen));
            found.push(Difference { code: "format-changed", weight, pointer, message });
        }
        _ => {}
    }
}

fn compare_fields(
    known: &Fields,
    seen: &Fields,
    promise: Option<&Promise<'_>>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    let step = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    for field in &known.fields {
        let promise = promise.and_then(|promise| promise.field(&field.name));
        match seen.named(&field.name) {
            Some(now) => {
                let pointer = step(&field.name);
                if field.is_always_in(known) && !now.is_always_in(seen) {
                    let some = format!("found it in some of {} objects only", amount(seen));
                    found.push(missing(known, promise.as_ref(), pointer.clone(), Some(some)));
                }
                place(&field.shape, &now.shape, promise.as_ref(), &pointer, found);
            }
            None if field.is_always_in(known) => {
                found.push(missing(known, promise.as_ref(), step(&field.name), None));
            }
            None => {}
        }
    }
    for field in seen.fields.iter().filter(|field| known.named(&field.name).is_none()) {
        let declared = promise.is_some_and(|promise| promise.field(&field.name).is_some());
        let and = if declared { "" } else { ", which the contract does not know" };
        let message = format!("expected no such field, found {}{and}", kinds(&field.shape));
        let pointer = step(&field.name);
        found.push(Difference { code: "field-new", weight: Weight::Harmless, pointer, message });
    }
    if let Some(message) = reordered(known, seen) {
        let pointer = at.to_owned();
        found.push(Difference { code: "order-changed", weight: Weight::Harmless, pointer, message });
    }
}

fn amount(fields: &Fields) -> String {
    match fields.evidence() {
        Evidence::Once => "1".to_owned(),
        Evidence::AFew | Evidence::Often => fields.seen.to_string(),
    }
}

/// A field that was in all objects of the snapshot and is not in all that were seen. The contract decides whether
/// that is chance; where it is silent, how often the field was seen does.
fn missing(
    known: &Fields,
    promise: Option<&Promise<'_>>,
    pointer: String,
    in_some: Option<String>,
) -> Difference {
    let at_times = promise.is_some_and(Promise::is_optional);
    let promised = promise.is_some() && !at_times;
    let sure = promised || (!at_times && known.evidence() == Evidence::Often);
    let (code, weight) = match (&in_some, sure, at_times) {
        (None, true, _) => ("field-lost", Weight::Breaking),
        (None, false, _) => ("field-not-seen", Weight::Harmless),
        (Some(_), true, _) => ("field-sometimes-missing", Weight::Breaking),
        (Some(_), false, true) => ("field-sometimes-missing", Weight::Harmless),
        (Some(_), false, false) => ("field-sometimes-missing", Weight::MayBreak),
    };
    let found = in_some.unwrap_or_else(|| "found none".to_owned());
    let why = match (sure, at_times) {
        (true, _) => "",
        (false, true) => "; the contract says that it comes at times only",
        (false, false) => "; too few records were seen to be sure",
    };
    let message = format!("expected it in every object, {found}{why}");
    Difference { code, weight, pointer, message }
}

/// What to say if the fields that both have come in another order.
fn reordered(known: &Fields, seen: &Fields) -> Option<String> {
    let names = |fields: &Fields, other: &Fields| {
        let common = fields.fields.iter().filter(|field| other.named(&field.name).is_some());
        common.map(|field| field.name.clone()).collect::<Vec<_>>()
    };
    let (before, now) = (names(known, seen), names(seen, known));
    let moved = before.iter().zip(&now).find(|(before, now)| before != now);
    moved.map(|(before, now)| format!("expected `{before}` next, found `{now}`"))
}

/// The weight of a status, or of a whole payload, that the snapshot does not hold.
pub fn new_status(section: &str, statuses: &BTreeSet<&str>, is_declared: bool) -> Difference {
    let weight = if is_declared { Weight::MayBreak } else { Weight::Breaking };
    let and = if is_declared { ", which the contract foresees" } else { "" };
    let message = format!("expected one of {statuses:?}, found {section}{and}");
    Difference { code: "status-new", weight, pointer: String::new(), message }
}

#[cfg(test)]
mod tests;
