//! `assert_payload!` as an application uses it: from a crate of its own, which has no other part in this.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use fp_harness::assert_payload;
use fp_mock::Mock;
use serde_json::{Value, json};

/// A folder with one snapshot in it.
fn folder(name: &str, file: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("payload-assertion-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(file), format!("---\nsource: tests/payload_assertion.rs\n---\n{text}"))
        .expect("written");
    folder
}

/// Runs an assertion with the snapshots of a folder; whether it held.
fn holds(folder: &Path, assert: impl Fn()) -> bool {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    catch_unwind(AssertUnwindSafe(|| settings.bind(&assert))).is_ok()
}

#[test]
fn a_reply_of_the_mock_is_compared_with_the_text_in_the_test() {
    let mock = Mock::start();
    let links = mock.account("1").get("/api/v2/company/promoter_campaigns/600001/referral_links");
    assert_payload!(links, @r"
    payload: list
      []: object
        id: integer <id>
        name: string
        url: string <url>
        is_default: boolean
        source: string
        sub_id: null
        campaign: object
          id: integer <id>
          name: string
          color: string
    ");
}

#[test]
fn a_named_snapshot_is_a_file_and_tells_a_change() {
    let folder =
        folder("named", "promoter.snap", "payload: object\n  id: integer <id>\n  email: string <email>\n");
    let named = |value: Value| holds(&folder, || assert_payload!("promoter", value));
    assert!(named(json!({ "id": 7, "email": "jane@example.com" })));
    assert!(named(json!({ "id": 8, "email": "other@example.com" })), "values do not matter");
    assert!(!named(json!({ "id": 8 })));
    assert!(!named(json!({ "id": 8, "email": null })));
}

#[test]
fn a_snapshot_of_an_operation_holds_the_values_of_its_enumerations() {
    let folder = folder("operation", "rows.snap", "payload: list\n  []: object\n    state: \"signup\"\n");
    let rows = |state: &str| {
        let rows = json!([{ "state": state }]);
        holds(&folder, || assert_payload!("rows", of "GET /api/v2/company/referrals", rows))
    };
    assert!(rows("signup"));
    assert!(!rows("active"));
}
