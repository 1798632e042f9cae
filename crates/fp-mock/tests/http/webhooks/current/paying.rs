//! Payouts, what is in them, how promoters are paid, and payments batches.

use serde_json::{Value, json};

use super::{JANE, about, id};
use crate::webhooks::Hooks;

pub const TESTED: &[&str] = &[
    "payout.created",
    "payout.updated",
    "payout.deleted",
    "payout.commissions.created",
    "payout.commissions.updated",
    "payout.commissions.deleted",
    "payout_method.created",
    "payout_method.updated",
    "payout_method.deleted",
    "payments_batch.created",
    "payments_batch.updated",
    "payments_batch.deleted",
];

/// A commission of 20% of a sale of so much, in a payout. Answers commission and payout.
#[track_caller]
fn paid_out(hooks: &Hooks, email: &str, amount: i64) -> (u64, u64) {
    let sale = hooks.sale(email, &format!("sale of {email}"), amount);
    let commission = id(&sale["commissions"][0]);
    let ids = json!({ "ids": [commission] });
    hooks.api.post("/company/commissions/generate_payouts", ids).expect(200);
    (commission, newest_payout(hooks))
}

#[track_caller]
fn newest_payout(hooks: &Hooks) -> u64 {
    id(&hooks.api.get("/company/payouts")[0])
}

#[track_caller]
fn payout(hooks: &Hooks, id: u64) -> Value {
    let rows = hooks.api.get("/company/payouts");
    rows.as_array().expect("a list").iter().find(|row| row["id"] == id).expect("a payout").clone()
}

/// A payout method of Jane's.
#[track_caller]
fn method(hooks: &Hooks) -> u64 {
    let body = json!({ "promoter_id": JANE, "method": "paypal", "details": { "email": "jane@example.com" } });
    id(&hooks.api.admin("POST", "/payout_methods", body).expect(201))
}

#[test]
fn a_new_payout_is_told_as_the_api_shows_it() {
    let hooks = Hooks::to(&["payout.created"]);
    let (_, made) = paid_out(&hooks, "lea@example.com", 10_000);
    let event = hooks.only();
    assert_eq!(about(&event), ("payout.created", "created", "payout", made));
    assert_eq!(event["data"], payout(&hooks, made));
    assert_eq!(event["data"]["amount"], 2_000);
}

#[test]
fn payment_updates_the_payout() {
    let hooks = Hooks::to(&["payout.updated"]);
    let (_, made) = paid_out(&hooks, "lea@example.com", 10_000);
    hooks.api.advance("1h");
    hooks.api.post("/company/payouts/mark_as_paid", json!({ "ids": [made] })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("payout.updated", "updated", "payout", made));
    assert_eq!(event["changes"]["status"], json!(["pending", "completed"]));
    assert_eq!(event["changes"]["paid_at"], json!([null, "2025-01-15T11:30:00.000Z"]));
}

#[test]
fn a_commission_that_joins_a_payout_changes_its_amount() {
    let hooks = Hooks::to(&["payout.updated"]);
    let (_, first) = paid_out(&hooks, "lea@example.com", 10_000);
    let (_, second) = paid_out(&hooks, "leo@example.com", 5_000);
    assert_eq!(first, second);
    let event = hooks.only();
    let changes = json!({ "amount": [2_000, 3_000], "total_incl_tax": [2_000, 3_000] });
    assert_eq!(event["changes"], changes);
    assert_eq!(event["data"]["amount"], 3_000);
}

#[test]
fn a_deleted_payout_is_told_as_it_was() {
    let hooks = Hooks::to(&["payout.deleted"]);
    let (_, made) = paid_out(&hooks, "lea@example.com", 10_000);
    let before = payout(&hooks, made);
    hooks.api.delete("/company/payouts/destroy", json!({ "ids": [made] })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("payout.deleted", "deleted", "payout", made));
    assert_eq!(event["data"], before);
}

