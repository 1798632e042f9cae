//! Making, showing and changing one referral.

use serde_json::{Value, json};

use super::{BOB, BOB_PARTNER, CLEO, JANE, partners, referral, referral_id, show};

#[test]
fn a_referral_made_by_hand_names_its_maker_and_belongs_to_the_enrolment() {
    let api = partners();
    let body = json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "uid": "cus_1", "username": "lead" });
    let made = api.post("/company/referrals", body).expect(200);
    assert_eq!(made["state"], "signup");
    assert_eq!(made["entry_source"], "manual_admin");
    assert_eq!(made["created_by_user_email"], "admin@example.com");
    assert_eq!(made["promoter_campaign"]["promoter"]["email"], "jane@example.com");
    assert_eq!(made["promoter_campaign"]["campaign"]["name"], "Main Campaign");
    assert_eq!((&made["split_details"], &made["custom_status"]), (&Value::Null, &Value::Null));
    assert_eq!(show(&api, made["id"].as_u64().expect("an id")), made);
}

#[test]
fn in_a_campaign_that_does_not_approve_leads_a_referral_waits() {
    let api = partners();
    assert_eq!(referral(&api, CLEO, "lead@example.com")["state"], "pending");
}

#[test]
fn a_referral_with_the_promoters_email_is_suspicious() {
    let api = partners();
    assert_eq!(referral(&api, JANE, "JANE@example.com")["fraud_check"], "same_promoter_email");
    assert_eq!(referral(&api, JANE, "bob@example.com")["fraud_check"], "no_suspicion");
}

#[test]
fn a_referral_needs_an_enrolment_and_an_email_or_uid() {
    let api = partners();
    let refused = |body: Value, status: u16| api.post("/company/referrals", body).expect(status);
    let missing = refused(json!({ "email": "lead@example.com" }), 422);
    assert_eq!(missing["message"], "param is missing or the value is empty or invalid: promoter_campaign_id");
    assert_eq!(missing["code"], "invalid_params");
    assert_eq!(
        refused(json!({ "promoter_campaign_id": 77, "email": "lead@example.com" }), 404)["code"],
        "not_found"
    );
    let nobody = refused(json!({ "promoter_campaign_id": JANE }), 422);
    assert_eq!(nobody["code"], "invalid_record");
    assert!(nobody["errors"]["email"].is_array() && nobody["errors"]["uid"].is_array(), "{nobody}");
    let malformed = refused(json!({ "promoter_campaign_id": JANE, "email": "lead" }), 422);
    assert_eq!(malformed["errors"], json!({ "email": ["is invalid"] }));
}

#[test]
fn an_email_uid_or_username_that_is_taken_is_refused() {
    let api = partners();
    let first = json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "uid": "cus_1", "username": "lead" });
    api.post("/company/referrals", first).expect(200);
    for (field, value) in [("email", "LEAD@example.com"), ("uid", "cus_1"), ("username", "lead")] {
        let mut body = json!({ "promoter_campaign_id": BOB, "uid": "cus_2" });
        body[field] = value.into();
        let refused = api.post("/company/referrals", body).expect(422);
        assert_eq!(refused["errors"][field], json!(["has already been taken"]), "{refused}");
        assert!(
            refused["message"].as_str().is_some_and(|m| m.starts_with("Validation failed: ")),
            "{refused}"
        );
    }
    let id = referral_id(&api, JANE, "other@example.com");
    let refused = api.put(&format!("/company/referrals/{id}"), json!({ "uid": "cus_1" })).expect(422);
    assert_eq!(refused["errors"]["uid"], json!(["has already been taken"]));
}

#[test]
fn a_referral_is_found_by_email_uid_or_username() {
    let api = partners();
    let body = json!({ "promoter_campaign_id": JANE, "email": "le.ad@example.com", "uid": "cus/1", "username": "lead" });
    let made = api.post("/company/referrals", body).expect(200);
    for path in ["LE.AD%40example.com?find_by=email", "cus%2F1?find_by=uid", "lead?find_by=username"] {
        assert_eq!(api.get(&format!("/company/referrals/{path}")), made, "{path}");
    }
    let body = json!({ "find_by": "uid", "username": "leader" });
    let changed = api.put("/company/referrals/cus%2F1", body).expect(200);
    assert_eq!((&changed["id"], &changed["username"]), (&made["id"], &json!("leader")));
}

#[test]
fn what_leads_to_no_referral_is_refused() {
    let api = partners();
    let unknown = api.try_get("/company/referrals/nobody%40example.com?find_by=email").expect(422);
    assert_eq!(unknown["message"], "Cannot find referral by email");
    assert_eq!(unknown["code"], "invalid_params");
    assert_eq!(api.try_get("/company/referrals/lead@example.com").expect(404)["message"], "Record not found");
    assert_eq!(api.try_get("/company/referrals/77").expect(404)["code"], "not_found");
    let attribute = api.try_get("/company/referrals/77?find_by=color").expect(422);
    assert!(attribute["message"].as_str().is_some_and(|m| m.contains("email, uid, username")), "{attribute}");
    api.put("/company/referrals/77", json!({ "uid": "cus_1" })).expect(404);
}

