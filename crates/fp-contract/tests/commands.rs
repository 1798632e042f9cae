//! The commands beside `check`, as one types them.

#![cfg(feature = "command")]

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fp-contract")).args(arguments).output().expect("the command")
}

/// Exit status and standard output.
fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(arguments);
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn document_writes_the_corrected_contract_for_other_tools() {
    let (status, text) = said(&["document", "v2"]);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((status, document["openapi"].as_str()), (Some(0), Some("3.0.1")));
    assert_eq!(document["paths"].as_object().map(serde_json::Map::len), Some(69));
    let batches = &document["paths"]["/company/batch_processes/{id}"]["get"]["responses"];
    assert!(batches["404"].is_object(), "a status that only the corrections declare: {batches}");

    let (_, published) = said(&["document", "v2", "--published"]);
    let published: Value = serde_json::from_str(&published).expect("JSON");
    assert!(published["paths"]["/company/batch_processes/{id}"]["get"]["responses"]["404"].is_null());
}

#[test]
fn document_needs_a_name_that_fits_one() {
    let output = run(&["document", "v3"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(told.contains("found `v3`") && told.contains("spec/webhooks.yaml"), "{told}");
}

#[test]
fn lint_takes_the_files_it_is_given_and_fails_on_errors() {
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/firstpromoter-v2.yaml");
    let (status, text) = said(&["lint", published, "--level", "error", "--json"]);
    let defects: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert_eq!(status, Some(1));
    assert!(defects.iter().any(|defect| defect["code"] == "duplicate-operation-id"), "{text}");
    let (status, text) = said(&["lint", "--level", "error"]);
    assert_eq!((status, text.as_str()), (Some(0), "0 defects\n"), "the corrections mend every error");
}

#[test]
fn operations_lists_every_operation_of_both_apis() {
    let (status, text) = said(&["operations", "--json"]);
    let operations: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let of = |version: &str| operations.iter().filter(|operation| operation["version"] == version).count();
    assert_eq!((status, of("v2")), (Some(0), 84));
    assert!(of("v1") >= 25, "{}", of("v1"));
}

#[test]
fn explain_knows_its_codes_and_refuses_others() {
    let (status, text) = said(&["explain", "missing-field"]);
    assert_eq!(status, Some(0));
    assert!(text.contains("missing-field") && text.lines().count() > 1, "{text}");
    assert_eq!(run(&["explain", "no-such-code"]).status.code(), Some(2));
}

#[test]
fn diff_says_what_the_corrections_change() {
    let (status, text) = said(&["diff", "published", "published"]);
    assert_eq!(status, Some(0), "{text}");
    let (status, text) = said(&["diff", "published", "corrected", "--json"]);
    let changes: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert_eq!(status, Some(1));
    assert!(changes.len() > 300, "{} changes", changes.len());
}

#[test]
fn strength_shows_that_no_corrected_reply_takes_an_empty_body() {
    let (status, text) = said(&["strength", "--json"]);
    let replies: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let open = |side: &str| -> Vec<&str> {
        let accepting = replies.iter().filter(|reply| reply[side]["accepts_empty"] == true);
        accepting.filter_map(|reply| reply["operation"].as_str()).collect()
    };
    // A map from ids that knows no id, and an answer that has nothing to say, are empty and right.
    let rightly = ["GET /api/v2/company/batch_processes/progress", "DELETE /api/v2/company/webhooks/{id}"];
    assert_eq!((status, open("after")), (Some(0), rightly.to_vec()));
    assert!(open("before").len() > 50, "{:?}", open("before"));
}
