//! A short run of the harness against the mock: what `cargo test` can afford of it.

use fp_harness::config::{Config, Phase};
use fp_harness::report::text;
use fp_harness::run::run;
use fp_harness::target::Target;

#[track_caller]
fn assert_clean(config: &Config) {
    let outcome = run(config, &Target::in_process(config.seed));
    assert!(outcome.calls > 50, "hardly anything was called:\n{}", text::show(&outcome));
    assert_eq!(outcome.exit_status(), 0, "{}", text::show(&outcome));
}

#[test]
fn generated_calls_of_every_operation_are_answered_as_the_contract_says() {
    let properties = [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ];
    let properties = properties.map(str::to_owned).to_vec();
    assert_clean(&Config { phases: vec![Phase::Contract], properties, cases: 2, ..Config::short() });
}

#[test]
fn methods_keys_pages_filters_and_sorting_behave() {
    assert_clean(&Config { phases: vec![Phase::Behaviour], ..Config::short() });
}

#[test]
fn random_sequences_agree_with_the_model_of_the_business() {
    assert_clean(&Config { phases: vec![Phase::Model], cases: 8, ..Config::short() });
}
