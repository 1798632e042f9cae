//! The `fp-harness` command as it is typed: what it says, where it says it, and its exit status.

use std::path::PathBuf;
use std::process::{Command, Output};

fn fp_harness(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fp-harness"));
    command.args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FP_")) {
        command.env_remove(name);
    }
    command.output().expect("the command starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file of this test's own in the folder that the build has for that.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known_ones() {
    for (flag, name, meant) in [
        ("--phase", "modle", "`model`"),
        ("--operation", "POST /api/v2/track/sales", "`POST /api/v2/track/sale`"),
        ("--property", "ignored_aut", "`ignored_auth`"),
        ("--report", "jnuit", "junit"),
    ] {
        let output = fp_harness(&["run", flag, name]);
        assert_eq!(output.status.code(), Some(2), "{flag}");
        assert!(complained(&output).contains(meant), "{flag}: {}", complained(&output));
        assert!(said(&output).is_empty(), "{flag}: {}", said(&output));
    }
}

#[test]
fn properties_are_listed_with_what_they_promise() {
    let all = said(&fp_harness(&["properties"]));
    assert!(all.contains("money_is_conserved (model)\n  balances and payouts add up"), "{all}");
    let one = said(&fp_harness(&["properties", "ignored_auth"]));
    assert_eq!(one, "ignored_auth (behaviour)\n  a call without a key is refused with 401\n");
    assert_eq!(fp_harness(&["properties", "no_such"]).status.code(), Some(2));
}

#[test]
fn a_clean_run_passes_and_writes_every_report_that_is_asked_for() {
    let forms = ["json", "jsonl", "junit", "html", "github"];
    let files: Vec<PathBuf> = forms.iter().map(|form| file(&format!("clean.{form}"))).collect();
    let outputs: Vec<String> =
        forms.iter().zip(&files).map(|(form, file)| format!("--report={form}={}", file.display())).collect();
    let mut arguments =
        vec!["run", "--phase=behaviour", "--property=ignored_auth", "--api=v1", "--report=text"];
    arguments.extend(outputs.iter().map(String::as_str));
    let output = fp_harness(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}{}", said(&output), complained(&output));
    assert!(said(&output).contains(" checks, 0 failures\n"), "{}", said(&output));
    assert_eq!(complained(&output), "", "progress is for terminals");
    let text = |form: &str| std::fs::read_to_string(file(&format!("clean.{form}"))).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&text("json")).expect("JSON");
    assert_eq!(json["verdict"], "passed");
    assert_eq!(json["head"]["documents"][0]["document"], "spec/firstpromoter-v2.yaml");
    assert_eq!(json["head"]["documents"][0]["sha256"].as_str().map(str::len), Some(64));
    assert!(text("jsonl").lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(text("junit").contains("<testsuite name=\"behaviour\""));
    assert!(text("html").starts_with("<!DOCTYPE html>"));
    assert_eq!(text("github"), "");
}

#[test]
fn coverage_is_told_with_the_reason_for_what_was_not_exercised() {
    let output =
        fp_harness(&["run", "--cases=1", "--phase=contract", "--operation=GET /api/v1/leads", "--coverage"]);
    let text = said(&output);
    assert!(text.contains("\nGET /api/v1/leads/list: "), "{text}");
    assert!(text.contains("  not exercised, the operation is filtered out: status 200;"), "{text}");
    assert!(
        text.contains(
            "  not exercised, only calls without a key provoke it: the phase behaviour: status 401"
        ),
        "{text}"
    );
}

#[test]
fn flags_come_from_the_environment_too() {
    let output = Command::new(env!("CARGO_BIN_EXE_fp-harness"))
        .arg("run")
        .envs([("FP_PHASE", "behaviour"), ("FP_PROPERTY", "no_such"), ("FP_SEED", "3")])
        .output()
        .expect("the command starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).contains("no_such"), "{}", complained(&output));
}

/// The arguments of a run against `mock` as if it were the real service.
fn as_real<'a>(mock: &'a fp_mock::Mock, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["run", "--target", mock.url(), "--key", KEY, "--treat-as-real"];
    arguments.extend(more);
    arguments
}

const KEY: &str = "sk-very-secret-1234";

