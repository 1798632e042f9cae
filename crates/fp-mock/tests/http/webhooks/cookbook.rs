//! What docs/cookbook.md says.

use fp_mock::Mock;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

const PAGE: &str = include_str!("../../../../../docs/cookbook.md");

/// The page's own function.
fn is_genuine(secret: &str, body: &[u8], signature: &str) -> bool {
    let Ok(signature) = hex::decode(signature) else { return false };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length will do");
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

/// A value of the page's example.
fn example(name: &str) -> &'static str {
    let line = PAGE.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.expect("the example is there").trim()
}

#[test]
fn the_example_signature_is_right_and_told_from_wrong_ones() {
    let (key, body, signature) = (example("key"), example("body"), example("signature"));
    assert_eq!(fp_mock::webhooks::signature::sign(key, body.as_bytes()), signature);
    assert!(is_genuine(key, body.as_bytes(), signature));
    assert!(!is_genuine(key, body.replace("1200", "9999").as_bytes(), signature));
    assert!(!is_genuine(&key.replace('3', "4"), body.as_bytes(), signature));
    assert!(!is_genuine(key, body.as_bytes(), "") && !is_genuine(key, body.as_bytes(), "no hex"));
}

#[test]
fn the_pages_rust_function_is_the_one_tested_here() {
    let source = include_str!("cookbook.rs");
    let start = source.find("fn is_genuine").expect("the function");
    let end = start + source[start..].find("\n}\n").expect("its end") + 3;
    assert!(PAGE.contains(&source[start..end]));
    let start = source.find("#[test]\nfn a_failed_webhook").expect("the test");
    assert!(PAGE.contains(source[start..].trim_end()));
}

#[test]
fn a_failed_webhook_is_retried_after_20_minutes() {
    let mock = Mock::start();
    let inbox = mock.inbox("mine");
    inbox.answer(&[500, 200]);
    mock.given().subscription(&inbox.url(), &["referral.created"]);
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    mock.clock().advance("19m59s");
    assert_eq!(inbox.received().len(), 1);
    mock.clock().advance("1s");
    assert_eq!(inbox.received().len(), 2);
}
