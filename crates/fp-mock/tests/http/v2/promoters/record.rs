//! Making, showing and changing one promoter.

use serde_json::{Value, json};

use super::{id, promoter};
use crate::kit::Api;

#[test]
fn the_starter_scenario_knows_jane() {
    let jane = Api::start().get("/company/promoters/jane@example.com?find_by=email");
    assert_eq!(jane["name"], "Jane Doe");
    assert_eq!(jane["is_confirmed"], true);
    assert_eq!(jane["password_setup_url"], Value::Null);
    assert_eq!(jane["balances"], Value::Null);
    assert_eq!(jane["first_event_at"], Value::Null);
    assert_eq!(jane["selected_payout_method"], Value::Null);
    assert!(jane.get("parent_promoter").is_none());
    let campaign = &jane["promoter_campaigns"][0];
    assert_eq!(campaign["campaign_id"], 13202);
    assert_eq!(campaign["state"], "accepted");
    assert_eq!(campaign["ref_token"], "jane89");
    assert_eq!(campaign["ref_link"], "https://www.example.com?fpr=jane89");
    assert_eq!(campaign["campaign"], json!({ "id": 13202, "name": "Main Campaign", "color": "#42a5f5" }));
}

#[test]
fn a_new_promoter_joins_the_default_campaign_with_a_token_made_of_his_name() {
    let api = Api::start();
    let made = api.post(
        "/company/promoters",
        json!({
            "email": "Ann.Lee@Example.com", "cust_id": "cus_7",
            "profile": { "first_name": "Ann", "last_name": "Lee", "country": "de", "website": "https://ann.example" },
            "custom_fields": { "shirt": "M", "topics": ["tea", "chess"] },
        }),
    );
    let made = made.expect(201);
    assert_eq!(made["name"], "Ann Lee");
    assert_eq!(made["cust_id"], "cus_7");
    assert_eq!(made["profile"]["country"], "DE");
    assert_eq!(made["profile"]["last_name"], "Lee");
    assert_eq!(made["profile"]["twitch_url"], Value::Null);
    assert_eq!(made["custom_fields"], json!({ "shirt": "M", "topics": ["tea", "chess"] }));
    assert_eq!(made["joined_at"], "2025-01-15T10:30:00.000Z");
    assert_eq!(made["is_confirmed"], false);
    assert!(made["password_setup_url"].as_str().is_some_and(|url| url.starts_with("https://")));
    let campaign = &made["promoter_campaigns"][0];
    assert_eq!((&campaign["campaign_id"], &campaign["state"]), (&json!(13202), &json!("accepted")));
    let token = campaign["ref_token"].as_str().expect("a token");
    assert!(token.starts_with("ann") && token[3..].bytes().all(|b| b.is_ascii_digit()), "{token}");
    assert_eq!(api.get(&format!("/company/promoters/{}", id(&made))), made);
}

#[test]
fn a_promoter_without_approval_waits_even_where_the_campaign_approves() {
    let api = Api::start();
    let body = json!({ "email": "ann@example.com", "initial_campaign_id": 17476, "always_approve": false });
    let made = api.post("/company/promoters", body).expect(201);
    assert_eq!(made["promoter_campaigns"][0]["state"], "pending");
    assert_eq!(made["promoter_campaigns"][0]["campaign_id"], 17476);
    assert_eq!(api.get("/company/promoters")["meta"]["pending_count"], 1);
    let approved = json!({ "email": "bob@example.com", "initial_campaign_id": 5399 });
    let approved = api.post("/company/promoters", approved).expect(201);
    assert_eq!(approved["promoter_campaigns"][0]["state"], "accepted");
}

#[test]
fn promoters_that_would_not_be_valid_answer_400_with_the_fields() {
    let api = Api::start();
    promoter(&api, "ann");
    for (body, field, problem) in [
        (json!({ "email": "JANE@example.com" }), "email", "has already been taken"),
        (json!({ "email": "jane@" }), "email", "is invalid"),
        (
            json!({ "email": "x@example.com", "profile": { "country": "Germany" } }),
            "country",
            "is not a two-letter country code",
        ),
    ] {
        let refused = api.post("/company/promoters", body).expect(400);
        assert_eq!(refused["code"], "invalid_record");
        assert_eq!(refused["errors"], json!({ field: [problem] }));
    }
    let taken = api.post("/company/promoters", json!({ "email": "jane@example.com" })).expect(400);
    assert_eq!(taken["message"], "Validation failed: Email has already been taken");
    assert_eq!(api.get("/company/promoters")["data"].as_array().map(Vec::len), Some(2));
}