#[test]
fn an_update_changes_what_it_names_and_empties_what_it_blanks() {
    let api = partners();
    let body = json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "uid": "cus_1", "username": "lead" });
    let id = api.post("/company/referrals", body).expect(200)["id"].as_u64().expect("an id");
    let path = format!("/company/referrals/{id}");
    let changed = api.put(&path, json!({ "email": "new@example.com", "username": "" })).expect(200);
    assert_eq!((&changed["email"], &changed["uid"]), (&json!("new@example.com"), &json!("cus_1")));
    assert_eq!(changed["username"], Value::Null);
    api.put(&path, json!({ "email": null })).expect(200);
    let refused = api.put(&path, json!({ "uid": null })).expect(422);
    assert_eq!(refused["code"], "invalid_record");
    assert_eq!(show(&api, id)["uid"], "cus_1");
}

#[test]
fn an_update_can_give_the_referral_to_another_enrolment() {
    let api = partners();
    let id = referral_id(&api, JANE, "bob@example.com");
    let path = format!("/company/referrals/{id}");
    let moved = api.put(&path, json!({ "promoter_campaign_id": BOB_PARTNER })).expect(200);
    assert_eq!(moved["promoter_campaign"]["id"], BOB_PARTNER);
    assert_eq!(moved["promoter_campaign"]["promoter"]["name"], "Bob");
    assert_eq!(moved["fraud_check"], "same_promoter_email");
    api.put(&path, json!({ "promoter_campaign_id": 77 })).expect(404);
}

#[test]
fn a_suspicion_is_set_and_cleared_by_hand() {
    let api = partners();
    let id = referral_id(&api, JANE, "lead@example.com");
    let path = format!("/company/referrals/{id}");
    let set = |value: &str| api.put(&path, json!({ "fraud_check": value }));
    assert_eq!(set("ad_source").expect(200)["fraud_check"], "ad_source");
    assert_eq!(set("ad_source").expect(422)["errors"]["fraud_check"], json!(["is ad_source already"]));
    assert_eq!(set("no_suspicion").expect(200)["fraud_check"], "no_suspicion");
    set("no_suspicion").expect(200);
    let unchecked = api.put(&path, json!({ "email": "jane@example.com" })).expect(200);
    assert_eq!(unchecked["fraud_check"], "no_suspicion");
    assert_eq!(set("fishy").expect(422)["code"], "invalid_params");
}

#[test]
fn shares_are_set_replaced_and_removed() {
    let api = partners();
    let split = json!([{ "promoter_campaign_id": BOB, "percentage": 25 }, { "promoter_campaign_id": CLEO, "percentage": 30 }]);
    let body = json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "split_details": split });
    let made = api.post("/company/referrals", body).expect(200);
    let bob = api.get(&format!("/company/referrals/{}", made["id"]));
    assert_eq!(made["split_details"][0]["promoter_campaign_id"], BOB);
    assert_eq!(made["split_details"][0]["promoter_id"], json!(500_002));
    assert_eq!(bob["split_details"][1]["percentage"], 30);
    let path = format!("/company/referrals/{}", made["id"]);
    let one = json!({ "split_details": [{ "promoter_campaign_id": CLEO, "percentage": 100 }] });
    assert_eq!(api.put(&path, one).expect(200)["split_details"].as_array().map(Vec::len), Some(1));
    assert_eq!(api.put(&path, json!({ "split_details": [] })).expect(200)["split_details"], Value::Null);
}

#[test]
fn shares_that_cannot_be_are_refused() {
    let api = partners();
    let with = |split: Value| {
        let body =
            json!({ "promoter_campaign_id": JANE, "email": "lead@example.com", "split_details": split });
        api.post("/company/referrals", body)
    };
    let too_much = json!([{ "promoter_campaign_id": BOB, "percentage": 60 }, { "promoter_campaign_id": CLEO, "percentage": 41 }]);
    let refused = with(too_much).expect(422);
    assert_eq!(refused["errors"]["split_details"], json!(["percentages must not exceed 100 in total"]));
    let owner = with(json!([{ "promoter_campaign_id": JANE, "percentage": 10 }])).expect(422);
    assert_eq!(owner["code"], "invalid_record");
    with(json!([{ "promoter_campaign_id": 77, "percentage": 10 }])).expect(404);
    let negative = with(json!([{ "promoter_campaign_id": BOB, "percentage": -1 }])).expect(422);
    assert!(
        negative["message"].as_str().is_some_and(|m| m.contains("split_details[0][percentage]")),
        "{negative}"
    );
    assert_eq!(with(json!([{ "promoter_campaign_id": BOB }])).expect(422)["code"], "invalid_params");
    assert_eq!(api.get("/company/referrals"), json!([]));
}

#[test]
fn a_referral_that_did_not_buy_while_its_visit_was_remembered_is_expired() {
    let api = partners();
    let (main, partner) =
        (referral_id(&api, JANE, "a@example.com"), referral_id(&api, CLEO, "b@example.com"));
    api.advance("30d");
    assert_eq!(show(&api, partner)["is_expired"], false);
    api.advance("1d");
    assert_eq!(
        (&show(&api, partner)["is_expired"], &show(&api, main)["is_expired"]),
        (&json!(true), &json!(false))
    );
}
