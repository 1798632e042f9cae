//! `/promoters`.

use serde_json::json;

use super::client::{Encoding, V1, id};
use crate::documented::Likeness::{Fields, Order};
use crate::documented::assert_like;

#[test]
fn a_promoter_joins_the_default_campaign_with_a_referral_id_of_his_first_name() {
    let v1 = V1::start();
    let pairs = [
        ("email", "john@example.com"),
        ("first_name", "John"),
        ("last_name", "Doe"),
        ("cust_id", "cus_sd4gh302fjlsd"),
        ("website", "https://google.com"),
    ];
    let promoter = v1.post("/promoters/create", &pairs).expect(200);
    assert_like("v1/promoters/create", Fields, &promoter);
    assert_like("v1-published/promoters/list", Order, &json!([promoter]));
    let promotion = &promoter["promotions"][0];
    assert!(promotion["ref_id"].as_str().is_some_and(|text| text.starts_with("john")), "{promotion}");
    assert_eq!(promoter["default_ref_id"], promotion["ref_id"]);
    assert_eq!(promotion["campaign_id"], 13202);
    assert_eq!(promotion["status"], "offer_running");
    assert_eq!(promotion["current_referral_reward"]["per_of_sale"], 20);
    assert_eq!(
        promotion["referral_link"],
        format!("https://www.example.com?fpr={}", promotion["ref_id"].as_str().expect("text"))
    );
}

#[test]
fn a_promoter_has_what_he_was_created_with() {
    let v1 = V1::start();
    let pairs = [
        ("email", "ann@example.com"),
        ("campaign_id", "5399"),
        ("ref_id", "ann-1_x"),
        ("promo_code", "ANN10"),
        ("customer_promo_code", "SAVE10"),
        ("landing_url", "https://ann.example/offer"),
        ("url_tracking", "true"),
        ("temp_password", "u1PptB"),
        ("parent_promoter_email", "jane@example.com"),
        ("twitter_url", "https://x.example/ann"),
        ("country", "us"),
        ("company_name", "Ann Inc"),
        ("paypal_email", "pay@example.com"),
        ("avatar_url", "https://ann.example/face.png"),
        ("note", "met at the fair"),
        ("created_at", "2024-05-06T07:08:09Z"),
        ("always_approve", "true"),
        ("skip_email_notification", "true"),
    ];
    let promoter = v1.post("/promoters/create", &pairs).expect(200);
    let promotion = &promoter["promotions"][0];
    assert_eq!(promoter["status"], "active");
    assert_eq!((&promotion["ref_id"], &promotion["campaign_id"]), (&json!("ann-1_x"), &json!(5399)));
    assert_eq!(
        (&promotion["promo_code"], &promotion["customer_promo_code"]),
        (&json!("ANN10"), &json!("SAVE10"))
    );
    assert_eq!(promotion["referral_link"], "https://ann.example/offer");
    assert_eq!(
        (&promoter["temp_password"], &promoter["parent_promoter_id"]),
        (&json!("u1PptB"), &json!(500001))
    );
    assert_eq!(promoter["profile"]["social_accounts"]["twitter"]["url"], "https://x.example/ann");
    assert_eq!(promoter["profile"]["country"], "US");
    assert_eq!(
        (&promoter["note"], &promoter["created_at"]),
        (&json!("met at the fair"), &json!("2024-05-06T07:08:09.000Z"))
    );
    for (name, value) in [("paypal_email", "pay@example.com"), ("company_name", "Ann Inc")] {
        assert_eq!(promoter["profile"][name], value);
    }
}

#[test]
fn without_always_approve_the_campaign_decides() {
    let v1 = V1::start();
    let pairs = [("email", "ann@example.com"), ("campaign_id", "5399")];
    assert_eq!(v1.post("/promoters/create", &pairs).expect(200)["status"], "pending");
}

