//! `/track/sale`: partners and parents.

use serde_json::json;

use crate::kit::Api;
use crate::v2::shop::{amounts, archive, earned, give_parent, promoter_id, rewards, sell, share, sign_up};

/// Enrolments of the scenario, in the order in which it names them.
const BOB: u64 = 600_012;
const CLEO: u64 = 600_013;

const LEAD: &str = "lead@customers.example";

fn of(promoter: &str, amount: i64) -> (String, i64, String) {
    (format!("{promoter}@shop.example"), amount, "cash".to_owned())
}

/// A lead of Ann's, shared with partners.
#[track_caller]
fn shared(partners: &[(u64, u32)]) -> Api {
    let api = rewards();
    let signup = sign_up(&api, LEAD, "plain");
    share(&api, &signup["referral"]["id"], partners);
    api
}

#[test]
fn a_partner_gets_his_share_and_the_owner_the_remainder() {
    let api = shared(&[(BOB, 30)]);
    let event = sell(&api, LEAD, "e1", 1665);
    assert_eq!(earned(&event), [of("ann", 233), of("bob", 100)], "333 in all");
    for commission in event["commissions"].as_array().expect("a list") {
        assert_eq!(commission["is_split"], true);
    }
}

#[test]
fn shares_add_up_to_the_cent() {
    let api = shared(&[(BOB, 33), (CLEO, 33)]);
    for (at, amount) in [5, 10, 15, 20, 25, 50, 505, 9995].into_iter().enumerate() {
        let parts = amounts(&sell(&api, LEAD, &format!("e{at}"), amount));
        assert_eq!(parts.iter().sum::<i64>(), amount / 5, "{parts:?}");
        assert!(parts.iter().all(|part| *part > 0), "{parts:?}");
    }
    let api = shared(&[(BOB, 50), (CLEO, 50)]);
    assert_eq!(earned(&sell(&api, LEAD, "e1", 5)), [of("bob", 1)], "one cent has one owner");
    assert_eq!(earned(&sell(&api, LEAD, "e2", 1000)), [of("bob", 100), of("cleo", 100)]);
}

#[test]
fn the_share_of_a_partner_who_is_out_stays_with_the_owner() {
    let api = shared(&[(BOB, 30), (CLEO, 20)]);
    archive(&api, "bob@shop.example");
    assert_eq!(earned(&sell(&api, LEAD, "e1", 5000)), [of("ann", 800), of("cleo", 200)]);
}

#[test]
fn the_list_shows_how_a_commission_is_shared() {
    let api = shared(&[(BOB, 30)]);
    sell(&api, LEAD, "e1", 5000);
    let rows = api.get("/company/commissions");
    let partner = json!({
        "promoter_campaign_id": BOB, "promoter_id": promoter_id(&api, "bob@shop.example"), "percentage": 30
    });
    assert_eq!(rows[0]["split_details"], json!({ "percentage": 30, "partners": [partner] }));
    assert_eq!(rows[1]["split_details"], json!({ "percentage": 70, "partners": [partner] }));
}

#[test]
fn parents_earn_on_the_whole_sale_tier_by_tier() {
    let api = rewards();
    give_parent(&api, "child@shop.example", "parent@shop.example");
    give_parent(&api, "parent@shop.example", "grand@shop.example");
    sign_up(&api, LEAD, "child");
    let event = sell(&api, LEAD, "e1", 10_050);
    assert_eq!(earned(&event), [of("child", 2010), of("parent", 503), of("grand", 101)]);
    let rows = event["commissions"].as_array().expect("a list");
    assert_eq!(rows.iter().map(|row| &row["tier"]).collect::<Vec<_>>(), [1, 2, 3]);
    let campaigns = rows.iter().map(|row| &row["promoter_campaign"]["campaign_id"]);
    assert_eq!(campaigns.collect::<Vec<_>>(), [2008, 2008, 2001], "the grandparent is enrolled elsewhere");
}

#[test]
fn a_parent_who_is_out_is_left_out_and_those_above_still_earn() {
    let api = rewards();
    give_parent(&api, "child@shop.example", "parent@shop.example");
    give_parent(&api, "parent@shop.example", "grand@shop.example");
    archive(&api, "parent@shop.example");
    sign_up(&api, LEAD, "child");
    assert_eq!(earned(&sell(&api, LEAD, "e1", 10_000)), [of("child", 2000), of("grand", 100)]);
}

#[test]
fn parents_get_nothing_where_the_campaign_has_no_tiers() {
    let api = rewards();
    give_parent(&api, "bob@shop.example", "parent@shop.example");
    sign_up(&api, LEAD, "bob");
    assert_eq!(earned(&sell(&api, LEAD, "e1", 10_000)), [of("bob", 2000)]);
}

#[test]
fn a_parent_who_buys_from_his_child_waits_for_his_own_part() {
    let api = rewards();
    give_parent(&api, "child@shop.example", "parent@shop.example");
    sign_up(&api, "parent@shop.example", "child");
    let event = sell(&api, "parent@shop.example", "e1", 10_000);
    let rows = event["commissions"].as_array().expect("a list");
    let shown: Vec<_> = rows.iter().map(|row| (&row["is_self_referral"], &row["status"])).collect();
    assert_eq!(shown, [(&json!(false), &json!("approved")), (&json!(true), &json!("pending"))]);
}
