//! What docs/cookbook.md says is run, in every language that is on the machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use fp_mock::{Mock, request};
use serde_json::json;

use crate::command::client;

const PAGE: &str = include_str!("../../../../docs/cookbook.md");
const WORKFLOW: &str = include_str!("../../../../.github/workflows/with-fp-mock.yml");

/// The block behind `<!-- run: ending -->`.
fn block(ending: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("<!-- run: {ending} -->\n```")).expect("the block is there");
    let (_, rest) = rest.split_once('\n').expect("a fence");
    rest.split_once("\n```").expect("its end").0
}

/// Runs a block with the words before its file's name, unless the language, with what the block asks of it, is not on
/// the machine: then a probe fails.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn run(ending: &str, words: &[&str], probe: &[&str]) {
    if !Command::new(words[0]).args(probe).output().is_ok_and(|output| output.status.success()) {
        eprintln!(
            "SKIPPED: the snippet for {ending} did not run, because `{} {probe:?}` fails here",
            words[0]
        );
        return;
    }
    let folder = std::env::temp_dir().join(format!("fp-mock-{}-cookbook-{ending}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(format!("snippet.{ending}"));
    fs::write(&file, block(ending)).expect("a file");
    let program = Path::new(env!("CARGO_BIN_EXE_fp-mock")).parent().expect("a folder");
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(program.to_owned()).chain(std::env::split_paths(&others)));
    let mut command = Command::new(words[0]);
    for (name, _) in std::env::vars_os() {
        // The snippets start servers of their own, without settings of ours.
        if name == "PORT" || name.to_string_lossy().starts_with("FP_MOCK_") {
            command.env_remove(name);
        }
    }
    let output =
        command.args(&words[1..]).arg(&file).env("PATH", path.expect("a path")).current_dir(&folder).output();
    let output = output.expect("it runs");
    fs::remove_dir_all(&folder).expect("the folder");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{ending}:\n{}{}", said(&output.stdout), said(&output.stderr));
}

#[test]
fn the_snippet_for_node_runs() {
    run("mjs", &["node"], &["-e", "require('node:test'); fetch"]);
}

#[test]
fn the_snippet_for_python_runs() {
    run("py", &["python3"], &["-c", "import sys; assert sys.version_info >= (3, 9)"]);
}

#[test]
fn the_snippet_for_ruby_runs() {
    run("rb", &["ruby"], &["-rminitest", "-rjson", "-e", "1"]);
}

#[test]
fn the_snippet_for_php_runs() {
    run("php", &["php"], &["-r", "exit(ini_get('allow_url_fopen') ? 0 : 1);"]);
}

#[test]
fn the_snippet_for_go_runs() {
    run("go", &["go", "run"], &["version"]);
}

/// The code under test of the page's Rust snippet.
fn check_out(url: &str, email: &str, amount: u64) {
    let body = json!({ "email": email, "event_id": "evt_1", "amount": amount }).to_string();
    let call = client().post(format!("{url}/api/v2/track/sale")).bearer_auth("key").header("account-id", "1");
    let answer = call.header("content-type", "application/json").body(body).send().expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
}

#[test]
fn a_checkout_is_reported_as_a_sale() {
    let mock = Mock::start();
    mock.expect(request("POST", "/api/v2/track/sale")).once();
    mock.expect_no_violations();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));

    check_out(mock.url(), "bob@example.com", 4900);

    let commissions = mock.get("/api/v2/company/commissions");
    assert_eq!(commissions[0]["amount"], 980);
} // what was expected is checked here

#[test]
fn the_pages_rust_snippet_is_the_one_tested_here() {
    let source = include_str!("cookbook.rs");
    let start = source.find("#[test]\nfn a_checkout_is").expect("the snippet");
    let end = start + source[start..].find("checked here\n").expect("its end") + "checked here\n".len();
    assert!(PAGE.contains(&source[start..end]));
}

#[test]
fn every_piece_of_yaml_can_be_read() {
    let pieces: Vec<&str> =
        PAGE.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(pieces.len() >= 3, "{}", pieces.len());
    for piece in pieces.into_iter().chain([WORKFLOW]) {
        let read: Result<serde_json::Value, _> = serde_yaml::from_str(piece);
        assert!(read.as_ref().is_ok_and(serde_json::Value::is_object), "{piece}: {read:?}");
    }
}
