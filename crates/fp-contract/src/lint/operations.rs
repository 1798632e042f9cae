//! Operations as a whole.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Findings, Subject};
use crate::contract::{Method, reference_target};
use crate::source::pointer_step;

/// Tools name operations by their id.
pub(super) fn duplicate_ids(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    for site in &subject.operations {
        let Some(id) = site.value.get("operationId").and_then(Value::as_str) else { continue };
        match first.get(id) {
            Some(other) => {
                let message = format!("expected each operationId once, found `{id}` on {other} and here");
                findings.error("duplicate-operation-id", &format!("{}/operationId", site.pointer), message);
            }
            None => {
                first.insert(id, site.name());
            }
        }
    }
}

pub(super) fn missing_ids(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.operations {
        if site.value.get("operationId").is_none() {
            findings.note(
                "missing-operation-id",
                &site.pointer,
                format!("expected an operationId of {}, found none", site.name()),
            );
        }
    }
}

/// Many clients and proxies drop such bodies.
pub(super) fn bodies_on_get_and_delete(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.operations {
        if matches!(site.method, Method::Get | Method::Delete) && site.value.get("requestBody").is_some() {
            let message = format!("expected no body of {}, found one declared", site.name());
            findings.note("body-on-delete", &format!("{}/requestBody", site.pointer), message);
            findings.hint("many clients cannot send it: take the same parameters from the query");
        }
    }
}

pub(super) fn unused_components(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let root = subject.document.root();
    let mut uses = Vec::new();
    collect_references(root, "", &mut uses);
    for kind in ["schemas", "parameters", "responses", "requestBodies", "headers"] {
        let owner = format!("/components/{kind}");
        for (name, _) in root.pointer(&owner).and_then(Value::as_object).into_iter().flatten() {
            let pointer = pointer_step(&owner, name);
            let is_within = |place: &str| place == pointer || place.starts_with(&format!("{pointer}/"));
            // A schema that only refers to itself is used by nobody.
            if !uses.iter().any(|(from, to)| is_within(to) && !is_within(from)) {
                findings.note(
                    "unused-component",
                    &pointer,
                    format!("expected `{name}` to be used somewhere"),
                );
            }
        }
    }
}

/// Where each reference stands, and where it leads.
fn collect_references(value: &Value, pointer: &str, uses: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            let mapping =
                map.get("discriminator").and_then(|part| part.get("mapping")).and_then(Value::as_object);
            let targets = mapping.into_iter().flatten().map(|(_, target)| target).chain(map.get("$ref"));
            let targets = targets.filter_map(|target| reference_target(target.as_str()?));
            uses.extend(targets.map(|target| (pointer.to_owned(), target)));
            for (key, child) in map {
                collect_references(child, &pointer_step(pointer, key), uses);
            }
        }
        Value::Array(items) => {
            for (at, child) in items.iter().enumerate() {
                collect_references(child, &format!("{pointer}/{at}"), uses);
            }
        }
        _ => {}
    }
}
