//! What the documents show satisfies the contract that was made from them.

use std::fs;
use std::path::{Path, PathBuf};

use fp_contract::{Contract, Exchange, Method, Request, Response, Rules, Side, Violation, WebhookSystem};

fn payloads(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/payloads").join(folder);
    let mut files = Vec::new();
    let mut open = vec![root];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder of payloads") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{folder} has payloads");
    files
}

/// The part of a path behind `folder`, without its extension: `track/sale`.
fn name(path: &Path, folder: &str) -> String {
    let text = path.with_extension("").to_string_lossy().into_owned();
    text.rsplit_once(&format!("/{folder}/")).expect("a file of that folder").1.to_owned()
}

fn reply_violations(method: Method, target: &str, status: u16, body: &[u8]) -> Vec<Violation> {
    let received = [("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())];
    let request = Request { method: method.as_str(), target, headers: &[], body: b"" };
    let response = Some(Response { status, headers: &received, body });
    let judgement = Contract::corrected().judge(&Exchange { request, response }, &Rules::default());
    assert!(judgement.operation.is_some(), "{method} {target} is an operation");
    assert!(judgement.not_judged.is_empty(), "{method} {target}: {:?}", judgement.not_judged);
    judgement.violations.into_iter().filter(|violation| violation.side == Side::Response).collect()
}

#[test]
fn every_reply_of_the_published_v1_documents_conforms() {
    for file in payloads("v1-published") {
        let target = format!("/api/v1/{}", name(&file, "v1-published"));
        let contract = Contract::corrected();
        let operation = contract
            .operations()
            .iter()
            .find(|operation| format!("{}{}", operation.base, operation.path) == target)
            .unwrap_or_else(|| panic!("{target} is an operation"));
        let body = fs::read(&file).expect("a payload");
        assert_eq!(reply_violations(operation.method, &target, 200, &body), [], "{}", file.display());
    }
}

#[test]
fn every_reply_of_the_published_v2_documents_conforms() {
    let operations = [
        ("batch_processes/list", Method::Get, "/company/batch_processes", 200),
        ("batch_processes/progress", Method::Get, "/company/batch_processes/progress", 200),
        ("batch_processes/show", Method::Get, "/company/batch_processes/7", 200),
        ("track/cancellation", Method::Post, "/track/cancellation", 200),
        ("track/refund", Method::Post, "/track/refund", 200),
        ("track/sale", Method::Post, "/track/sale", 200),
        ("track/signup", Method::Post, "/track/signup", 200),
        ("webhooks/event_types", Method::Get, "/company/webhooks/event_types", 200),
    ];
    for file in payloads("v2") {
        let name = name(&file, "v2");
        let (_, method, path, status) = operations
            .iter()
            .find(|(known, ..)| *known == name)
            .unwrap_or_else(|| panic!("{name} has its operation in the table"));
        let body = fs::read(&file).expect("a payload");
        assert_eq!(reply_violations(*method, &format!("/api/v2{path}"), *status, &body), [], "{name}");
    }
}

#[test]
fn every_documented_legacy_webhook_conforms() {
    for file in payloads("webhooks/legacy") {
        let event_type = name(&file, "legacy");
        let body = fs::read(&file).expect("a payload");
        let violations = Contract::corrected().check_webhook(WebhookSystem::Legacy, &event_type, &body);
        assert_eq!(violations, [], "{event_type}");
    }
}
