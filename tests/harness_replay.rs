//! Failures at a service with a bug: found, cut down, saved, and done again until the bug is gone.

#[path = "harness/spoiler.rs"]
mod spoiler;

use std::path::PathBuf;
use std::process::{Command, Output};

use axum::http::StatusCode;
use fp_mock::Mock;
use serde_json::Value;
use spoiler::Spoilt;

fn fp_harness(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fp-harness"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FP_")) {
        command.env_remove(name);
    }
    command.args(arguments).output().expect("the command starts")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn file(name: &str) -> String {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).display().to_string()
}

/// One list answers with 500.
fn broken_list(_: &str, target: &str, status: &mut StatusCode, _: &mut Vec<u8>) {
    if target.starts_with("/api/v2/company/emails/template") {
        *status = StatusCode::INTERNAL_SERVER_ERROR;
    }
}

/// v1 shows a cent more than was earned.
fn generous(_: &str, target: &str, _: &mut StatusCode, body: &mut Vec<u8>) {
    let shows = target.starts_with("/api/v1/promoters/show");
    let Some(mut reply) = serde_json::from_slice::<Value>(body).ok().filter(|_| shows) else { return };
    if let Some(cash) = reply.pointer_mut("/earnings_balance/cash") {
        *cash = Value::from(cash.as_i64().unwrap_or_default() + 1);
        *body = reply.to_string().into_bytes();
    }
}

#[test]
fn a_single_call_is_done_again_from_the_line_of_the_report() {
    let spoilt = Spoilt::start(Mock::builder().start(), broken_list);
    let narrow = ["--operation=GET /api/v2/company/emails/template", "--phase=contract", "--cases=7"];
    let run = fp_harness(&[&["run", "--target", &spoilt.url, "--key=any"][..], &narrow].concat());
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    let line = "fp-harness replay --seed 0 --property not_a_server_error --operation 'GET /api/v2/company/emails/template' \
                --case round-0 --among 'GET /api/v2/company/emails/template' --target";
    assert!(said(&run).contains(line), "{}", said(&run));
    let replay = |more: &[&str]| {
        let fixed = ["replay", "--seed=0", "--property=not_a_server_error", "--case=round-0"];
        let operation = ["--operation=GET /api/v2/company/emails/template", "--among=emails/template"];
        fp_harness(&[&fixed[..], &operation, more].concat())
    };
    let there = replay(&["--target", &spoilt.url, "--key=any"]);
    assert_eq!(there.status.code(), Some(1), "{}", said(&there));
    assert!(said(&there).contains("still shows: expected a status below 500, found 500"), "{}", said(&there));
    let here = replay(&[]);
    assert_eq!(here.status.code(), Some(0), "{}", said(&here));
    assert!(said(&here).contains("does not show any more"), "{}", said(&here));
}

