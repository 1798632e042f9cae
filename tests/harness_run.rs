//! Runs of the harness as a library: the same seed and configuration find the same, however the work is shared.

use fp_harness::config::{Config, Phase};
use fp_harness::run::{Outcome, run};
use fp_harness::target::Target;

fn told(outcome: &Outcome) -> String {
    let findings = &outcome.findings;
    format!(
        "{} calls\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
        outcome.calls, findings.failures, findings.not_judged, outcome.trials, outcome.coverage
    )
}

#[test]
fn workers_change_nothing_but_the_time_a_run_takes() {
    let operations = ["/track/", "/company/commissions/"].map(str::to_owned).to_vec();
    let config = Config { cases: 6, operations, budget: None, ..Config::short() };
    let alone = run(&config, &Target::in_process(0));
    let together = run(&Config { workers: 3, ..config }, &Target::in_process(0));
    assert!(alone.calls > 1_000, "{} calls", alone.calls);
    assert_eq!(told(&alone), told(&together));
}

#[test]
fn a_budget_is_shared_out_among_the_workers_and_kept() {
    let config = Config { budget: Some(301), workers: 2, phases: vec![Phase::Contract], ..Config::short() };
    let one = run(&config, &Target::in_process(0));
    assert_eq!(one.calls, 301);
    assert_eq!(told(&one), told(&run(&config, &Target::in_process(0))));
}
