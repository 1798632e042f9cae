//! Actions on many referrals.

use serde_json::{Value, json};

use super::{BOB, CLEO, JANE, emails, partners, referral_id, show};

#[test]
fn pending_referrals_are_approved_and_others_fail_one_by_one() {
    let api = partners();
    let (pending, open) =
        (referral_id(&api, CLEO, "a@example.com"), referral_id(&api, JANE, "b@example.com"));
    let batch = api.post("/company/referrals/approve", json!({ "ids": [pending, open, 77] })).expect(200);
    assert_eq!((&batch["status"], &batch["action_label"]), (&json!("completed"), &json!("referral/approve")));
    assert_eq!((&batch["total"], &batch["failed_count"]), (&json!(3), &json!(2)));
    let errors = batch["processing_errors"].as_array().expect("a list");
    assert!(errors[0].as_str().is_some_and(|e| e.contains("only a pending one can be approved")), "{batch}");
    assert_eq!(errors[1], "77: Record not found");
    assert_eq!(show(&api, pending)["state"], "signup");
}

#[test]
fn a_disabled_referral_returns_to_the_state_it_had() {
    let api = partners();
    let id = referral_id(&api, CLEO, "a@example.com");
    let act =
        |action: &str| api.post(&format!("/company/referrals/{action}"), json!({ "ids": [id] })).expect(200);
    assert_eq!(act("enable")["failed_count"], 1);
    assert_eq!(act("disable")["failed_count"], 0);
    assert_eq!(show(&api, id)["state"], "denied");
    assert_eq!(act("disable")["failed_count"], 1);
    assert_eq!(act("enable")["failed_count"], 0);
    assert_eq!(show(&api, id)["state"], "pending");
}

#[test]
fn a_deleted_referral_is_gone_and_its_email_free() {
    let api = partners();
    let id = referral_id(&api, JANE, "a@example.com");
    let batch = api.delete("/company/referrals", json!({ "ids": [id, 77] })).expect(200);
    assert_eq!((&batch["action_label"], &batch["failed_count"]), (&json!("referral/delete"), &json!(1)));
    api.try_get(&format!("/company/referrals/{id}")).expect(404);
    assert_ne!(referral_id(&api, JANE, "a@example.com"), id);
}

#[test]
fn referrals_move_to_another_promoter() {
    let api = partners();
    let (mine, theirs) = (referral_id(&api, JANE, "a@example.com"), referral_id(&api, BOB, "b@example.com"));
    let body =
        json!({ "promoter_campaign_id": BOB, "ids": [mine, theirs], "move_associated_commissions": true });
    let batch = api.post("/company/referrals/move_to_promoter", body).expect(200);
    assert_eq!(
        (&batch["action_label"], &batch["failed_count"]),
        (&json!("referral/move_to_promoter"), &json!(1))
    );
    assert_eq!(show(&api, mine)["promoter_campaign"]["id"], BOB);
    assert_eq!(emails(&api, "filters[promoter_id]=500001"), [""; 0]);
}

#[test]
fn a_move_needs_a_promoter_campaign_that_exists() {
    let api = partners();
    let id = referral_id(&api, JANE, "a@example.com");
    let refused =
        |body: Value, status: u16| api.post("/company/referrals/move_to_promoter", body).expect(status);
    let absent = refused(json!({ "ids": [id] }), 422);
    assert_eq!(absent["message"], "param is missing or the value is empty or invalid: promoter_campaign_id");
    assert_eq!(refused(json!({ "promoter_campaign_id": 77, "ids": [id] }), 404)["code"], "not_found");
    assert_eq!(refused(json!({ "promoter_campaign_id": BOB, "ids": [] }), 422)["code"], "invalid_params");
    assert_eq!(show(&api, id)["promoter_campaign"]["id"], JANE);
}

#[test]
fn every_action_needs_ids() {
    let api = partners();
    let sentence = "param is missing or the value is empty or invalid: ids";
    for action in ["approve", "disable", "enable"] {
        let path = format!("/company/referrals/{action}");
        assert_eq!(api.post(&path, json!({})).expect(422)["message"], sentence);
        assert_eq!(api.post(&path, json!({ "ids": ["one"] })).expect(422)["code"], "invalid_params");
    }
    assert_eq!(api.delete("/company/referrals", json!({ "ids": [] })).expect(422)["message"], sentence);
}

#[test]
fn more_than_five_go_on_in_the_background() {
    let api = partners();
    let ids: Vec<u64> = (0..6).map(|n| referral_id(&api, JANE, &format!("lead{n}@example.com"))).collect();
    let batch = api.post("/company/referrals/disable", json!({ "ids": ids })).expect(202);
    assert_eq!((&batch["status"], &batch["progress"]), (&json!("pending"), &json!(0)));
    api.advance("3s");
    assert_eq!(emails(&api, "filters[state]=denied").len(), 3);
    api.advance("3s");
    let over = api.get(&format!("/company/batch_processes/{}", batch["id"]));
    assert_eq!((&over["status"], &over["processed_count"]), (&json!("completed"), &json!(6)));
    assert_eq!(emails(&api, "filters[state]=denied").len(), 6);
}
