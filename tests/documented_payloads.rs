//! Every example of the documents beside what the mock sends: the same fields, in the same order, of the same types.
//!
//! What the mock sends is what the snapshots say, which `snapshots.rs` compares with the mock itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fp_contract::Contract;
use fp_harness::snapshot::difference::{Weight, compare};
use fp_harness::snapshot::promise::Promise;
use fp_harness::snapshot::shape::Shape;
use fp_harness::snapshot::store::Store;
use fp_harness::snapshot::subject::{PAYLOAD, Subject};
use serde_json::Value;

/// Where the mock differs from an example on purpose: example, code, place (`*` at the end: everything below), reason.
/// May only shrink.
const ON_PURPOSE: [(&str, &str, &str, &str); 8] = [
    ("webhooks/legacy-pages/lead_signup", "field-new", "/data/promoter/*", CUT_OFF),
    ("webhooks/legacy-pages/reward_created", "field-new", "/data/promoter/*", CUT_OFF),
    ("webhooks/legacy-pages/reward_created", "field-new", "/data/promotion", CUT_OFF),
    (
        "webhooks/legacy-pages/reward_created",
        "field-new",
        "/data/lead/*",
        "the page leaves two fields of the lead out that the page of its own signup has",
    ),
    ("webhooks/v2-pages/promoter.created", "field-not-seen", "/data/*", OTHER_PROMOTER),
    ("webhooks/v2-pages/promoter.created", "order-changed", "/data/profile", OTHER_PROMOTER),
    ("webhooks/v2-pages/promoter.created", "field-new", "/data/*", OTHER_PROMOTER),
    ("webhooks/v2-pages/promoter.created", "field-new", "/timestamp", CUT_OFF),
];

/// Pages of which the beginning is all that is known.
const CUT_OFF: &str = "the example is known up to here";
/// The example of the page beside the list of fields in the service behaviour notes, which the mock keeps to.
const OTHER_PROMOTER: &str =
    "the page shows a promoter as v1 does, and the service behaviour notes as v2 does";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").canonicalize().expect("the fixtures")
}

/// The names of all examples of what operations and events send, `v1/track/sale`.
fn examples() -> BTreeSet<String> {
    let root = fixtures().join("payloads");
    let folders = ["v1", "v1-published", "v2", "webhooks"].map(|folder| root.join(folder));
    let (mut found, mut open) = (BTreeSet::new(), folders.to_vec());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                let name = path.strip_prefix(&root).expect("below it").to_string_lossy();
                found.insert(name.trim_end_matches(".json").to_owned());
            }
        }
    }
    found
}

fn example(name: &str) -> Value {
    let text = fs::read_to_string(fixtures().join(format!("payloads/{name}.json")));
    serde_json::from_str(&text.expect("a text file")).expect("JSON")
}

/// What an example is of.
fn subject(name: &str) -> Option<Subject> {
    let contract = Contract::corrected();
    let (folder, rest) = name.split_once('/')?;
    let key = match folder {
        "v1" | "v1-published" => contract
            .operations()
            .iter()
            .find(|operation| operation.base.ends_with("/v1") && operation.path == format!("/{rest}"))?
            .key(),
        "v2" => {
            let file = PathBuf::from(format!("v2/{rest}.snap"));
            let mut all = Subject::all(contract).into_iter();
            return all.find(|subject| subject.file(contract).as_ref() == Some(&file));
        }
        "webhooks" => rest.replacen('/', " ", 1).replace("-pages", ""),
        _ => return None,
    };
    Subject::named(contract, &key)
}

/// The codes that count here: what an example shows, the mock shows too, and nothing else.
const COUNTED: [&str; 6] =
    ["field-lost", "field-not-seen", "field-sometimes-missing", "field-new", "type-changed", "order-changed"];

