//! Our replies beside the documents' examples.

use std::path::Path;

use serde_json::Value;

/// How closely a reply must follow an example.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Every field of the example, of the same type or null.
    Fields,
    /// The same fields in the same order, of the same types or null.
    Order,
}

/// Fields that hold whatever there is: amounts by unit, accounts by network, values of the company's own fields.
const OPEN: [&str; 6] = [
    "earnings_balance",
    "current_balance",
    "pending_balance",
    "paid_balance",
    "social_accounts",
    "custom_fields",
];

/// A field that the v1 reference shows in payouts where something is pending, and the published document never.
const SOMETIMES: &str = "pending_balance";

/// The documented example `fixtures/payloads/<name>.json`.
pub fn example(name: &str) -> Value {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/payloads").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).expect("a JSON document")
}

/// Compares a reply with the example of that name.
#[track_caller]
pub fn assert_like(name: &str, likeness: Likeness, ours: &Value) {
    let mut differences = Vec::new();
    compare(&example(name), ours, likeness, "", &mut differences);
    assert!(differences.is_empty(), "unlike {name}:\n{}\nours: {ours:#}", differences.join("\n"));
}

fn compare(example: &Value, ours: &Value, likeness: Likeness, at: &str, differences: &mut Vec<String>) {
    match (example, ours) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(theirs), Value::Object(own)) => {
            if OPEN.iter().any(|open| at.ends_with(open)) {
                return;
            }
            let names = |map: &serde_json::Map<String, Value>| {
                map.keys().filter(|name| *name != SOMETIMES).cloned().collect::<Vec<_>>()
            };
            if likeness == Likeness::Order && names(theirs) != names(own) {
                differences.push(format!("{at}: expected {:?}, found {:?}", names(theirs), names(own)));
            }
            for (name, value) in theirs {
                match own.get(name) {
                    Some(found) => compare(value, found, likeness, &format!("{at}/{name}"), differences),
                    None => differences.push(format!("{at}/{name}: expected {value}, found nothing")),
                }
            }
        }
        (Value::Array(theirs), Value::Array(own)) => {
            if own.is_empty() && !theirs.is_empty() {
                differences.push(format!("{at}: expected an element to compare, found none"));
            }
            for (number, found) in own.iter().enumerate() {
                if let Some(value) = theirs.get(number).or(theirs.last()) {
                    compare(value, found, likeness, &format!("{at}/{number}"), differences);
                }
            }
        }
        _ if kind(example) == kind(ours) => {}
        _ => differences.push(format!("{at}: expected a value like {example}, found {ours}")),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn an_example_tells_missing_fields_other_types_and_another_order() {
    let differences = |likeness, example: &str, ours: &str| {
        let parse = |text: &str| serde_json::from_str(text).expect("JSON");
        let mut found = Vec::new();
        compare(&parse(example), &parse(ours), likeness, "", &mut found);
        found.len()
    };
    assert_eq!(differences(Likeness::Fields, r#"{"a":1,"b":"x"}"#, r#"{"b":null,"a":2,"c":3}"#), 0);
    assert_eq!(differences(Likeness::Fields, r#"{"a":1,"b":"x"}"#, r#"{"a":"1"}"#), 2);
    assert_eq!(differences(Likeness::Order, r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#), 1);
    assert_eq!(differences(Likeness::Order, r#"[{"a":1}]"#, "[]"), 1);
    assert_eq!(
        differences(Likeness::Order, r#"{"paid_balance":{"cash":1}}"#, r#"{"paid_balance":{"points":1}}"#),
        0
    );
}