#[test]
fn no_report_of_any_form_shows_a_key() {
    // The mock lets nobody in who has another key: refusals are failures, and all of them are reported.
    let keys = fp_mock::api::auth::Keys::parse(&["other-key".to_owned()]).expect("a key");
    let mock = fp_mock::Mock::builder().keys(keys).start();
    for form in ["text", "json", "jsonl", "junit", "html", "github"] {
        let (report, save) = (format!("--report={form}"), file(&format!("keys.{form}.baseline")));
        let baseline = format!("--write-baseline={}", save.display());
        let arguments = as_real(
            &mock,
            &[
                "--cases=1",
                "--phase=contract",
                "--rate=60000",
                "--operation=GET /api/v2/company/promoters",
                &report,
                &baseline,
            ],
        );
        let output = fp_harness(&arguments);
        let told = format!("{}{}", said(&output), complained(&output));
        assert!(told.contains("positive_data_acceptance"), "{told}");
        let saved = std::fs::read_to_string(&save).expect("a baseline");
        assert!(!told.contains(KEY) && !saved.contains(KEY), "{form}: {told}");
    }
}

#[test]
fn a_real_host_is_called_380_times_a_minute_unless_told_otherwise() {
    let mock = fp_mock::Mock::builder().start();
    let rate = |more: &[&str]| {
        let output =
            fp_harness(&as_real(&mock, &[&["--budget=2", "--report=json", "--cases=1"], more].concat()));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        json["head"]["configuration"]["rate_per_minute"].clone()
    };
    assert_eq!(rate(&[]), 380);
    assert_eq!(rate(&["--rate=9000"]), 9000);
}

#[test]
fn a_target_that_does_not_answer_could_not_be_tested() {
    let output = fp_harness(&["run", "--target", "http://127.0.0.1:9", "--key", KEY, "--cases=1"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("has no answer"), "{}", said(&output));
}

#[test]
fn known_failures_pass_until_they_are_gone_or_their_day_is_over() {
    let keys = fp_mock::api::auth::Keys::parse(&["other-key".to_owned()]).expect("a key");
    let mock = fp_mock::Mock::builder().keys(keys).start();
    let known = file("known.yaml");
    let (write, read) =
        (format!("--write-baseline={}", known.display()), format!("--baseline={}", known.display()));
    let run = |more: &[&str]| {
        let fixed =
            ["--cases=1", "--phase=contract", "--rate=60000", "--operation=GET /api/v2/company/emails/{id}"];
        fp_harness(&as_real(&mock, &[&fixed, more].concat()))
    };
    assert_eq!(run(&[]).status.code(), Some(1));
    assert_eq!(run(&[&write, "--today=2026-03-31"]).status.code(), Some(0));
    let passed = run(&[&read, "--today=2026-03-31"]);
    assert_eq!(passed.status.code(), Some(0), "{}", said(&passed));
    assert!(said(&passed).contains("\nknown failures\n"), "{}", said(&passed));
    let late = run(&[&read, "--today=2026-04-01"]);
    assert_eq!(late.status.code(), Some(1));
    assert!(said(&late).contains("expired on 2026-03-31"), "{}", said(&late));
    let gone = fp_harness(&["run", "--cases=1", "--api=v1", "--phase=contract", &read, "--today=2026-03-31"]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(said(&gone).contains("covers nothing: remove it"), "{}", said(&gone));
}

#[test]
fn a_mock_elsewhere_gives_accounts_of_its_own_and_its_default_account_stays_as_it_is() {
    let mock = fp_mock::Mock::builder().start();
    let list = || mock.account("1").get("/api/v2/company/promoters");
    let before = list();
    let output = fp_harness(&[
        "run",
        "--target",
        mock.url(),
        "--key=any",
        "--cases=2",
        "--phase=model",
        "--workers=2",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("not judged"), "{}", said(&output));
    assert_eq!(before, list());
}

#[test]
fn every_flag_and_property_form_is_described_on_the_page() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fp-harness.md");
    let page = std::fs::read_to_string(page).expect("the page");
    for command in ["run", "replay"] {
        let help = said(&fp_harness(&[command, "--help"]));
        let flags =
            help.lines().filter_map(|line| line.trim_start().split([' ', '=']).find(|w| w.starts_with("--")));
        let flags: Vec<&str> =
            flags.filter(|flag| !["--help", "--among", "--version"].contains(flag)).collect();
        assert!(flags.len() > 8, "{help}");
        let missing: Vec<_> = flags.iter().filter(|flag| !page.contains(**flag)).collect();
        assert!(missing.is_empty(), "docs/fp-harness.md lacks {missing:?}");
    }
}
