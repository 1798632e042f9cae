//! Sending by hand.

use serde_json::{Value, json};

use super::{addresses, body, email, promoter, sent};
use crate::kit::Api;

#[test]
fn an_email_goes_to_every_accepted_promoter_once_and_is_filled_in() {
    let api = Api::start();
    promoter(&api, "bob");
    let made = email(&api, "broadcast", json!({}));
    let done = api.post(&format!("/company/emails/{}/send_now", made["id"]), Value::Null).expect(200);
    assert_eq!(done, json!({ "message": "The email was sent to 2 promoters" }));
    assert_eq!(addresses(&api, &format!("email_id={}", made["id"])), ["bob@example.com", "jane@example.com"]);
    let jane = &sent(&api, "to=JANE@example.com")[0];
    assert_eq!(jane["subject"], "Hi Jane");
    assert_eq!((&jane["is_test"], &jane["sent_at"]), (&json!(false), &json!("2025-01-15T10:30:00.000Z")));
    assert!(jane["promoter_id"].is_number(), "{jane}");
    let html = jane["html"].as_str().expect("html");
    assert!(html.contains("<p>Dear Jane Doe of Main Campaign</p>"), "{html}");
    assert!(html.contains("<h1>Example Inc</h1>"), "{html}");
    assert_eq!(api.get(&format!("/company/emails/{}", made["id"]))["sent_count"], 2);
}

#[test]
fn only_promoters_accepted_in_the_allowed_campaigns_get_it() {
    let api = Api::start();
    let bob = promoter(&api, "bob");
    let ids = json!({ "campaign_id": 5399, "ids": [bob["id"]] });
    api.post("/company/promoters/add_to_campaign", ids.clone()).expect(200);
    let mut wish = body("broadcast", json!({}));
    wish["allowed_campaign_ids"] = json!([5399]);
    let made = api.post("/company/emails", wish).expect(200);
    let send = || api.post(&format!("/company/emails/{}/send_now", made["id"]), Value::Null).expect(200);
    assert_eq!(send()["message"], "The email was sent to 1 promoter");
    api.post("/company/promoters/reject", ids.clone()).expect(200);
    assert_eq!(send()["message"], "The email was sent to 0 promoters");
    api.post("/company/promoters/accept", ids).expect(200);
    assert_eq!(send()["message"], "The email was sent to 1 promoter");
    assert_eq!(addresses(&api, ""), ["bob@example.com", "bob@example.com"]);
    api.post("/company/promoters/archive", json!({ "ids": [bob["id"]] })).expect(200);
    assert_eq!(send()["message"], "The email was sent to 0 promoters");
}

#[test]
fn a_test_goes_to_the_user_and_does_not_count() {
    let api = Api::start();
    let made = email(&api, "broadcast", json!({}));
    let done = api.post(&format!("/company/emails/{}/send_test", made["id"]), Value::Null).expect(200);
    assert_eq!(done, json!({ "message": "A test of the email was sent to admin@example.com" }));
    let copies = sent(&api, "");
    assert_eq!((copies.len(), &copies[0]["to"]), (1, &json!("admin@example.com")));
    assert_eq!((&copies[0]["is_test"], &copies[0]["promoter_id"]), (&json!(true), &Value::Null));
    assert_eq!(copies[0]["subject"], "Hi Jane");
    assert_eq!(api.get(&format!("/company/emails/{}", made["id"]))["sent_count"], 0);
}

#[test]
fn sent_copies_are_narrowed_and_cut() {
    let api = Api::start();
    promoter(&api, "bob");
    let (one, two) = (email(&api, "broadcast", json!({})), email(&api, "broadcast", json!({})));
    for made in [&one, &two] {
        api.post(&format!("/company/emails/{}/send_now", made["id"]), Value::Null).expect(200);
    }
    assert_eq!(sent(&api, "").len(), 4);
    let both = sent(&api, &format!("to=bob@example.com&email_id={}", two["id"]));
    assert_eq!((both.len(), &both[0]["email_id"]), (1, &two["id"]));
    let cut = api.admin("GET", "/emails?limit=1", Value::Null).expect(200);
    assert_eq!((cut["emails"].as_array().map(Vec::len), &cut["meta"]["total"]), (Some(1), &json!(4)));
    for bad in ["/emails?email_id=x", "/emails?from=jane"] {
        let refused = api.admin("GET", bad, Value::Null).expect(400);
        assert!(refused["hint"].is_string(), "{refused}");
    }
}
