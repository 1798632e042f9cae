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
