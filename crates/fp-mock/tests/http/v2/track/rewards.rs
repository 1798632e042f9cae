//! `/track/sale`: which rewards a sale earns, by plan, by its number, by quantity.

use serde_json::{Value, json};

use crate::kit::Api;
use crate::v2::shop::{amounts, earned, rewards, sell, sell_with, sign_up};

/// What sales of these amounts to one new lead of `ref_id` earn.
#[track_caller]
fn series(api: &Api, ref_id: &str, sales: &[i64]) -> Vec<Vec<i64>> {
    let email = format!("{ref_id}@customers.example");
    sign_up(api, &email, ref_id);
    let sell = |(at, amount): (usize, &i64)| amounts(&sell(api, &email, &format!("{ref_id}{at}"), *amount));
    sales.iter().enumerate().map(sell).collect()
}

#[test]
fn a_share_is_rounded_half_away_from_zero_and_nothing_is_no_commission() {
    let api = rewards();
    assert_eq!(
        series(&api, "plain", &[6000, 99, 12, 13, 2]),
        [vec![1200], vec![20], vec![2], vec![3], vec![]]
    );
    assert_eq!(series(&api, "fraction", &[999, 100, 4, 3]), [vec![125], vec![13], vec![1], vec![]]);
}

#[test]
fn a_fixed_reward_counts_for_each_item() {
    let api = rewards();
    assert_eq!(series(&api, "fixed", &[1, 100_000]), [[500], [500]]);
    let three = sell_with(&api, "fixed@customers.example", "three", 9000, json!({ "quantity": 3 }));
    assert_eq!(amounts(&three), [1500]);
}

#[test]
fn a_reward_can_be_for_the_first_sale_only() {
    assert_eq!(series(&rewards(), "once", &[1000, 1000]), [vec![300], vec![]]);
}

#[test]
fn a_reward_can_be_limited_to_so_many_sales() {
    let expected = [vec![100], vec![200], vec![300], vec![], vec![]];
    assert_eq!(series(&rewards(), "limited", &[1000, 2000, 3000, 4000, 5000]), expected);
}

#[test]
fn the_reward_that_fits_the_plan_most_closely_wins() {
    let api = rewards();
    sign_up(&api, "p@customers.example", "plans");
    let mut number = 0;
    let mut earns = |plan: Value| {
        number += 1;
        let more = json!({ "plan": plan });
        earned(&sell_with(&api, "p@customers.example", &format!("p{number}"), 10_000, more))
            .into_iter()
            .map(|(_, amount, unit)| (amount, unit))
            .collect::<Vec<_>>()
    };
    assert_eq!(earns(json!("")), [(2000, "cash".to_owned())]);
    assert_eq!(earns(json!("monthly-starter")), [(2000, "cash".to_owned())]);
    assert_eq!(earns(json!("yearly-pro")), [(4000, "cash".to_owned())]);
    assert_eq!(earns(json!("enterprise")), [(100, "cash".to_owned())]);
    let both = [(2000, "cash".to_owned()), (100, "points".to_owned())];
    assert_eq!(earns(json!("lifetime")), both, "another unit does not compete");
    assert_eq!(earns(json!("annual-team")), [(4000, "cash".to_owned())], "a new plan billed each year");
}

#[test]
fn gifts_come_in_their_units_and_targets_are_no_sales() {
    let api = rewards();
    sign_up(&api, "g@customers.example", "gifts");
    let units = |event: &Value| -> Vec<(i64, String)> {
        earned(event).into_iter().map(|(_, amount, unit)| (amount, unit)).collect()
    };
    let first = sell(&api, "g@customers.example", "g1", 5000);
    assert_eq!(units(&first), [(3, "free_months".to_owned()), (100, "points".to_owned())]);
    let second = sell(&api, "g@customers.example", "g2", 5000);
    assert_eq!(units(&second), [(100, "points".to_owned())], "months are for the new customer only");
}

#[test]
fn a_campaign_that_approves_nothing_leaves_commissions_pending() {
    let api = rewards();
    let signup = sign_up(&api, "h@customers.example", "hand");
    let path = format!("/company/referrals/{}", signup["referral"]["id"]);
    assert_eq!(api.get(&path)["state"], "pending");
    let event = sell(&api, "h@customers.example", "h1", 1000);
    let statuses = event["commissions"].as_array().expect("a list").iter().map(|row| &row["status"]);
    assert_eq!(statuses.collect::<Vec<_>>(), ["pending", "pending"]);
    assert_eq!(api.get(&path)["state"], "active");
}

