use serde_json::json;

use super::*;
use crate::target::Target;

fn call(method: &str, target: &str, body: Value) -> Call {
    let at = Target::remote("http://127.0.0.1:1", "1", "key", None).expect("a URL");
    let mut headers = at.credentials(fp_contract::Version::V2);
    headers.push(("content-type".into(), "application/json".into()));
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Call { method: method.into(), target: target.into(), headers, body }
}

/// A guard of a run that made promoter 7 with enrolment 8.
fn guard() -> Guard {
    let guard = Guard::new("fph-0-".into(), true);
    let reply = json!({ "id": 7, "promoter_campaigns": [{ "id": 8, "ref_token": "anna12" }] });
    guard.made().learn("POST /api/v2/company/promoters", &reply);
    guard
}

#[track_caller]
fn assert_refused(method: &str, target: &str, body: Value, because: &str) {
    let refused = guard().admit(&call(method, target, body)).expect_err("not the run's");
    assert!(refused.contains(because), "{refused}");
}

#[test]
fn a_run_that_may_not_write_only_reads() {
    let guard = Guard::new("fph-0-".into(), false);
    assert_eq!(guard.admit(&call("GET", "/api/v2/company/promoters", Value::Null)), Ok(()));
    let email = json!({ "email": "fph-0-a@example.com" });
    assert!(guard.admit(&call("POST", "/api/v2/company/promoters", email)).is_err());
    assert!(guard.admit(&call("POST", "/__admin/reset", Value::Null)).is_err());
}

#[test]
fn what_carries_the_namespace_or_was_made_by_the_run_passes() {
    let guard = guard();
    for (method, target, body) in [
        (
            "POST",
            "/api/v2/company/promoters",
            json!({ "email": "fph-0-a@example.com", "initial_campaign_id": 3 }),
        ),
        ("POST", "/api/v2/company/promoters/block", json!({ "ids": [7], "campaign_id": 3 })),
        ("PUT", "/api/v2/company/promoters/7", json!({ "profile": { "first_name": "A" } })),
        ("POST", "/api/v2/track/signup", json!({ "email": "fph-0-b@example.com", "ref_id": "anna12" })),
        ("POST", "/api/v2/company/commissions", json!({ "promoter_campaign_id": 8, "amount": 5 })),
        ("DELETE", "/api/v1/promoters/delete", json!({ "id": 7 })),
    ] {
        assert_eq!(guard.admit(&call(method, target, body)), Ok(()), "{method} {target}");
    }
}

#[test]
fn what_others_own_is_never_named() {
    assert_refused("POST", "/api/v2/company/promoters", json!({ "email": "jane@example.com" }), "email");
    assert_refused("POST", "/api/v2/company/promoters/block", json!({ "ids": [7, 9] }), "ids");
    assert_refused("PUT", "/api/v2/company/promoters/9", json!({ "cust_id": "fph-0-c" }), "id is");
    assert_refused("PUT", "/api/v2/company/promoters/7", json!({ "profile": { "id": 3 } }), "id is");
    let signup = json!({ "email": "fph-0-b@example.com", "ref_id": "jane89" });
    assert_refused("POST", "/api/v2/track/signup", signup, "ref_id");
    let shared = json!({ "email": "fph-0-b@example.com", "promoter_campaign_id": 8,
        "split_details": [{ "promoter_campaign_id": 4, "percentage": 5 }] });
    assert_refused("POST", "/api/v2/company/referrals", shared, "promoter_campaign_id");
    assert_refused("POST", "/api/v2/track/sale", json!({ "email": { "a": "b" } }), "email");
}

#[test]
fn a_write_that_names_nothing_could_mean_everything() {
    assert_refused("POST", "/api/v2/company/promoters/archive", Value::Null, "names no record");
    assert_refused("POST", "/api/v2/company/promoters/archive", json!({ "ids": [] }), "names no record");
    assert_refused("DELETE", "/api/v2/company/referrals", json!({}), "names no record");
}

#[test]
fn nothing_is_sent_to_others() {
    let active = json!({ "url": "https://example.com", "event_types": [], "active": true });
    assert_refused("POST", "/api/v2/company/webhooks", active, "active");
    assert_refused("POST", "/api/v2/company/emails/3/send_now", Value::Null, "sends e-mail");
    assert_refused(
        "POST",
        "/api/v2/company/payouts/create_payments_batch",
        json!({ "method": "paypal" }),
        "everybody",
    );
    let email = json!({ "name": "fph-0-n", "trigger": { "enabled": true } });
    assert_refused("POST", "/api/v2/company/emails", email, "would be sent");
}

#[test]
fn what_hangs_on_a_promoter_of_the_run_is_the_runs_too() {
    let guard = guard();
    let rows = json!([{ "id": 70, "promoter_campaign": { "promoter_id": 7 } },
        { "id": 71, "promoter_campaign": { "promoter_id": 2 } }]);
    guard.made().learn("GET /api/v2/company/commissions", &rows);
    assert_eq!(guard.made().of(Kind::Commission), [70]);
}
