//! The eight actions on `ids`.

use serde_json::{Value, json};

use super::{id, promoter};
use crate::kit::Api;

fn state_in(api: &Api, promoter: u64, campaign: u64) -> Option<String> {
    let record = api.get(&format!("/company/promoters/{promoter}"));
    let rows = record["promoter_campaigns"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["campaign_id"] == campaign)?;
    row["state"].as_str().map(str::to_owned)
}

#[track_caller]
fn act(api: &Api, action: &str, body: Value) -> Value {
    api.post(&format!("/company/promoters/{action}"), body).expect(200)
}

#[test]
fn accepting_rejecting_and_blocking_decide_on_one_campaign() {
    let api = Api::start();
    let body = json!({ "email": "ann@example.com", "initial_campaign_id": 5399, "always_approve": false });
    let ann = id(&api.post("/company/promoters", body).expect(201));
    for (action, state) in [("accept", "accepted"), ("reject", "rejected"), ("block", "blocked")] {
        let batch = act(&api, action, json!({ "ids": [ann], "campaign_id": 5399 }));
        assert_eq!(batch["status"], "completed");
        assert_eq!(batch["action_label"], format!("promoter/{action}"));
        assert_eq!((&batch["processed_count"], &batch["failed_count"]), (&json!(1), &json!(0)));
        assert_eq!(state_in(&api, ann, 5399).as_deref(), Some(state));
    }
    assert_eq!(api.get("/company/promoters")["meta"]["pending_count"], 0);
}

#[test]
fn ids_that_cannot_be_processed_are_counted_and_explained() {
    let api = Api::start();
    let ann = promoter(&api, "ann");
    let batch = act(&api, "accept", json!({ "ids": [ann, 999], "campaign_id": 5399 }));
    assert_eq!(batch["status"], "completed");
    assert_eq!((&batch["processed_count"], &batch["failed_count"]), (&json!(2), &json!(2)));
    assert_eq!(
        batch["processing_errors"],
        json!([format!("{ann}: Record not found"), "999: Record not found"])
    );
    assert_eq!(state_in(&api, ann, 5399), None);
}

#[test]
fn more_than_five_promoters_are_decided_on_in_the_background() {
    let api = Api::start();
    let ids: Vec<u64> = (0..6).map(|n| promoter(&api, &format!("p{n}"))).collect();
    let body = json!({ "ids": ids, "campaign_id": 13202 });
    let batch = api.post("/company/promoters/block", body).expect(202);
    assert_eq!(batch["status"], "pending");
    assert_eq!(state_in(&api, ids[0], 13202).as_deref(), Some("accepted"));
    api.advance("3s");
    assert_eq!(state_in(&api, ids[2], 13202).as_deref(), Some("blocked"));
    assert_eq!(state_in(&api, ids[3], 13202).as_deref(), Some("accepted"));
    api.advance("3s");
    let batch = api.get(&format!("/company/batch_processes/{}", batch["id"]));
    assert_eq!((&batch["status"], &batch["progress"]), (&json!("completed"), &json!(100)));
    assert_eq!(state_in(&api, ids[5], 13202).as_deref(), Some("blocked"));
}

#[test]
fn archived_promoters_stay_readable_and_can_be_restored() {
    let api = Api::start();
    let ann = promoter(&api, "ann");
    assert_eq!(act(&api, "archive", json!({ "ids": [ann] }))["action_label"], "promoter/archive");
    let path = format!("/company/promoters/{ann}");
    assert_eq!(api.get(&path)["archived_at"], "2025-01-15T10:30:00.000Z");
    api.advance("1h");
    assert_eq!(act(&api, "archive", json!({ "ids": [ann] }))["failed_count"], 0);
    assert_eq!(api.get(&path)["archived_at"], "2025-01-15T10:30:00.000Z", "it was put away before");
    assert_eq!(act(&api, "restore", json!({ "ids": [ann] }))["action_label"], "promoter/restore");
    assert_eq!(api.get(&path)["archived_at"], Value::Null);
}

#[test]
fn a_moved_promoter_takes_token_coupon_and_standing_along() {
    let api = Api::start();
    let jane = api.get("/company/promoters/jane89?find_by=ref_token");
    let left = id(&jane["promoter_campaigns"][0]);
    api.put(&format!("/company/promoter_campaigns/{left}"), json!({ "coupon": "JANE10" })).expect(200);
    let body = json!({ "ids": [jane["id"]], "from_campaign_id": 13202, "to_campaign_id": 5399 });
    assert_eq!(act(&api, "move_to_campaign", body)["failed_count"], 0);
    let moved = api.get("/company/promoters/jane89?find_by=ref_token");
    let (old, new) = (&moved["promoter_campaigns"][0], &moved["promoter_campaigns"][1]);
    assert_eq!((&old["id"], &old["state"], &old["coupon"]), (&json!(left), &json!("inactive"), &Value::Null));
    assert_ne!(old["ref_token"], "jane89");
    assert_eq!((&new["campaign_id"], &new["state"]), (&json!(5399), &json!("accepted")));
    assert_eq!((&new["ref_token"], &new["coupon"]), (&json!("jane89"), &json!("JANE10")));
    assert_eq!(new["ref_link"], "https://www.example.com/partners?fpr=jane89");
}

