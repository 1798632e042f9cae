//! `/track/refund`.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{
    amounts, cash, commission, give_parent, listed, listed_amounts, refund, rewards, sell, sell_with, share,
    sign_up,
};

const LEAD: &str = "lead@example.com";
const JANE: &str = "jane@example.com";

/// A lead of Jane's who bought for 60 dollars.
fn sold() -> Api {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    sell(&api, LEAD, "s1", 6000);
    api
}

fn state_of(api: &Api, event: &Value) -> Value {
    api.get(&format!("/company/referrals/{}", event["lead"]["id"]))["state"].clone()
}

#[test]
fn a_refund_answers_the_older_shape_with_the_negative_commission() {
    let api = sold();
    let event = refund(&api, LEAD, "r1", "s1", 3000);
    assert_eq!((&event["type"], &event["amount_cents"]), (&json!("refund"), &json!(-3000)));
    let reward = &event["reward"];
    assert_eq!(reward["amount"], -600);
    assert_eq!(reward["conversion_amount"], -3000);
    assert_eq!((&reward["status"], &reward["unit"]), (&json!("approved"), &json!("cash")));
    assert_eq!((&reward["event_id"], &reward["tier_level"]), (&json!("r1"), &json!(1)));
    assert_eq!(event["lead"]["email"], LEAD);
    assert_eq!(event["promoter"]["default_ref_id"], "jane89");
    assert_eq!(event["promoter"]["earnings_balance"], json!({ "cash": 600 }));
    assert_eq!(event["promoter"]["current_balance"], json!({ "cash": 600 }));
    assert_eq!(event["promoter"]["paid_balance"], Value::Null);
}

#[test]
fn the_negative_commission_is_listed_like_any_other() {
    let api = sold();
    refund(&api, LEAD, "r1", "s1", 1500);
    let rows = listed(&api, "");
    assert_eq!(rows.len(), 2);
    let taken = &rows[0];
    assert_eq!((&taken["amount"], &taken["sale_amount"]), (&json!(-300), &json!(-1500)));
    assert_eq!((&taken["event_id"], &taken["commission_type"]), (&json!("r1"), &json!("sale")));
    assert_eq!(taken["reward"], rows[1]["reward"]);
}

#[test]
fn refunds_in_portions_cancel_the_commission_to_the_cent() {
    let api = rewards();
    sign_up(&api, LEAD, "fraction");
    let earned = amounts(&sell(&api, LEAD, "s1", 1000))[0];
    assert_eq!(earned, 125);
    let portions = [333, 333, 333, 1];
    let taken: Vec<i64> = portions
        .iter()
        .enumerate()
        .filter_map(|(at, portion)| {
            refund(&api, LEAD, &format!("r{at}"), "s1", *portion)["reward"]["amount"].as_i64()
        })
        .collect();
    assert_eq!(taken, [-42, -41, -42], "the last cent was taken already");
    assert_eq!(cash(&api, "ann@shop.example"), (0, 0, 0));
}

#[test]
fn no_more_is_taken_back_than_the_sale_has_left() {
    let api = sold();
    let event = refund(&api, LEAD, "r1", "s1", 9999);
    assert_eq!((&event["amount_cents"], &event["reward"]["amount"]), (&json!(-9999), &json!(-1200)));
    let again = refund(&api, LEAD, "r2", "s1", 1000);
    assert_eq!((&again["amount_cents"], &again["reward"]), (&json!(-1000), &Value::Null));
    assert_eq!(cash(&api, JANE), (0, 0, 0));
}

#[test]
fn without_a_sale_named_the_latest_with_something_left_is_refunded() {
    let api = sold();
    api.advance("1d");
    sell(&api, LEAD, "s2", 1000);
    let unnamed = |event_id: &str, amount: i64| {
        let refund = json!({ "email": LEAD, "event_id": event_id, "amount": amount });
        api.post("/track/refund", refund).expect(200)["reward"]["amount"].clone()
    };
    assert_eq!(unnamed("r1", 1000), -200);
    assert_eq!(unnamed("r2", 6000), -1200);
    assert_eq!(unnamed("r3", 1000), Value::Null);
}

