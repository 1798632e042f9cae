//! Listing e-mails.

use serde_json::{Value, json};

use super::{body, email};
use crate::kit::Api;

fn subjects(api: &Api, query: &str) -> Vec<Value> {
    let page = api.get(&format!("/company/emails?{query}"));
    page.as_array().expect("a list").iter().map(|row| row["subject"].clone()).collect()
}

/// `b` on lead_signup for 13202, `A` on broadcast for all, `c` disabled on reward_created for 5399.
fn three(api: &Api) {
    for (subject, trigger, campaigns) in [
        ("b", "lead_signup", json!([13202])),
        ("A", "broadcast", json!([])),
        ("c", "reward_created", json!([5399])),
    ] {
        let mut wish = body(trigger, json!({}));
        wish["subject"] = json!(subject);
        wish["allowed_campaign_ids"] = campaigns;
        wish["trigger"]["enabled"] = json!(subject != "c");
        api.post("/company/emails", wish).expect(200);
    }
}

#[test]
fn the_newest_come_first_and_pages_follow_each_other() {
    let api = Api::start();
    three(&api);
    assert_eq!(subjects(&api, ""), ["c", "A", "b"]);
    assert_eq!(subjects(&api, "per_page=2&page=2"), ["b"]);
}

#[test]
fn triggers_and_their_state_narrow() {
    let api = Api::start();
    three(&api);
    assert_eq!(subjects(&api, "filters[trigger_enabled]=yes"), ["A", "b"]);
    assert_eq!(subjects(&api, "filters[trigger_enabled]=no"), ["c"]);
    assert_eq!(subjects(&api, "filters[trigger_on]=lead_signup"), ["b"]);
    assert_eq!(subjects(&api, "filters[trigger_on]=fulfilment_due"), [Value::Null; 0]);
    for bad in ["filters[trigger_enabled]=maybe", "filters[trigger_on]=dawn", "filters[sent_count][from]=x"] {
        assert_eq!(
            api.try_get(&format!("/company/emails?{bad}")).expect(422)["code"],
            "invalid_params",
            "{bad}"
        );
    }
}

#[test]
fn an_email_to_all_campaigns_is_one_to_each() {
    let api = Api::start();
    three(&api);
    assert_eq!(subjects(&api, "filters[campaign_id]=13202"), ["A", "b"]);
    assert_eq!(subjects(&api, "filters[campaign_id][]=13202&filters[campaign_id][]=5399"), ["c", "A", "b"]);
    assert_eq!(subjects(&api, "filters[campaign_id]=17476"), ["A"]);
}

#[test]
fn a_search_goes_over_name_and_subject() {
    let api = Api::start();
    three(&api);
    assert_eq!(subjects(&api, "q=ON%20LEAD"), ["b"]);
    assert_eq!(subjects(&api, "q=a&filters[trigger_enabled]=yes"), ["A", "b"]);
    assert_eq!(subjects(&api, "q=zzz"), [Value::Null; 0]);
}

#[test]
fn subjects_sort_without_case_and_counts_as_numbers() {
    let api = Api::start();
    three(&api);
    assert_eq!(subjects(&api, "sorting[subject]=asc"), ["A", "b", "c"]);
    assert_eq!(subjects(&api, "sorting[subject]=desc"), ["c", "b", "A"]);
    assert_eq!(api.try_get("/company/emails?sorting[subject]=up").expect(422)["code"], "invalid_params");
    let broadcast = email(&api, "broadcast", json!({}));
    for _ in 0..2 {
        api.post(&format!("/company/emails/{}/send_now", broadcast["id"]), Value::Null).expect(200);
    }
    assert_eq!(subjects(&api, "sorting[sent_count]=desc&per_page=1"), ["Hi {{first_name}}"]);
    assert_eq!(
        subjects(&api, "sorting[sent_count]=asc&sorting[subject]=asc"),
        ["A", "b", "c", "Hi {{first_name}}"]
    );
    assert_eq!(
        subjects(&api, "filters[sent_count][from]=1&filters[sent_count][to]=2"),
        ["Hi {{first_name}}"]
    );
    assert_eq!(subjects(&api, "filters[sent_count][to]=0").len(), 3);
}
