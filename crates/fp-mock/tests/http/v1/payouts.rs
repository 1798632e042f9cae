//! `/payouts`.

use serde_json::json;

use super::client::{V1, id};
use crate::documented::Likeness::{Fields, Order};
use crate::documented::assert_like;

/// Jane has earned 9000 in the campaign 13202.
fn earned() -> V1 {
    let v1 = V1::start();
    v1.signup("a@example.com", "u1");
    v1.sale("a@example.com", "e1", "45000");
    v1
}

#[test]
fn a_payout_is_made_of_everything_unpaid() {
    let v1 = earned();
    let pairs = [("promoter_email", "JANE@example.com"), ("status", "pending")];
    let payout = v1.post("/payouts/create", &pairs).expect(200);
    assert_like("v1/payouts/create", Fields, &payout);
    assert_like("v1-published/payouts/create", Order, &payout);
    assert_eq!((&payout["amount"], &payout["status"]), (&json!(9000), &json!("pending")));
    assert_eq!((&payout["unit"], &payout["campaign"]["id"]), (&json!("cash"), &json!(13202)));
    assert_eq!(payout["promoter"]["pending_balance"], json!({ "cash": 9000 }));
    let nothing = v1.post("/payouts/create", &[("promoter_id", "500001")]).expect(422);
    assert!(nothing["error"].is_string());
}

#[test]
fn a_payout_has_the_status_it_is_made_with() {
    for status in ["pending", "processing", "completed"] {
        let v1 = earned();
        let pairs = [("promoter_id", "500001"), ("campaign_id", "13202"), ("status", status)];
        let payout = v1.post("/payouts/create", &pairs).expect(200);
        assert_eq!(payout["status"], status);
        assert_eq!(payout["date_paid"].is_string(), status == "completed");
    }
}

#[test]
fn a_completed_payout_is_paid() {
    let v1 = earned();
    let number = id(&v1.post("/payouts/create", &[("promoter_id", "500001")]).expect(200));
    let payout = v1.put("/payouts/update", &[("id", &number), ("status", "completed")]).expect(200);
    assert_like("v1/payouts/update", Fields, &payout);
    assert_like("v1-published/payouts/update", Order, &payout);
    assert_eq!(payout["promoter"]["paid_balance"], json!({ "cash": 9000 }));
    assert_eq!(payout["promoter"]["current_balance"], json!(null));
    assert!(payout["promoter"].get("pending_balance").is_none());
    let changed = |status: &str| v1.put("/payouts/update", &[("id", &number), ("status", status)]);
    assert!(changed("processing").expect(422)["error"].is_string(), "a paid one is not being paid");
    for status in ["pending", "processing", "pending", "completed"] {
        assert_eq!(changed(status).expect(200)["status"], status);
    }
}

#[test]
fn payouts_are_listed_by_promoter_campaign_and_status() {
    let v1 = earned();
    v1.post("/payouts/create", &[("promoter_id", "500001"), ("status", "completed")]).expect(200);
    v1.sale("a@example.com", "e2", "10000");
    v1.post("/payouts/create", &[("promoter_id", "500001")]).expect(200);
    let all = v1.get("/payouts/list", &[]).expect(200);
    assert_like("v1/payouts/list", Fields, &all);
    assert_like("v1-published/payouts/list", Order, &all);
    assert_eq!((&all[0]["amount"], &all[1]["amount"]), (&json!(2000), &json!(9000)));
    let completed =
        v1.get("/payouts/list", &[("status", "completed"), ("promoter_id", "500001")]).expect(200);
    assert_eq!((&completed[0]["amount"], completed.as_array().map(Vec::len)), (&json!(9000), Some(1)));
    let of_campaign = v1.get("/payouts/list", &[("campaign_id", "13202"), ("per_page", "1"), ("page", "2")]);
    assert_eq!(
        (&of_campaign.expect(200)[0]["amount"], of_campaign.header("total")),
        (&json!(9000), Some("2"))
    );
    assert_eq!(v1.get("/payouts/list", &[("campaign_id", "5399")]).expect(200), json!([]));
    for (name, sentence) in [("campaign_id", "Campaign not found."), ("promoter_id", "Promoter not found.")] {
        assert_eq!(v1.get("/payouts/list", &[(name, "7")]).expect(422), json!({ "error": sentence }));
    }
}

#[test]
fn payout_calls_that_name_nobody_are_refused_in_the_documents_words() {
    let v1 = earned();
    let unnamed = json!({ "error": "You need to pass either promoter_email or promoter_id." });
    assert_eq!(v1.post("/payouts/create", &[("status", "pending")]).expect(422), unnamed);
    for key in ["promoter_email", "promoter_id"] {
        let unknown = v1.post("/payouts/create", &[(key, "77")]).expect(404);
        assert_eq!(unknown, json!({ "error": "Promoter not found." }));
    }
    let campaign = v1.post("/payouts/create", &[("promoter_id", "500001"), ("campaign_id", "9")]).expect(422);
    assert_eq!(campaign, json!({ "error": "Campaign not found." }));
    let unnamed = json!({ "error": "You need to find the payout by id." });
    assert_eq!(v1.put("/payouts/update", &[("status", "pending")]).expect(422), unnamed);
    let unknown = v1.put("/payouts/update", &[("id", "77"), ("status", "pending")]).expect(404);
    assert_eq!(unknown, json!({ "error": "Payment not found" }));
    let number = id(&v1.post("/payouts/create", &[("promoter_id", "500001")]).expect(200));
    for status in ["failed", "cancelled", "paid"] {
        let refused = v1.put("/payouts/update", &[("id", &number), ("status", status)]).expect(422);
        assert!(refused["error"].is_string(), "{status}");
    }
}
