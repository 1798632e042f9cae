//! `/leads`.

use serde_json::{Value, json};

use super::client::{V1, id};
use crate::documented::Likeness::Fields;
use crate::documented::assert_like;

fn emails(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|row| row["email"].as_str()).collect()
}

#[test]
fn leads_are_listed_by_promotion_promoter_and_campaign() {
    let v1 = V1::start();
    let bob = v1.post("/promoters/create", &[("email", "bob@example.com"), ("ref_id", "bob")]).expect(200);
    v1.signup("a@example.com", "a");
    v1.post("/track/signup", &[("email", "b@example.com"), ("ref_id", "bob")]).expect(200);
    v1.signup("c@example.com", "c");
    let all = v1.get("/leads/list", &[]).expect(200);
    assert_like("v1/leads/list", Fields, &all);
    assert_eq!(emails(&all), ["c@example.com", "b@example.com", "a@example.com"]);
    let (promotion, promoter) = (id(&bob["promotions"][0]), id(&bob));
    for filter in
        [("promotion_id", promotion.as_str()), ("ref_id", "bob"), ("promoter_id", promoter.as_str())]
    {
        assert_eq!(emails(&v1.get("/leads/list", &[filter]).expect(200)), ["b@example.com"], "{filter:?}");
    }
    let of_campaign = v1.get("/leads/list", &[("campaign_id", "13202"), ("per_page", "2")]);
    assert_eq!(emails(&of_campaign.expect(200)), ["c@example.com", "b@example.com"]);
    assert_eq!(of_campaign.header("total"), Some("3"));
    assert_eq!(v1.get("/leads/list", &[("campaign_id", "5399")]).expect(200), json!([]));
}

#[test]
fn a_list_of_something_unknown_is_refused() {
    let v1 = V1::start();
    for path in ["/leads/list", "/rewards/list"] {
        for (name, sentence) in [
            ("promotion_id", "Promotion not found."),
            ("ref_id", "Promotion not found."),
            ("promoter_id", "Promoter not found."),
            ("campaign_id", "Campaign not found."),
        ] {
            let refused = v1.get(path, &[(name, "77")]).expect(422);
            assert_eq!(refused, json!({ "error": sentence }), "{path} {name}");
        }
    }
}

#[test]
fn a_lead_is_shown_changed_and_deleted_by_id_uid_or_email() {
    let v1 = V1::start();
    let lead = id(&v1.signup("shelley@example.com", "u1")["lead"]);
    for key in [("id", lead.as_str()), ("uid", "u1"), ("email", "SHELLEY@example.com")] {
        let shown = v1.get("/leads/show", &[key]).expect(200);
        assert_like("v1/leads/show", Fields, &shown);
        assert_eq!(id(&shown), lead, "{key:?}");
        assert_eq!(id(&v1.put("/leads/update", &[key]).expect(200)), lead, "{key:?}");
        assert_eq!(
            v1.get("/leads/show", &[(key.0, "nonesuch")]).expect(404),
            json!({ "error": "Lead not found." })
        );
    }
    let unnamed = json!({ "error": "You need to find the lead/customer either by id, uid or email." });
    assert_eq!(v1.get("/leads/show", &[]).expect(422), unnamed);
    assert_eq!(v1.put("/leads/update", &[("new_uid", "x")]).expect(422), unnamed);
    assert_eq!(v1.delete("/leads/delete", &[]).expect(422), unnamed);
    assert_eq!(
        v1.delete("/leads/delete", &[("uid", "u2")]).expect(404),
        json!({ "error": "Lead not found." })
    );
    let gone = v1.delete("/leads/delete", &[("uid", "u1")]).expect(200);
    assert_like("v1/leads/delete", Fields, &gone);
    assert_eq!(gone, json!({ "message": "Lead removed." }));
    assert_eq!(v1.get("/leads/show", &[("id", &lead)]).status, 404);
}

