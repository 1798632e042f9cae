//! `/company/promoter_campaigns`.

use serde_json::{Value, json};

use crate::kit::Api;

/// Jane's promoter campaign, whose number the seed decides once and for all.
fn janes(api: &Api) -> String {
    let jane = api.get("/company/promoters/jane89?find_by=ref_token");
    format!("/company/promoter_campaigns/{}", jane["promoter_campaigns"][0]["id"])
}

fn enrol(api: &Api, name: &str) {
    let body = json!({ "email": format!("{name}@example.com"), "profile": { "first_name": name } });
    api.post("/company/promoters", body).expect(201);
}

#[test]
fn a_promoter_campaign_is_listed_with_its_promoter_campaign_figures_and_rewards() {
    let api = Api::start();
    let listed = api.get("/company/promoter_campaigns");
    let row = &listed[0];
    assert_eq!(row["promoter"]["email"], "jane@example.com");
    assert_eq!(row["campaign"]["name"], "Main Campaign");
    assert_eq!(row["ref_link"], "https://www.example.com?fpr=jane89");
    assert_eq!(
        row["stats"],
        json!({
            "clicks_count": 0, "referrals_count": 0, "sales_count": 0, "customers_count": 0, "revenue_amount": 0
        })
    );
    assert_eq!(row["is_customized"], false);
    assert_eq!(
        row["rewards_for_promoters"],
        json!([{
            "apply_on": "all", "product_ids": [], "reward_id": 128312, "products": [],
            "reward": {
                "name": "20% recurring commission", "promoter_reward_type": "per_referral",
                "hide_reward": false, "tier_level": 1, "coupon": null
            }
        }])
    );
    assert_eq!(row["rewards_for_referrals"][0]["reward"]["coupon"], "EXAMPLE-5");
    assert_eq!(row["promo_codes"], json!([]));
}

#[test]
fn the_list_pages_with_the_newest_first() {
    let api = Api::start();
    for name in ["ann", "bob"] {
        enrol(&api, name);
    }
    let emails = |path: &str| {
        let rows = api.get(path);
        let emails = rows.as_array().expect("a list").iter().map(|row| row["promoter"]["email"].clone());
        Value::Array(emails.collect())
    };
    let all = json!(["bob@example.com", "ann@example.com", "jane@example.com"]);
    assert_eq!(emails("/company/promoter_campaigns"), all);
    assert_eq!(emails("/company/promoter_campaigns?per_page=2&page=2"), json!(["jane@example.com"]));
    assert_eq!(emails("/company/promoter_campaigns?page=9"), json!([]));
    api.try_get("/company/promoter_campaigns?page=0").expect(422);
}

#[test]
fn a_search_finds_at_most_five_by_email_name_token_or_coupon() {
    let api = Api::start();
    for number in 0..6 {
        enrol(&api, &format!("ann{number}"));
    }
    api.put(&janes(&api), json!({ "coupon": "SUMMER" })).expect(200);
    let found = |q: &str| api.get(&format!("/company/promoter_campaigns/search?q={q}"));
    assert_eq!(found("ANN").as_array().map(Vec::len), Some(5));
    for q in ["jane@", "doe", "jane89", "summ"] {
        let found = found(q);
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{q}");
        assert_eq!(found[0]["ref_token"], "jane89", "{q}");
    }
    assert_eq!(found("nobody"), json!([]));
    let refused = api.try_get("/company/promoter_campaigns/search").expect(422);
    assert_eq!(refused["message"], "param is missing or the value is empty or invalid: q");
}

#[test]
fn every_field_can_be_changed_and_emptied() {
    let api = Api::start();
    let path = janes(&api);
    let changed = api.put(
        &path,
        json!({
            "ref_token": "jane_doe-1", "state": "inactive", "coupon": "JANE10", "display_coupon": "Jane's ten",
            "direct_url": "https://jane.example/shop?x=1",
        }),
    );
    let changed = changed.expect(200);
    assert_eq!(changed["ref_token"], "jane_doe-1");
    assert_eq!(changed["state"], "inactive");
    assert_eq!((&changed["coupon"], &changed["display_coupon"]), (&json!("JANE10"), &json!("Jane's ten")));
    assert_eq!(changed["direct_url"], "https://jane.example/shop?x=1");
    assert_eq!(changed["ref_link"], "https://jane.example/shop?x=1&fpr=jane_doe-1");
    assert_eq!(api.get("/company/promoter_campaigns")[0], changed);
    let emptied = api.put(&path, json!({ "coupon": "", "display_coupon": "", "direct_url": "" })).expect(200);
    for field in ["coupon", "display_coupon", "direct_url"] {
        assert_eq!(emptied[field], Value::Null, "{field}");
    }
    assert_eq!(emptied["ref_token"], "jane_doe-1", "what is not named stays");
}

