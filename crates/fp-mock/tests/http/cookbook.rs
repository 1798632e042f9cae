//! What docs/cookbook.md says is run, in every language that is on the machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use fp_mock::{Mock, request};
use serde_json::json;

use crate::command::{Running, client};
use crate::webhooks::receiver::{Behaviour, Receiver};

const PAGE: &str = include_str!("../../../../docs/cookbook.md");
const WORKFLOW: &str = include_str!("../../../../.github/workflows/with-fp-mock.yml");

/// A language, and what it takes to run a file of it.
struct Language {
    ending: &'static str,
    /// The words before the file's name.
    words: &'static [&'static str],
    /// Fails where the language, or what the snippets ask of it, is missing.
    probe: &'static [&'static str],
}

const NODE: Language =
    Language { ending: "mjs", words: &["node"], probe: &["-e", "require('node:test'); fetch"] };
const PYTHON: Language = Language {
    ending: "py",
    words: &["python3"],
    probe: &["-c", "import sys; assert sys.version_info >= (3, 9)"],
};
const RUBY: Language =
    Language { ending: "rb", words: &["ruby"], probe: &["-rminitest", "-ropenssl", "-e", "1"] };
const PHP: Language = Language {
    ending: "php",
    words: &["php"],
    probe: &["-r", "exit(ini_get('allow_url_fopen') && function_exists('hash_hmac') ? 0 : 1);"],
};
const GO: Language = Language { ending: "go", words: &["go", "run"], probe: &["version"] };
const SHELL: Language = Language { ending: "sh", words: &["bash", "-e"], probe: &["-c", "curl --version"] };

/// The text of the first fence behind a mark.
fn fence(mark: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(mark).expect("the mark is there");
    let (_, rest) = rest.split_once("\n```").expect("a fence");
    let (_, rest) = rest.split_once('\n').expect("its first line");
    rest.split_once("\n```").expect("its end").0
}