#[test]
fn a_promoter_that_would_be_invalid_is_refused_by_attribute() {
    let v1 = V1::start();
    for (email, problem) in
        [("JANE@example.com", "has already been taken"), ("", "can't be blank"), ("no address", "is invalid")]
    {
        let refused = v1.post("/promoters/create", &[("email", email)]).expect(422);
        assert_eq!(refused, json!({ "company_user.user.email": [problem] }));
    }
    let refused = |pairs: &[(&str, &str)]| {
        let pairs = [&[("email", "new@example.com")], pairs].concat();
        v1.post("/promoters/create", &pairs).expect(422)
    };
    assert_eq!(
        refused(&[("ref_id", "jane89")]),
        json!({ "promotions": [{ "ref_id": ["has already been taken"] }] })
    );
    for bad in ["Jane", "a b", "ä", "a/b"] {
        assert!(refused(&[("ref_id", bad)])["promotions"][0]["ref_id"].is_array(), "{bad}");
    }
    assert_eq!(refused(&[("campaign_id", "1")]), json!({ "error": "Campaign not found." }));
    assert_eq!(refused(&[("parent_promoter_id", "1")]), json!({ "error": "Promoter not found." }));
    assert_eq!(
        refused(&[("parent_promoter_email", "x@example.com")]),
        json!({ "error": "Promoter not found." })
    );
    assert_eq!(
        v1.get("/promoters/list", &[]).expect(200).as_array().map(Vec::len),
        Some(1),
        "nothing was made"
    );
}

#[test]
fn a_promoter_is_shown_by_every_key() {
    let v1 = V1::start();
    let pairs = [("email", "ann@example.com"), ("cust_id", "c1"), ("ref_id", "ann"), ("promo_code", "ANN10")];
    let ann = v1.post("/promoters/create", &pairs).expect(200);
    let (number, token) = (id(&ann), ann["auth_token"].as_str().expect("a token"));
    for key in [
        ("id", number.as_str()),
        ("cust_id", "c1"),
        ("auth_token", token),
        ("ref_id", "ann"),
        ("promoter_email", "ANN@example.com"),
        ("promo_code", "ann10"),
    ] {
        let shown = v1.get("/promoters/show", &[key]).expect(200);
        assert_eq!(shown, ann, "{key:?}");
    }
    assert_like("v1/promoters/show", Fields, &ann);
    for key in ["id", "cust_id", "auth_token", "ref_id", "promoter_email", "promo_code"] {
        let refused = v1.get("/promoters/show", &[(key, "nonesuch@example.com")]).expect(404);
        assert_eq!(refused, json!({ "error": "Promoter not found." }), "{key}");
    }
    let sentence = "You need to find the promoter either by id, cust_id, auth_token, ref_id, promoter_email or \
                    promo_code";
    assert_eq!(v1.get("/promoters/show", &[]).expect(422), json!({ "error": sentence }));
}

#[test]
fn the_list_has_the_newest_first_and_links_to_its_other_pages() {
    let v1 = V1::start();
    for number in 0..4 {
        let email = format!("p{number}@example.com");
        v1.post("/promoters/create", &[("email", &email)]).expect(200);
    }
    let seen = v1.get("/promoters/list", &[("per_page", "2"), ("page", "2")]);
    let page = seen.expect(200);
    assert_like("v1/promoters/list", Fields, &page);
    assert_like("v1-published/promoters/list", Order, &page);
    let emails: Vec<_> = page.as_array().expect("a list").iter().map(|row| row["email"].clone()).collect();
    assert_eq!(emails, ["p1@example.com", "p0@example.com"]);
    assert_eq!((seen.header("total"), seen.header("per-page")), (Some("5"), Some("2")));
    let url = format!("{}/api/v1/promoters/list?per_page=2", v1.api.mock().url());
    let link = |page: u8, rel: &str| format!("<{url}&page={page}>; rel=\"{rel}\"");
    let links = [link(1, "first"), link(1, "prev"), link(3, "last"), link(3, "next")].join(", ");
    assert_eq!(seen.header("link"), Some(links.as_str()));
}

#[test]
fn the_list_of_a_campaign_has_those_accepted_to_it() {
    let v1 = V1::start();
    v1.post("/promoters/create", &[("email", "ann@example.com"), ("campaign_id", "5399")]).expect(200);
    assert_eq!(v1.get("/promoters/list", &[("campaign_id", "5399")]).expect(200), json!([]));
    let listed = v1.get("/promoters/list", &[("campaign_id", "13202")]);
    assert_eq!((listed.expect(200)[0]["id"].clone(), listed.header("total")), (json!(500001), Some("1")));
    assert_eq!(listed.header("link"), None);
    let refused = v1.get("/promoters/list", &[("campaign_id", "7")]).expect(422);
    assert_eq!(refused, json!({ "error": "Campaign not found." }));
}

