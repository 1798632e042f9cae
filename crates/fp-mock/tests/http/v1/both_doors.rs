//! One record seen from both sides: what v1 does v2 shows, and the reverse.

use serde_json::{Value, json};

use super::client::{V1, id};

fn v2(v1: &V1, path: &str) -> Value {
    v1.api.get(&format!("/company{path}"))
}

#[test]
fn a_promoter_made_through_v1_is_read_and_changed_through_v2() {
    let v1 = V1::start();
    let pairs = [
        ("email", "ann@example.com"),
        ("first_name", "Ann"),
        ("cust_id", "c1"),
        ("ref_id", "ann"),
        ("note", "met at the fair"),
        ("twitter_url", "https://x.example/ann"),
    ];
    let ann = v1.post("/promoters/create", &pairs).expect(200);
    let number = id(&ann);
    let shown = v2(&v1, &format!("/promoters/{number}"));
    assert_eq!((&shown["email"], &shown["cust_id"]), (&json!("ann@example.com"), &json!("c1")));
    assert_eq!((&shown["name"], &shown["note"]), (&json!("Ann"), &json!("met at the fair")));
    assert_eq!(shown["profile"]["twitter_url"], "https://x.example/ann");
    assert_eq!(shown["promoter_campaigns"][0]["id"], ann["promotions"][0]["id"]);
    assert_eq!(shown["promoter_campaigns"][0]["ref_token"], "ann");
    let change = json!({ "email": "ann2@example.com", "cust_id": "c2", "profile": { "last_name": "Lee" } });
    v1.api.put(&format!("/company/promoters/{number}"), change).expect(200);
    let shown = v1.get("/promoters/show", &[("cust_id", "c2")]).expect(200);
    assert_eq!(
        (&shown["email"], &shown["profile"]["last_name"]),
        (&json!("ann2@example.com"), &json!("Lee"))
    );
    v1.delete("/promoters/delete", &[("id", &number)]).expect(200);
    assert_eq!(v1.api.try_get(&format!("/company/promoters/{number}")).status, 404);
}

#[test]
fn a_promoter_made_through_v2_is_read_and_moved_through_v1() {
    let v1 = V1::start();
    let body = json!({ "email": "bob@example.com", "initial_campaign_id": 5399, "profile": { "first_name": "Bob" } });
    let bob = v1.api.post("/company/promoters", body).expect(201);
    let shown = v1.get("/promoters/show", &[("promoter_email", "bob@example.com")]).expect(200);
    assert_eq!((&shown["id"], &shown["profile"]["first_name"]), (&bob["id"], &json!("Bob")));
    let token = shown["default_ref_id"].as_str().expect("a referral id");
    let pairs = [("ref_id", token), ("destination_campaign_id", "13202")];
    let moved = v1.post("/promoters/move_to_campaign", &pairs).expect(200);
    let promoter = v2(&v1, &format!("/promoters/{}", id(&bob)));
    let campaigns: Vec<_> = promoter["promoter_campaigns"].as_array().expect("a list").iter().collect();
    let joined = campaigns.iter().find(|row| row["campaign_id"] == 13202).expect("the new campaign");
    assert_eq!((&joined["id"], &joined["ref_token"]), (&moved["default_promotion_id"], &json!(token)));
}

#[test]
fn a_promotion_changed_on_either_side_is_changed_on_the_other() {
    let v1 = V1::start();
    v1.put("/promoters/update", &[("id", "500001"), ("new_ref_id", "jane-x"), ("promo_code", "JANE10")])
        .expect(200);
    let row = v2(&v1, "/promoter_campaigns?ids[]=600001")[0].clone();
    assert_eq!((&row["ref_token"], &row["coupon"]), (&json!("jane-x"), &json!("JANE10")));
    let change = json!({ "ref_token": "jane-y" });
    v1.api.put("/company/promoter_campaigns/600001", change).expect(200);
    let jane = v1.get("/promoters/show", &[("id", "500001")]).expect(200);
    assert_eq!(
        (&jane["default_ref_id"], &jane["promotions"][0]["ref_id"]),
        (&json!("jane-y"), &json!("jane-y"))
    );
    v1.api.post("/company/promoters/block", json!({ "ids": [500001], "campaign_id": 13202 })).expect(200);
    assert_eq!(v1.get("/promoters/show", &[("id", "500001")]).expect(200)["status"], "denied");
}