/// Runs a program and answers what it wrote, unless its language is not on the machine.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn run(language: &Language, name: &str, text: &str) -> Option<String> {
    let Language { ending, words, probe } = language;
    if !Command::new(words[0]).args(*probe).output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: {name} did not run, because `{} {probe:?}` fails here", words[0]);
        return None;
    }
    let folder = std::env::temp_dir().join(format!("fp-mock-{}-{name}-{ending}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join(format!("snippet.{ending}"));
    fs::write(&file, text).expect("a file");
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
    assert!(output.status.success(), "{name}:\n{}{}", said(&output.stdout), said(&output.stderr));
    Some(said(&output.stdout))
}

/// Runs the page's test suite in a language.
fn run_suite(language: &Language) {
    run(language, "suite", fence(&format!("<!-- run: {} -->", language.ending)));
}

#[test]
fn the_suite_for_node_runs() {
    run_suite(&NODE);
}

#[test]
fn the_suite_for_python_runs() {
    run_suite(&PYTHON);
}

#[test]
fn the_suite_for_ruby_runs() {
    run_suite(&RUBY);
}

#[test]
fn the_suite_for_php_runs() {
    run_suite(&PHP);
}

#[test]
fn the_suite_for_go_runs() {
    run_suite(&GO);
}

/// Runs the page's check of signatures in a language. `calls` is what follows it; `K`, `B` and `S` stand for the page's
/// key, body and signature. The program fails unless the signature is right, and wrong for another body.
fn run_check(language: &Language, calls: &str) {
    let signatures = PAGE.split_once("## Verify the signature").expect("the section").1;
    let example = |name: &str| {
        let line = signatures.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.expect("the example is there").trim()
    };
    let heading = match language.ending {
        "mjs" => "\n### Node\n",
        "py" => "\n### Python\n",
        "rb" => "\n### Ruby\n",
        _ => "\n### PHP\n",
    };
    let calls = calls
        .replace("{K}", &format!("'{}'", example("key")))
        .replace("{B}", &format!("'{}'", example("body")))
        .replace("{S}", &format!("'{}'", example("signature")));
    let start = if language.ending == "php" { "<?php\n" } else { "" };
    let (text, ending) = (format!("{start}{}\n{calls}\n", fence(heading)), language.ending);
    // The page's function for Node is of the older kind of module.
    let language = if ending == "mjs" { &Language { ending: "cjs", ..NODE } } else { language };
    run(language, "signature", &text);
}

#[test]
fn the_check_of_signatures_for_node_runs() {
    run_check(
        &NODE,
        "const right = isGenuine({K}, {B}, {S}), wrong = isGenuine({K}, {B} + ' ', {S}), none = isGenuine({K}, {B});\n\
         process.exit(right && !wrong && !none ? 0 : 1);",
    );
}

#[test]
fn the_check_of_signatures_for_python_runs() {
    run_check(
        &PYTHON,
        "assert is_genuine({K}, {B}.encode(), {S})\nassert not is_genuine({K}, b'x', {S})\n\
         assert not is_genuine({K}, {B}.encode(), 'x')",
    );
}

#[test]
fn the_check_of_signatures_for_ruby_runs() {
    run_check(
        &RUBY,
        "exit(genuine?({K}, {B}, {S}) && !genuine?({K}, 'x', {S}) && !genuine?({K}, {B}, nil) ? 0 : 1)",
    );
}

#[test]
fn the_check_of_signatures_for_php_runs() {
    run_check(&PHP, "exit(is_genuine({K}, {B}, {S}) && !is_genuine({K}, 'x', {S}) ? 0 : 1);");
}

#[test]
fn the_commands_about_webhooks_run() {
    let server = Running::start(&["--clock", "manual"]);
    let handler = Receiver::scripted(vec![Behaviour::Answer(500, "no".into())]);
    let page = PAGE.split_once("## See what your handler").expect("the section").1;
    let pieces = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script = pieces.collect::<String>().replace("http://127.0.0.1:4010", &server.url);
    let script = script.replace("http://127.0.0.1:3000", handler.url()).replace("curl -sS", "curl -sSf");
    let Some(said) = run(&SHELL, "webhooks", &script) else { return };
    assert!(said.contains("\"event_type\":\"commission.created\""), "{said}");
    assert_eq!(handler.received().len(), 10, "the first attempt and nine retries");
    // The second subscriber's event reached the inbox too; then come three copies and a tampered one.
    let inbox = server.get("/__admin/inbox/mine", &[]).text().expect("text");
    assert!(inbox.contains("\"total\":6"), "{inbox}");
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
fn the_steps_of_the_workflow_start_a_mock_and_wait_for_it() {
    let workflow: serde_json::Value = serde_yaml::from_str(WORKFLOW).expect("YAML");
    let steps = workflow["jobs"]["run"]["steps"].as_array().expect("steps");
    let step = |name: &str| {
        let step = steps.iter().find(|step| step["name"] == name).expect("the step");
        step["run"].as_str().expect("commands").to_owned()
    };
    // In its own folder lies the program; the port is one that is free. The command is its caller's.
    let port = Running::start(&[]).port();
    let built =
        "mkdir -p .fp-mock/target/release\nln -s \"$(command -v fp-mock)\" .fp-mock/target/release/fp-mock";
    let callers = format!("curl -sSf http://127.0.0.1:{port}/__admin/clock -d \"\" -X GET");
    let settings = format!(
        "export FP_MOCK_PORT={port} ARGUMENTS='--clock manual' COMMAND='{callers}'\n\
         trap 'curl -sS -X POST http://127.0.0.1:{port}/__admin/shutdown' EXIT"
    );
    let script =
        [built, &settings, &step("Start the mock"), &step("Run"), &step("What the mock saw")].join("\n");
    let Some(said) = run(&SHELL, "workflow", &script) else { return };
    assert!(said.contains("\"mode\":\"manual\"") && said.contains("84 operations of v2"), "{said}");
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