#[test]
fn amounts_and_quantities_may_be_digits_in_text() {
    let api = sold();
    let text = json!({ "email": LEAD, "event_id": "r1", "amount": "3000", "quantity": "2" });
    assert_eq!(api.post("/track/refund", text).expect(200)["reward"]["amount"], -600);
}

#[test]
fn a_refund_in_another_currency_is_converted() {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    sell_with(&api, LEAD, "s1", 1000, json!({ "currency": "EUR" }));
    let euros = json!({ "email": LEAD, "event_id": "r1", "amount": 500, "currency": "EUR" });
    let event = api.post("/track/refund", euros).expect(200);
    assert_eq!((&event["amount_cents"], &event["reward"]["amount"]), (&json!(-550), &json!(-110)));
    let unknown = json!({ "email": LEAD, "event_id": "r2", "amount": 500, "currency": "CHF" });
    assert_eq!(api.post("/track/refund", unknown).expect(422)["code"], "invalid_record");
}

#[test]
fn a_full_refund_of_every_sale_makes_the_referral_refunded_until_it_buys_again() {
    let api = sold();
    sell(&api, LEAD, "s2", 1000);
    let event = refund(&api, LEAD, "r1", "s1", 6000);
    assert_eq!(state_of(&api, &event), "active");
    let event = refund(&api, LEAD, "r2", "s2", 1000);
    assert_eq!(event["lead"]["state"], "refunded");
    sell(&api, LEAD, "s3", 100);
    assert_eq!(state_of(&api, &event), "active");
}

#[test]
fn partners_and_parents_give_back_their_parts_too() {
    let api = rewards();
    let signup = sign_up(&api, LEAD, "child");
    share(&api, &signup["referral"]["id"], &[(600_012, 25)]);
    give_parent(&api, "child@shop.example", "parent@shop.example");
    assert_eq!(amounts(&sell(&api, LEAD, "s1", 10_000)), [1500, 500, 500]);
    let event = refund(&api, LEAD, "r1", "s1", 5000);
    assert_eq!(event["reward"]["amount"], -750, "the reply shows the promoter's own");
    assert_eq!(listed_amounts(&api, "q=r1"), [-250, -250, -750]);
    refund(&api, LEAD, "r2", "s1", 5000);
    for promoter in ["child", "bob", "parent"] {
        assert_eq!(cash(&api, &format!("{promoter}@shop.example")), (0, 0, 0), "{promoter}");
    }
}

#[test]
fn gifts_are_taken_back_in_proportion() {
    let api = rewards();
    sign_up(&api, LEAD, "gifts");
    assert_eq!(amounts(&sell(&api, LEAD, "s1", 1000)), [3, 100]);
    refund(&api, LEAD, "r1", "s1", 250);
    assert_eq!(listed_amounts(&api, "q=r1"), [-25, -1]);
}

#[test]
fn what_is_taken_back_follows_the_commission_it_is_taken_from() {
    let api = rewards();
    sign_up(&api, LEAD, "hand");
    let sale = sell(&api, LEAD, "s1", 1000);
    let earned = &sale["commissions"][0]["id"];
    let taken = refund(&api, LEAD, "r1", "s1", 400)["reward"]["id"].clone();
    let statuses =
        || (commission(&api, earned)["status"].clone(), commission(&api, &taken)["status"].clone());
    assert_eq!(statuses(), (json!("pending"), json!("pending")));
    api.post("/company/commissions/approve", json!({ "ids": [earned] })).expect(200);
    assert_eq!(statuses(), (json!("approved"), json!("approved")));
    assert_eq!(cash(&api, "ann@shop.example"), (120, 120, 0));
    api.post("/company/commissions/deny", json!({ "ids": [earned] })).expect(200);
    assert_eq!(statuses(), (json!("denied"), json!("denied")));
    assert_eq!(cash(&api, "ann@shop.example"), (0, 0, 0));
    let alone = api.post("/company/commissions/approve", json!({ "ids": [taken] })).expect(200);
    assert_eq!(alone["failed_count"], 1);
}