#[test]
fn a_promoter_moves_with_his_referral_id_and_leaves_his_leads() {
    let v1 = V1::start();
    v1.signup("shelley@example.com", "u1");
    let pairs = [("ref_id", "jane89"), ("destination_campaign_id", "17476")];
    let jane = v1.post("/promoters/move_to_campaign", &pairs).expect(200);
    assert_like("v1/promoters/move_to_campaign", Fields, &jane);
    assert_like("v1-published/promoters/move_to_campaign", Order, &jane);
    let (new, old) = (&jane["promotions"][0], &jane["promotions"][1]);
    assert_eq!(
        (&new["campaign_id"], &new["ref_id"], &new["hidden"]),
        (&json!(17476), &json!("jane89"), &json!(false))
    );
    assert_eq!(
        (&old["campaign_id"], &old["hidden"], &old["leads_count"]),
        (&json!(13202), &json!(true), &json!(1))
    );
    assert_ne!(old["ref_id"], "jane89");
    assert_eq!((&jane["default_promotion_id"], &jane["default_ref_id"]), (&new["id"], &json!("jane89")));
}

#[test]
fn a_promoter_joins_a_further_campaign_with_another_referral_id() {
    let v1 = V1::start();
    let jane =
        v1.post("/promoters/add_to_campaign", &[("id", "500001"), ("campaign_id", "5399")]).expect(200);
    assert_like("v1/promoters/add_to_campaign", Fields, &jane);
    assert_like("v1-published/promoters/add_to_campaign", Order, &jane);
    let (new, old) = (&jane["promotions"][0], &jane["promotions"][1]);
    assert_eq!((&new["campaign_id"], &old["ref_id"]), (&json!(5399), &json!("jane89")));
    assert_ne!(new["ref_id"], "jane89");
    assert_eq!(jane["default_promotion_id"], old["id"]);
}

#[test]
fn moving_and_adding_are_refused_without_promoter_or_campaign() {
    let v1 = V1::start();
    let sentence =
        "You need to find the promoter either by id, cust_id, auth_token, ref_id or promoter_email";
    for (path, name) in [
        ("/promoters/move_to_campaign", "destination_campaign_id"),
        ("/promoters/add_to_campaign", "campaign_id"),
    ] {
        assert_eq!(v1.post(path, &[(name, "5399")]).expect(422), json!({ "error": sentence }));
        let unknown = v1.post(path, &[("cust_id", "x"), (name, "5399")]).expect(404);
        assert_eq!(unknown, json!({ "error": "Promoter not found." }));
        for pairs in [&[("id", "500001")][..], &[("id", "500001"), (name, "9")]] {
            assert_eq!(v1.post(path, pairs).expect(422), json!({ "error": "Campaign not found." }));
        }
        let there = v1.post(path, &[("id", "500001"), (name, "13202")]).expect(422);
        assert!(there["error"].is_string());
    }
    let elsewhere = [("id", "500001"), ("source_campaign_id", "5399"), ("destination_campaign_id", "17476")];
    let refused = v1.post("/promoters/move_to_campaign", &elsewhere).expect(422);
    assert_eq!(refused, json!({ "error": "Promotion not found." }));
}

#[test]
fn a_refreshed_token_replaces_the_former_one() {
    let v1 = V1::start();
    let token = |key: (&str, &str)| v1.put("/promoters/refresh_token", &[key]).expect(200);
    let first = v1.get("/promoters/show", &[("id", "500001")]).expect(200)["auth_token"].clone();
    let second = token(("auth_token", first.as_str().expect("a token")));
    assert_like("v1/promoters/refresh_token", Fields, &second);
    assert_like("v1-published/promoters/refresh_token", Order, &second);
    assert_ne!(second["auth_token"], first);
    assert_eq!(v1.get("/promoters/show", &[("auth_token", first.as_str().expect("a token"))]).status, 404);
    assert_eq!(
        v1.get("/promoters/show", &[("id", "500001")]).expect(200)["auth_token"],
        second["auth_token"]
    );
    for key in [("id", "500001"), ("ref_id", "jane89"), ("promoter_email", "jane@example.com")] {
        assert!(token(key)["auth_token"].is_string());
    }
}

