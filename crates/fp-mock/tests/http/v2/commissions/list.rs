//! `GET /company/commissions`, and changing notes.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{
    commission, listed, listed_amounts, promoter_id, refund, rewards, sell, sell_with, sign_up,
};

/// Sales of 100, 200, … to leads of Ann, Bob and Cleo, one a day from 15 January 2025. In the order made:
/// 20 and 40 of a@, 60 (pending) and 3 months (pending) of h@, 80 of B@ on the yearly plan, 100 of b@.
fn lived_in() -> Api {
    let api = rewards();
    sign_up(&api, "a@customers.example", "plain");
    sign_up(&api, "h@customers.example", "hand");
    api.post("/track/signup", json!({ "email": "B@customers.example", "uid": "UID-7", "ref_id": "bob" }));
    for (at, email) in ["a", "a", "h", "B", "B"].into_iter().enumerate() {
        let (amount, plan) = ((at as i64 + 1) * 100, if at == 3 { "yearly-pro" } else { "monthly-starter" });
        let more = json!({ "plan": plan });
        sell_with(&api, &format!("{email}@customers.example"), &format!("EV-{at}"), amount, more);
        api.advance("1d");
    }
    api
}

#[test]
fn without_a_wish_all_are_listed_the_newest_first() {
    let api = lived_in();
    assert_eq!(listed_amounts(&api, ""), [100, 80, 3, 60, 40, 20]);
    assert_eq!(api.get("/company/commissions"), json!(listed(&api, "color=red&filters[size]=big")));
}

#[test]
fn pages_page() {
    let api = lived_in();
    assert_eq!(listed_amounts(&api, "per_page=4"), [100, 80, 3, 60]);
    assert_eq!(listed_amounts(&api, "per_page=4&page=2"), [40, 20]);
    assert_eq!(listed_amounts(&api, "page=9"), Vec::<i64>::new());
    api.try_get("/company/commissions?page=0").expect(422);
}

#[test]
fn ids_pick() {
    let api = lived_in();
    let all = listed(&api, "");
    let query = format!("ids[]={}&ids[]={}&ids[]=1", all[4]["id"], all[1]["id"]);
    assert_eq!(listed_amounts(&api, &query), [80, 40]);
    assert_eq!(listed_amounts(&api, "ids[]=1"), Vec::<i64>::new());
}

#[test]
fn q_searches_event_id_email_and_uid_whatever_the_case() {
    let api = lived_in();
    assert_eq!(listed_amounts(&api, "q=ev-2"), [3, 60]);
    assert_eq!(listed_amounts(&api, "q=b%40CUST"), [100, 80]);
    assert_eq!(listed_amounts(&api, "q=uid-7"), [100, 80]);
    assert_eq!(listed_amounts(&api, "q=plain"), Vec::<i64>::new());
}

#[test]
fn filters_filter() {
    let api = lived_in();
    let bob = promoter_id(&api, "bob@shop.example");
    for (query, expected) in [
        ("filters[status]=pending", vec![3, 60]),
        ("filters[status]=approved", vec![100, 80, 40, 20]),
        ("filters[status]=denied", vec![]),
        ("filters[paid]=no", vec![100, 80, 60, 40, 20]),
        ("filters[paid]=yes", vec![]),
        ("filters[fulfilled]=no", vec![3]),
        ("filters[fulfilled]=yes", vec![]),
        ("filters[sale_amount][from]=200&filters[sale_amount][to]=400", vec![80, 3, 60, 40]),
        ("filters[amount][from]=40&filters[amount][to]=80", vec![80, 60, 40]),
        ("filters[created_at][from]=2025-01-16&filters[created_at][to]=2025-01-17", vec![3, 60, 40]),
        ("filters[campaign_id]=2009", vec![3, 60]),
        ("filters[campaign_id][]=2009&filters[campaign_id][]=2001", vec![100, 80, 3, 60, 40, 20]),
        ("filters[campaign_id]=2009&filters[status]=approved", vec![]),
        ("filters[payout_id]=1", vec![]),
        (&format!("filters[promoter_id]={bob}"), vec![100, 80]),
        ("filters[first_commission]=true", vec![80, 3, 60, 20]),
        ("filters[first_commission]=false", vec![100, 40]),
        ("filters[fraud_check]=no_suspicion", vec![100, 80, 3, 60, 40, 20]),
        ("filters[fraud_check][]=ad_source&filters[fraud_check][]=same_ip_suspicion", vec![]),
        ("filters[plan_id]=3002", vec![80]),
        ("filters[plan_id][]=3002&filters[plan_id][]=3001&filters[amount][to]=20", vec![3, 20]),
        ("filters[due_period]=next", vec![]),
        ("filters[status]=approved&filters[first_commission]=true&q=customers", vec![80, 20]),
    ] {
        assert_eq!(listed_amounts(&api, query), expected, "{query}");
    }
}

