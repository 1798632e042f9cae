//! `/__admin/fidelity`, and the document that says the same.

use serde_json::Value;

use crate::command::{ends, fp_mock};
use crate::kit::Api;

#[test]
fn every_operation_and_rule_says_where_it_comes_from() {
    let api = Api::start();
    let all = api.admin("GET", "/fidelity", Value::Null).expect(200);
    let operations = all["operations"].as_array().expect("a list");
    assert_eq!(operations.len(), fp_contract::Contract::corrected().operations().len());
    let list = operations.iter().find(|one| one["operation"] == "GET /api/v2/company/batch_processes");
    let list = list.expect("the operation");
    assert_eq!(list["handler"], "api::v2::batch_processes::list");
    assert!(list["position"].as_str().is_some_and(|at| at.contains("firstpromoter-v2.yaml:")), "{list}");
    assert!(list["source"].as_str().is_some_and(|source| source.contains("published v2")), "{list}");
    for kind in ["rules", "corrections"] {
        let rules = all[kind].as_array().expect("a list");
        assert!(rules.len() > 50, "{}", rules.len());
        assert!(rules.iter().all(|rule| rule["grades"].as_array().is_some_and(|grades| !grades.is_empty())));
    }
}

#[test]
fn rules_can_be_picked_by_grade_and_by_place() {
    let api = Api::start();
    let chosen = api.admin("GET", "/fidelity?grade=chosen&rule=domain::batch", Value::Null).expect(200);
    let rules = chosen["rules"].as_array().expect("a list");
    assert!(!rules.is_empty());
    for rule in rules {
        assert!(rule["rule"].as_str().is_some_and(|place| place.contains("domain::batch")), "{rule}");
        assert!(rule["grades"].as_array().is_some_and(|grades| grades.contains(&"chosen".into())), "{rule}");
    }
    for wrong in ["grade=perhaps", "colour=red"] {
        let refused = api.admin("GET", &format!("/fidelity?{wrong}"), Value::Null).expect(400);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{refused}");
    }
}

#[test]
fn the_document_is_written_and_checked_by_the_command() {
    let (status, document, _) = ends(&mut fp_mock(&["fidelity"]));
    assert_eq!(status, Some(0));
    assert!(
        document.contains("| `GET /api/v2/company/batch_processes` | `api::v2::batch_processes::list` |")
    );
    let file = std::env::temp_dir().join(format!("fp-mock-{}-fidelity.md", std::process::id()));
    let path = file.to_str().expect("a path of letters");
    std::fs::write(&file, &document).expect("a file");
    assert_eq!(ends(&mut fp_mock(&["fidelity", "--check", path])).0, Some(0));
    std::fs::write(&file, document.replacen("documented", "dreamt up", 1)).expect("a file");
    let (status, _, err) = ends(&mut fp_mock(&["fidelity", "--check", path]));
    std::fs::remove_file(&file).expect("the file");
    assert_eq!(status, Some(1));
    assert!(err.contains("hint: just fidelity"), "{err}");
}
