//! What the mock sends is what the snapshots in `fixtures/snapshots` say: a change of a payload is a change of one
//! file.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use fp_contract::Contract;
use fp_harness::snapshot::check::check;
use fp_harness::snapshot::difference::CODES;
use fp_harness::snapshot::provoke::{Provoked, Terms, provoke};
use fp_harness::snapshot::report::{self, Form};
use fp_harness::snapshot::store::Store;
use fp_harness::snapshot::subject::Subject;
use fp_harness::snapshot::written;
use fp_harness::target::Target;

/// Everything that the mock sends.
fn provoked() -> Provoked {
    let terms = Terms { rate_per_minute: None, allow_writes: false, seed: 0, samples: 20 };
    provoke(&Target::in_process(0), terms).expect("a mock that answers")
}

fn store() -> Store {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/snapshots");
    Store::at(&folder.canonicalize().expect("the folder of snapshots"), Contract::corrected())
}

#[test]
fn every_payload_is_as_its_snapshot_says() {
    let (store, provoked, mut failed) = (store(), provoked(), 0);
    assert_eq!(provoked.skipped, [], "at a mock every call can be made");
    assert_eq!(provoked.left_behind, [""; 0], "what was made goes again");
    for (subject, seen) in provoked.album.seen() {
        let file = store.file(subject).expect("a file of the contract");
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(file.parent().expect("a folder"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(subject.to_string());
        let name = file.with_extension("").file_name().expect("a name").to_string_lossy().into_owned();
        let text = written::write(seen);
        let assert = || settings.bind(|| insta::assert_snapshot!(name, text));
        failed += usize::from(catch_unwind(AssertUnwindSafe(assert)).is_err());
    }
    let checked = check(&provoked.album, &store, None).expect("readable snapshots");
    let told = report::render(&checked, Form::Text, true);
    assert_eq!(failed, 0, "payloads changed; if that is meant: fp-harness snapshot review\n{told}");
    assert_eq!((checked.findings.len(), checked.not_seen.len()), (0, 0), "{told}");
}

#[test]
fn every_operation_and_event_has_its_snapshot_and_none_is_left_over() {
    let contract = Contract::corrected();
    let subjects = Subject::all(contract);
    let wanted: BTreeSet<PathBuf> = subjects.iter().filter_map(|subject| subject.file(contract)).collect();
    assert_eq!(store().files(), wanted);
    let count = |folder: &str| wanted.iter().filter(|file| file.starts_with(folder)).count();
    // v1 has two operations, and the current system one event, that the reference leaves out.
    let counts = (count("v2"), count("v1"), count("webhooks/v2"), count("webhooks/legacy"));
    assert_eq!(counts, (84, 25 + 2, 28 + 1, 8));
}

#[test]
fn no_snapshot_holds_anybodys_address_or_key() {
    let store = store();
    for file in store.files() {
        let text = std::fs::read_to_string(store.folder().join(&file)).expect("a text file");
        for word in ["@", "example.com", "fps-", "http", "jane"] {
            assert!(!text.contains(word), "{}: {word}", file.display());
        }
    }
}

#[test]
fn every_code_of_a_difference_is_described() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/snapshots.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let described: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let known: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(described, known);
}