#[test]
fn a_sequence_is_cut_down_confirmed_saved_and_done_again() {
    let spoilt = Spoilt::start(Mock::builder().start(), generous);
    let saved = file("generous.jsonl");
    let save = format!("--save={saved}");
    let property = ["--phase=model", "--property=money_is_conserved", "--cases=2", "--workers=2"];
    let run = fp_harness(&[&["run", "--target", &spoilt.url, "--key=any", &save][..], &property].concat());
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(said(&run).contains("confirmed 3 of 3 times"), "{}", said(&run));
    let text = std::fs::read_to_string(&saved).expect("a file");
    let failure: Value = serde_json::from_str(text.lines().nth(1).expect("a failure")).expect("JSON");
    let steps = failure["case"]["steps"].as_array().map(Vec::len).unwrap_or_default();
    assert!((1..=4).contains(&steps), "{failure:#}");
    assert_eq!(failure["case"]["shrunk"], true);

    let there = fp_harness(&["replay", &saved, "--failure=1", "--target", &spoilt.url, "--key=any"]);
    assert_eq!(there.status.code(), Some(1), "{}", said(&there));
    let here = fp_harness(&["replay", &saved]);
    assert_eq!(here.status.code(), Some(0), "{}", said(&here));
    assert_eq!(fp_harness(&["replay", &saved, "--failure=9"]).status.code(), Some(2));

    let other = text.replacen("\"sha256\":\"", "\"sha256\":\"0", 1);
    std::fs::write(&saved, other).expect("a file");
    let refused = fp_harness(&["replay", &saved]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(
        said(&refused).contains("spec/firstpromoter-v2.yaml changed since the run"),
        "{}",
        said(&refused)
    );
    assert_eq!(fp_harness(&["replay", &saved, "--anyway"]).status.code(), Some(0));
}

#[test]
fn at_a_single_account_the_saved_call_is_made_again() {
    let spoilt = Spoilt::start(Mock::builder().start(), broken_list);
    let saved = file("single.jsonl");
    let save = format!("--save={saved}");
    let real = ["--target", &spoilt.url, "--key=any", "--treat-as-real"];
    let narrow =
        ["--operation=GET /api/v2/company/emails/template", "--phase=contract", "--cases=1", "--rate=60000"];
    let run = fp_harness(&[&["run", &save][..], &real, &narrow].concat());
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    let there = fp_harness(&[&["replay", &saved][..], &real].concat());
    assert_eq!(there.status.code(), Some(1), "{}", said(&there));
    let calls = spoilt.calls();
    assert!(calls > 10, "{calls} calls");
}

#[test]
fn a_dry_run_tells_the_plan_and_makes_no_call() {
    let spoilt = Spoilt::start(Mock::builder().start(), broken_list);
    let real = [
        "run",
        "--dry-run",
        "--target",
        &spoilt.url,
        "--key=any",
        "--treat-as-real",
        "--cases=1",
        "--phase=contract,model",
    ];
    let reading = fp_harness(&real);
    assert_eq!(reading.status.code(), Some(0), "{}", said(&reading));
    assert!(
        said(&reading).contains("nothing would be changed: writes are not allowed"),
        "{}",
        said(&reading)
    );
    assert!(said(&reading).contains(" minutes at 380 a minute"), "{}", said(&reading));

    let writing =
        fp_harness(&[&real[..], &["--allow-writes", "--run-id=try", "--campaign=main=77"]].concat());
    let plan = said(&writing);
    for expected in
        ["  contract: about ", "  model: about ", "  tidying up: about ", " of promoter, ", "named fph-try-…"]
    {
        assert!(plan.contains(expected), "{expected}: {plan}");
    }
    let local =
        fp_harness(&["run", "--dry-run", "--target", &spoilt.url, "--key=any", "--cases=1", "--budget=9"]);
    assert!(said(&local).contains("the budget of 9 calls would end it before its end"), "{}", said(&local));
    assert_eq!(spoilt.calls(), 0);
}

fn sound(_: &str, _: &str, _: &mut StatusCode, _: &mut Vec<u8>) {}

#[test]
fn an_interrupted_command_tidies_up_and_says_so() {
    let spoilt = Spoilt::start(Mock::builder().start(), sound);
    let list = || spoilt.mock().account("1").get("/api/v2/company/promoters?per_page=100");
    let before = list();
    let mut command = Command::new(env!("CARGO_BIN_EXE_fp-harness"));
    let real =
        ["run", "--target", &spoilt.url, "--key=any", "--v1-key=1", "--treat-as-real", "--allow-writes"];
    command.args(real).args(["--rate=6000", "--run-id=stop", "--phase=behaviour"]);
    let running = command.stdout(std::process::Stdio::piped()).spawn().expect("the command starts");
    spoilt.wait_for(40);
    assert_ne!(before, list(), "nothing was made yet");
    let id = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
    let output = running.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("the run was interrupted"), "{}", said(&output));
    assert_eq!(before, list());
}

/// One operation answers nothing: the proxy's connection ends.
fn speechless(_: &str, target: &str, _: &mut StatusCode, _: &mut Vec<u8>) {
    assert!(!target.starts_with("/api/v2/company/emails/template"), "on purpose");
}

#[test]
fn a_call_without_an_answer_is_a_failure_where_others_are_answered() {
    let spoilt = Spoilt::start(Mock::builder().start(), speechless);
    let narrow = ["--operation=emails/template", "--phase=contract", "--cases=1"];
    let run = fp_harness(&[&["run", "--target", &spoilt.url, "--key=any"][..], &narrow].concat());
    assert_eq!(run.status.code(), Some(1), "{}", said(&run));
    assert!(
        said(&run).contains("not_a_server_error on GET /api/v2/company/emails/template: no answer"),
        "{}",
        said(&run)
    );
    assert!(said(&run).contains("confirmed 2 of 2 times"), "{}", said(&run));
}

#[test]
fn a_failure_that_shows_with_the_last_call_of_the_budget_is_reported() {
    let spoilt = Spoilt::start(Mock::builder().start(), broken_list);
    let narrow = ["--operation=emails/template", "--phase=contract", "--cases=1", "--rate=60000"];
    let run = |budget: &str| {
        let real = ["run", "--target", &spoilt.url, "--key=any", "--treat-as-real", budget];
        fp_harness(&[&real[..], &narrow].concat())
    };
    // Nine lists are read before the operation's turn comes.
    for budget in ["--budget=10", "--budget=11"] {
        let output = run(budget);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(!said(&output).contains("FLAKY"), "{}", said(&output));
        assert!(said(&output).contains("used up before the end"), "{}", said(&output));
    }
}
