//! The corpus under `fixtures/params`, case by case.

use std::fs;
use std::path::Path;

use fp_contract::{Contract, Exchange, Request, Rules, Violation, params};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    query: String,
    content_type: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    body_bytes: Vec<u8>,
    tree: Option<Value>,
    refused: Option<String>,
    operation: Option<String>,
    violations: Option<Vec<(String, String)>>,
}

impl Case {
    fn body(&self) -> &[u8] {
        if self.body_bytes.is_empty() { self.body.as_bytes() } else { &self.body_bytes }
    }

    fn headers(&self) -> Vec<(String, String)> {
        let content_type = self.content_type.as_ref().map(|value| ("Content-Type".to_owned(), value.clone()));
        content_type.into_iter().collect()
    }

    /// Violations of the request apart from headers, which the corpus is not about.
    fn judged(&self, method: &str, target: &str) -> Vec<(String, String)> {
        let headers = self.headers();
        let request = Request { method, target, headers: &headers, body: self.body() };
        let rules = Rules { credentials: false, ..Rules::default() };
        let judgement = Contract::corrected().judge(&Exchange { request, response: None }, &rules);
        assert!(judgement.operation.is_some(), "{}: {target} is an operation", self.name);
        let about = |violation: &Violation| {
            violation.code != "missing-parameter" || !violation.pointer.starts_with("/header")
        };
        judgement
            .violations
            .into_iter()
            .filter(about)
            .map(|found| (found.code.to_owned(), found.pointer))
            .collect()
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/params");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|name| name == "yaml"));
    files
        .flat_map(|path| {
            let text = fs::read_to_string(&path).expect("a file of the corpus");
            serde_yaml::from_str::<Vec<Case>>(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

#[test]
fn every_case_comes_out_as_it_says() {
    let cases = cases();
    assert!(cases.len() > 80, "the corpus has {} cases", cases.len());
    for case in cases {
        let name = &case.name;
        if let Some(operation) = &case.operation {
            let (method, target) = operation.split_once(' ').expect("method and path");
            let expected = case.violations.as_ref().unwrap_or_else(|| panic!("{name} says what is found"));
            assert_eq!(case.judged(method, target), *expected, "{name}");
            continue;
        }
        let target = format!("/x?{}", case.query);
        let headers = case.headers();
        let read =
            params::read(&Request { method: "POST", target: &target, headers: &headers, body: case.body() });
        match (&case.tree, &case.refused) {
            (Some(tree), None) => {
                assert_eq!(read.map(|params| Value::Object(params.into_root())), Ok(tree.clone()), "{name}")
            }
            (None, Some(code)) => {
                let refused = read.err().unwrap_or_else(|| panic!("{name}: it was read")).code();
                assert_eq!(refused, code, "{name}");
            }
            _ => panic!("{name} needs a tree or a refusal"),
        }
    }
}
