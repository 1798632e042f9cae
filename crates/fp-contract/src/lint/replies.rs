//! Replies: what an operation may answer, and what the document says of it.

use serde_json::{Value, json};

use super::walk::OperationSite;
use super::{Findings, Severity, Subject};
use crate::contract::Method;
use crate::contract::composition::{declares_fields, follow};
use crate::contract::dialect::Edition;
use crate::violation::Side;

fn json_schema<'d>(subject: &Subject<'d>, reply: &'d Value) -> Option<&'d Value> {
    let root = subject.document.root();
    let content = follow(root, reply).get("content")?.as_object()?;
    let (_, media) = content.iter().find(|(range, _)| range.contains("json"))?;
    media.get("schema")
}

/// A 2xx reply without a schema can hold anything.
pub(super) fn missing_schemas(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let root = subject.document.root();
    for site in &subject.operations {
        for (status, reply) in
            site.replies().filter(|(status, _)| status.starts_with('2') && *status != "204")
        {
            let content = follow(root, reply).get("content").and_then(Value::as_object);
            let described =
                content.is_some_and(|content| content.values().any(|media| media.get("schema").is_some()));
            if !described {
                let message =
                    format!("expected a schema for the reply {status} of {}, found none", site.name());
                findings.warn("reply-without-schema", &site.reply_pointer(status), message);
            }
        }
    }
}

/// Statuses that follow from what an operation is: no key, no such record, bad parameters.
pub(super) fn undeclared_failures(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let secured = subject.document.at("/security").is_some();
    for site in &subject.operations {
        let has = |wanted: &[&str]| site.replies().any(|(status, _)| wanted.contains(&status));
        let mut missing: Vec<&str> = Vec::new();
        if (secured || site.value.get("security").is_some()) && !has(&["401", "4XX", "default"]) {
            missing.push("401");
        }
        if site.path.contains('{') && !has(&["404", "4XX", "default"]) {
            missing.push("404");
        }
        if takes_input(site) && !has(&["400", "422", "4XX", "default"]) {
            missing.push("400 or 422");
        }
        if !missing.is_empty() {
            let message = format!("expected the statuses {} of {}", missing.join(", "), site.name());
            findings.warn("undeclared-failure", &format!("{}/responses", site.pointer), message);
        }
    }
}

fn takes_input(site: &OperationSite<'_>) -> bool {
    let required = |parameter: &Value| {
        parameter.get("in").is_some_and(|place| place == "query")
            && parameter.get("required") == Some(&Value::Bool(true))
    };
    site.value.get("requestBody").is_some()
        || site.parameters.iter().any(|(_, parameter)| required(parameter))
}

/// Creating one thing and answering a list is worth a sentence in the document.
pub(super) fn lists_for_a_single_creation(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let root = subject.document.root();
    for site in subject.operations.iter().filter(|site| site.method == Method::Post) {
        for (status, reply) in site.replies().filter(|(status, _)| status.starts_with('2')) {
            let Some(schema) = json_schema(subject, reply).map(|schema| follow(root, schema)) else {
                continue;
            };
            let said = schema.get("description").is_some() || follow(root, reply).get("x-reason").is_some();
            if schema.get("type").is_some_and(|kind| kind == "array") && !said {
                let message = format!("expected {} to answer what it made, found a list", site.name());
                findings.note("list-for-creation", &site.reply_pointer(status), message);
                findings.hint("say in the schema's description what the list holds");
            }
        }
    }
}

/// A schema with fields that takes an empty object promises nothing.
pub(super) fn empty_acceptance(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let root = subject.document.root();
    let edition = Edition { side: Side::Response, strict: false };
    for site in &subject.operations {
        for (status, reply) in site.replies().filter(|(status, _)| status.starts_with('2')) {
            let Some(schema) = json_schema(subject, reply) else { continue };
            let followed = follow(root, schema);
            let item = followed.get("items");
            if !declares_fields(root, item.unwrap_or(followed)) {
                continue;
            }
            let body = if item.is_some() { json!([{}]) } else { json!({}) };
            let pointer = format!("{}/content/application~1json/schema", site.reply_pointer(status));
            let compiled = subject.contract.bench().registries.compile(
                subject.document,
                subject.index,
                &pointer,
                edition,
            );
            if compiled.is_ok_and(|validator| validator.is_valid(&body)) {
                let message = format!(
                    "expected required fields in the reply {status} of {}, found that {body} passes",
                    site.name()
                );
                findings.push(Severity::Warning, "accepts-empty", &pointer, message);
            }
        }
    }
}