#[test]
fn creation_needs_an_email_and_a_campaign_that_exists() {
    let api = Api::start();
    let refused = api.post("/company/promoters", json!({ "cust_id": "cus_1" })).expect(422);
    assert_eq!(refused["message"], "param is missing or the value is empty or invalid: email");
    assert_eq!(refused["code"], "invalid_params");
    let body = json!({ "email": "x@example.com", "initial_campaign_id": 99 });
    assert_eq!(api.post("/company/promoters", body).expect(404)["message"], "Record not found");
}

#[test]
fn a_promoter_is_found_by_each_of_his_attributes() {
    let api = Api::start();
    let ann = json!({ "email": "ann@example.com", "cust_id": "cus/7", "profile": { "first_name": "Ann" } });
    let ann = api.post("/company/promoters", ann).expect(201);
    let campaign = &ann["promoter_campaigns"][0];
    let path = format!("/company/promoter_campaigns/{}", id(campaign));
    api.put(&path, json!({ "coupon": "ANN10" })).expect(200);
    let token = campaign["ref_token"].as_str().expect("a token");
    let setup_url = ann["password_setup_url"].as_str().expect("a URL");
    let auth_token = setup_url.split_once("token=").expect("a token").1;
    for (by, value) in [
        ("email", "ANN@example.com"),
        ("cust_id", "cus%2F7"),
        ("auth_token", auth_token),
        ("ref_token", token),
        ("promo_code", "ann10"),
    ] {
        let found = api.get(&format!("/company/promoters/{value}?find_by={by}"));
        assert_eq!(found["id"], ann["id"], "by {by}");
        let missed = api.try_get(&format!("/company/promoters/nobody?find_by={by}")).expect(422);
        assert_eq!(
            missed,
            json!({ "message": format!("Cannot find promoter by {by}"), "code": "invalid_params" })
        );
        let changed = api.put(&format!("/company/promoters/{value}"), json!({ "find_by": by })).expect(200);
        assert_eq!(changed["id"], ann["id"], "by {by} in the body");
    }
    assert_eq!(api.try_get("/company/promoters/999").expect(404)["code"], "not_found");
    assert_eq!(api.try_get("/company/promoters/ann@example.com").expect(404)["code"], "not_found");
    let bad = api.try_get("/company/promoters/1?find_by=shoe_size").expect(422);
    assert!(bad["message"].as_str().is_some_and(|m| m.contains("promo_code")), "{bad}");
}

#[test]
fn a_change_touches_only_what_it_names() {
    let api = Api::start();
    let body = json!({
        "email": "ann@example.com", "cust_id": "cus_7",
        "profile": { "first_name": "Ann", "w8_form_url": "https://files.example/w8.pdf" },
        "custom_fields": { "shirt": "M", "shoe": "38" },
    });
    let ann = id(&api.post("/company/promoters", body).expect(201));
    let path = format!("/company/promoters/{ann}");
    let change = json!({
        "profile": { "last_name": "Lee", "_destroy_w8form": true },
        "custom_fields": { "shirt": "L", "shoe": "" },
    });
    let changed = api.put(&path, change).expect(200);
    assert_eq!(changed["email"], "ann@example.com");
    assert_eq!(changed["cust_id"], "cus_7");
    assert_eq!(changed["name"], "Ann Lee");
    assert_eq!(changed["profile"]["w8_form_url"], Value::Null);
    assert_eq!(changed["custom_fields"], json!({ "shirt": "L" }));
    let emptied = json!({ "email": "ann.lee@example.com", "cust_id": null, "profile": { "last_name": "" } });
    let emptied = api.put(&path, emptied).expect(200);
    assert_eq!(emptied["email"], "ann.lee@example.com");
    assert_eq!(emptied["cust_id"], Value::Null);
    assert_eq!(emptied["name"], "Ann");
    assert_eq!(api.get(&path), emptied);
}

