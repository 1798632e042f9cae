//! Approving, denying, fulfilling and deleting commissions.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{cash, commission, listed, refund, rewards, sell, sign_up};

const LEAD: &str = "lead@customers.example";

/// Commissions that wait: cash and free months of one sale each, of so many leads.
fn waiting(leads: usize) -> (Api, Vec<Value>) {
    let api = rewards();
    for at in 0..leads {
        let email = format!("lead{at}@customers.example");
        sign_up(&api, &email, "hand");
        sell(&api, &email, &format!("e{at}"), 1000);
    }
    let ids = listed(&api, "per_page=100").iter().rev().map(|row| row["id"].clone()).collect();
    (api, ids)
}

#[track_caller]
fn act(api: &Api, action: &str, ids: &[&Value]) -> Value {
    match action {
        "destroy" => api.delete("/company/commissions/destroy", json!({ "ids": ids })).expect(200),
        action => api.post(&format!("/company/commissions/{action}"), json!({ "ids": ids })).expect(200),
    }
}

fn status(api: &Api, id: &Value) -> String {
    commission(api, id)["status"].as_str().expect("a status").to_owned()
}

#[test]
fn approving_counts_towards_the_balance_and_denying_takes_it_off() {
    let (api, ids) = waiting(1);
    assert_eq!(cash(&api, "ann@shop.example"), (0, 0, 0));
    let batch = act(&api, "approve", &[&ids[0]]);
    assert_eq!(
        (&batch["status"], &batch["action_label"]),
        (&json!("completed"), &json!("commission/approve"))
    );
    assert_eq!((&batch["processed_count"], &batch["failed_count"]), (&json!(1), &json!(0)));
    let approved = commission(&api, &ids[0]);
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["status_updated_at"], "2025-01-15T10:30:00.000Z");
    assert_eq!(cash(&api, "ann@shop.example"), (200, 200, 0));
    act(&api, "deny", &[&ids[0]]);
    assert_eq!((status(&api, &ids[0]), cash(&api, "ann@shop.example")), ("denied".into(), (0, 0, 0)));
    act(&api, "approve", &[&ids[0]]);
    assert_eq!(cash(&api, "ann@shop.example"), (200, 200, 0), "a denied one can be approved again");
}

#[test]
fn deciding_the_same_again_succeeds_and_changes_nothing() {
    let (api, ids) = waiting(1);
    act(&api, "approve", &[&ids[0]]);
    let before = commission(&api, &ids[0]);
    api.advance("1h");
    assert_eq!(act(&api, "approve", &[&ids[0]])["failed_count"], 0);
    assert_eq!(commission(&api, &ids[0]), before);
}

#[test]
fn more_than_five_go_on_in_the_background() {
    let (api, ids) = waiting(3);
    let batch = api.post("/company/commissions/approve", json!({ "ids": ids })).expect(202);
    assert_eq!((&batch["status"], &batch["total"]), (&json!("pending"), &json!(6)));
    assert_eq!(api.advance("10s")["batch_steps"], 6);
    let done = api.get(&format!("/company/batch_processes/{}", batch["id"]));
    assert_eq!((&done["status"], &done["progress"]), (&json!("completed"), &json!(100)));
    assert_eq!(listed(&api, "filters[status]=approved").len(), 6);
}

#[test]
fn unknown_ids_fail_one_by_one_and_none_at_all_answers_422() {
    let (api, ids) = waiting(1);
    for action in ["approve", "deny", "mark_fulfilled", "mark_unfulfilled", "destroy"] {
        let batch = act(&api, action, &[&json!(1)]);
        assert_eq!((&batch["failed_count"], &batch["status"]), (&json!(1), &json!("completed")), "{action}");
        assert_eq!(batch["processing_errors"], json!(["1: Record not found"]));
        for body in [json!({}), json!({ "ids": [] }), json!({ "ids": ["x"] })] {
            let seen = match action {
                "destroy" => api.delete("/company/commissions/destroy", body),
                action => api.post(&format!("/company/commissions/{action}"), body),
            };
            assert_eq!(seen.expect(422)["code"], "invalid_params", "{action}");
        }
    }
    assert_eq!(status(&api, &ids[0]), "pending");
}

#[test]
fn only_approved_gifts_are_fulfilled() {
    let (api, ids) = waiting(1);
    let (money, months) = (&ids[0], &ids[1]);
    let early = act(&api, "mark_fulfilled", &[money, months]);
    assert_eq!(early["failed_count"], 2);
    assert!(
        early["processing_errors"][1].as_str().is_some_and(|e| e.contains("found a pending one")),
        "{early}"
    );
    act(&api, "approve", &[money, months]);
    let done = act(&api, "mark_fulfilled", &[money, months]);
    assert_eq!(done["failed_count"], 1);
    assert!(done["processing_errors"][0].as_str().is_some_and(|e| e.contains("monetary")), "{done}");
    assert_eq!(listed(&api, "filters[fulfilled]=yes").len(), 1);
    assert_eq!(act(&api, "mark_fulfilled", &[months])["failed_count"], 0, "doing it twice is harmless");
    assert_eq!(act(&api, "mark_unfulfilled", &[months])["failed_count"], 0);
    assert_eq!(listed(&api, "filters[fulfilled]=yes").len(), 0);
}

#[test]
fn what_was_handed_over_is_neither_denied_nor_deleted() {
    let (api, ids) = waiting(1);
    let months = &ids[1];
    act(&api, "approve", &[months]);
    act(&api, "mark_fulfilled", &[months]);
    for action in ["deny", "destroy"] {
        let batch = act(&api, action, &[months]);
        assert!(batch["processing_errors"][0].as_str().is_some_and(|e| e.contains("fulfilled")), "{batch}");
    }
    act(&api, "mark_unfulfilled", &[months]);
    assert_eq!(act(&api, "deny", &[months])["failed_count"], 0);
}

#[test]
fn a_deleted_commission_goes_with_what_was_taken_back_of_it() {
    let api = rewards();
    sign_up(&api, LEAD, "plain");
    let id = sell(&api, LEAD, "e1", 1000)["commissions"][0]["id"].clone();
    refund(&api, LEAD, "r1", "e1", 500);
    assert_eq!(listed(&api, "").len(), 2);
    assert_eq!(act(&api, "destroy", &[&id])["failed_count"], 0);
    assert_eq!(listed(&api, ""), Vec::<Value>::new());
    assert_eq!(cash(&api, "ann@shop.example"), (0, 0, 0));
    let again = refund(&api, LEAD, "r2", "e1", 500);
    assert_eq!(again["reward"], Value::Null);
}