#[test]
fn moving_fails_for_those_who_are_not_in_the_one_or_are_in_the_other() {
    let api = Api::start();
    let (ann, bob) = (promoter(&api, "ann"), promoter(&api, "bob"));
    act(&api, "add_to_campaign", json!({ "ids": [bob], "campaign_id": 5399 }));
    let batch = act(
        &api,
        "move_to_campaign",
        json!({ "ids": [ann, bob], "from_campaign_id": 17476, "to_campaign_id": 5399 }),
    );
    assert_eq!(batch["failed_count"], 2);
    let body = json!({ "ids": [bob], "from_campaign_id": 13202, "to_campaign_id": 5399 });
    let batch = act(&api, "move_to_campaign", body);
    assert_eq!(
        batch["processing_errors"],
        json!([format!("{bob}: the promoter is in this campaign already")])
    );
    assert_eq!(state_in(&api, bob, 13202).as_deref(), Some("accepted"), "nothing of it happened");
    let body = json!({ "ids": [bob], "from_campaign_id": 13202, "to_campaign_id": 13202 });
    api.post("/company/promoters/move_to_campaign", body).expect(422);
}

#[test]
fn promoters_added_to_a_campaign_are_accepted_there() {
    let api = Api::start();
    let ann = promoter(&api, "ann");
    let body = json!({ "ids": [ann], "campaign_id": 5399, "drip_emails": true });
    assert_eq!(act(&api, "add_to_campaign", body.clone())["failed_count"], 0);
    assert_eq!(state_in(&api, ann, 5399).as_deref(), Some("accepted"));
    assert_eq!(state_in(&api, ann, 13202).as_deref(), Some("accepted"));
    assert_eq!(act(&api, "add_to_campaign", body)["failed_count"], 1, "he is in it already");
}

#[test]
fn nobody_becomes_his_own_ancestor() {
    let api = Api::start();
    let (ann, bob, cem) = (promoter(&api, "ann"), promoter(&api, "bob"), promoter(&api, "cem"));
    let assign = |ids: Value, parent: u64| {
        act(&api, "assign_parent", json!({ "ids": ids, "parent_promoter_id": parent }))
    };
    assert_eq!(assign(json!([bob]), ann)["failed_count"], 0);
    assert_eq!(assign(json!([cem]), bob)["failed_count"], 0);
    let own = assign(json!([ann]), ann);
    let error = own["processing_errors"][0].as_str().expect("an error");
    assert!(error.contains("can't be the promoter himself"), "{error}");
    let circle = assign(json!([ann, cem]), cem);
    assert_eq!(circle["failed_count"], 2);
    let error = circle["processing_errors"][0].as_str().expect("an error");
    assert!(error.contains("would make a circle"), "{error}");
    let shown = api.get(&format!("/company/promoters/{cem}?include_parent_promoter=true"));
    assert_eq!(shown["parent_promoter"]["id"], bob);
}

#[test]
fn actions_need_ids_and_records_that_exist() {
    let api = Api::start();
    let ann = promoter(&api, "ann");
    let campaign = json!({ "campaign_id": 13202 });
    for (action, without_ids) in [
        ("accept", campaign.clone()),
        ("reject", campaign.clone()),
        ("block", campaign.clone()),
        ("archive", json!({})),
        ("restore", json!({ "ids": [] })),
        ("move_to_campaign", json!({ "from_campaign_id": 13202, "to_campaign_id": 5399 })),
        ("add_to_campaign", campaign),
        ("assign_parent", json!({ "parent_promoter_id": ann })),
    ] {
        let refused = api.post(&format!("/company/promoters/{action}"), without_ids).expect(422);
        assert_eq!(refused["message"], "param is missing or the value is empty or invalid: ids", "{action}");
    }
    for (action, unknown, missing) in [
        ("accept", json!({ "ids": [ann], "campaign_id": 9 }), "campaign_id"),
        ("reject", json!({ "ids": [ann], "campaign_id": 9 }), "campaign_id"),
        ("block", json!({ "ids": [ann], "campaign_id": 9 }), "campaign_id"),
        ("add_to_campaign", json!({ "ids": [ann], "campaign_id": 9 }), "campaign_id"),
        (
            "move_to_campaign",
            json!({ "ids": [ann], "from_campaign_id": 13202, "to_campaign_id": 9 }),
            "from_campaign_id",
        ),
        ("assign_parent", json!({ "ids": [ann], "parent_promoter_id": 9 }), "parent_promoter_id"),
    ] {
        let path = format!("/company/promoters/{action}");
        assert_eq!(api.post(&path, unknown).expect(404)["code"], "not_found", "{action}");
        let refused = api.post(&path, json!({ "ids": [ann] })).expect(422);
        let message = format!("param is missing or the value is empty or invalid: {missing}");
        assert_eq!(refused["message"], message, "{action}");
    }
    api.post("/company/promoters/archive", json!({ "ids": ["ann"] })).expect(422);
}