#[test]
fn a_deleted_promoter_is_gone_with_everything_that_was_his() {
    let v1 = V1::start();
    let bob =
        v1.post("/promoters/create", &[("email", "bob@example.com"), ("ref_id", "bob"), ("cust_id", "b1")]);
    let bob = id(&bob.expect(200));
    v1.post("/track/signup", &[("uid", "u1"), ("ref_id", "bob")]).expect(200);
    v1.post("/track/sale", &[("uid", "u1"), ("event_id", "e1"), ("amount", "1000")]).expect(200);
    v1.post("/payouts/create", &[("promoter_id", &bob), ("status", "completed")]).expect(200);
    let gone = v1.delete("/promoters/delete", &[("cust_id", "b1")]).expect(200);
    assert_like("v1/promoters/delete", Fields, &gone);
    assert_like("v1-published/promoters/delete", Order, &gone);
    assert_eq!(gone, json!({ "message": "Promoter removed" }));
    assert_eq!(v1.get("/promoters/show", &[("id", &bob)]).status, 404);
    for path in ["/leads/list", "/rewards/list", "/payouts/list"] {
        assert_eq!(v1.get(path, &[]).expect(200), json!([]), "{path}");
    }
    assert_eq!(v1.api.try_get(&format!("/company/promoters/{bob}")).status, 404);
    v1.post("/promoters/create", &[("email", "bob@example.com"), ("ref_id", "bob"), ("cust_id", "b1")])
        .expect(200);
}

#[test]
fn refreshing_and_deleting_need_a_promoter() {
    let v1 = V1::start();
    let sentence =
        "You need to find the promoter either by id, cust_id, auth_token, ref_id or promoter_email";
    for (method, path) in [("PUT", "/promoters/refresh_token"), ("DELETE", "/promoters/delete")] {
        let call = |pairs: &[(&str, &str)]| v1.call_as(Encoding::Form, method, path, pairs);
        assert_eq!(call(&[]).expect(422), json!({ "error": sentence }));
        assert_eq!(call(&[("auth_token", "x")]).expect(404), json!({ "error": "Promoter not found." }));
    }
}

#[test]
fn a_promoter_takes_over_what_an_update_says() {
    let v1 = V1::start();
    let pairs = [("email", "john@example.com"), ("cust_id", "c1"), ("ref_id", "john"), ("note", "a note")];
    let john = v1.post("/promoters/create", &pairs).expect(200);
    let pairs = [
        ("cust_id", "c1"),
        ("email", "new@example.com"),
        ("new_cust_id", "c2"),
        ("new_ref_id", "johnny"),
        ("first_name", "Johnny"),
        ("temp_password", "secret"),
        ("promo_code", "JOHN10"),
        ("customer_promo_code", "SAVE10"),
        ("landing_url", "https://john.example"),
        ("parent_promoter_email", "jane@example.com"),
        ("note", ""),
    ];
    let changed = v1.put("/promoters/update", &pairs).expect(200);
    assert_like("v1/promoters/update", Fields, &changed);
    assert_eq!((&changed["id"], &changed["email"]), (&john["id"], &json!("new@example.com")));
    assert_eq!((&changed["cust_id"], &changed["default_ref_id"]), (&json!("c2"), &json!("johnny")));
    assert_eq!((&changed["note"], &changed["temp_password"]), (&json!(null), &json!("secret")));
    assert_eq!(
        (&changed["parent_promoter_id"], &changed["profile"]["first_name"]),
        (&json!(500001), &json!("Johnny"))
    );
    let promotion = &changed["promotions"][0];
    assert_eq!(
        (&promotion["promo_code"], &promotion["customer_promo_code"]),
        (&json!("JOHN10"), &json!("SAVE10"))
    );
    assert_eq!(promotion["referral_link"], "https://john.example?fpr=johnny");
    assert_eq!(v1.get("/promoters/show", &[("ref_id", "john")]).status, 404);
}

