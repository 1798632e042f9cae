//! The HTML around every e-mail.

use serde_json::{Value, json};

use super::{email, sent};
use crate::kit::Api;

#[test]
fn the_theme_is_changed_and_goes_around_the_content() {
    let api = Api::start();
    let built_in = api.get("/company/emails/template");
    assert!(built_in["html"].as_str().is_some_and(|html| html.contains("{{content}}")), "{built_in}");
    let own = json!({ "html": "<main>{{content}}</main><i>{{company_name}}</i>" });
    assert_eq!(api.patch("/company/emails/custom_template", own.clone()).expect(200), own);
    assert_eq!(api.get("/company/emails/template"), own);
    let made = email(&api, "broadcast", json!({}));
    api.post(&format!("/company/emails/{}/send_now", made["id"]), Value::Null).expect(200);
    let html = "<main><p>Dear Jane Doe of Main Campaign</p></main><i>Example Inc</i>";
    assert_eq!(sent(&api, "")[0]["html"], html);
}

#[test]
fn a_theme_needs_html() {
    let api = Api::start();
    let before = api.get("/company/emails/template");
    let refused = api.patch("/company/emails/custom_template", json!({ "html": " " })).expect(422);
    assert_eq!(refused["message"], "param is missing or the value is empty or invalid: html");
    assert_eq!(api.get("/company/emails/template"), before);
}

#[test]
fn a_test_of_the_theme_goes_to_the_user() {
    let api = Api::start();
    api.patch("/company/emails/custom_template", json!({ "html": "<main>{{content}}</main>" })).expect(200);
    let done = api.post("/company/emails/test_custom_template", Value::Null).expect(200);
    assert_eq!(done, json!({ "message": "A test of the email theme was sent to admin@example.com" }));
    let copy = &sent(&api, "to=admin@example.com")[0];
    assert_eq!((&copy["email_id"], &copy["is_test"]), (&Value::Null, &json!(true)));
    assert!(copy["html"].as_str().is_some_and(|html| html.starts_with("<main><p>")), "{copy}");
}
