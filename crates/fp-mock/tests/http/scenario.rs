//! `PUT /__admin/scenario` and what the formats of scenarios lead to.

use serde_json::{Value, json};

use crate::kit::Api;

#[track_caller]
fn refused(scenario: &str) -> String {
    let answer = Api::start().load_bytes(scenario.as_bytes()).expect(400);
    assert!(answer["hint"].is_string());
    answer["message"].as_str().expect("a message").to_owned()
}

const CAMPAIGN: &str = "name: x\ncampaigns: [{ id: 2001, name: Main, landing_url: 'https://a.example' }]\n";

#[test]
fn a_field_that_does_not_exist_is_named_with_its_place_and_what_was_meant() {
    let message = refused("name: x\npromoters:\n  - emial: jane@example.com\n");
    assert!(message.contains("unknown field `emial`"), "{message}");
    assert!(message.contains("line 3 column 5"), "{message}");
    assert!(message.contains("hint: did you mean `email`?"), "{message}");
}

#[test]
fn values_that_do_not_exist_are_named_with_their_place() {
    let message = refused("name: x\nrewards:\n  - { id: 1, name: y, unit: cahs, percent: 5 }\n");
    assert!(message.contains("did you mean `cash`"), "{message}");
    assert!(message.contains("line 3 column 29"), "{message}");
    let message = refused("name: x\nhistory:\n  - { at: yesterday, click: { ref_token: jane } }\n");
    assert!(message.contains("expected a moment such as -40d") && message.contains("line 3"), "{message}");
    let message = refused("name: x\ncompany: { currency: dollars }\n");
    assert!(
        message.contains("expected a currency code such as USD") && message.contains("line 2"),
        "{message}"
    );
    let message = refused("name: x\nplans: [{");
    assert!(message.contains("line 3 column 1"), "{message}");
}

#[test]
fn everything_that_does_not_fit_together_is_told_at_once() {
    let message = refused(
        "name: x\nrewards: [{ id: 1, name: y, unit: cash }]\ncampaigns:\n  - { id: 7, name: z, landing_url: nowhere, \
         rewards_for_promoters: [{ reward: 2 }], threshold: { customers: 3, to_campaign: 7 } }\npromoters:\n  - { \
         email: a@example.com, parent: b@example.com }\nhistory: [{ at: -1d }, { at: 2024-12-01, pay: {} }]\n",
    );
    for part in [
        "reward 1: expected either percent or amount",
        "campaign 7: ids start above 1000",
        "campaign 7: \"nowhere\" is no web address",
        "campaign 7: there is no reward 2",
        "campaign 7: its threshold leads to 7",
        "promoter a@example.com: there is no promoter b@example.com",
        "history[0]: expected exactly one thing that happened",
        "expected moments of one kind",
    ] {
        assert!(message.contains(part), "{part:?} is missing in {message}");
    }
}

#[test]
fn what_the_business_refuses_is_named_with_its_reason() {
    for (more, said) in [
        (
            "promoters: [{ email: a@example.com }, { email: A@example.com }]",
            "promoter A@example.com: email has already been taken",
        ),
        (
            "promoters: [{ email: a@example.com, campaigns: [{ campaign: 9 }] }]",
            "promoter a@example.com: there is no such campaign",
        ),
        ("history: [{ at: -1d, click: { ref_token: jane } }]", "there is no such ref_token"),
        ("history: [{ at: -1d, cancellation: { uid: c } }]", "expected somebody who signed up before"),
        ("history: [{ at: -1d, refund: { amount: 5 } }]", "expected email, uid or both"),
        ("history: [{ at: -1d, signup: { uid: c, visit: one } }]", "no click before it is named \"one\""),
        ("history: [{ at: -1d, pay: { promoter: x@example.com } }]", "there is no such promoter"),
    ] {
        let message = refused(&format!("{CAMPAIGN}{more}\n"));
        assert!(message.contains(said), "{said:?} is not in {message}");
    }
    let two = refused(&format!(
        "{CAMPAIGN}history: [{{ at: -1d, pay: {{}} }}, {{ at: -2d, cancellation: {{ uid: c }} }}]"
    ));
    assert!(two.contains("history[1] (cancellation at "), "{two}");
}

