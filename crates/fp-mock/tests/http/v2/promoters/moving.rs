//! Promoters who go to another campaign, by the company's hand or because they reached a threshold.

use serde_json::{Value, json};

use crate::kit::Api;

/// Jane in a campaign that leads on to another with the second customer, and a third campaign beside.
const PAST: &str = r#"
name: moving
rewards:
  - { id: 1, name: 10%, unit: cash, percent: 10 }
  - { id: 2, name: 30%, unit: cash, percent: 30 }
campaigns:
  - { id: 2001, name: Main, default: true, landing_url: "https://a.example", approves_promoters: true,
      approves_rewards: true, rewards_for_promoters: [{ reward: 1 }],
      threshold: { customers: 2, to_campaign: 2002, moves_referrals: true } }
  - { id: 2002, name: Top, landing_url: "https://b.example", approves_rewards: true,
      rewards_for_promoters: [{ reward: 2 }] }
  - { id: 2003, name: Other, landing_url: "https://c.example", approves_rewards: true,
      rewards_for_promoters: [{ reward: 2 }] }
promoters:
  - { email: jane@example.com, campaigns: [{ campaign: 2001, ref_token: jane }] }
history:
  - { at: -9d, sale: { uid: c1, ref_token: jane, amount: 1000 } }
"#;

fn moving(past: &str) -> Api {
    let api = Api::start();
    api.load(past);
    api
}

#[track_caller]
fn sell(api: &Api, uid: &str, event_id: &str) -> Value {
    let body = json!({ "uid": uid, "event_id": event_id, "amount": 1000, "ref_id": "jane" });
    api.post("/track/sale", body).expect(200)
}

fn campaigns(api: &Api) -> Vec<(Value, Value)> {
    let jane = api.get("/company/promoters/jane@example.com?find_by=email");
    let rows = jane["promoter_campaigns"].as_array().expect("a list").clone();
    rows.iter().map(|row| (row["campaign_id"].clone(), row["state"].clone())).collect()
}

fn campaign_of(api: &Api, uid: &str) -> Value {
    api.get(&format!("/company/referrals/{uid}?find_by=uid"))["promoter_campaign"]["campaign_id"].clone()
}

#[test]
fn the_customer_that_reaches_the_threshold_moves_the_promoter_and_his_referrals_on() {
    let api = moving(PAST);
    assert_eq!(campaigns(&api), [(json!(2001), json!("accepted"))]);
    let sale = sell(&api, "c2", "e2");
    assert_eq!(sale["commissions"][0]["amount"], 100, "this sale still earns in the first campaign");
    assert_eq!(campaigns(&api), [(json!(2001), json!("inactive")), (json!(2002), json!("accepted"))]);
    for uid in ["c1", "c2"] {
        assert_eq!(campaign_of(&api, uid), 2002, "{uid}");
    }
    let jane = api.get("/company/promoters/jane?find_by=ref_token");
    assert_eq!(jane["promoter_campaigns"][1]["ref_link"], "https://b.example?fpr=jane");
    assert_eq!(sell(&api, "c1", "e3")["commissions"][0]["amount"], 300, "the next one earns in the other");
    assert_eq!(sell(&api, "c3", "e4")["commissions"][0]["amount"], 300);
    assert_eq!(campaigns(&api).len(), 2, "nobody moves twice");
}

#[test]
fn referrals_stay_behind_where_the_threshold_says_so() {
    let api = moving(&PAST.replace("moves_referrals: true", "moves_referrals: false"));
    sell(&api, "c2", "e2");
    assert_eq!(campaigns(&api)[1], (json!(2002), json!("accepted")));
    assert_eq!((campaign_of(&api, "c1"), campaign_of(&api, "c2")), (json!(2001), json!(2001)));
    assert_eq!(sell(&api, "c1", "e3")["commissions"][0]["amount"], 100);
    assert_eq!(sell(&api, "c3", "e4")["commissions"][0]["amount"], 300, "newcomers follow the link");
}

#[test]
fn a_second_sale_of_the_same_customer_does_not_count_towards_the_threshold() {
    let api = moving(PAST);
    sell(&api, "c1", "e2");
    assert_eq!(campaigns(&api), [(json!(2001), json!("accepted"))]);
}

#[test]
fn the_company_moves_referrals_along_or_leaves_them() {
    for (soft, campaign, amount) in [(true, 2003, 300), (false, 2001, 100)] {
        let api = moving(PAST);
        let jane = api.get("/company/promoters/jane?find_by=ref_token")["id"].clone();
        let body = json!({
            "ids": [jane], "from_campaign_id": 2001, "to_campaign_id": 2003, "soft_move_referrals": soft,
        });
        assert_eq!(api.post("/company/promoters/move_to_campaign", body).expect(200)["failed_count"], 0);
        assert_eq!(campaign_of(&api, "c1"), campaign);
        assert_eq!(sell(&api, "c1", "e2")["commissions"][0]["amount"], amount, "soft: {soft}");
        let stats = &api.get("/company/promoters/jane?find_by=ref_token")["stats"];
        assert_eq!(stats["revenue_amount"], 2000, "what was bought before is not lost");
    }
}
