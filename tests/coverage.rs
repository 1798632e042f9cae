//! Every operation of the contract has at least one test over HTTP, in a file that mirrors its URL. The list of
//! those without one is empty, and stays so.

use std::fs;
use std::path::{Path, PathBuf};

use fp_contract::{Contract, Method, Operation, Version};

fn sources(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Every string literal of a source that can be (the end of) a path, as segments; what is filled in becomes `*`.
fn paths(text: &str) -> Vec<Vec<String>> {
    // Line by line, so that a quote within a quote misleads for one line only.
    let literals = text.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
    let could_be =
        |literal: &&str| literal.contains('/') && !literal.contains(' ') && !literal.contains("//");
    literals.filter(could_be).map(segments).collect()
}

fn segments(literal: &str) -> Vec<String> {
    let path = literal.split('?').next().unwrap_or(literal);
    let path = path.trim_start_matches("/api/v2").trim_start_matches("/api/v1");
    let filled = |segment: &str| if segment.contains('{') { "*".to_owned() } else { segment.to_owned() };
    path.split('/').filter(|segment| !segment.is_empty()).map(filled).collect()
}

/// Whether a path in a test is one of an operation. The test may hold the front part in a variable.
fn is_of(path: &[String], operation: &Operation) -> bool {
    let template = segments(&operation.path);
    let same =
        |(written, declared): (&String, &String)| declared == "*" || written == "*" || written == declared;
    let starts_open = path.first().is_some_and(|first| first == "*");
    let long_enough = path.len() == template.len() || (starts_open && path.len() <= template.len() + 1);
    long_enough
        && path.iter().rev().zip(template.iter().rev()).all(|(w, d)| d.starts_with('*') || same((w, d)))
}

/// Whether a source makes calls with a method.
fn uses(text: &str, method: Method) -> bool {
    let written = format!("\"{method}\"");
    let calls: &[&str] = match method {
        Method::Get => &[".get(", ".try_get(", ".download("],
        Method::Post => &[".post("],
        Method::Put => &[".put("],
        Method::Patch => &[".patch("],
        Method::Delete => &[".delete("],
    };
    text.contains(&written) || calls.iter().any(|call| text.contains(call))
}

/// The operations that no test in a file of their resource calls.
fn uncovered(version: Version) -> Vec<String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fp-mock/tests/http");
    let mut files = Vec::new();
    sources(&tests, &mut files);
    assert!(files.len() > 20, "the tests were not found");
    let read = |path: &PathBuf| (path.clone(), fs::read_to_string(path).expect("a text file"));
    let tests: Vec<(PathBuf, String)> = files.iter().map(read).collect();
    let operations =
        Contract::corrected().operations().iter().filter(|operation| operation.version == version);
    let covered = |operation: &&Operation| {
        let path = segments(&operation.path);
        let named = |part: &str| part != "company" && path.iter().any(|segment| segment == part);
        tests.iter().any(|(file, text)| {
            let mirrors = file.iter().any(|part| named(part.to_string_lossy().trim_end_matches(".rs")));
            // A path written out in full says what it is; of one held in a variable the file must say it.
            let written_out = |path: &[String]| path.first().is_some_and(|first| first != "*");
            let counts = |path: &Vec<String>| (mirrors || written_out(path)) && is_of(path, operation);
            uses(text, operation.method) && paths(text).iter().any(counts)
        })
    };
    operations.filter(|operation| !covered(operation)).map(Operation::key).collect()
}

#[test]
fn every_operation_of_v2_has_a_test_over_http() {
    assert_eq!(uncovered(Version::V2), Vec::<String>::new());
}