#[test]
fn an_update_finds_the_promoter_by_every_key_and_by_email_last() {
    let v1 = V1::start();
    let token = v1.get("/promoters/show", &[("id", "500001")]).expect(200)["auth_token"].clone();
    let token = token.as_str().expect("a token");
    v1.put("/promoters/update", &[("id", "500001"), ("new_cust_id", "c1")]).expect(200);
    for key in [
        ("id", "500001"),
        ("cust_id", "c1"),
        ("auth_token", token),
        ("ref_id", "jane89"),
        ("promoter_email", "jane@example.com"),
        ("email", "jane@example.com"),
    ] {
        let jane = v1.put("/promoters/update", &[key, ("last_name", key.0)]).expect(200);
        assert_eq!((&jane["id"], &jane["profile"]["last_name"]), (&json!(500001), &json!(key.0)));
        assert_eq!(jane["email"], "jane@example.com");
        let unknown = v1.put("/promoters/update", &[(key.0, "nobody@example.com")]).expect(404);
        assert_eq!(unknown, json!({ "error": "Promoter not found." }));
    }
    let sentence = "You need to find the promoter either by id, cust_id, auth_token, ref_id, promoter_email or \
                    promo_code";
    assert_eq!(v1.put("/promoters/update", &[("note", "x")]).expect(422), json!({ "error": sentence }));
}

#[test]
fn an_update_changes_the_promotion_of_the_named_campaign() {
    let v1 = V1::start();
    v1.post("/promoters/add_to_campaign", &[("id", "500001"), ("campaign_id", "5399")]).expect(200);
    let pairs = [("id", "500001"), ("campaign_id", "5399"), ("new_ref_id", "jane-partner")];
    let jane = v1.put("/promoters/update", &pairs).expect(200);
    assert_eq!(
        (&jane["default_ref_id"], &jane["promotions"][0]["ref_id"]),
        (&json!("jane89"), &json!("jane-partner"))
    );
    let other = [("id", "500001"), ("campaign_id", "17476"), ("new_ref_id", "x")];
    assert_eq!(v1.put("/promoters/update", &other).expect(422), json!({ "error": "Promotion not found." }));
}

#[test]
fn an_update_that_would_be_invalid_is_refused_and_changes_nothing() {
    let v1 = V1::start();
    v1.post("/promoters/create", &[("email", "bob@example.com"), ("ref_id", "bob"), ("cust_id", "b")])
        .expect(200);
    let refused = |pair: (&str, &str)| {
        v1.put("/promoters/update", &[("id", "500001"), ("note", "changed"), pair]).expect(422)
    };
    let taken = json!(["has already been taken"]);
    assert_eq!(refused(("email", "bob@example.com")), json!({ "company_user.user.email": taken }));
    assert_eq!(refused(("new_cust_id", "b")), json!({ "cust_id": taken }));
    assert_eq!(refused(("new_ref_id", "bob")), json!({ "promotions": [{ "ref_id": taken }] }));
    assert!(refused(("new_ref_id", "Not Allowed"))["promotions"].is_array());
    assert!(refused(("email", ""))["company_user.user.email"].is_array());
    assert_eq!(
        refused(("parent_promoter_email", "x@example.com")),
        json!({ "error": "Promoter not found." })
    );
    assert_eq!(v1.get("/promoters/show", &[("id", "500001")]).expect(200)["note"], json!(null));
}

#[test]
fn a_page_of_his_own_tells_a_promoters_visits_without_a_referral_id() {
    let v1 = V1::start();
    let bob = [
        ("email", "bob@example.com"),
        ("landing_url", "https://bob.example/offer"),
        ("url_tracking", "true"),
    ];
    let bob = v1.post("/promoters/create", &bob).expect(200);
    assert_eq!(bob["promotions"][0]["referral_link"], "https://bob.example/offer");
    let visit = json!({ "url": "https://bob.example/offer/?utm_source=mail" });
    let click = v1.api.admin("POST", "/clicks", visit).expect(201);
    assert_eq!(click["ref_id"], bob["default_ref_id"]);
    let tid = click["tid"].as_str().expect("a tracking id");
    let event = v1.post("/track/signup", &[("uid", "u1"), ("tid", tid)]).expect(200);
    assert_eq!(event["promoter"]["email"], "bob@example.com");
    let taken = json!({ "promotions": [{ "landing_url": ["has already been taken"] }] });
    let same = [("landing_url", "https://bob.example/offer"), ("url_tracking", "true")];
    let refused = v1.post("/promoters/create", &[&[("email", "ann@example.com")], &same[..]].concat());
    assert_eq!(refused.expect(422), taken);
    let refused = v1.put("/promoters/update", &[&[("id", "500001")], &same[..]].concat());
    assert_eq!(refused.expect(422), taken);
    v1.put("/promoters/update", &[("id", "500001"), same[0]]).expect(200);
    v1.api.admin("POST", "/clicks", json!({ "url": "https://elsewhere.example" })).expect(404);
}