/// What an example and the mock have apart: code and place.
fn differences(name: &str) -> Vec<(&'static str, String)> {
    let contract = Contract::corrected();
    let subject = subject(name).unwrap_or_else(|| panic!("{name} is of no operation or event"));
    let store = Store::at(&fixtures().join("snapshots"), contract);
    let ours = store.read(&subject).expect("readable").expect("a snapshot");
    let section = if ours.contains_key(PAYLOAD) { PAYLOAD } else { "200" };
    let promise = subject.promise(contract, section);
    let ours = &ours[section];
    let theirs = Shape::of(&example(name), "", promise.as_ref());
    let mut found = Vec::new();
    for difference in compare(&theirs, ours, promise.as_ref()) {
        // The older reference leaves fields out and has them in another order.
        let older = name.starts_with("v1/") && matches!(difference.code, "field-new" | "order-changed");
        let counts = COUNTED.contains(&difference.code) && !older;
        if counts && !at_times(promise.as_ref(), &difference.pointer) {
            found.push((difference.code, difference.pointer));
        }
    }
    // A type that the mock never showed is the contract's, by which each of its replies is judged.
    for difference in compare(ours, &theirs, promise.as_ref()) {
        let unknown = difference.code == "type-changed" && difference.weight == Weight::Breaking;
        if unknown && !at_times(promise.as_ref(), &difference.pointer) {
            found.push(("type-changed", difference.pointer));
        }
    }
    found
}

/// Whether the contract says that a place, or one above it, comes at times only.
fn at_times(promise: Option<&Promise<'_>>, pointer: &str) -> bool {
    let mut promise = promise.cloned();
    for step in pointer.split('/').skip(1) {
        promise = promise.and_then(|promise| match step {
            "[]" => promise.items(),
            "*" => promise.values(),
            name => promise.field(name),
        });
        if promise.as_ref().is_some_and(Promise::is_optional) {
            return true;
        }
    }
    false
}

#[test]
fn every_example_has_its_fields_order_and_types_in_what_the_mock_sends() {
    let (mut unexpected, mut used) = (Vec::new(), BTreeSet::new());
    for name in examples() {
        for (code, pointer) in differences(&name) {
            let known = ON_PURPOSE.iter().position(|(example, listed, at, _)| {
                let below = at.strip_suffix('*').is_some_and(|at| pointer.starts_with(at));
                *example == name && *listed == code && (below || *at == pointer)
            });
            match known {
                Some(number) => drop(used.insert(number)),
                None => unexpected.push(format!("{name}: {code} {pointer}")),
            }
        }
    }
    assert!(unexpected.is_empty(), "unlike the documents:\n{}", unexpected.join("\n"));
    let unused: Vec<_> = ON_PURPOSE.iter().enumerate().filter(|(number, _)| !used.contains(number)).collect();
    assert!(unused.is_empty(), "like the documents by now, take these off the list:\n{unused:#?}");
}

#[test]
fn every_operation_of_v1_and_both_seeds_of_webhooks_have_their_example() {
    let examples = examples();
    let contract = Contract::corrected();
    let v1 = contract
        .operations()
        .iter()
        .filter(|operation| operation.base.ends_with("/v1") && !operation.beyond_reference);
    let missing: Vec<String> = v1
        .map(|operation| operation.path.trim_start_matches('/').to_owned())
        .filter(|path| !examples.contains(&format!("v1/{path}")))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
    for event in ["promoter_accepted", "fulfilment_pending"] {
        assert!(examples.contains(&format!("webhooks/legacy/{event}")), "{event}");
    }
}

#[test]
fn an_example_that_the_mock_is_unlike_is_told() {
    let ours = Shape::of(&serde_json::json!({"a": 1, "b": "x"}), "", None);
    let theirs = Shape::of(&serde_json::json!({"b": 1, "a": 1, "c": null}), "", None);
    let codes: Vec<_> = compare(&theirs, &ours, None).into_iter().map(|difference| difference.code).collect();
    assert_eq!(codes, ["type-changed", "field-not-seen", "order-changed"]);
    assert!(codes.iter().all(|code| COUNTED.contains(code)));
}