#[test]
fn tokens_coupons_and_pages_must_be_well_formed_and_free() {
    let api = Api::start();
    enrol(&api, "ann");
    let path = janes(&api);
    let anns = api.get("/company/promoter_campaigns")[0].clone();
    let ann = format!("/company/promoter_campaigns/{}", anns["id"]);
    api.put(&ann, json!({ "coupon": "Ann10" })).expect(200);
    let rule = "can have lower-case letters, digits, - and _ only";
    for (field, value, problem) in [
        ("ref_token", anns["ref_token"].clone(), "has already been taken"),
        ("ref_token", json!("Jane"), rule),
        ("ref_token", json!("jane doe"), rule),
        ("ref_token", json!(""), rule),
        ("coupon", json!("ANN10"), "has already been taken"),
        ("direct_url", json!("jane.example"), "is not a valid URL"),
    ] {
        let refused = api.put(&path, json!({ field: value })).expect(422);
        assert_eq!(refused["code"], "invalid_record", "{field}");
        assert_eq!(refused["errors"], json!({ field: [problem] }));
    }
    let own = json!({ "ref_token": "jane89", "coupon": "", "state": "accepted" });
    api.put(&path, own).expect(200);
    let refused = api.put(&path, json!({ "state": "asleep" })).expect(422);
    assert_eq!(refused["code"], "invalid_params");
}

#[test]
fn rewards_can_be_customised_and_given_back() {
    let api = Api::start();
    let path = janes(&api);
    let own = json!({
        "rewards_for_promoters": [
            { "apply_on": "specific", "product_ids": [3002], "reward_id": 90548 },
            { "apply_on": "monthly", "product_ids": [], "reward_id": 128312 },
        ],
        "rewards_for_referrals": [],
    });
    let changed = api.put(&path, own).expect(200);
    assert_eq!(changed["is_customized"], true);
    assert_eq!(changed["promoter_rewards_customized"], true);
    assert_eq!(changed["referral_rewards_customized"], true);
    assert_eq!(changed["rewards_for_referrals"], json!([]));
    let first = &changed["rewards_for_promoters"][0];
    assert_eq!((&first["apply_on"], &first["product_ids"]), (&json!("specific"), &json!([3002])));
    assert_eq!(first["products"], json!([{ "id": 3002, "name": "Pro" }]));
    assert_eq!(first["reward"]["name"], "30% recurring commission");
    let jane = api.get("/company/promoters/jane89?find_by=ref_token");
    assert_eq!(jane["is_customized"], true);

    let half = api.put(&path, json!({ "promoter_rewards_customized": false })).expect(200);
    assert_eq!(half["rewards_for_promoters"][0]["reward_id"], 128312);
    assert_eq!((&half["promoter_rewards_customized"], &half["is_customized"]), (&json!(false), &json!(true)));
    let back = api.put(&path, json!({ "referral_rewards_customized": false })).expect(200);
    assert_eq!(back["rewards_for_referrals"][0]["reward_id"], 67212);
    assert_eq!(back["is_customized"], false);
    let copied = api.put(&path, json!({ "promoter_rewards_customized": true })).expect(200);
    assert_eq!(copied["promoter_rewards_customized"], true);
    assert_eq!(copied["rewards_for_promoters"], back["rewards_for_promoters"]);
}

#[test]
fn rewards_and_plans_that_do_not_exist_are_refused() {
    let api = Api::start();
    let path = janes(&api);
    let rule = |reward: Value, apply_on: &str, plans: Value| json!({ "rewards_for_promoters": [{ "reward_id": reward, "apply_on": apply_on, "product_ids": plans }] });
    assert_eq!(api.put(&path, rule(json!(9), "all", json!([]))).expect(404)["code"], "not_found");
    assert_eq!(api.put(&path, rule(json!(90548), "specific", json!([9]))).expect(404)["code"], "not_found");
    let none = api.put(&path, rule(json!(90548), "specific", json!([]))).expect(422);
    assert_eq!(none["errors"], json!({ "product_ids": ["can't be blank"] }));
    let often = api.put(&path, rule(json!(90548), "daily", json!([]))).expect(422);
    assert!(
        often["message"].as_str().is_some_and(|m| m.contains("rewards_for_promoters[0][apply_on]")),
        "{often}"
    );
    api.put(&path, rule(Value::Null, "all", json!([]))).expect(422);
    api.put(&path, json!({ "rewards_for_promoters": "all" })).expect(422);
    assert_eq!(api.get("/company/promoter_campaigns")[0]["is_customized"], false);
}

#[test]
fn links_lead_to_the_campaigns_page_and_to_the_promoters_own() {
    let api = Api::start();
    let path = janes(&api);
    let links = api.get(&format!("{path}/referral_links"));
    assert_eq!(links.as_array().map(Vec::len), Some(1));
    assert_eq!(links[0]["url"], "https://www.example.com?fpr=jane89");
    assert_eq!((&links[0]["source"], &links[0]["is_default"]), (&json!("campaign"), &json!(true)));
    assert_eq!(links[0]["campaign"]["id"], 13202);
    api.put(&path, json!({ "direct_url": "https://jane.example" })).expect(200);
    let links = api.get(&format!("{path}/referral_links"));
    assert_eq!((&links[0]["is_default"], &links[1]["is_default"]), (&json!(false), &json!(true)));
    assert_eq!((&links[1]["source"], &links[1]["sub_id"]), (&json!("promoter"), &Value::Null));
    assert_eq!(links[1]["url"], "https://jane.example?fpr=jane89");
    assert_ne!(links[0]["id"], links[1]["id"]);
    assert_eq!(api.get(&format!("{path}/referral_links?per_page=1&page=2")), json!([links[1]]));
}

#[test]
fn unknown_promoter_campaigns_answer_404() {
    let api = Api::start();
    for id in ["1", "jane89"] {
        let path = format!("/company/promoter_campaigns/{id}");
        assert_eq!(api.put(&path, json!({ "coupon": "X" })).expect(404)["code"], "not_found");
        assert_eq!(api.try_get(&format!("{path}/referral_links")).expect(404)["code"], "not_found");
    }
}
