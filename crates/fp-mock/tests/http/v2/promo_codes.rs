//! `/company/promo_codes`.

use serde_json::{Value, json};

use crate::kit::Api;

/// Jane's enrolment in the starter scenario, the offer there, and a reward that is none.
const JANE: u64 = 600_001;
const OFFER: u64 = 67_212;
const COMMISSION: u64 = 128_312;

fn body(code: &str) -> Value {
    json!({ "code": code, "reward_id": OFFER, "promoter_campaign_id": JANE })
}

/// A promo code of Jane's, answering its path.
#[track_caller]
fn made(api: &Api, code: &str) -> String {
    let made = api.post("/company/promo_codes", body(code)).expect(200);
    format!("/company/promo_codes/{}", made["id"])
}

#[test]
fn a_promo_code_names_its_offer_and_gets_an_id_at_the_billing_provider() {
    let api = Api::start();
    let mut wish = body("JANE5");
    wish["description"] = json!("For the newsletter");
    wish["metadata"] = json!({ "season": { "name": "spring" } });
    let made = api.post("/company/promo_codes", wish).expect(200);
    assert_eq!((&made["code"], &made["description"]), (&json!("JANE5"), &json!("For the newsletter")));
    assert_eq!(made["reward"], json!({ "id": OFFER, "name": "5% discount coupon" }));
    assert_eq!(made["metadata"], json!({ "season": { "name": "spring" } }));
    assert_eq!((&made["details"], &made["archived_at"]), (&json!({}), &Value::Null));
    assert_eq!((&made["promoter_campaign_id"], &made["company_id"]), (&json!(JANE), &json!(1)));
    assert!(made["ext_id"].as_str().is_some_and(|id| id.starts_with("promo_")), "{made}");
    assert_eq!(api.get(&format!("/company/promo_codes/{}", made["id"])), made);
}

#[test]
fn what_a_promo_code_needs_is_asked_for() {
    let api = Api::start();
    for field in ["code", "reward_id", "promoter_campaign_id"] {
        let mut wish = body("JANE5");
        wish[field] = json!("");
        let refused = api.post("/company/promo_codes", wish).expect(422);
        assert_eq!(refused["message"], format!("param is missing or the value is empty or invalid: {field}"));
    }
    for field in ["reward_id", "promoter_campaign_id"] {
        let mut wish = body("JANE5");
        wish[field] = json!(77);
        assert_eq!(api.post("/company/promo_codes", wish).expect(404)["code"], "not_found");
    }
    let mut wish = body("JANE5");
    wish["reward_id"] = json!(COMMISSION);
    let refused = api.post("/company/promo_codes", wish).expect(422);
    assert_eq!(refused["code"], "invalid_record");
    assert!(refused["errors"]["reward_id"].is_array(), "{refused}");
    let blank = api.post("/company/promo_codes", body("JANE 5")).expect(422);
    assert_eq!(blank["errors"], json!({ "code": ["must not contain blanks"] }));
    let data = json!({ "code": "X", "reward_id": OFFER, "promoter_campaign_id": JANE, "metadata": "none" });
    assert_eq!(api.post("/company/promo_codes", data).expect(422)["code"], "invalid_params");
    assert_eq!(api.get("/company/promo_codes"), json!([]));
}

#[test]
fn a_code_is_taken_whatever_its_case_until_it_is_archived() {
    let api = Api::start();
    let first = made(&api, "JANE5");
    let taken = json!({ "code": ["has already been taken"] });
    assert_eq!(api.post("/company/promo_codes", body("jane5")).expect(422)["errors"], taken);
    let second = made(&api, "OTHER");
    assert_eq!(api.put(&second, json!({ "code": "Jane5" })).expect(422)["errors"], taken);
    assert_eq!(api.put(&first, json!({ "code": "jane5" })).expect(200)["code"], "jane5");
    api.delete(&first, Value::Null).expect(200);
    assert_eq!(api.put(&second, json!({ "code": "Jane5" })).expect(200)["code"], "Jane5");
}

#[test]
fn the_list_has_the_newest_first_and_can_be_narrowed_to_an_enrolment() {
    let api = Api::start();
    let (first, second) = (made(&api, "ONE"), made(&api, "TWO"));
    api.delete(&first, Value::Null).expect(200);
    let codes = |query: &str| -> Vec<Value> {
        let page = api.get(&format!("/company/promo_codes?{query}"));
        page.as_array().expect("a list").iter().map(|row| row["code"].clone()).collect()
    };
    assert_eq!(codes(""), ["TWO", "ONE"]);
    assert_eq!(codes("per_page=1&page=2"), ["ONE"]);
    assert_eq!(codes(&format!("promoter_campaign_id={JANE}")), ["TWO", "ONE"]);
    assert_eq!(codes("promoter_campaign_id=77"), [Value::Null; 0]);
    assert_eq!(
        api.try_get("/company/promo_codes?promoter_campaign_id=x").expect(422)["code"],
        "invalid_params"
    );
    assert_eq!(api.get(&second)["archived_at"], Value::Null);
}

#[test]
fn an_update_changes_what_it_names() {
    let api = Api::start();
    let path = made(&api, "JANE5");
    let change = json!({ "description": "Again", "metadata": { "a": 1 }, "details": { "duration": "once" } });
    let changed = api.put(&path, change).expect(200);
    assert_eq!((&changed["code"], &changed["description"]), (&json!("JANE5"), &json!("Again")));
    assert_eq!(
        (&changed["metadata"], &changed["details"]),
        (&json!({ "a": 1 }), &json!({ "duration": "once" }))
    );
    assert_eq!(api.put(&path, json!({ "description": "" })).expect(200)["description"], Value::Null);
    assert_eq!(api.put(&path, json!({ "code": "" })).expect(422)["code"], "invalid_params");
    assert_eq!(api.put(&path, json!({ "promoter_campaign_id": 77 })).expect(404)["code"], "not_found");
    assert_eq!(api.get(&path)["metadata"], json!({ "a": 1 }));
}

#[test]
fn an_archived_code_that_the_billing_provider_knows_cannot_be_updated() {
    let api = Api::start();
    let path = made(&api, "JANE5");
    let archived = api.delete(&path, Value::Null).expect(200);
    assert_eq!(archived["archived_at"], "2025-01-15T10:30:00.000Z");
    api.advance("1d");
    assert_eq!(api.delete(&path, Value::Null).expect(200), archived);
    let refused = api.put(&path, json!({ "description": "Again" })).expect(422);
    assert_eq!(refused["code"], "operation_failed");
    assert_eq!(api.get(&path), archived);
}

#[test]
fn an_unknown_promo_code_is_not_found() {
    let api = Api::start();
    for path in ["/company/promo_codes/77", "/company/promo_codes/JANE5"] {
        assert_eq!(api.try_get(path).expect(404)["code"], "not_found");
        api.put(path, json!({ "description": "x" })).expect(404);
        api.delete(path, Value::Null).expect(404);
    }
}
