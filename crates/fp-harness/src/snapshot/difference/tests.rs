use serde_json::{Value, json};

use super::*;
use fp_contract::{Contract, Resolution};

/// Codes, weights and pointers between two payloads of which the contract says nothing.
fn differences(known: &Value, seen: &Value) -> Vec<(&'static str, Weight, String)> {
    of(known, seen, None)
}

fn of(known: &Value, seen: &Value, promise: Option<&Promise<'_>>) -> Vec<(&'static str, Weight, String)> {
    let (known, seen) = (Shape::of(known, "", promise), Shape::of(seen, "", promise));
    compare(&known, &seen, promise)
        .into_iter()
        .map(|found| (found.code, found.weight, found.pointer))
        .collect()
}

fn promoter() -> Promise<'static> {
    let contract = Contract::corrected();
    let Resolution::Found(found) = contract.resolve("GET", "/api/v2/company/promoters/7") else {
        panic!("an operation")
    };
    Promise::of_reply(contract, found.operation, 200).expect("a body")
}

#[test]
fn the_same_shape_with_other_values_is_no_difference() {
    let known = json!({"id": 7, "email": "a@example.com", "rows": [{"x": 1}, {"x": 2, "y": null}]});
    let seen = json!({"id": 9, "email": "b@example.com", "rows": [{"x": 5}]});
    assert_eq!(differences(&known, &seen), []);
    assert_eq!(differences(&known, &json!({"id": 9, "email": "", "rows": []})), []);
}

#[test]
fn each_difference_has_its_code_and_place() {
    let known = json!({"a": 1, "b": "2025-01-15T10:30:00Z", "c": {"d": [{"e": 1}]}, "f/g": 1});
    let seen = json!({"b": "2025-01-15", "a": null, "c": {"d": [{"e": "x"}], "new": 1}, "f/g": 1.5});
    assert_eq!(
        differences(&known, &seen),
        [
            ("null-possible", Weight::Breaking, "/a".to_owned()),
            ("format-changed", Weight::MayBreak, "/b".to_owned()),
            ("type-changed", Weight::Breaking, "/c/d/[]/e".to_owned()),
            ("field-new", Weight::Harmless, "/c/new".to_owned()),
            ("type-changed", Weight::Breaking, "/f~1g".to_owned()),
            ("order-changed", Weight::Harmless, String::new()),
        ]
    );
    let known_codes: Vec<_> = CODES.iter().map(|(code, _)| *code).collect();
    assert!(differences(&known, &seen).iter().all(|(code, ..)| known_codes.contains(code)));
}

#[test]
fn a_field_seen_once_only_is_not_seen_rather_than_lost() {
    assert_eq!(
        differences(&json!({"a": 1, "b": 1}), &json!({"a": 1})),
        [("field-not-seen", Weight::Harmless, "/b".to_owned())]
    );
    let rows = |row: &Value| Value::Array(vec![row.clone(); 12]);
    let (known, seen) = (rows(&json!({"a": 1, "b": 1})), rows(&json!({"a": 1})));
    assert_eq!(differences(&known, &seen), [("field-lost", Weight::Breaking, "/[]/b".to_owned())]);
    assert_eq!(differences(&seen, &known), [("field-new", Weight::Harmless, "/[]/b".to_owned())]);
    let some = json!([{"a": 1}, {"a": 1, "b": 1}]);
    assert_eq!(
        differences(&known, &some),
        [("field-sometimes-missing", Weight::Breaking, "/[]/b".to_owned())]
    );
}

#[test]
fn a_field_that_was_not_always_there_may_stay_away() {
    assert_eq!(differences(&json!([{"a": 1, "b": 1}, {"a": 1}]), &json!([{"a": 1}])), []);
}

#[test]
fn the_contract_is_the_second_witness() {
    let promise = promoter();
    let known = json!({"id": 7, "email": "a@example.com", "cust_id": "cus_1", "promoter_campaigns": [{"state": "accepted"}]});
    let seen = json!({"email": null, "cust_id": null, "promoter_campaigns": [{"state": "blocked"}, {"state": "gone"}]});
    assert_eq!(
        of(&known, &seen, Some(&promise)),
        [
            ("field-lost", Weight::Breaking, "/id".to_owned()),
            ("null-possible", Weight::Breaking, "/email".to_owned()),
            ("null-possible", Weight::MayBreak, "/cust_id".to_owned()),
            ("enum-value-new", Weight::Breaking, "/promoter_campaigns/[]/state".to_owned()),
            ("enum-value-new", Weight::MayBreak, "/promoter_campaigns/[]/state".to_owned()),
        ]
    );
}

#[test]
fn what_was_null_so_far_may_become_something() {
    assert_eq!(
        differences(&json!({"a": null}), &json!({"a": "x"})),
        [("value-possible", Weight::Harmless, "/a".to_owned())]
    );
}