#[test]
fn a_lead_is_a_referral_and_its_suspicion_a_fraud_check() {
    let v1 = V1::start();
    let lead = v1.signup("jane@example.com", "u1")["lead"].clone();
    let number = id(&lead);
    let referral = v2(&v1, &format!("/referrals/{number}"));
    assert_eq!(
        (&lead["suspicion"], &referral["fraud_check"]),
        (&json!("same_promoter_email"), &json!("same_promoter_email"))
    );
    assert_eq!((&referral["uid"], &referral["state"]), (&json!("u1"), &json!("signup")));
    v1.put("/leads/update", &[("uid", "u1"), ("state", "active"), ("new_uid", "u2")]).expect(200);
    let referral = v2(&v1, &format!("/referrals/{number}"));
    assert_eq!((&referral["uid"], &referral["state"]), (&json!("u2"), &json!("active")));
    let body = json!({ "promoter_campaign_id": 600_001, "email": "new@example.com" });
    let made = v1.api.post("/company/referrals", body).expect(200);
    let shown = v1.get("/leads/show", &[("email", "new@example.com")]).expect(200);
    assert_eq!((&shown["id"], &shown["promotion"]["leads_count"]), (&made["id"], &json!(2)));
    let ids = json!({ "ids": [made["id"]] });
    v1.api.delete("/company/referrals", ids).expect(200);
    assert_eq!(v1.get("/leads/show", &[("email", "new@example.com")]).status, 404);
}

#[test]
fn a_reward_is_a_commission_and_its_conversion_amount_the_sale_amount() {
    let v1 = V1::start();
    v1.signup("sam@example.com", "u1");
    let reward = v1.sale("sam@example.com", "e1", "5000")["reward"].clone();
    let commission = v2(&v1, "/commissions")[0].clone();
    assert_eq!((&commission["id"], &commission["sale_amount"]), (&reward["id"], &json!(5000)));
    v1.put("/rewards/update", &[("event_id", "e1"), ("status", "denied")]).expect(200);
    assert_eq!(v2(&v1, "/commissions")[0]["status"], "denied");
    v1.api.post("/company/commissions/approve", json!({ "ids": [reward["id"]] })).expect(200);
    let listed = v1.get("/rewards/list", &[("promoter_id", "500001")]).expect(200);
    assert_eq!((&listed[0]["status"], &listed[0]["event_id"]), (&json!("approved"), &json!("e1")));
    let points = [("uid", "u1"), ("reward_type", "discount_mon"), ("amount", "3")];
    let made = v1.post("/rewards/create", &points).expect(200);
    let commission = v2(&v1, "/commissions")[0].clone();
    assert_eq!((&commission["id"], &commission["unit"]), (&made["id"], &json!("mon_discount")));
}

