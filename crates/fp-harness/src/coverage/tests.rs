use std::time::Duration;

use fp_contract::Rules;
use serde_json::json;

use super::*;
use crate::config::{Config, Phase};
use crate::exchange::Call;

fn exchange(method: &str, target: &str, sent: Value, status: u16, reply: &Value) -> Exchange {
    let json = || ("content-type".to_owned(), "application/json".to_owned());
    let call = Call {
        method: method.into(),
        target: target.into(),
        headers: vec![
            ("authorization".into(), "Bearer key".into()),
            ("account-id".into(), "1".into()),
            json(),
        ],
        body: if sent.is_null() { Vec::new() } else { sent.to_string().into_bytes() },
    };
    let body = reply.to_string().into_bytes();
    let judgement = Default::default();
    let mut exchange =
        Exchange { call, status, headers: vec![json()], body, took: Duration::ZERO, judgement };
    exchange.judgement = Contract::corrected().judge(&exchange.as_borrowed(), &Rules::strict());
    exchange
}

fn covered(exchanges: &[Exchange]) -> Coverage {
    let mut coverage = Coverage::default();
    exchanges.iter().for_each(|exchange| coverage.note(Contract::corrected(), exchange));
    coverage
}

fn of<'s>(summary: &'s Summary, operation: &str) -> &'s OperationSummary {
    summary.by_operation.iter().find(|one| one.operation == operation).expect("a known operation")
}

fn has(one: &OperationSummary, what: &str) -> bool {
    one.uncovered.iter().any(|uncovered| uncovered.what == what)
}

#[test]
fn what_an_exchange_touches_is_covered_and_nothing_else() {
    let listed = json!([{ "id": 7, "state": "active", "email": "a@example.com" }]);
    let target = "/api/v2/company/referrals?filters[state]=active";
    let summary =
        summarise(&covered(&[exchange("GET", target, Value::Null, 200, &listed)]), &Config::short(), true);
    let one = of(&summary, "GET /api/v2/company/referrals");
    assert_eq!((one.calls, one.statuses.exercised), (1, 1));
    assert!(!has(one, "status 200") && has(one, "status 401"));
    assert!(!has(one, "parameter filters[state]") && has(one, "parameter filters[promoter_id]"));
    assert!(!has(one, "reply 200 /*/state enum active") && has(one, "reply 200 /*/state enum cancelled"));
    assert_eq!(summary.operations.exercised, 1);
}

#[test]
fn a_faulty_request_counts_as_a_fault_and_not_as_exercising_its_schema() {
    let post = "POST /api/v2/company/promoters";
    let send = |body: Value| exchange("POST", "/api/v2/company/promoters", body, 422, &json!({}));
    let faulty = summarise(&covered(&[send(json!({ "email": { "a": "b" } }))]), &Config::short(), true);
    assert_eq!((of(&faulty, post).request_keywords.exercised, of(&faulty, post).faults), (0, 1));
    let sound = summarise(&covered(&[send(json!({ "email": "a@example.com" }))]), &Config::short(), true);
    assert!(of(&sound, post).request_keywords.exercised > 0);
    assert!(!has(of(&sound, post), "request /email format"));
    assert_eq!(of(&sound, post).faults, 0);
}

#[test]
fn the_order_in_which_parts_are_put_together_makes_no_difference() {
    let one = covered(&[exchange("GET", "/api/v2/company/referrals", Value::Null, 200, &json!([]))]);
    let other = covered(&[
        exchange("GET", "/api/v2/company/referrals?page=2", Value::Null, 401, &json!({ "message": "no" })),
        exchange("GET", "/api/v2/company/promoters", Value::Null, 200, &json!({ "data": [], "meta": {} })),
    ]);
    let (mut forth, mut back) = (one.clone(), other.clone());
    forth.merge(other);
    back.merge(one);
    assert_eq!(forth, back);
}

#[test]
fn what_was_not_exercised_says_why() {
    let nothing = Coverage::default();
    let reason = |config: &Config, may_write: bool, operation: &str| {
        of(&summarise(&nothing, config, may_write), operation).uncovered[0].reason
    };
    let narrow = Config { operations: vec!["/track/".into()], ..Config::short() };
    assert_eq!(reason(&narrow, true, "GET /api/v1/leads/list"), "the operation is filtered out");
    let sale = "POST /api/v2/track/sale";
    assert!(reason(&Config::short(), false, sale).contains("nothing may be changed"));
    let model = Config { phases: vec![Phase::Model], ..Config::short() };
    assert!(reason(&model, true, sale).contains("no phase that calls every operation"));
    assert!(reason(&Config::short(), true, sale).contains("ended before its turn"));
}