#[test]
fn an_unknown_name_leads_to_what_was_meant() {
    let api = Api::start();
    let answer = api.admin("PUT", "/scenario", json!({ "name": "strater" })).expect(400);
    assert!(answer["message"].as_str().is_some_and(|m| m.contains("did you mean starter?")), "{answer}");
    let answer = api.admin("PUT", "/scenario", json!({ "name": "nonesuch" })).expect(400);
    assert!(answer["message"].as_str().is_some_and(|m| m.contains("demo, empty, starter")), "{answer}");
}

#[test]
fn a_history_happens_in_the_order_of_time_through_the_business() {
    let api = Api::start();
    api.load(
        "
name: past
rewards: [{ id: 1, name: 20%, unit: cash, percent: 20 }]
campaigns:
  - { id: 2001, name: Main, landing_url: 'https://a.example', approves_promoters: true,
      rewards_for_promoters: [{ reward: 1 }] }
promoters:
  - email: jane@example.com
    note: our first
    payout_method: paypal
    payout_details: { email: pay@jane.example }
    campaigns: [{ campaign: 2001, ref_token: jane, coupon: JANE10, direct_url: 'https://jane.example' }]
history:
  - { at: -70d, pay: { promoter: jane@example.com } }
  - { at: -80d, generate_payouts: {} }
  - { at: -90d, approve_commissions: { promoter: jane@example.com } }
  - { at: -95d, sale: { email: c@example.net, amount: 10000, event_id: e1, plan: gold } }
  - { at: -96d, click: { ref_token: jane, as: one, source: 'https://x.example', sub_id: spring } }
  - { at: -95d12h, signup: { email: c@example.net, visit: one, first_name: Cid } }
  - { at: -5d, sale: { uid: d, promo_code: jane10, amount: 1000, currency: usd } }
  - { at: -4d, refund: { uid: d, amount: 500 } }
  - { at: -3d, deny_commissions: {} }
",
    );
    let jane = api.get("/company/promoters/jane?find_by=ref_token");
    assert_eq!(jane["joined_at"], "2024-10-11T10:30:00.000Z", "he joined with the first thing that happened");
    assert_eq!(jane["note"], "our first");
    assert_eq!(jane["balances"], json!({ "cash": 2000 }));
    assert_eq!(jane["selected_payout_method"]["method"], "paypal");
    let payouts = api.get("/company/payouts");
    assert_eq!(payouts[0]["paid_at"], "2024-11-06T10:30:00.000Z");
    let commissions = api.get("/company/commissions");
    let rows = commissions.as_array().expect("a list").iter();
    let rows: Vec<_> = rows.map(|row| (row["amount"].clone(), row["status"].clone())).collect();
    assert_eq!(
        rows,
        [(json!(-100), json!("denied")), (json!(200), json!("denied")), (json!(2000), json!("approved"))]
    );
    let enrolment = &jane["promoter_campaigns"][0]["id"];
    let links = api.get(&format!("/company/promoter_campaigns/{enrolment}/referral_links"));
    assert_eq!(links[2]["sub_id"], "spring");
    assert_eq!(links[2]["url"], "https://jane.example?fpr=jane&fp_sid=spring");
}

#[test]
fn a_reset_goes_back_to_the_loaded_scenario() {
    let api = Api::start();
    api.load(&format!("{CAMPAIGN}promoters: [{{ email: a@example.com }}]"));
    api.post("/company/promoters", json!({ "email": "b@example.com" })).expect(201);
    api.admin("POST", "/reset", Value::Null).expect(200);
    let emails = api.get("/company/promoters");
    assert_eq!(emails["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(emails["data"][0]["email"], "a@example.com");
}
