//! Schemas that contradict themselves or say less than they seem to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::walk::SchemaSite;
use super::{Findings, Subject};
use crate::contract::composition::declared_fields;

fn objects<'s, 'd>(
    subject: &'s Subject<'d>,
) -> impl Iterator<Item = (&'s SchemaSite<'d>, &'d Map<String, Value>)> {
    subject.schemas.iter().filter_map(|site| Some((site, site.value.as_object()?)))
}

fn names<'v>(map: &'v Map<String, Value>, key: &str) -> Vec<&'v str> {
    map.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// `required` that names no field: what clients send instead is refused or ignored.
pub(super) fn required_but_undeclared(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        // A part of a composition may require what another part declares.
        let is_part = ["/allOf/", "/oneOf/", "/anyOf/"].iter().any(|step| site.pointer.contains(step));
        let declared: Vec<&str> =
            declared_fields(subject.document.root(), site.value).map(|(name, _)| name).collect();
        if declared.is_empty() || is_part {
            continue;
        }
        for name in names(map, "required").into_iter().filter(|name| !declared.contains(name)) {
            let message = format!("expected `required` to name declared fields, found `{name}`");
            findings.error("required-undeclared", &format!("{}/required", site.pointer), message);
            findings.hint(format!("declared are {}", declared.join(", ")));
        }
    }
}

/// `oneOf` over requirements alone refuses a value that has both fields.
pub(super) fn exclusive_requirements(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        let Some(Value::Array(branches)) = map.get("oneOf") else { continue };
        let only_required = |branch: &Value| {
            branch.as_object().is_some_and(|branch| branch.len() == 1 && branch.contains_key("required"))
        };
        if branches.len() > 1 && branches.iter().all(only_required) {
            let fields: Vec<String> = branches
                .iter()
                .filter_map(Value::as_object)
                .map(|branch| names(branch, "required").join(" with "))
                .collect();
            let message = format!(
                "expected `anyOf` over {}, found `oneOf`, which refuses them together",
                fields.join(", ")
            );
            findings.error("exclusive-requirements", &format!("{}/oneOf", site.pointer), message);
        }
    }
}

/// A mapping is to name schemas that tools can find: those of the components.
pub(super) fn discriminators_into_themselves(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        let Some(discriminator) = map.get("discriminator") else { continue };
        let pointer = format!("{}/discriminator", site.pointer);
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        for (value, target) in mapping.into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            let named = !target.contains('/')
                || target.strip_prefix("#/components/schemas/").is_some_and(|name| !name.contains('/'));
            if !named {
                let message = format!(
                    "expected the discriminator to map `{value}` to a named schema, found `{target}`"
                );
                findings.error("discriminator-target", &format!("{pointer}/mapping"), message);
                break;
            }
        }
    }
}

/// Enums with markup, doubles, and enums of one field that differ from place to place.
pub(super) fn enums(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let mut by_field: BTreeMap<&str, Vec<(&SchemaSite<'_>, Vec<&str>)>> = BTreeMap::new();
    for (site, map) in objects(subject) {
        let values = names(map, "enum");
        let pointer = format!("{}/enum", site.pointer);
        if let Some(marked) = values.iter().find(|value| value.contains(['`', '*', '<', '>'])) {
            findings.error(
                "markup-in-enum",
                &pointer,
                format!("expected plain values, found `{marked}` with markup"),
            );
        }
        let mut seen: Vec<&&str> = Vec::new();
        for value in &values {
            if seen.contains(&value) {
                findings.warn(
                    "duplicate-enum-value",
                    &pointer,
                    format!("expected each value once, found `{value}` twice"),
                );
            }
            seen.push(value);
        }
        if let Some(field) = site.field.filter(|_| values.len() > 1) {
            by_field.entry(field).or_default().push((site, values));
        }
    }
    for (field, sites) in by_field {
        for (site, values) in &sites {
            let wider = sites
                .iter()
                .map(|(_, other)| other)
                .find(|other| other.len() > values.len() && values.iter().all(|value| other.contains(value)));
            if let Some(wider) = wider {
                let lacking: Vec<&str> =
                    wider.iter().filter(|value| !values.contains(value)).copied().collect();
                let message = format!(
                    "expected the values of `{field}` to be the same everywhere, found them without {}",
                    lacking.join(", ")
                );
                findings.note("narrower-enum", &format!("{}/enum", site.pointer), message);
            }
        }
    }
}

/// Fields that count or measure.
const NUMERIC: [&str; 9] =
    ["amount", "quantity", "count", "mrr", "price", "percentage", "total", "rate", "cents"];

/// Declared as text, sent and stored as a number.
pub(super) fn numbers_as_text(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        let Some(field) = site.field else { continue };
        let plain = !["enum", "format", "pattern"].iter().any(|keyword| map.contains_key(*keyword));
        let is_part = ["/allOf/", "/oneOf/", "/anyOf/"].iter().any(|step| site.pointer.contains(step));
        let is_text = map.get("type").is_some_and(|kind| kind == "string");
        let measures = field.rsplit('_').next().is_some_and(|word| NUMERIC.contains(&word));
        if is_text && plain && measures && !is_part {
            let message = format!("expected a number type of `{field}`, found string");
            findings.warn("number-as-text", &format!("{}/type", site.pointer), message);
        }
    }
}

/// `nullable` that has no effect, and what it forgets.
pub(super) fn nullability(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        let nullable = map.get("nullable") == Some(&Value::Bool(true));
        if map.contains_key("$ref") {
            let ignored: Vec<&str> = map
                .keys()
                .map(String::as_str)
                .filter(|key| !matches!(*key, "$ref" | "description" | "summary") && !key.starts_with("x-"))
                .collect();
            if !ignored.is_empty() {
                let message = format!(
                    "expected nothing beside `$ref`, found {}, which readers ignore",
                    ignored.join(", ")
                );
                findings.warn("reference-with-siblings", &site.pointer, message);
                findings.hint("wrap the reference: `allOf: [{$ref: …}]`");
            }
            continue;
        }
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|keyword| map.contains_key(*keyword));
        if nullable && !map.contains_key("type") && !composed && !map.contains_key("enum") {
            let message = "expected a type beside `nullable`, found none: it has no effect";
            findings.note("nullable-without-type", &format!("{}/nullable", site.pointer), message);
        }
        let values = map.get("enum").and_then(Value::as_array);
        if nullable && values.is_some_and(|values| !values.contains(&Value::Null)) {
            let message = "expected null among the values of a nullable enum, found it missing";
            findings.note("enum-without-null", &format!("{}/enum", site.pointer), message);
        }
    }
}

/// Limits that cross, lists without items.
pub(super) fn shapeless(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for (site, map) in objects(subject) {
        if map.get("type").is_some_and(|kind| kind == "array") && !map.contains_key("items") {
            findings.error("list-without-items", &site.pointer, "expected `items` of an array, found none");
        }
        for (low, high) in [
            ("minimum", "maximum"),
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
        ] {
            let bound = |key: &str| map.get(key).and_then(Value::as_f64);
            if let (Some(least), Some(most)) = (bound(low), bound(high))
                && least > most
            {
                let message = format!("expected {low} of at most {high}, found {least} and {most}");
                findings.error("crossed-limits", &format!("{}/{low}", site.pointer), message);
            }
        }
    }
}