#[test]
fn refunded_commissions_are_those_that_something_was_taken_back_of() {
    let api = lived_in();
    refund(&api, "a@customers.example", "r1", "EV-1", 100);
    assert_eq!(listed_amounts(&api, "filters[refunded]=true"), [40]);
    assert_eq!(listed_amounts(&api, "filters[refunded]=false"), [-20, 100, 80, 3, 60, 20]);
}

#[test]
fn a_filter_that_cannot_be_used_is_refused_by_its_name() {
    let api = Api::start();
    for (query, name) in [
        ("filters[status]=lost", "filters[status]"),
        ("filters[paid]=maybe", "filters[paid]"),
        ("filters[amount][from]=much", "filters[amount][from]"),
        ("filters[created_at][to]=soon", "filters[created_at][to]"),
        ("filters[campaign_id]=main", "filters[campaign_id]"),
        ("filters[fraud_check]=odd", "filters[fraud_check]"),
        ("filters[due_period]=never", "filters[due_period]"),
        ("sorting[amount]=up", "sorting[amount]"),
        ("ids[]=x", "ids"),
        ("filters=all", "filters"),
    ] {
        let refused = api.try_get(&format!("/company/commissions?{query}")).expect(422);
        assert_eq!(refused["code"], "invalid_params");
        assert!(refused["message"].as_str().is_some_and(|m| m.contains(name)), "{query}: {refused}");
    }
}

#[test]
fn sorting_sorts_and_what_has_no_value_comes_last() {
    let api = lived_in();
    let enrolment = &listed(&api, "")[0]["promoter_campaign"]["id"];
    let bonus = json!({ "commission_type": "custom", "promoter_campaign_id": enrolment, "amount": 50 });
    api.post("/company/commissions", bonus).expect(200);
    for (query, expected) in [
        ("sorting[amount]=asc", [3, 20, 40, 50, 60, 80, 100]),
        ("sorting[amount]=desc", [100, 80, 60, 50, 40, 20, 3]),
        ("sorting[sale_amount]=asc", [20, 40, 3, 60, 80, 100, 50]),
        ("sorting[sale_amount]=desc", [100, 80, 3, 60, 40, 20, 50]),
        ("sorting[created_at]=asc", [20, 40, 3, 60, 80, 100, 50]),
        ("sorting[referral]=asc", [40, 20, 100, 80, 3, 60, 50]),
        ("sorting[referral]=desc", [3, 60, 100, 80, 40, 20, 50]),
        ("sorting[referral]=asc&sorting[amount]=asc", [20, 40, 80, 100, 3, 60, 50]),
    ] {
        assert_eq!(listed_amounts(&api, query), expected, "{query}");
    }
    assert_eq!(listed_amounts(&api, "sorting[amount]=desc&per_page=2&page=2"), [60, 50]);
}

#[test]
fn notes_are_changed_one_by_one_and_emptied() {
    let api = Api::start();
    sign_up(&api, "lead@example.com", "jane89");
    let id = sell(&api, "lead@example.com", "e1", 1000)["commissions"][0]["id"].clone();
    let path = format!("/company/commissions/{id}");
    let both = json!({ "internal_note": "check the card", "external_note": "thank you" });
    let changed = api.put(&path, both).expect(200);
    assert_eq!(changed["internal_note"], "check the card");
    assert_eq!(changed["external_note"], "thank you");
    let one = api.put(&path, json!({ "internal_note": "" })).expect(200);
    assert_eq!((&one["internal_note"], &one["external_note"]), (&Value::Null, &json!("thank you")));
    assert_eq!(commission(&api, &id), one);
    assert_eq!(api.put(&path, json!({})).expect(200), one);
}

#[test]
fn notes_of_an_unknown_commission_answer_404_and_no_text_422() {
    let api = Api::start();
    for id in ["1", "x"] {
        let refused = api.put(&format!("/company/commissions/{id}"), json!({ "internal_note": "n" }));
        assert_eq!(refused.expect(404), json!({ "message": "Record not found", "code": "not_found" }));
    }
    sign_up(&api, "lead@example.com", "jane89");
    let id = sell(&api, "lead@example.com", "e1", 1000)["commissions"][0]["id"].clone();
    let refused = api.put(&format!("/company/commissions/{id}"), json!({ "internal_note": ["n"] }));
    assert_eq!(refused.expect(422)["code"], "invalid_params");
}
