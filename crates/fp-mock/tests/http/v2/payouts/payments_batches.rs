//! `/company/payouts/create_payments_batch`, and what becomes of payments batches on the account's clock.

use serde_json::{Value, json};

use super::{BOB, CLEO, DORA, JANE, act, ids, payout, show, terms};
use crate::kit::Api;
use crate::v2::shop::cash;

/// Makes a batch of the payouts paid by PayPal and answers it.
#[track_caller]
fn create(api: &Api) -> Value {
    api.post("/company/payouts/create_payments_batch", json!({ "method": "paypal" })).expect(201)["data"]
        .clone()
}

#[track_caller]
fn shown(api: &Api, batch: &Value) -> Value {
    api.admin("GET", &format!("/payments_batches/{}", batch["id"]), Value::Null).expect(200)
}

/// Payouts of Jane and Bob, to be paid by PayPal.
fn two() -> Api {
    let api = terms();
    payout(&api, JANE, 6_000, "2024-12-10");
    payout(&api, BOB, 10_000, "2024-12-10");
    api
}

#[test]
fn a_payments_batch_takes_every_payable_payout_of_its_method() {
    let api = two();
    payout(&api, CLEO, 8_000, "2024-12-10");
    payout(&api, DORA, 8_000, "2024-12-10");
    let reply = api.post("/company/payouts/create_payments_batch", json!({ "method": "paypal" })).expect(201);
    let reference = reply["data"]["ext_reference"].clone();
    assert_eq!(
        reply,
        json!({
            "data": {
                "id": 80_001,
                "status": "awaiting_confirmation",
                "ext_reference": reference,
                "ext_id": null,
                "scheduled_at": "2025-01-15T10:32:00.000Z",
                "processing_started_at": null,
                "completed_at": null,
                "is_payable": true,
                "is_retriable": false,
                "is_payment_otp_required": false,
                "total": 17_900,
                "promoters_count": 2,
                "error": null,
            },
            "meta": { "failed": [] },
        })
    );
    assert_eq!(ids(&api, "filters[payments_batch_id]=80001"), [700_002, 700_001]);
    let reference = reference.as_str().expect("a reference");
    assert_eq!(ids(&api, &format!("filters[group_ref]={reference}")), [700_002, 700_001]);
    assert_eq!(ids(&api, "filters[group_ref]=another"), [0u64; 0]);
    assert_eq!(ids(&api, "filters[only_payable]=true"), [700_004], "what is in a batch is not payable again");
}

#[test]
fn what_a_payments_batch_leaves_out_is_named_with_its_reason() {
    let api = two();
    act(&api, "mark_as_paid", &[700_001]);
    payout(&api, JANE, 4_999, "2025-01-10");
    let reply = api.post("/company/payouts/create_payments_batch", json!({ "method": "paypal" })).expect(201);
    assert_eq!(
        reply["meta"]["failed"],
        json!([{
            "payout_id": 700_003, "promoter_id": 500_001,
            "error": "The promoter's unpaid amount is below 5000",
        }])
    );
}

#[test]
fn without_a_payable_payout_there_is_no_payments_batch() {
    let api = two();
    for method in ["bank", "wise", "crypto", "dots"] {
        let body = json!({ "method": method });
        let refused = api.post("/company/payouts/create_payments_batch", body).expect(422);
        assert_eq!(
            refused,
            json!({
                "message": format!("There are no payable payouts for {method}"), "code": "operation_failed",
            })
        );
    }
    create(&api);
    let again = api.post("/company/payouts/create_payments_batch", json!({ "method": "paypal" }));
    assert_eq!(again.expect(422)["code"], "operation_failed");
}

#[test]
fn a_payments_batch_needs_a_method_that_pays_in_batches() {
    let api = two();
    for body in [json!({}), json!({ "method": "custom" }), json!({ "method": "cheque" })] {
        let refused = api.post("/company/payouts/create_payments_batch", body).expect(422);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("method")), "{refused}");
        assert_eq!(refused["code"], "invalid_params");
    }
}

#[test]
fn a_payments_batch_completes_by_itself_and_its_payouts_with_it() {
    let api = two();
    let batch = create(&api);
    api.advance("1m");
    assert_eq!(shown(&api, &batch)["status"], "pending");
    assert_eq!(show(&api, 700_001)["status"], "pending");
    assert_eq!(api.advance("1m")["payments_batch_steps"], 1);
    let processing = shown(&api, &batch);
    assert_eq!(processing["status"], "processing");
    assert_eq!(processing["processing_started_at"], "2025-01-15T10:32:00.000Z");
    assert!(processing["ext_id"].is_string());
    assert_eq!(show(&api, 700_001)["status"], "processing");
    assert_eq!(show(&api, 700_001)["processing_started_at"], "2025-01-15T10:32:00.000Z");
    assert_eq!(cash(&api, "jane@example.com"), (6_000, 6_000, 0));
    api.advance("4m");
    assert_eq!(shown(&api, &batch)["status"], "processing");
    api.advance("1m");
    let completed = shown(&api, &batch);
    assert_eq!(completed["status"], "completed");
    assert_eq!(completed["completed_at"], "2025-01-15T10:37:00.000Z");
    assert_eq!(show(&api, 700_002)["paid_at"], "2025-01-15T10:37:00.000Z");
    assert_eq!(ids(&api, "filters[status]=completed"), [700_002, 700_001]);
    assert_eq!(cash(&api, "jane@example.com"), (6_000, 0, 6_000));
    assert_eq!(api.advance("1d")["payments_batch_steps"], 0);
}

