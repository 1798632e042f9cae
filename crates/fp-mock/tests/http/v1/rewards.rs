//! `/rewards`.

use serde_json::json;

use super::client::{V1, id};
use crate::documented::Likeness::Fields;
use crate::documented::assert_like;

#[test]
fn rewards_are_listed_by_promotion_promoter_and_campaign() {
    let v1 = V1::start();
    v1.signup("a@example.com", "a");
    v1.sale("a@example.com", "in_Xhf4Htyha3yGDd", "50000");
    let points = [("uid", "a"), ("reward_type", "points"), ("amount", "10")];
    v1.post("/rewards/create", &points).expect(200);
    for filter in [
        ("promotion_id", "600001"),
        ("ref_id", "jane89"),
        ("promoter_id", "500001"),
        ("campaign_id", "13202"),
    ] {
        let seen = v1.get("/rewards/list", &[filter, ("per_page", "1")]);
        let list = seen.expect(200);
        assert_eq!((&list[0]["unit"], seen.header("total")), (&json!("points"), Some("2")), "{filter:?}");
    }
    let all = v1.get("/rewards/list", &[]).expect(200);
    assert_like("v1/rewards/list", Fields, &all);
    assert_eq!((&all[1]["amount"], &all[1]["conversion_amount"]), (&json!(10000), &json!(50000)));
    assert_eq!(v1.get("/rewards/list", &[("campaign_id", "5399")]).expect(200), json!([]));
}

#[test]
fn a_reward_is_made_for_what_a_lead_did() {
    let v1 = V1::start();
    let lead = id(&v1.signup("a@example.com", "u1")["lead"]);
    for key in [("lead_id", lead.as_str()), ("email", "a@example.com"), ("uid", "u1")] {
        let reward =
            v1.post("/rewards/create", &[key, ("reward_type", "points"), ("amount", "10")]).expect(200);
        assert_like("v1/rewards/create", Fields, &reward);
        assert_eq!(
            (&reward["status"], &reward["lead"]["uid"]),
            (&json!("approved"), &json!("u1")),
            "{key:?}"
        );
        assert_eq!((&reward["conversion_amount"], &reward["event_id"]), (&json!(null), &json!(null)));
    }
    let jane = v1.get("/promoters/show", &[("ref_id", "jane89")]).expect(200);
    assert_eq!(jane["earnings_balance"], json!({ "points": 30 }));
}

#[test]
fn a_reward_is_made_for_a_promotion_directly() {
    let v1 = V1::start();
    for (kind, unit) in [
        ("cash", "cash"),
        ("points", "points"),
        ("credits", "credits"),
        ("free_months", "free_months"),
        ("discount_per", "discount_per"),
        ("discount_mon", "mon_discount"),
    ] {
        for key in [("promotion_id", "600001"), ("ref_id", "jane89")] {
            let pairs = [key, ("reward_type", kind), ("amount", "5"), ("status", "pending")];
            let reward = v1.post("/rewards/create", &pairs).expect(200);
            assert_eq!((&reward["unit"], &reward["lead"]), (&json!(unit), &json!(null)));
            assert_eq!((&reward["status"], &reward["amount"]), (&json!("pending"), &json!(5)));
        }
    }
}

#[test]
fn a_reward_that_cannot_be_is_refused() {
    let v1 = V1::start();
    let refused = |pairs: &[(&str, &str)]| v1.post("/rewards/create", pairs).expect(422)["error"].clone();
    let points = [("reward_type", "points"), ("amount", "1")];
    assert_eq!(refused(&[&[("uid", "x")], &points[..]].concat()), "Lead not found.");
    assert_eq!(refused(&[&[("ref_id", "x")], &points[..]].concat()), "Promotion not found.");
    assert!(refused(&points).is_string());
    for pairs in [
        [("reward_type", "gold"), ("amount", "1")],
        [("reward_type", "points"), ("amount", "0")],
        [("reward_type", "points"), ("amount", "many")],
        [("reward_type", ""), ("amount", "1")],
        [("status", "paid"), ("amount", "1")],
    ] {
        assert!(refused(&[&[("ref_id", "jane89")], &pairs[..]].concat()).is_string(), "{pairs:?}");
    }
}

#[test]
fn a_reward_changes_its_status_by_id_or_event() {
    let v1 = V1::start();
    v1.signup("a@example.com", "u1");
    let reward = id(&v1.sale("a@example.com", "in_1", "50000")["reward"]);
    let denied = v1.put("/rewards/update", &[("event_id", "in_1"), ("status", "denied")]).expect(200);
    assert_like("v1/rewards/update", Fields, &denied);
    assert_eq!(
        (&denied["status"], &denied["promoter"]["earnings_balance"]),
        (&json!("denied"), &json!(null))
    );
    for status in ["pending", "approved"] {
        let changed = v1.put("/rewards/update", &[("id", &reward), ("status", status)]).expect(200);
        assert_eq!(changed["status"], status);
    }
    let refused = |pairs: &[(&str, &str)]| v1.put("/rewards/update", pairs).expect(422)["error"].clone();
    assert_eq!(refused(&[("event_id", "in_2"), ("status", "denied")]), "Reward not found.");
    assert_eq!(refused(&[("id", "1"), ("status", "denied")]), "Reward not found.");
    assert!(refused(&[("status", "denied")]).is_string());
    assert!(refused(&[("id", &reward), ("status", "paid")]).is_string());
}
