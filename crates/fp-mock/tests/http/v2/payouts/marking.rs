//! `/company/payouts/mark_as_paid`, `mark_as_unpaid` and `destroy`.

use serde_json::json;

use super::{BOB, JANE, act, commission, generate, ids, payout, show, terms};
use crate::v2::shop::cash;

#[test]
fn a_paid_payout_moves_the_promoters_balance() {
    let api = terms();
    let id = payout(&api, JANE, 12_000, "2024-12-10");
    assert_eq!(cash(&api, "jane@example.com"), (12_000, 12_000, 0));
    let reply = act(&api, "mark_as_paid", &[id]);
    assert_eq!(reply["data"]["action_label"], "payout/mark_as_paid");
    assert_eq!(reply["data"]["status"], "completed");
    let paid = show(&api, id);
    assert_eq!(
        (&paid["status"], &paid["paid_at"]),
        (&json!("completed"), &json!("2025-01-15T10:30:00.000Z"))
    );
    assert_eq!(cash(&api, "jane@example.com"), (12_000, 0, 12_000));
    act(&api, "mark_as_unpaid", &[id]);
    let unpaid = show(&api, id);
    assert_eq!((&unpaid["status"], &unpaid["paid_at"]), (&json!("pending"), &json!(null)));
    assert_eq!(cash(&api, "jane@example.com"), (12_000, 12_000, 0));
}

#[test]
fn a_payout_is_paid_once_and_unpaid_once() {
    let api = terms();
    let id = payout(&api, JANE, 12_000, "2024-12-10");
    let unpaid = act(&api, "mark_as_unpaid", &[id, 77]);
    assert_eq!(
        unpaid["data"]["processing_errors"],
        json!([
            format!("{id}: The payout is pending and cannot be marked as unpaid"),
            "77: Record not found"
        ])
    );
    act(&api, "mark_as_paid", &[id]);
    let twice = act(&api, "mark_as_paid", &[id]);
    assert_eq!(
        twice["data"]["processing_errors"],
        json!([format!("{id}: The payout is completed and cannot be marked as paid")])
    );
}

#[test]
fn the_totals_are_those_of_the_payouts_named() {
    let api = terms();
    let jane = payout(&api, JANE, 1_000, "2024-12-10");
    let november = payout(&api, JANE, 500, "2024-11-10");
    let bob = payout(&api, BOB, 100, "2024-12-10");
    payout(&api, BOB, 7_777, "2024-10-10");
    let reply = act(&api, "mark_as_paid", &[jane, november, bob, bob, 77]);
    assert_eq!(
        reply["meta"],
        json!({ "total": 1_600, "promoters_count": 2, "total_incl_tax": 1_619, "all_promoters_count": 4 })
    );
    let gone = act(&api, "destroy", &[november]);
    assert_eq!(
        gone["meta"],
        json!({ "total": 500, "promoters_count": 1, "total_incl_tax": 500, "all_promoters_count": 4 })
    );
}

#[test]
fn more_than_five_payouts_are_paid_in_the_background() {
    let api = terms();
    let made: Vec<u64> =
        (4..10).map(|month| payout(&api, JANE, 1_000, &format!("2024-{month:02}-10"))).collect();
    let reply = api.post("/company/payouts/mark_as_paid", json!({ "ids": made })).expect(202);
    assert_eq!((&reply["data"]["status"], &reply["data"]["progress"]), (&json!("pending"), &json!(0)));
    assert_eq!(reply["meta"]["total"], 6_000);
    api.advance("6s");
    assert_eq!(ids(&api, "filters[status]=completed").len(), 6);
    let reply = api.delete("/company/payouts/destroy", json!({ "ids": made })).expect(202);
    assert_eq!(reply["data"]["action_label"], "payout/delete");
    api.advance("6s");
    assert_eq!(ids(&api, ""), [0u64; 0]);
}

#[test]
fn a_deleted_payout_releases_its_commissions() {
    let api = terms();
    let made = commission(&api, JANE, 12_000, "2024-12-10");
    generate(&api, &[made]);
    act(&api, "mark_as_paid", &[700_001]);
    act(&api, "destroy", &[700_001]);
    assert_eq!(ids(&api, ""), [0u64; 0]);
    assert_eq!(cash(&api, "jane@example.com"), (12_000, 12_000, 0));
    generate(&api, &[made]);
    assert_eq!(ids(&api, ""), [700_002]);
}

#[test]
fn what_a_payout_was_paid_with_stays_when_the_promoter_changes_it() {
    let api = terms();
    let december = payout(&api, BOB, 10_000, "2024-12-10");
    let january = payout(&api, BOB, 10_000, "2025-01-10");
    act(&api, "mark_as_paid", &[december]);
    let moved = json!({ "profile": { "country": "FR" } });
    api.put("/company/promoters/500002", moved).expect(200);
    assert_eq!(show(&api, december)["total_incl_tax"], 11_900);
    assert_eq!(show(&api, january)["tax_rate"], json!(null));
    act(&api, "mark_as_unpaid", &[december]);
    assert_eq!(show(&api, december)["total_incl_tax"], 10_000);
}

#[test]
fn actions_without_ids_are_refused() {
    let api = terms();
    for action in ["mark_as_paid", "mark_as_unpaid"] {
        let refused = api.post(&format!("/company/payouts/{action}"), json!({ "ids": [] })).expect(422);
        assert_eq!(refused["code"], "invalid_params");
    }
    assert_eq!(api.delete("/company/payouts/destroy", json!({})).expect(422)["code"], "invalid_params");
}