#[test]
fn a_lead_takes_over_what_an_update_says() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    let pairs = [
        ("email", "shelley@example.com"),
        ("new_uid", "cus_updated"),
        ("new_email", "shell@example.com"),
        ("plan_name", "new_plan"),
        ("state", "active"),
        ("customer_since", "2024-11-11T14:54:32.081Z"),
    ];
    let lead = v1.put("/leads/update", &pairs).expect(200);
    assert_like("v1/leads/update", Fields, &lead);
    assert_eq!((&lead["uid"], &lead["email"]), (&json!("cus_updated"), &json!("shell@example.com")));
    assert_eq!((&lead["plan_name"], &lead["state"]), (&json!("new_plan"), &json!("active")));
    assert_eq!(lead["customer_since"], "2024-11-11T14:54:32.081Z");
    assert_eq!(lead["promotion"]["customers_count"], 1);
    for state in ["subscribed", "denied", "cancelled", "signup"] {
        let lead = v1.put("/leads/update", &[("uid", "cus_updated"), ("state", state)]).expect(200);
        assert_eq!(lead["state"], state);
    }
    v1.signup("other@example.com", "u2");
    for pair in
        [("new_email", "other@example.com"), ("new_uid", "u2"), ("state", "refunded"), ("new_email", "x")]
    {
        let refused = v1.put("/leads/update", &[("uid", "cus_updated"), pair]).expect(422);
        assert!(refused["error"].is_string(), "{pair:?}");
    }
}

#[test]
fn a_lead_moves_with_its_rewards_unless_it_is_switched_softly() {
    let v1 = V1::start();
    v1.post("/promoters/create", &[("email", "bob@example.com"), ("ref_id", "bob")]).expect(200);
    for (uid, soft, moved) in [("u1", "false", 1), ("u2", "true", 0)] {
        v1.signup(&format!("{uid}@example.com"), uid);
        v1.sale(&format!("{uid}@example.com"), uid, "1000");
        let before = v1.get("/rewards/list", &[("ref_id", "bob")]).expect(200).as_array().map_or(0, Vec::len);
        let pairs = [("uid", uid), ("new_ref_id", "bob"), ("soft_switch", soft)];
        let lead = v1.put("/leads/update", &pairs).expect(200);
        assert_eq!(lead["promotion"]["ref_id"], "bob");
        let after = v1.get("/rewards/list", &[("ref_id", "bob")]).expect(200).as_array().map_or(0, Vec::len);
        assert_eq!(after - before, moved, "soft_switch={soft}");
    }
    let refused = v1.put("/leads/update", &[("uid", "u1"), ("new_ref_id", "nobody")]).expect(422);
    assert_eq!(refused, json!({ "error": "Promotion not found." }));
}

#[test]
fn a_lead_is_made_for_a_promotion() {
    let v1 = V1::start();
    let pairs = [
        ("email", "shelley@example.com"),
        ("ref_id", "jane89"),
        ("uid", "u1"),
        ("state", "active"),
        ("plan_name", "yearly-pro"),
    ];
    let lead = v1.post("/leads/create", &pairs).expect(200);
    assert_like("v1/leads/show", Fields, &lead);
    assert_eq!((&lead["state"], &lead["plan_name"]), (&json!("active"), &json!("yearly-pro")));
    assert!(lead["customer_since"].is_string(), "an active lead is a customer");
    let again = v1.post("/leads/create", &pairs).expect(422);
    assert!(
        again["error"].as_str().is_some_and(|text| text.starts_with("Email has already been taken")),
        "{again}"
    );
    for (pairs, sentence) in [
        (
            &[("email", "b@example.com")][..],
            "You need to find the promotion either by promotion_id or ref_id.",
        ),
        (&[("email", "b@example.com"), ("ref_id", "x")], "Promotion not found."),
        (&[("ref_id", "jane89")], "param is missing or the value is empty: email"),
    ] {
        assert_eq!(v1.post("/leads/create", pairs).expect(422), json!({ "error": sentence }));
    }
}
