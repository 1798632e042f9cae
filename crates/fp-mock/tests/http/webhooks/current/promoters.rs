//! Promoters and their part in campaigns.

use serde_json::{Value, json};

use super::{JANE, JANE_MAIN, PARTNERS, about, id};
use crate::webhooks::Hooks;

pub const TESTED: &[&str] = &[
    "promoter.created",
    "promoter.updated",
    "promoter.deleted",
    "promoter.profile.updated",
    "promoter_campaign.created",
    "promoter_campaign.updated",
    "promoter_campaign.deleted",
    "contract_document.signed",
];

#[test]
fn a_new_promoter_is_told_with_his_profile() {
    let hooks = Hooks::to(&["promoter.created"]);
    let promoter = hooks.promoter("bob@example.com");
    let event = hooks.only();
    assert_eq!(about(&event), ("promoter.created", "created", "promoter", id(&promoter)));
    let data = &event["data"];
    let members: Vec<_> = data.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["id", "email", "name", "cust_id", "balances", "joined_at", "profile"]);
    assert_eq!((&data["name"], &data["balances"]), (&json!("Bob Meyer"), &Value::Null));
    assert_eq!(data["profile"], promoter["profile"]);
    assert_eq!(event["changes"], json!({}));
}

#[test]
fn a_changed_promoter_is_told_with_what_changed() {
    let hooks = Hooks::to(&["promoter.updated"]);
    let path = format!("/company/promoters/{JANE}");
    hooks.api.put(&path, json!({ "cust_id": "cus_1", "email": "jane@new.example" })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("promoter.updated", "updated", "promoter", JANE));
    assert_eq!(
        event["changes"],
        json!({ "email": ["jane@example.com", "jane@new.example"], "cust_id": [null, "cus_1"] })
    );
    assert_eq!(event["data"]["cust_id"], "cus_1");
    hooks.api.put(&path, json!({ "cust_id": "cus_1" })).expect(200);
    assert_eq!(hooks.events().len(), 1, "what stays as it is is no change");
}

#[test]
fn a_changed_profile_is_an_event_of_its_own() {
    let hooks = Hooks::to(&["promoter.updated", "promoter.profile.updated"]);
    let profile = json!({ "last_name": "Miller", "website": "https://jane.example" });
    hooks.api.put(&format!("/company/promoters/{JANE}"), json!({ "profile": profile })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("promoter.profile.updated", "updated", "promoter", JANE));
    let changes = json!({ "last_name": ["Doe", "Miller"], "website": [null, "https://jane.example"] });
    assert_eq!(event["changes"], changes);
    assert_eq!(
        (&event["data"]["name"], &event["data"]["profile"]["last_name"]),
        (&json!("Jane Miller"), &json!("Miller"))
    );
}

#[test]
fn archiving_in_a_batch_is_one_event_for_each_promoter() {
    let hooks = Hooks::to(&["promoter.updated"]);
    let ids: Vec<u64> = (0..8).map(|n| id(&hooks.promoter(&format!("bob{n}@example.com")))).collect();
    hooks.api.post("/company/promoters/archive", json!({ "ids": ids })).expect(202);
    assert_eq!(hooks.api.advance("1m")["batch_steps"], 8);
    let events = hooks.events();
    let told: Vec<u64> = events.iter().map(|event| about(event).3).collect();
    assert_eq!(told, ids);
    // The batch works one promoter a second.
    assert_eq!(events[7]["changes"]["archived_at"], json!([null, "2025-01-15T10:30:08.000Z"]));
    assert_eq!(events[7]["timestamp"], "2025-01-15T10:30:08.000Z");
}

