//! `/__admin/payout_methods` and `/__admin/contract_documents`.

use serde_json::{Value, json};

use crate::kit::Api;

fn selected(api: &Api) -> Value {
    api.get("/company/promoters/jane89?find_by=ref_token")["selected_payout_method"].clone()
}

#[test]
fn the_first_payout_method_is_the_one_in_use_until_another_is_chosen() {
    let api = Api::start();
    let add = |body: Value| api.admin("POST", "/payout_methods", body).expect(201);
    let details = json!({ "email": "jane@paypal.example" });
    let body = json!({ "promoter_email": "JANE@example.com", "method": "paypal", "details": details });
    let paypal = add(body);
    assert_eq!((&paypal["is_selected"], &paypal["details"]), (&json!(true), &details));
    assert_eq!(
        selected(&api),
        json!({
            "id": paypal["id"], "method": "paypal", "date_added": "2025-01-15T10:30:00.000Z", "is_disabled": false
        })
    );
    let wise = add(json!({ "promoter_id": paypal["promoter_id"], "method": "wise" }));
    assert_eq!(wise["is_selected"], false);
    let path = format!("/payout_methods/{}", wise["id"]);
    let chosen =
        api.admin("PUT", &path, json!({ "is_selected": true, "details": { "iban": "X" } })).expect(200);
    assert_eq!((&chosen["is_selected"], &chosen["details"]), (&json!(true), &json!({ "iban": "X" })));
    assert_eq!(selected(&api)["method"], "wise");
    api.admin("DELETE", &path, Value::Null).expect(200);
    assert_eq!(selected(&api), Value::Null);
    api.admin("DELETE", &path, Value::Null).expect(404);
}

#[test]
fn a_disabled_payout_method_cannot_be_chosen() {
    let api = Api::start();
    let body = json!({ "promoter_email": "jane@example.com", "method": "bank" });
    let bank = api.admin("POST", "/payout_methods", body).expect(201);
    let path = format!("/payout_methods/{}", bank["id"]);
    api.admin("PUT", &path, json!({ "is_disabled": true })).expect(200);
    assert_eq!(selected(&api)["is_disabled"], true);
    let refused = api.admin("PUT", &path, json!({ "is_selected": true })).expect(422);
    assert_eq!(refused["message"], "the payout method is disabled");
    let both = json!({ "is_disabled": false, "is_selected": true });
    assert_eq!(api.admin("PUT", &path, both).expect(200)["is_disabled"], false);
}

#[test]
fn a_contract_document_is_signed_once() {
    let api = Api::start();
    let body = json!({ "promoter_email": "jane@example.com", "name": "Terms of 2025" });
    let document = api.admin("POST", "/contract_documents", body).expect(201);
    assert_eq!((&document["signed_at"], &document["name"]), (&Value::Null, &json!("Terms of 2025")));
    api.advance("1d");
    let path = format!("/contract_documents/{}/sign", document["id"]);
    let signed = api.admin("POST", &path, Value::Null).expect(200);
    assert_eq!(signed["signed_at"], "2025-01-16T10:30:00.000Z");
    let refused = api.admin("POST", &path, Value::Null).expect(422);
    assert_eq!(refused["message"], "the contract document was signed on 2025-01-16");
}

#[test]
fn calls_about_nobody_or_nothing_are_refused_with_a_hint() {
    let api = Api::start();
    for (method, path, body, status) in [
        ("POST", "/payout_methods", json!({ "method": "paypal" }), 400),
        ("POST", "/payout_methods", json!({ "promoter_email": "x@example.com", "method": "paypal" }), 404),
        ("POST", "/payout_methods", json!({ "promoter_id": 9, "method": "paypal" }), 404),
        ("POST", "/payout_methods", json!({ "promoter_email": "jane@example.com", "method": "cheque" }), 400),
        ("POST", "/payout_methods", json!({ "promoter_email": "jane@example.com", "metod": "paypal" }), 400),
        ("PUT", "/payout_methods/9", json!({ "is_selected": true }), 404),
        ("PUT", "/payout_methods/nine", json!({}), 404),
        ("POST", "/contract_documents", json!({ "promoter_email": "jane@example.com", "name": " " }), 422),
        ("POST", "/contract_documents", json!({ "promoter_email": "jane@example.com" }), 400),
        ("POST", "/contract_documents/9/sign", Value::Null, 404),
    ] {
        let answer = api.admin(method, path, body).expect(status);
        assert!(answer["message"].is_string() && answer["hint"].is_string(), "{method} {path}: {answer}");
    }
    assert_eq!(selected(&api), Value::Null);
}