#[test]
fn what_is_taken_back_of_a_denied_commission_counts_once_that_is_approved() {
    let api = rewards();
    sign_up(&api, LEAD, "plain");
    let earned = sell(&api, LEAD, "s1", 1000)["commissions"][0]["id"].clone();
    api.post("/company/commissions/deny", json!({ "ids": [earned] })).expect(200);
    let taken = refund(&api, LEAD, "r1", "s1", 400)["reward"].clone();
    assert_eq!((&taken["status"], &taken["amount"]), (&json!("denied"), &json!(-80)));
    assert_eq!(cash(&api, "ann@shop.example"), (0, 0, 0));
    api.post("/company/commissions/approve", json!({ "ids": [earned] })).expect(200);
    assert_eq!(cash(&api, "ann@shop.example"), (120, 120, 0));
}

#[test]
fn a_refund_of_somebody_who_never_bought_earns_and_takes_nothing() {
    let api = Api::start();
    sign_up(&api, LEAD, "jane89");
    let event = api.post("/track/refund", json!({ "email": LEAD, "event_id": "r1", "amount": 100 }));
    let event = event.expect(200);
    assert_eq!((&event["reward"], &event["lead"]["state"]), (&Value::Null, &json!("signup")));
}

#[test]
fn a_refund_of_nobodys_referral_answers_204_without_a_body() {
    let api = sold();
    let seen = api.post("/track/refund", json!({ "uid": "nobody", "event_id": "r1", "amount": 100 }));
    assert_eq!((seen.status, seen.bytes.len()), (204, 0));
}

#[test]
fn a_sale_event_id_of_another_referral_or_of_none_is_refused() {
    let api = sold();
    sign_up(&api, "other@example.com", "jane89");
    for (email, sale) in [(LEAD, "s9"), ("other@example.com", "s1")] {
        let body = json!({ "email": email, "event_id": "r1", "amount": 100, "sale_event_id": sale });
        let refused = api.post("/track/refund", body).expect(422);
        let problem = format!("is no tracked sale of this referral, found {sale:?}");
        assert_eq!(refused["errors"], json!({ "sale_event_id": [problem] }));
    }
}

#[test]
fn a_second_refund_with_the_same_event_id_answers_409_and_a_sale_may_have_it() {
    let api = sold();
    refund(&api, LEAD, "s1", "s1", 100);
    let again = json!({ "email": LEAD, "event_id": "s1", "amount": 100 });
    let refused = api.post("/track/refund", again).expect(409);
    assert_eq!(refused, json!({ "message": "The 'refund' event with the id 's1' already exists." }));
}

#[test]
fn blank_people_and_amounts_answer_400_and_a_blank_event_id_422() {
    let api = sold();
    let blank = api.post("/track/refund", json!({ "event_id": "r1", "amount": 100 })).expect(400);
    assert_eq!(blank, json!({ "message": "Error. Email and uid can not be blank!" }));
    for amount in [json!(""), json!("much"), json!(0), json!(-100)] {
        let body = json!({ "email": LEAD, "event_id": "r1", "amount": amount });
        let refused = api.post("/track/refund", body).expect(400);
        assert_eq!(refused, json!({ "message": "Error. Amount blank or invalid." }), "{amount}");
    }
    let nameless = api.post("/track/refund", json!({ "email": LEAD, "amount": 100 })).expect(422);
    assert_eq!(nameless["message"], "param is missing or the value is empty or invalid: event_id");
}

#[test]
fn what_earns_a_new_sale_after_a_refund_is_no_first_sale() {
    let api = rewards();
    sign_up(&api, LEAD, "once");
    sell(&api, LEAD, "s1", 1000);
    refund(&api, LEAD, "r1", "s1", 1000);
    assert_eq!(amounts(&sell(&api, LEAD, "s2", 1000)), Vec::<i64>::new());
}
