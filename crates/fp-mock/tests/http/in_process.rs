//! The mock as a Rust test holds it: records given, time moved, calls expected.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use fp_mock::{Matcher, Mock, request};
use serde_json::{Value, json};

const SALE: &str = "/api/v2/track/sale";

fn sale(mock: &Mock, event: &str) -> u16 {
    let client = reqwest::blocking::Client::new();
    let body = json!({ "email": "bob@example.com", "event_id": event, "amount": 1000 });
    let call = client.post(format!("{}{SALE}", mock.url())).bearer_auth("key").header("account-id", "1");
    let call = call.header("content-type", "application/json").body(body.to_string());
    call.send().expect("an answer").status().as_u16()
}

/// The sentence of a panic.
fn panic_of(work: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("a panic");
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).expect("a sentence")
}

#[test]
fn given_records_are_there_and_leave_no_call_in_the_journal() {
    let mock = Mock::start();
    let amy = mock.given().promoter(json!({ "email": "amy@example.com" }));
    let bob = mock.given().referral_of("jane89", json!({ "email": "bob@example.com" }));
    let click = mock.given().click("jane89");
    assert!(click["tid"].is_string());
    assert_eq!(mock.get(&format!("/api/v2/company/promoters/{}", amy.id()))["email"], "amy@example.com");
    assert_eq!(mock.get(&format!("/api/v2/company/referrals/{}", bob.id()))["email"], "bob@example.com");
    assert_eq!(mock.requests().len(), 2, "the two reads alone");
    let refused = panic_of(|| drop(mock.given().promoter(json!({ "email": "amy@example.com" }))));
    assert!(refused.contains("has already been taken"), "{refused}");
}

#[test]
fn expected_calls_are_checked_when_the_mock_is_dropped() {
    let mock = Mock::start();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    let body = Matcher::json_with(json!({ "event_id": "e2" }));
    mock.expect(request("POST", SALE)).times(2);
    mock.expect(request("POST", SALE).with_body(body)).once();
    mock.expect(request("POST", "/api/v2/track/refund")).never();
    mock.expect_no_violations();
    assert_eq!((sale(&mock, "e1"), sale(&mock, "e2")), (200, 200));
    mock.verify();
    drop(mock);
}

#[test]
fn an_unmet_expectation_names_the_call_that_came_nearest() {
    let mock = Mock::start();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    mock.expect(request("POST", SALE).with_body(Matcher::json_with(json!({ "event_id": "e9" })))).once();
    sale(&mock, "e1");
    let problem = panic_of(|| drop(mock));
    assert!(problem.starts_with("expected 1, found 0 calls that fit POST /api/v2/track/sale"), "{problem}");
    assert!(problem.contains("hint: the nearest was POST /api/v2/track/sale: body: expected"), "{problem}");
}

#[test]
fn a_violation_fails_a_mock_that_expects_none() {
    let mock = Mock::start();
    mock.expect_no_violations();
    mock.call("GET", "/api/v2/company/promoters?page=first", Value::Null);
    let problem = panic_of(|| drop(mock));
    assert!(problem.contains("/query/page"), "{problem}");
}

#[test]
fn a_failing_test_is_not_failed_twice() {
    let problem = panic_of(|| {
        let mock = Mock::start();
        mock.expect(request("POST", SALE));
        panic!("the test's own failure");
    });
    assert_eq!(problem, "the test's own failure");
}

#[test]
fn time_moves_by_hand_and_batches_with_it() {
    let mock = Mock::start();
    let ids: Vec<u64> = (0..6)
        .map(|at| {
            let email = format!("cus_{at}@example.com");
            mock.given().referral_of("jane89", json!({ "email": email })).id()
        })
        .collect();
    let batch = mock.call("POST", "/api/v2/company/referrals/approve", json!({ "ids": ids })).expect(202);
    let ran = mock.clock().advance("6s");
    assert_eq!(ran.batch_steps, 6);
    assert_eq!(mock.clock().now().to_string(), "2025-01-15T10:30:06.000Z");
    let batch = mock.get(&format!("/api/v2/company/batch_processes/{}", batch["id"]));
    assert_eq!(batch["processed_count"], 6);
    let refused = panic_of(|| {
        mock.clock().advance("soon");
    });
    assert!(refused.contains("1h30m"), "{refused}");
}

#[test]
fn a_state_is_kept_and_brought_back() {
    let mock = Mock::start();
    let account = mock.default_account();
    let before = account.snapshot();
    let first = mock.given().signup(json!({ "uid": "cus_1", "ref_id": "jane89" }));
    account.restore(&before);
    assert_eq!(mock.given().signup(json!({ "uid": "cus_1", "ref_id": "jane89" })), first);
    account.reset();
    assert_eq!(mock.given().signup(json!({ "uid": "cus_1", "ref_id": "jane89" })), first);
}

#[test]
fn a_call_from_elsewhere_is_waited_for() {
    let mock = Mock::start();
    let url = mock.url().to_owned();
    let caller = std::thread::spawn(move || {
        let client = reqwest::blocking::Client::new();
        let call = client.get(format!("{url}/api/v2/company/promoters")).header("account-id", "1");
        call.bearer_auth("key").send().expect("an answer").status().as_u16()
    });
    let pattern = request("GET", "/api/v2/company/promoters");
    let entry = mock.default_account().wait_for(&pattern, Duration::from_secs(60));
    assert_eq!(entry.operation, Some("GET /api/v2/company/promoters"));
    assert_eq!(caller.join().expect("the caller ends"), 200);
}

#[tokio::test]
async fn an_async_test_on_one_thread_holds_it_too() {
    let mock = Mock::start();
    mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
    let call = reqwest::Client::new().get(format!("{}/api/v2/company/referrals", mock.url()));
    let answer = call.bearer_auth("key").header("account-id", "1").send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    mock.clock().advance_async("1d").await;
    assert_eq!(mock.clock().now().to_string(), "2025-01-16T10:30:00.000Z");
}

#[test]
fn hundreds_run_at_once_in_one_process() {
    let mocks: Vec<Mock> = (0..300).map(|_| Mock::start()).collect();
    for (at, mock) in mocks.iter().enumerate() {
        mock.given().promoter(json!({ "email": format!("p{at}@example.com") }));
    }
    for (at, mock) in mocks.iter().enumerate() {
        let list = mock.get("/api/v2/company/promoters");
        let emails: Vec<_> =
            list["data"].as_array().expect("a list").iter().map(|one| one["email"].clone()).collect();
        assert_eq!(emails, [json!(format!("p{at}@example.com")), json!("jane@example.com")]);
    }
}
