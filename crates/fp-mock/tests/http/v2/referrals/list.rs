//! Listing referrals.

use serde_json::json;

use super::{BOB, BOB_PARTNER, CLEO, JANE, emails, partners, referral, referral_id};
use crate::kit::Api;

/// Four referrals, the oldest first: a and b of Jane, c of Bob in 13202, d of Bob in 5399, a day apart.
fn four() -> (Api, [u64; 4]) {
    let api = partners();
    let ids = [(JANE, "a"), (JANE, "b"), (BOB, "c"), (BOB_PARTNER, "d")].map(|(enrolment, name)| {
        let id = referral_id(&api, enrolment, &format!("{name}@example.com"));
        api.advance("1d");
        id
    });
    (api, ids)
}

#[test]
fn the_newest_come_first_and_pages_follow_each_other() {
    let (api, _) = four();
    assert_eq!(emails(&api, ""), ["d@example.com", "c@example.com", "b@example.com", "a@example.com"]);
    assert_eq!(emails(&api, "page=2&per_page=3"), ["a@example.com"]);
    assert_eq!(emails(&api, "page=3&per_page=3"), [""; 0]);
    assert_eq!(api.try_get("/company/referrals?page=0").expect(422)["code"], "invalid_params");
}

#[test]
fn ids_pick_and_unknown_ones_are_left_out() {
    let (api, [a, _, c, _]) = four();
    assert_eq!(
        emails(&api, &format!("ids[]={a}&ids[]={c}&ids[]=77&ids[]={a}")),
        ["c@example.com", "a@example.com"]
    );
    assert_eq!(emails(&api, &format!("ids[]={a}&ids[]={c}&filters[campaign_id]=5399")), [""; 0]);
    assert_eq!(api.try_get("/company/referrals?ids[]=x").expect(422)["code"], "invalid_params");
}

#[test]
fn promoter_and_campaign_narrow_together() {
    let (api, _) = four();
    let bob = 500_002;
    assert_eq!(emails(&api, &format!("filters[promoter_id]={bob}")), ["d@example.com", "c@example.com"]);
    let both = format!("filters[promoter_id]={bob}&filters[campaign_id]=5399");
    assert_eq!(emails(&api, &both), ["d@example.com"]);
    let campaigns = "filters[campaign_id][]=13202&filters[campaign_id][]=5399";
    assert_eq!(emails(&api, campaigns).len(), 4);
    assert_eq!(emails(&api, "filters[promoter_id]=77"), [""; 0]);
}

#[test]
fn states_narrow_alone_and_with_a_promoter() {
    let (api, [a, ..]) = four();
    api.post("/company/referrals/disable", json!({ "ids": [a] })).expect(200);
    assert_eq!(emails(&api, "filters[state]=pending"), ["d@example.com"]);
    assert_eq!(emails(&api, "filters[state]=denied&filters[promoter_id]=500001"), ["a@example.com"]);
    assert_eq!(emails(&api, "filters[state]=pending&filters[promoter_id]=500001"), [""; 0]);
    let refused = api.try_get("/company/referrals?filters[state]=asleep").expect(422);
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("filters[state]")), "{refused}");
}

#[test]
fn days_are_included_at_both_ends() {
    let (api, _) = four();
    let days = "filters[created_at][from]=2025-01-16&filters[created_at][to]=2025-01-17";
    assert_eq!(emails(&api, days), ["c@example.com", "b@example.com"]);
    assert_eq!(emails(&api, "filters[created_at][from]=2025-01-18"), ["d@example.com"]);
    assert_eq!(emails(&api, "filters[customer_since][from]=2025-01-01"), [""; 0]);
    assert_eq!(emails(&api, "filters[cancelled_at][to]=2026-01-01"), [""; 0]);
    let refused = api.try_get("/company/referrals?filters[created_at][from]=soon").expect(422);
    assert!(
        refused["message"].as_str().is_some_and(|m| m.contains("filters[created_at][from]")),
        "{refused}"
    );
}

#[test]
fn leads_are_told_from_customers() {
    let (api, _) = four();
    assert_eq!(emails(&api, "filters[type]=lead").len(), 4);
    assert_eq!(emails(&api, "filters[type]=customer"), [""; 0]);
    assert_eq!(api.try_get("/company/referrals?filters[type]=visitor").expect(422)["code"], "invalid_params");
}

#[test]
fn entry_source_fraud_check_and_plan_narrow() {
    let (api, _) = four();
    referral(&api, CLEO, "cleo@example.com");
    assert_eq!(emails(&api, "filters[fraud_check][]=same_promoter_email"), ["cleo@example.com"]);
    let both = "filters[fraud_check][]=same_promoter_email&filters[fraud_check][]=no_suspicion";
    assert_eq!(emails(&api, both).len(), 5);
    assert_eq!(emails(&api, "filters[entry_source][]=manual_admin").len(), 5);
    assert_eq!(emails(&api, "filters[entry_source][]=cookie"), [""; 0]);
    assert_eq!(emails(&api, "filters[plan_id]=3001"), [""; 0]);
}

#[test]
fn a_search_goes_over_email_uid_and_username() {
    let (api, _) = four();
    let body = json!({ "promoter_campaign_id": JANE, "uid": "cus_UPPER", "username": "Zoe" });
    api.post("/company/referrals", body).expect(200);
    assert_eq!(emails(&api, "q=C@EXAMPLE"), ["c@example.com"]);
    assert_eq!(api.get("/company/referrals?q=s_upp")[0]["uid"], "cus_UPPER");
    assert_eq!(api.get("/company/referrals?q=zOE")[0]["uid"], "cus_UPPER");
    assert_eq!(emails(&api, "q=nobody"), [""; 0]);
}
