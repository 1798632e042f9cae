//! `/company/commissions/generate_payouts`.

use serde_json::json;

use super::{BOB, JANE, JANE_ID, JANE_PARTNER, commission, generate, ids, newest, show, terms};
use crate::v2::shop::{self, cash};

#[test]
fn a_commission_becomes_a_pending_payout_of_its_month() {
    let api = terms();
    let id = commission(&api, BOB, 10_005, "2024-12-10");
    let batch = api.post("/company/commissions/generate_payouts", json!({ "ids": [id] })).expect(200);
    assert_eq!(batch["action_label"], "commission/generate_payouts");
    assert_eq!((&batch["status"], &batch["progress"]), (&json!("completed"), &json!(1.0)));
    let payout = newest(&api);
    assert_eq!(
        payout,
        json!({
            "id": 700_001,
            "status": "pending",
            "amount": 10_005,
            "payments_batch_id": null,
            "tax_rate": 19.0,
            "unit": "cash",
            "period_start": "2024-12-01T00:00:00.000Z",
            "period_end": "2024-12-31T23:59:59.999Z",
            "paid_at": null,
            "processing_started_at": null,
            "failed_at": null,
            "error": null,
            // 19% of 10,005 is 1,900.95.
            "total_incl_tax": 11_906,
            "created_at": "2025-01-15T10:30:00.000Z",
            "payout_method": {
                "id": 90_002, "method": "paypal", "date_added": "2025-01-15T10:30:00.000Z", "is_disabled": false,
                "meta": {}, "is_selected": true, "details": {}, "managed_payouts": false,
            },
            "promoter": { "id": 500_002, "email": "bob@example.com", "name": "Bob Meyer" },
            "campaign": { "id": 13202, "name": "Main Campaign", "color": "#42a5f5" },
        })
    );
}

#[test]
fn commissions_share_a_payout_by_promoter_campaign_and_month() {
    let api = terms();
    let december = [(JANE, 100), (JANE, 250), (JANE_PARTNER, 1_000), (BOB, 7_000)];
    let made = december.map(|(who, amount)| commission(&api, who, amount, "2024-12-31"));
    let january = commission(&api, JANE, 50_000, "2025-01-01");
    generate(&api, &made);
    generate(&api, &[january]);
    let amounts: Vec<_> = ids(&api, "").into_iter().map(|id| show(&api, id)["amount"].clone()).collect();
    assert_eq!(amounts, [50_000, 7_000, 1_000, 350]);
}

#[test]
fn a_later_commission_of_the_month_joins_the_payout_until_it_is_paid() {
    let api = terms();
    generate(&api, &[commission(&api, JANE, 6_000, "2025-01-02")]);
    generate(&api, &[commission(&api, JANE, 4_000, "2025-01-03")]);
    let first = newest(&api);
    assert_eq!(first["amount"], 10_000);
    super::act(&api, "mark_as_paid", &[first["id"].as_u64().expect("an id")]);
    generate(&api, &[commission(&api, JANE, 500, "2025-01-04")]);
    assert_eq!(newest(&api)["amount"], 500);
    assert_eq!(ids(&api, &format!("filters[promoter_id]={JANE_ID}")).len(), 2);
}

#[test]
fn what_cannot_be_paid_out_fails_by_itself_with_its_reason() {
    let api = terms();
    let paid_out = commission(&api, JANE, 6_000, "2025-01-02");
    generate(&api, &[paid_out]);
    let credits = json!({
        "commission_type": "custom", "promoter_campaign_id": JANE, "amount": 3, "unit": "credits",
    });
    let credits = api.post("/company/commissions", credits).expect(200)[0]["id"].clone();
    let sale = shop::sign_up(&api, "lead@example.com", "jane-p")["referral"]["id"].clone();
    let sold = json!({ "commission_type": "sale", "referral_id": sale, "sale_amount": 1_000 });
    let undecided = api.post("/company/commissions", sold).expect(200)[0]["id"].clone();
    let good = commission(&api, BOB, 1, "2025-01-02");
    let named = json!({ "ids": [paid_out, credits, undecided, 77, good] });
    let batch = api.post("/company/commissions/generate_payouts", named).expect(200);
    assert_eq!((&batch["failed_count"], &batch["processed_count"]), (&json!(4), &json!(5)));
    assert_eq!(
        batch["processing_errors"],
        json!([
            format!("{paid_out}: The commission is in payout 700001 already"),
            format!("{credits}: Only monetary commissions are paid out, this one is in credits"),
            format!("{undecided}: Only approved commissions are paid out, this one is pending"),
            "77: Record not found",
        ])
    );
    assert_eq!(newest(&api)["amount"], 1);
}

#[test]
fn more_than_five_commissions_are_paid_out_in_the_background() {
    let api = terms();
    let made: Vec<u64> = (1..=6).map(|n| commission(&api, JANE, n, "2025-01-02")).collect();
    let batch = api.post("/company/commissions/generate_payouts", json!({ "ids": made })).expect(202);
    assert_eq!((&batch["status"], &batch["progress"]), (&json!("pending"), &json!(0.0)));
    api.advance("3s");
    assert_eq!(newest(&api)["amount"], 6);
    let path = format!("/company/batch_processes/{}", batch["id"]);
    assert_eq!(api.get(&path)["progress"], 50);
    api.advance("3s");
    assert_eq!(newest(&api)["amount"], 21);
    assert_eq!(api.get(&path)["status"], "completed");
}

#[test]
fn a_refund_after_the_payout_goes_into_the_next_one() {
    let api = terms();
    shop::sign_up(&api, "lead@example.com", "jane");
    let sale = shop::sell(&api, "lead@example.com", "sale-1", 10_000);
    let earned = sale["commissions"][0]["id"].as_u64().expect("an id");
    generate(&api, &[earned]);
    super::act(&api, "mark_as_paid", &[700_001]);
    assert_eq!(cash(&api, "jane@example.com"), (2_000, 0, 2_000));
    let refund = shop::refund(&api, "lead@example.com", "refund-1", "sale-1", 5_000);
    assert_eq!(cash(&api, "jane@example.com"), (1_000, -1_000, 2_000));
    generate(&api, &[refund["reward"]["id"].as_u64().expect("an id")]);
    assert_eq!(newest(&api)["amount"], -1_000);
}

#[test]
fn without_ids_nothing_is_generated() {
    let api = terms();
    for body in [json!({}), json!({ "ids": [] })] {
        let refused = api.post("/company/commissions/generate_payouts", body).expect(422);
        assert_eq!(refused["message"], "param is missing or the value is empty or invalid: ids");
    }
}