#[test]
fn a_reward_that_gives_too_much_refuses_the_sale() {
    let api = rewards();
    let scenario = json!({
        "name": "greedy",
        "rewards": [{ "id": 1, "name": "much", "unit": "cash", "amount": 999_999_999_999_i64 }],
        "campaigns": [{
            "id": 2001, "name": "Greedy", "landing_url": "https://shop.example", "approves_promoters": true,
            "rewards_for_promoters": [{ "reward": 1 }]
        }],
        "promoters": [{ "email": "a@shop.example", "campaigns": [{ "campaign": 2001, "ref_token": "much" }] }]
    });
    api.admin("PUT", "/scenario", scenario).expect(200);
    sign_up(&api, "x@customers.example", "much");
    let sale = json!({ "email": "x@customers.example", "event_id": "e", "amount": 100, "quantity": 2 });
    let refused = api.post("/track/sale", sale).expect(422);
    assert!(
        refused["errors"]["amount"][0].as_str().is_some_and(|p| p.contains("1999999999998")),
        "{refused}"
    );
    assert_eq!(amounts(&sell(&api, "x@customers.example", "e", 100)), [999_999_999_999_i64]);
}

#[test]
fn rewards_of_his_own_replace_the_campaigns() {
    let api = rewards();
    let own = json!({ "rewards_for_promoters": [{ "apply_on": "all", "product_ids": [], "reward_id": 4 }] });
    api.put("/company/promoter_campaigns/600001", own).expect(200);
    assert_eq!(series(&api, "plain", &[1000, 1000]), [vec![300], vec![]]);
    assert_eq!(series(&api, "bob", &[1000]), [[200]], "others in the campaign keep its rewards");
}

#[test]
fn the_customer_who_reaches_the_threshold_still_earns_in_the_old_campaign() {
    let api = rewards();
    let scenario = json!({
        "name": "ladder",
        "rewards": [
            { "id": 1, "name": "20%", "unit": "cash", "percent": 20 },
            { "id": 2, "name": "25%", "unit": "cash", "percent": 25 }
        ],
        "campaigns": [
            {
                "id": 2001, "name": "First level", "landing_url": "https://shop.example",
                "approves_promoters": true, "rewards_for_promoters": [{ "reward": 1 }],
                "threshold": { "customers": 2, "to_campaign": 2002, "moves_referrals": true }
            },
            {
                "id": 2002, "name": "Second level", "landing_url": "https://shop.example",
                "approves_promoters": true, "rewards_for_promoters": [{ "reward": 2 }]
            }
        ],
        "promoters": [{ "email": "a@shop.example", "campaigns": [{ "campaign": 2001, "ref_token": "ann" }] }]
    });
    api.admin("PUT", "/scenario", scenario).expect(200);
    for email in ["one@customers.example", "two@customers.example"] {
        sign_up(&api, email, "ann");
        assert_eq!(amounts(&sell(&api, email, email, 1000)), [200]);
    }
    let moved = sell(&api, "one@customers.example", "later", 1000);
    assert_eq!(amounts(&moved), [250]);
    assert_eq!(moved["commissions"][0]["promoter_campaign"]["campaign_id"], 2002);
}

#[test]
fn rewards_that_cannot_be_reckoned_with_stop_the_scenario() {
    let api = Api::start();
    for (wrong, problem) in [
        (json!({ "rewards": [{ "id": 1, "name": "r", "unit": "cash", "percent": -5 }] }), "percent is 0 to"),
        (json!({ "rewards": [{ "id": 1, "name": "r", "unit": "cash", "amount": -5 }] }), "amount is 0 to"),
        (
            json!({ "rewards": [{ "id": 1, "name": "r", "unit": "cash", "amount": 5, "tier": 0 }] }),
            "tiers begin",
        ),
        (json!({ "company": { "exchange_rates": { "EUR": 0 } } }), "the rate of EUR"),
    ] {
        let mut scenario = json!({ "name": "wrong" });
        scenario.as_object_mut().expect("an object").extend(wrong.as_object().expect("an object").clone());
        let refused = api.admin("PUT", "/scenario", scenario).expect(400);
        assert!(refused["message"].as_str().is_some_and(|m| m.contains(problem)), "{problem}: {refused}");
    }
}
