//! `/track/sale`: who bought, from whom, in which currency.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{amounts, sell, sell_with, sign_up};

#[test]
fn a_sale_of_60_dollars_at_20_per_cent_earns_12_dollars() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let event = sell(&api, "lead@example.com", "e1", 6000);
    assert_eq!(event["etype"], "sale");
    assert_eq!((&event["sale_amount"], &event["original_sale_amount"]), (&json!(6000), &json!(6000)));
    assert_eq!(event["original_sale_currency"], Value::Null);
    assert_eq!(event["event_id"], "e1");
    assert_eq!(amounts(&event), [1200]);
    let commission = &event["commissions"][0];
    assert_eq!(commission["status"], "approved");
    assert_eq!(commission["tier"], 1);
    assert_eq!(commission["reward"]["name"], "20% recurring commission");
    assert_eq!(commission["promoter_campaign"]["promoter"]["email"], "jane@example.com");
    assert_eq!(commission["referral"], event["referral"]);
    assert_eq!(commission["is_self_referral"], false);
    assert_eq!(commission["created_by_user_email"], Value::Null);
}

#[test]
fn the_uid_goes_before_the_email() {
    let api = Api::start();
    let first = json!({ "email": "a@example.com", "uid": "u1", "ref_id": "jane89" });
    let first = api.post("/track/signup", first).expect(200);
    sign_up(&api, "b@example.com", "jane89");
    let sold = sell_with(&api, "b@example.com", "e1", 1000, json!({ "uid": "u1" }));
    assert_eq!(sold["referral"]["id"], first["referral"]["id"]);
    let by_uid_only = json!({ "uid": "u1", "event_id": "e2", "amount": 1000 });
    let sold = api.post("/track/sale", by_uid_only).expect(200);
    assert_eq!(sold["referral"]["id"], first["referral"]["id"]);
}

#[test]
fn somebody_new_becomes_the_referral_of_whom_tid_ref_id_or_promo_code_lead_to() {
    let api = Api::start();
    let click = api.admin("POST", "/clicks", json!({ "ref_token": "jane89", "ip": "203.0.113.7" }));
    let tid = click.expect(201)["tid"].clone();
    let enrolment = sell_with(&api, "z@example.com", "e0", 100, json!({ "ref_id": "jane89" }));
    let enrolment = &enrolment["commissions"][0]["promoter_campaign"]["id"];
    let code = json!({ "code": "JANE30", "promoter_campaign_id": enrolment, "reward_id": 67212 });
    api.post("/company/promo_codes", code).expect(200);
    for (at, (trail, source)) in [
        (json!({ "tid": tid }), "cookie"),
        (json!({ "ref_id": "jane89" }), "api"),
        (json!({ "promo_code": "jane30" }), "coupon"),
        (json!({ "tid": "unknown", "promo_code": "JANE30" }), "coupon"),
    ]
    .into_iter()
    .enumerate()
    {
        let event = sell_with(&api, &format!("new{at}@example.com"), &format!("n{at}"), 1000, trail);
        assert_eq!(amounts(&event), [200]);
        let referral = api.get(&format!("/company/referrals/{}", event["referral"]["id"]));
        assert_eq!((&referral["entry_source"], &referral["state"]), (&json!(source), &json!("active")));
    }
}

#[test]
fn a_referral_keeps_its_promoter_whatever_the_trail_says() {
    let api = crate::v2::shop::rewards();
    sign_up(&api, "lead@example.com", "bob");
    let event = sell_with(&api, "lead@example.com", "e1", 1000, json!({ "ref_id": "cleo" }));
    assert_eq!(event["commissions"][0]["promoter_campaign"]["promoter"]["email"], "bob@shop.example");
}

#[test]
fn a_sale_of_nobodys_referral_answers_404() {
    let api = Api::start();
    for trail in [json!({}), json!({ "tid": "x", "ref_id": "y", "promo_code": "z" })] {
        let mut sale = json!({ "email": "nobody@example.com", "event_id": "e1", "amount": 1000 });
        sale.as_object_mut().expect("an object").extend(trail.as_object().expect("an object").clone());
        let sentence = "Referral corresponding to email or uid parameter not found or promoter is banned.";
        let refused = api.post("/track/sale", sale).expect(404);
        assert_eq!(refused, json!({ "message": sentence, "code": "not_found" }));
    }
}

#[test]
fn without_email_and_uid_a_sale_answers_400() {
    let api = Api::start();
    let refused = api.post("/track/sale", json!({ "event_id": "e1", "amount": 1000 })).expect(400);
    assert_eq!(refused, json!({ "message": "Error. Email and uid can not be blank!" }));
}

#[test]
fn an_amount_that_is_blank_no_whole_number_or_not_above_zero_answers_400() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    for amount in [Value::Null, json!(""), json!("ten"), json!(10.5), json!(0), json!(-1), json!([1])] {
        let sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": amount });
        let refused = api.post("/track/sale", sale).expect(400);
        assert_eq!(refused, json!({ "message": "Error. Amount blank or invalid." }), "{amount}");
    }
    let absent = api.post("/track/sale", json!({ "email": "lead@example.com", "event_id": "e1" }));
    assert_eq!(absent.expect(400), json!({ "message": "Error. Amount blank or invalid." }));
}

#[test]
fn an_amount_beyond_all_measure_answers_400_and_leaves_no_trace() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    for amount in [json!(1_000_000_000_000_i64), json!(i64::MAX), json!(1e30)] {
        let sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": amount });
        api.post("/track/sale", sale).expect(400);
    }
    let largest = sell(&api, "lead@example.com", "e1", 999_999_999_999);
    assert_eq!(amounts(&largest), [200_000_000_000]);
}