#[test]
fn a_payout_being_paid_can_be_completed_early_but_not_deleted() {
    let api = two();
    let batch = create(&api);
    api.advance("2m");
    let reply = act(&api, "destroy", &[700_001]);
    assert_eq!(
        reply["data"]["processing_errors"],
        json!(["700001: The payout is processing and cannot be deleted"])
    );
    act(&api, "mark_as_paid", &[700_001]);
    api.advance("5m");
    assert_eq!(shown(&api, &batch)["status"], "completed");
    assert_eq!(show(&api, 700_001)["paid_at"], "2025-01-15T10:32:00.000Z");
}

#[test]
fn a_payments_batch_can_be_made_to_fail() {
    let api = two();
    let batch = create(&api);
    api.advance("2m");
    let path = format!("/payments_batches/{}/fail", batch["id"]);
    let failed = api.admin("POST", &path, json!({ "error": "insufficient funds" })).expect(200);
    assert_eq!((&failed["status"], &failed["error"]), (&json!("failed"), &json!("insufficient funds")));
    assert_eq!((&failed["is_retriable"], &failed["is_payable"]), (&json!(true), &json!(false)));
    let payout = show(&api, 700_001);
    assert_eq!((&payout["status"], &payout["error"]), (&json!("failed"), &json!("insufficient funds")));
    assert_eq!(payout["failed_at"], "2025-01-15T10:32:00.000Z");
    assert_eq!(cash(&api, "jane@example.com"), (6_000, 6_000, 0));
    assert_eq!(api.advance("1d")["payments_batch_steps"], 1, "its entry of the agenda does nothing");
    assert_eq!(shown(&api, &batch)["status"], "failed");
    api.admin("POST", &path, json!({ "error": "again" })).expect(422);
    act(&api, "mark_as_unpaid", &[700_001, 700_002]);
    let payout = show(&api, 700_001);
    assert_eq!((&payout["status"], &payout["error"]), (&json!("pending"), &Value::Null));
    assert_ne!(create(&api)["id"], batch["id"]);
}

#[test]
fn a_payments_batch_can_be_stepped_by_hand() {
    let api = two();
    let batch = create(&api);
    let path = format!("/payments_batches/{}/step", batch["id"]);
    let status = |seen: Value| seen["status"].as_str().expect("a status").to_owned();
    assert_eq!(status(api.admin("POST", &path, Value::Null).expect(200)), "pending");
    api.advance("30s");
    assert_eq!(status(api.admin("POST", &path, Value::Null).expect(200)), "processing");
    api.advance("4m");
    assert_eq!(status(shown(&api, &batch)), "processing", "the entries that were overtaken do nothing");
    assert_eq!(status(api.admin("POST", &path, Value::Null).expect(200)), "completed");
    api.admin("POST", &path, Value::Null).expect(422);
    let all = api.admin("GET", "/payments_batches", Value::Null).expect(200);
    assert_eq!(all["payments_batches"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_deleted_payments_batch_lets_its_payouts_go() {
    let api = two();
    let batch = create(&api);
    api.advance("2m");
    act(&api, "mark_as_paid", &[700_002]);
    let path = format!("/payments_batches/{}", batch["id"]);
    assert_eq!(api.admin("DELETE", &path, Value::Null).expect(200), Value::Null);
    api.admin("DELETE", &path, Value::Null).expect(404);
    let [jane, bob] = [700_001, 700_002].map(|id| show(&api, id));
    assert_eq!((&jane["status"], &jane["payments_batch_id"]), (&json!("pending"), &Value::Null));
    assert_eq!((&bob["status"], &bob["payments_batch_id"]), (&json!("completed"), &Value::Null));
    assert_eq!(api.advance("1d")["payments_batch_steps"], 1);
    assert_eq!(show(&api, 700_001)["status"], "pending");
}

#[test]
fn unknown_payments_batches_answer_404_with_a_hint() {
    let api = terms();
    for (method, path) in [
        ("GET", "/payments_batches/80001"),
        ("POST", "/payments_batches/80001/step"),
        ("DELETE", "/payments_batches/x"),
    ] {
        assert!(api.admin(method, path, Value::Null).expect(404)["hint"].is_string(), "{method} {path}");
    }
    api.admin("POST", "/payments_batches/80001/fail", json!({})).expect(400);
}