#[test]
fn a_deleted_promoter_is_told_with_all_that_goes_with_him() {
    let kinds = [
        "promoter.deleted",
        "promoter_campaign.deleted",
        "referral.deleted",
        "commission.deleted",
        "payout.deleted",
        "payout_method.deleted",
        "payout.commissions.deleted",
    ];
    let hooks = Hooks::to(&kinds);
    hooks.sale("lea@example.com", "evt_1", 10_000);
    let commission = id(&hooks.api.get("/company/commissions")[0]);
    let ids = json!({ "ids": [commission] });
    hooks.api.post("/company/commissions/generate_payouts", ids).expect(200);
    let method =
        json!({ "promoter_id": JANE, "method": "paypal", "details": { "email": "jane@example.com" } });
    hooks.api.admin("POST", "/payout_methods", method).expect(201);
    hooks.api.call("DELETE", "/api/v1/promoters/delete", &json!({ "id": JANE })).expect(200);
    let events = hooks.events();
    let told: Vec<&str> = events.iter().map(|event| about(event).0).collect();
    assert_eq!(
        told,
        [
            "promoter.deleted",
            "promoter_campaign.deleted",
            "referral.deleted",
            "commission.deleted",
            "payout.deleted",
            "payout.commissions.deleted",
            "payout_method.deleted"
        ]
    );
    let data = |kind: &str| {
        events.iter().find(|event| event["event_type"] == kind).map(|event| &event["data"]).expect("told")
    };
    assert_eq!(data("promoter.deleted")["balances"], json!({ "cash": 2_000 }));
    assert_eq!(data("promoter_campaign.deleted")["promoter"]["name"], "Jane Doe");
    assert_eq!(data("promoter_campaign.deleted")["stats"]["referrals_count"], 1);
    assert_eq!(data("commission.deleted")["referral"]["email"], "lea@example.com");
    assert_eq!(
        (&data("payout.deleted")["amount"], &data("payout.deleted")["promoter"]["id"]),
        (&json!(2_000), &json!(JANE))
    );
    assert!(events.iter().all(|event| event["changes"] == json!({}) && event["action"] == "deleted"));
}

#[test]
fn joining_a_campaign_is_told_with_the_whole_enrolment() {
    let hooks = Hooks::to(&["promoter_campaign.created"]);
    let body = json!({ "ids": [JANE], "campaign_id": PARTNERS });
    hooks.api.post("/company/promoters/add_to_campaign", body).expect(200);
    let event = hooks.only();
    let enrolment = event["data"]["id"].as_u64().expect("an id");
    assert_eq!(about(&event), ("promoter_campaign.created", "created", "promoter_campaign", enrolment));
    assert_eq!(event["data"], hooks.api.get("/company/promoter_campaigns")[0]);
}

#[test]
fn a_changed_enrolment_is_told_with_what_changed() {
    let hooks = Hooks::to(&["promoter_campaign.updated"]);
    let path = format!("/company/promoter_campaigns/{JANE_MAIN}");
    hooks.api.put(&path, json!({ "ref_token": "jane90" })).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("promoter_campaign.updated", "updated", "promoter_campaign", JANE_MAIN));
    assert_eq!(event["changes"]["ref_token"], json!(["jane89", "jane90"]));
    let link = |token: &str| format!("https://www.example.com?fpr={token}");
    assert_eq!(event["changes"]["ref_link"], json!([link("jane89"), link("jane90")]));
    assert_eq!(event["changes"].as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn acceptance_is_told_as_a_change_of_state() {
    let hooks = Hooks::to(&["promoter_campaign.updated"]);
    let bob = hooks.api.post(
        "/company/promoters",
        json!({ "email": "bob@example.com", "initial_campaign_id": PARTNERS, "always_approve": false }),
    );
    let body = json!({ "ids": [id(&bob.expect(201))], "campaign_id": PARTNERS });
    hooks.api.post("/company/promoters/accept", body).expect(200);
    assert_eq!(hooks.only()["changes"], json!({ "state": ["pending", "accepted"] }));
}

#[test]
fn a_signed_contract_document_is_told() {
    let hooks = Hooks::to(&["contract_document.signed"]);
    let body = json!({ "promoter_id": JANE, "name": "Terms of 2025" });
    let document = hooks.api.admin("POST", "/contract_documents", body).expect(201);
    assert_eq!(hooks.events(), [] as [Value; 0], "giving it to him is no event");
    hooks.api.advance("1h");
    let path = format!("/contract_documents/{}/sign", document["id"]);
    hooks.api.admin("POST", &path, Value::Null).expect(200);
    let event = hooks.only();
    assert_eq!(about(&event), ("contract_document.signed", "updated", "contract_document", id(&document)));
    let at = "2025-01-15T11:30:00.000Z";
    assert_eq!(event["changes"], json!({ "signed_at": [null, at] }));
    let created_at = "2025-01-15T10:30:00.000Z";
    let expected =
        json!({ "id": document["id"], "promoter_id": JANE, "signed_at": at, "created_at": created_at });
    assert_eq!(event["data"], expected);
}