#[test]
fn a_sale_needs_an_event_id_and_a_sensible_quantity_and_mrr() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let refused = |more: Value| {
        let mut sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": 1000 });
        sale.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        api.post("/track/sale", sale).expect(422)
    };
    let nameless = refused(json!({ "event_id": " " }));
    assert_eq!(nameless["message"], "param is missing or the value is empty or invalid: event_id");
    for (name, value) in [("quantity", json!(0)), ("quantity", json!("many")), ("mrr", json!(-1))] {
        let problem = refused(json!({ name: value }));
        assert_eq!(problem["code"], "invalid_params");
        assert!(problem["message"].as_str().is_some_and(|m| m.contains(name)), "{problem}");
    }
}

#[test]
fn a_second_sale_with_the_same_event_id_answers_409() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    sign_up(&api, "other@example.com", "jane89");
    sell(&api, "lead@example.com", "evt_123", 1000);
    for email in ["lead@example.com", "other@example.com"] {
        let sale = json!({ "email": email, "event_id": "evt_123", "amount": 500 });
        let refused = api.post("/track/sale", sale).expect(409);
        let sentence = "The 'sale' event with the id 'evt_123' already exists.";
        assert_eq!(refused, json!({ "message": sentence }));
    }
    let newcomer =
        json!({ "email": "n@example.com", "event_id": "evt_123", "amount": 5, "ref_id": "jane89" });
    api.post("/track/sale", newcomer).expect(409);
    assert_eq!(api.get("/company/referrals").as_array().map(Vec::len), Some(2), "no referral was made");
}

#[test]
fn other_currencies_are_converted_by_the_accounts_rates() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    for (event, currency, amount, converted, earned) in [
        ("eur", "EUR", 1000, 1100, 220),
        ("gbp", "gbp", 999, 1249, 250),
        ("jpy", "JPY", 1000, 670, 134),
        ("usd", "USD", 1000, 1000, 200),
    ] {
        let sold = sell_with(&api, "lead@example.com", event, amount, json!({ "currency": currency }));
        assert_eq!(sold["sale_amount"], converted, "{currency}");
        assert_eq!(sold["original_sale_amount"], amount);
        assert_eq!(sold["original_sale_currency"], currency.to_uppercase());
        assert_eq!(amounts(&sold), [earned], "{currency}");
    }
}

#[test]
fn an_unknown_currency_is_refused_with_the_known_ones() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    for currency in ["CHF", "dollars", "$"] {
        let sale = json!({ "email": "lead@example.com", "event_id": "e", "amount": 1, "currency": currency });
        let refused = api.post("/track/sale", sale).expect(422);
        assert_eq!(refused["code"], "invalid_record");
        let problem = format!("is none of the account's (USD, EUR, GBP, JPY), found {currency:?}");
        assert_eq!(refused["errors"], json!({ "currency": [problem] }));
    }
}

#[test]
fn an_amount_that_conversion_takes_beyond_all_measure_is_refused() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let sale = json!({
        "email": "lead@example.com", "event_id": "e", "amount": 999_999_999_999_i64, "currency": "EUR"
    });
    let refused = api.post("/track/sale", sale).expect(422);
    assert!(refused["errors"]["amount"][0].as_str().is_some_and(|p| p.contains("in USD")), "{refused}");
}

#[test]
fn the_first_sale_makes_a_customer_and_later_ones_leave_the_date() {
    let api = Api::start();
    let id = sign_up(&api, "lead@example.com", "jane89")["referral"]["id"].clone();
    let show = || api.get(&format!("/company/referrals/{id}"));
    assert_eq!((&show()["state"], &show()["customer_since"]), (&json!("signup"), &Value::Null));
    sell(&api, "lead@example.com", "e1", 1000);
    let since = json!("2025-01-15T10:30:00.000Z");
    assert_eq!((&show()["state"], &show()["customer_since"]), (&json!("active"), &since));
    api.advance("2d");
    sell(&api, "lead@example.com", "e2", 1000);
    assert_eq!(show()["customer_since"], since);
}

#[test]
fn a_plan_is_named_by_its_id_at_the_billing_provider() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let known = sell_with(&api, "lead@example.com", "e1", 1000, json!({ "plan": "yearly-pro" }));
    assert_eq!((&known["plan_id"], &known["billing_period"]), (&json!("yearly-pro"), &json!("yearly")));
    assert_eq!(known["commissions"][0]["plan_id"], "yearly-pro");
    let new = sell_with(&api, "lead@example.com", "e2", 1000, json!({ "plan": "brand-new" }));
    assert_eq!((&new["plan_id"], &new["billing_period"]), (&json!("brand-new"), &json!("monthly")));
}

#[test]
fn parameters_may_come_in_a_form_or_the_query() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let keys = [("authorization", "Bearer k"), ("account-id", "1")];
    let mut headers: Vec<(String, String)> = keys.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    let query = "/api/v2/track/sale?email=lead%40example.com&event_id=q1&amount=1000";
    assert_eq!(amounts(&api.send("POST", query, &headers, b"").expect(200)), [200]);
    headers.push(("content-type".into(), "application/x-www-form-urlencoded".into()));
    let form = b"email=lead%40example.com&event_id=f1&amount=1000&quantity=2";
    assert_eq!(amounts(&api.send("POST", "/api/v2/track/sale", &headers, form).expect(200)), [200]);
}