#[test]
fn a_payout_made_on_either_side_is_paid_on_the_other() {
    let v1 = V1::start();
    v1.signup("sam@example.com", "u1");
    v1.sale("sam@example.com", "e1", "5000");
    let payout = v1.post("/payouts/create", &[("promoter_id", "500001")]).expect(200);
    v1.api.post("/company/payouts/mark_as_paid", json!({ "ids": [payout["id"]] })).expect(200);
    let shown = v1.get("/payouts/list", &[("status", "completed")]).expect(200);
    assert_eq!((&shown[0]["id"], shown[0]["date_paid"].is_string()), (&payout["id"], true));
    let reward = v1.sale("sam@example.com", "e2", "10000")["reward"]["id"].clone();
    v1.api.post("/company/commissions/generate_payouts", json!({ "ids": [reward] })).expect(200);
    let made = v1.get("/payouts/list", &[("status", "pending")]).expect(200)[0].clone();
    assert_eq!(
        (&made["amount"], &made["promoter"]["pending_balance"]),
        (&json!(2000), &json!({ "cash": 2000 }))
    );
    v1.put("/payouts/update", &[("id", &id(&made)), ("status", "completed")]).expect(200);
    let paid = v2(&v1, "/payouts?filters[status]=completed").to_string();
    assert!([&payout, &made].iter().all(|row| paid.contains(&format!("\"id\":{},", id(row)))), "{paid}");
}

#[test]
fn a_visit_tracked_through_v1_counts_in_v2() {
    let v1 = V1::start();
    v1.api.admin("POST", "/clicks", json!({ "ref_token": "jane89" })).expect(201);
    v1.signup("sam@example.com", "u1");
    v1.sale("sam@example.com", "e1", "5000");
    let refund = [("uid", "u1"), ("event_id", "r1"), ("amount", "1000")];
    v1.post("/track/refund", &refund).expect(200);
    let stats = v2(&v1, "/promoters/500001")["stats"].clone();
    assert_eq!((&stats["clicks_count"], &stats["customers_count"]), (&json!(1), &json!(1)), "{stats}");
    let jane = v1.get("/promoters/show", &[("id", "500001")]).expect(200);
    let promotion = &jane["promotions"][0];
    for (name, value) in [
        ("visitors_count", 1),
        ("leads_count", 1),
        ("customers_count", 1),
        ("active_customers_count", 1),
        ("sales_count", 1),
        ("sales_total", 5000),
        ("refunds_count", 1),
        ("refunds_total", -1000),
        ("cancellations_count", 0),
    ] {
        assert_eq!(promotion[name], value, "{name}");
    }
}

#[test]
fn the_same_report_says_the_same_in_both_dialects() {
    let v1 = V1::start();
    v1.signup("sam@example.com", "u1");
    v1.sale("sam@example.com", "e1", "1234567");
    let path = "/reports/overview?columns[]=revenue_amount&columns[]=sales_count&group_by=month\
                &start_date=2025-01-01T00:00:00Z&end_date=2025-01-31T00:00:00Z";
    let of_v2 = v2(&v1, path)[0].clone();
    let pairs = [
        ("selected_fields[]", "revenue_amount"),
        ("selected_fields[]", "sales_count"),
        ("start_date", "01-01-2025"),
        ("end_date", "31-01-2025"),
    ];
    let of_v1 = v1.get("/reports/overview", &pairs).expect(200)[0].clone();
    assert_eq!(
        (&of_v2["data"]["revenue_amount"], &of_v1["revenue_amount"]),
        (&json!(1_234_567), &json!("$12,345.67"))
    );
    assert_eq!((&of_v2["period"], &of_v1["period"]), (&json!("Jan 2025"), &json!("Jan 2025")));
    assert_eq!((&of_v2["data"]["sales_count"], &of_v1["sales_count"]), (&json!(1), &json!(1)));
}

#[test]
fn what_v1_does_is_told_by_webhooks_like_what_v2_does() {
    let v1 = V1::start();
    let url = format!("{}/__admin/inbox/v1", v1.api.mock().url());
    let body =
        json!({ "url": url, "event_types": ["referral.created", "commission.created"], "campaign_ids": [1] });
    v1.api.post("/company/webhooks", body).expect(201);
    v1.signup("sam@example.com", "u1");
    v1.sale("sam@example.com", "e1", "5000");
    v1.api.advance("0s");
    let deliveries = v1.api.admin("GET", "/deliveries", Value::Null).expect(200).to_string();
    for event in ["referral.created", "commission.created"] {
        assert!(deliveries.contains(event), "{event}: {deliveries}");
    }
}
