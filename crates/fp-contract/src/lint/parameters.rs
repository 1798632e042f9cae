//! Parameters, and how a Rails service reads them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::walk::OperationSite;
use super::{Findings, Subject};
use crate::contract::Method;
use crate::contract::composition::{composition, follow};

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn query<'s>(site: &'s OperationSite<'_>) -> impl Iterator<Item = (&'s str, &'s str, &'s Value)> {
    site.parameters
        .iter()
        .filter(|(_, parameter)| text(parameter, "in") == Some("query"))
        .filter_map(|(pointer, parameter)| Some((pointer.as_str(), text(parameter, "name")?, *parameter)))
}

fn has_type(subject: &Subject<'_>, parameter: &Value, wanted: &str) -> bool {
    let Some(schema) = parameter.get("schema") else { return false };
    let parts = composition(subject.document.root(), schema);
    let types: Vec<&str> = parts.iter().filter_map(|part| text(part, "type")).collect();
    types.contains(&wanted) && !types.contains(&"string")
}

/// Without a style an object's fields become parameters of their own: `sorting[x]` is never meant.
pub(super) fn objects_without_style(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.operations {
        for (pointer, name, parameter) in query(site) {
            if has_type(subject, parameter, "object") && text(parameter, "style") != Some("deepObject") {
                let message =
                    format!("expected `style: deepObject` of the object parameter `{name}`, found none");
                findings.error("object-without-style", pointer, message);
                findings.hint(format!(
                    "the service reads `{name}[key]=value`: declare the style, or each key by name"
                ));
            }
        }
    }
}

/// `columns=a&columns=b` is one value for Rails: the last.
pub(super) fn lists_without_brackets(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.operations {
        for (pointer, name, parameter) in query(site) {
            if has_type(subject, parameter, "array") && !name.ends_with("[]") {
                let message =
                    format!("expected the list parameter `{name}` as `{name}[]`, found it without brackets");
                findings.warn("list-without-brackets", pointer, message);
                findings.hint("a Rails service keeps the last of repeated names only");
            }
        }
    }
}

pub(super) fn optional_path_parameters(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in &subject.operations {
        for (pointer, parameter) in &site.parameters {
            if text(parameter, "in") == Some("path") && parameter.get("required") != Some(&Value::Bool(true))
            {
                findings.error(
                    "optional-path-parameter",
                    pointer,
                    "expected `required: true` of a path parameter",
                );
            }
        }
    }
}

/// A header that nearly every operation requires is missed where it is not declared.
pub(super) fn headers_that_siblings_have(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for site in &subject.operations {
        for (_, parameter) in &site.parameters {
            let required = parameter.get("required") == Some(&Value::Bool(true));
            if let Some(name) =
                text(parameter, "name").filter(|_| required && text(parameter, "in") == Some("header"))
            {
                *counts.entry(name.to_owned()).or_default() += 1;
            }
        }
    }
    let most = subject.operations.len() * 4 / 5;
    for (name, _) in counts.into_iter().filter(|(_, count)| *count > most) {
        for site in subject.operations.iter().filter(|site| !site.has_parameter("header", &name)) {
            let message =
                format!("expected the header `{name}` of {}, as nearly all others declare", site.name());
            findings.warn("missing-header-parameter", &site.pointer, message);
        }
    }
}

/// Lists page, whether the document says so or not.
pub(super) fn lists_without_paging(subject: &Subject<'_>, findings: &mut Findings<'_>) {
    for site in
        subject.operations.iter().filter(|site| site.method == Method::Get && answers_list(subject, site))
    {
        let missing: Vec<&str> =
            ["page", "per_page"].into_iter().filter(|name| !site.has_parameter("query", name)).collect();
        if !missing.is_empty() {
            let message = format!(
                "expected {} on the list {}, found neither declared",
                missing.join(" and "),
                site.name()
            );
            findings.warn("list-without-paging", &site.pointer, message);
        }
    }
}

/// A list of records: an array, or an object with one in `data`, of objects that have an id.
fn answers_list(subject: &Subject<'_>, site: &OperationSite<'_>) -> bool {
    let root = subject.document.root();
    let Some((_, reply)) = site.replies().find(|(status, _)| *status == "200") else { return false };
    let Some(schema) = follow(root, reply).pointer("/content/application~1json/schema") else { return false };
    let schema = follow(root, schema);
    let list = schema.pointer("/properties/data").map_or(schema, |data| follow(root, data));
    list.get("items").is_some_and(|items| {
        composition(root, items).iter().any(|part| part.pointer("/properties/id").is_some())
    })
}