#[test]
fn commissions_enter_change_in_and_leave_payouts() {
    let hooks = Hooks::to(&[
        "payout.commissions.created",
        "payout.commissions.updated",
        "payout.commissions.deleted",
    ]);
    let (commission, payout) = paid_out(&hooks, "lea@example.com", 10_000);
    hooks.api.post("/company/payouts/mark_as_paid", json!({ "ids": [payout] })).expect(200);
    hooks.api.post("/company/payouts/mark_as_unpaid", json!({ "ids": [payout] })).expect(200);
    hooks.api.delete("/company/payouts/destroy", json!({ "ids": [payout] })).expect(200);
    let events = hooks.events();
    let told: Vec<_> = events.iter().map(|event| (about(event).0, about(event).2, about(event).3)).collect();
    let expected = [
        "payout.commissions.created",
        "payout.commissions.updated",
        "payout.commissions.updated",
        "payout.commissions.deleted",
    ];
    assert_eq!(told, expected.map(|kind| (kind, "commission", commission)));
    assert_eq!(events[1]["changes"], json!({ "is_paid": [false, true] }));
    assert!(events.iter().all(|event| event["data"]["payout_id"] == payout));
}

#[test]
fn payout_methods_come_change_and_go() {
    let hooks = Hooks::to(&["payout_method.created", "payout_method.updated", "payout_method.deleted"]);
    let method = method(&hooks);
    let path = format!("/payout_methods/{method}");
    hooks.api.admin("PUT", &path, json!({ "is_disabled": true })).expect(200);
    hooks.api.admin("DELETE", &path, Value::Null).expect(200);
    let events = hooks.events();
    let told: Vec<_> = events.iter().map(|event| (about(event).0, about(event).3)).collect();
    let kinds = ["payout_method.created", "payout_method.updated", "payout_method.deleted"];
    assert_eq!(told, kinds.map(|kind| (kind, method)));
    assert_eq!(events[0]["data"]["details"], json!({ "email": "jane@example.com" }));
    assert_eq!(events[1]["changes"], json!({ "is_disabled": [false, true] }));
    assert_eq!(events[2]["data"]["is_disabled"], true);
}

#[test]
fn a_payments_batch_is_told_from_its_making_to_its_end() {
    let hooks = Hooks::to(&["payments_batch.created", "payments_batch.updated"]);
    method(&hooks);
    paid_out(&hooks, "lea@example.com", 10_000);
    let body = json!({ "method": "paypal" });
    let batch = hooks.api.post("/company/payouts/create_payments_batch", body).expect(201);
    hooks.api.advance("7d");
    let events = hooks.events();
    assert_eq!(
        about(&events[0]),
        ("payments_batch.created", "created", "payments_batch", id(&batch["data"]))
    );
    assert_eq!(events[0]["data"], batch["data"]);
    assert_eq!(
        (&events[0]["data"]["total"], &events[0]["data"]["promoters_count"]),
        (&json!(2_000), &json!(1))
    );
    let states: Vec<_> = events[1..].iter().map(|event| event["changes"]["status"][1].clone()).collect();
    assert_eq!(states.last(), Some(&json!("completed")), "{events:#?}");
}

#[test]
fn a_deleted_payments_batch_is_told_as_it_was() {
    let hooks = Hooks::to(&["payments_batch.deleted"]);
    method(&hooks);
    paid_out(&hooks, "lea@example.com", 10_000);
    let body = json!({ "method": "paypal" });
    let batch = hooks.api.post("/company/payouts/create_payments_batch", body).expect(201);
    let path = format!("/payments_batches/{}", batch["data"]["id"]);
    hooks.api.admin("DELETE", &path, Value::Null).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("payments_batch.deleted", "deleted", "payments_batch", id(&batch["data"])));
    assert_eq!((&event["data"]["total"], &event["data"]["promoters_count"]), (&json!(2_000), &json!(1)));
}
