//! Examples and defaults by their own schemas.

use serde_json::Value;

use super::{Findings, Subject};
use crate::contract::composition::declared_fields;
use crate::contract::dialect::Edition;
use crate::source::pointer_step;
use crate::violation::Side;

/// An example that its schema refuses misleads whoever copies it; one with more fields shows what the schema lost.
pub(super) fn examples_and_defaults(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.schemas {
        for keyword in ["example", "default"] {
            if let Some(value) = site.value.get(keyword) {
                weigh(
                    subject,
                    findings,
                    &site.pointer,
                    value,
                    &format!("{}/{keyword}", site.pointer),
                    keyword,
                );
            }
        }
    }
    let mut media = Vec::new();
    collect_media(subject.document.root(), "", &mut media);
    for (pointer, value) in media {
        let schema = format!("{pointer}/schema");
        if let Some(example) = value.get("example") {
            weigh(subject, findings, &schema, example, &format!("{pointer}/example"), "example");
        }
        for (name, example) in value.get("examples").and_then(Value::as_object).into_iter().flatten() {
            if let Some(example) = example.get("value") {
                let at = pointer_step(&format!("{pointer}/examples"), name);
                weigh(subject, findings, &schema, example, &format!("{at}/value"), "example");
            }
        }
    }
}

fn weigh(
    subject: &Subject<'_>,
    findings: &mut Findings<'_>,
    schema: &str,
    value: &Value,
    pointer: &str,
    keyword: &str,
) {
    let side = if schema.contains("/responses/") { Side::Response } else { Side::Request };
    let edition = Edition { side, strict: false };
    let Ok(validator) =
        subject.contract.bench().registries.compile(subject.document, subject.index, schema, edition)
    else {
        return;
    };
    if let Some(error) = validator.iter_errors(value).next() {
        let code = if keyword == "example" { "example-refused" } else { "default-refused" };
        let place = error.instance_path().as_str();
        let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
        let found = crate::schema::describe(error.instance());
        let message = format!(
            "expected the {keyword} to satisfy its schema, found {found}{place}: `{}`",
            error.kind().keyword()
        );
        findings.warn(code, pointer, message);
        return;
    }
    let (Some(source), Value::Object(map)) = (subject.document.at(schema), value) else { return };
    let declared: Vec<&str> =
        declared_fields(subject.document.root(), source).map(|(name, _)| name).collect();
    let unknown: Vec<&str> = map.keys().map(String::as_str).filter(|name| !declared.contains(name)).collect();
    if !declared.is_empty() && !unknown.is_empty() {
        let message =
            format!("expected the {keyword} to have declared fields only, found {}", unknown.join(", "));
        findings.warn("example-undeclared-field", pointer, message);
    }
}

/// Every media type object: what stands under `content`.
fn collect_media<'d>(value: &'d Value, pointer: &str, found: &mut Vec<(String, &'d Value)>) {
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let at = pointer_step(pointer, key);
                match key.as_str() {
                    "example" | "examples" | "schema" | "schemas" => {}
                    "content" => {
                        for (range, media) in child.as_object().into_iter().flatten() {
                            found.push((pointer_step(&at, range), media));
                        }
                    }
                    _ => collect_media(child, &at, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                collect_media(child, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}