#[test]
fn a_change_may_come_as_a_form() {
    let api = Api::start();
    let headers = [
        ("authorization", "Bearer test-key"),
        ("account-id", "1"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let form =
        b"find_by=ref_token&profile[first_name]=Janet&profile[_destroy_w9form]=true&custom_fields[shirt]=S";
    let changed = api.send("PUT", "/api/v2/company/promoters/jane89", &headers, form).expect(200);
    assert_eq!(changed["name"], "Janet Doe");
    assert_eq!(changed["custom_fields"], json!({ "shirt": "S" }));
}

#[test]
fn a_change_that_would_not_be_valid_changes_nothing() {
    let api = Api::start();
    let ann = promoter(&api, "ann");
    let path = format!("/company/promoters/{ann}");
    let before = api.get(&path);
    let body = json!({ "email": "jane@example.com", "profile": { "first_name": "Eve" } });
    let refused = api.put(&path, body).expect(400);
    assert_eq!(refused["errors"], json!({ "email": ["has already been taken"] }));
    let refused = api.put(&path, json!({ "email": "" })).expect(400);
    assert_eq!(refused["errors"], json!({ "email": ["can't be blank"] }));
    api.put(&path, json!({ "custom_fields": { "a": { "b": 1 } } })).expect(422);
    api.put(&path, json!({ "profile": "Ann" })).expect(422);
    assert_eq!(api.get(&path), before);
    assert_eq!(api.put("/company/promoters/999", json!({})).expect(404)["code"], "not_found");
}

#[test]
fn his_own_email_and_customer_id_are_not_taken() {
    let api = Api::start();
    let body = json!({ "email": "ann@example.com", "cust_id": "cus_7" });
    let ann = id(&api.post("/company/promoters", body.clone()).expect(201));
    api.put(&format!("/company/promoters/{ann}"), body.clone()).expect(200);
    let twin = api.post("/company/promoters", json!({ "email": "x@example.com", "cust_id": "cus_7" }));
    assert_eq!(twin.expect(400)["errors"], json!({ "cust_id": ["has already been taken"] }));
}

#[test]
fn invoice_details_that_must_be_complete_say_what_is_missing_and_then_wait() {
    let api = Api::start();
    let path = format!("/company/promoters/{}", promoter(&api, "ann"));
    let asked = api.put(&path, json!({ "profile": { "should_validate_invoice_details": true } })).expect(200);
    let errors = &asked["profile"]["invoice_details_validation_errors"];
    assert_eq!(
        *errors,
        json!({ "company_name": ["can't be blank"], "address": ["can't be blank"], "country": ["can't be blank"] })
    );
    assert_eq!(asked["invoice_details_status"], "not_submitted");
    let details =
        json!({ "profile": { "company_name": "Ann GmbH", "address": "Hauptstr. 1", "country": "DE" } });
    let complete = api.put(&path, details).expect(200);
    assert_eq!(complete["profile"]["invoice_details_validation_errors"], Value::Null);
    assert_eq!(complete["invoice_details_status"], "pending");
}

#[test]
fn the_parent_is_shown_on_request_and_the_payout_method_left_out_on_request() {
    let api = Api::start();
    let (ann, bob) = (promoter(&api, "ann"), promoter(&api, "bob"));
    api.post("/company/promoters/assign_parent", json!({ "ids": [bob], "parent_promoter_id": ann }))
        .expect(200);
    let shown = api.get(&format!("/company/promoters/{bob}?include_parent_promoter=true"));
    assert_eq!(shown["parent_promoter"], json!({ "id": ann, "email": "ann@example.com", "name": "ann" }));
    let shown =
        api.get(&format!("/company/promoters/{ann}?include_parent_promoter=1&exclude_payout_method=true"));
    assert_eq!(shown["parent_promoter"], Value::Null);
    assert!(shown.get("selected_payout_method").is_none());
    let listed = api.get("/company/promoters?include_parent_promoter=true&exclude_payout_method=true");
    assert!(listed["data"][0].get("parent_promoter").is_none(), "the list has no parents");
    assert!(listed["data"][0].get("selected_payout_method").is_none());
}
