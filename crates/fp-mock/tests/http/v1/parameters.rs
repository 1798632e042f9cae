//! However parameters are sent, they mean the same; and who may send any.

use fp_mock::Mock;
use fp_mock::api::auth::Keys;
use serde_json::{Value, json};

use super::client::{ENCODINGS, Encoding, V1};
use crate::kit::Api;

/// What of a reply does not depend on the moment and the account's counters.
fn settled(mut promoter: Value) -> Value {
    let map = promoter.as_object_mut().expect("an object");
    for made in ["id", "pref", "auth_token", "default_promotion_id"] {
        map.remove(made);
    }
    for promotion in map["promotions"].as_array_mut().expect("a list") {
        for made in ["id", "promoter_id"] {
            promotion.as_object_mut().expect("an object").remove(made);
        }
    }
    map["profile"].as_object_mut().expect("an object").remove("id");
    promoter
}

#[test]
fn query_form_and_json_make_the_same_promoter() {
    let pairs = [
        ("email", "ann+fp@example.com"),
        ("first_name", "Ann Marie"),
        ("last_name", "Møller & Søn"),
        ("note", ""),
        ("ref_id", "ann"),
        ("url_tracking", "false"),
        ("campaign_id", "5399"),
        ("always_approve", "true"),
    ];
    let made: Vec<Value> = ENCODINGS
        .iter()
        .map(|encoding| {
            let v1 = V1::start();
            settled(v1.call_as(*encoding, "POST", "/promoters/create", &pairs).expect(200))
        })
        .collect();
    assert_eq!((&made[0]["email"], &made[0]["note"]), (&json!("ann+fp@example.com"), &json!(null)));
    assert_eq!(made[0]["profile"]["last_name"], "Møller & Søn");
    for (other, encoding) in made.iter().zip(ENCODINGS) {
        assert_eq!(other, &made[0], "{encoding:?}");
    }
}

#[test]
fn a_get_reads_its_parameters_from_the_body_too() {
    let v1 = V1::start();
    v1.signup("a@example.com", "u1");
    for encoding in ENCODINGS {
        let shown = v1.call_as(encoding, "GET", "/leads/show", &[("uid", "u1")]).expect(200);
        assert_eq!(shown["email"], "a@example.com", "{encoding:?}");
        let list = v1.call_as(encoding, "GET", "/leads/list", &[("ref_id", "jane89"), ("per_page", "1")]);
        assert_eq!((list.expect(200)[0]["uid"].clone(), list.header("per-page")), (json!("u1"), Some("1")));
    }
    for encoding in ENCODINGS {
        let gone = v1.call_as(encoding, "DELETE", "/leads/delete", &[("uid", "u2")]);
        assert_eq!(gone.status, 404, "{encoding:?}");
    }
}

#[test]
fn plus_percent_repeated_names_and_a_charset_are_read_as_rails_reads_them() {
    let v1 = V1::start();
    let send = |content_type: &str, body: &str| {
        let headers = [("x-api-key", "1"), ("content-type", content_type)].map(|(n, v)| (n.into(), v.into()));
        v1.api.send("POST", "/api/v1/track/signup", &headers, body.as_bytes()).expect(200)["lead"].clone()
    };
    let form = "application/x-www-form-urlencoded; charset=UTF-8";
    let lead = send(form, "email=a%2Bb@example.com&username=A+B%20C&ref_id=jane89");
    assert_eq!((&lead["email"], &lead["username"]), (&json!("a+b@example.com"), &json!("A B C")));
    let lead = send(form, "uid=first&uid=last&ref_id=jane89&custom_fields[a]=1&custom_fields%5Bb%5D=2");
    assert_eq!((&lead["uid"], &lead["custom_fields"]), (&json!("last"), &json!({ "a": "1", "b": "2" })));
    let lead = send(form, "uid=u3&ref_id=jane89&custom_fields=%7B%22a%22%3A1%7D");
    assert_eq!(lead["custom_fields"], json!({ "a": 1 }));
    let lead = send("application/json; charset=utf-8", r#"{"uid": "7", "ref_id": "jane89"}"#);
    assert_eq!(lead["uid"], "7");
}

#[test]
fn unknown_parameters_are_ignored_and_unreadable_ones_refused() {
    let v1 = V1::start();
    let pairs = [("email", "a@example.com"), ("ref_id", "jane89"), ("_fprom", "x"), ("utf8", "✓")];
    v1.post("/track/signup", &pairs).expect(200);
    let headers =
        [("x-api-key", "1"), ("content-type", "application/json")].map(|(n, v)| (n.into(), v.into()));
    let refused = |path: &str| v1.api.send("POST", &format!("/api/v1{path}"), &headers, b"{oops").json();
    assert!(refused("/track/sale")["message"].is_string());
    assert!(refused("/promoters/create")["error"].is_string());
    let page = v1.get("/leads/list?page=none", &[]);
    assert!(page.expect(422)["error"].is_string());
}

#[test]
fn only_a_known_key_opens_an_account() {
    let v1 = V1::start();
    for headers in [vec![], vec![("x-api-key".to_owned(), String::new())]] {
        for (method, path) in
            [("GET", "/promoters/list"), ("POST", "/track/sale"), ("GET", "/reports/overview")]
        {
            let seen = v1.api.send(method, &format!("/api/v1{path}"), &headers, b"");
            assert_eq!(seen.expect(401), json!("Bad credentials"), "{path}");
        }
    }
    let other = [("X-API-KEY".to_owned(), "another-account".to_owned())];
    v1.signup("a@example.com", "u1");
    let seen = v1.api.send("GET", "/api/v1/leads/list", &other, b"");
    assert_eq!(seen.expect(200), json!([]), "a key of another account sees that account");
}

#[test]
fn a_key_that_may_not_do_this_is_refused_like_a_wrong_one() {
    let keys = Keys::parse(&["1=1:viewer".into(), "p=1:promoter".into(), "a=1".into()]).expect("keys");
    let v1 = V1 { api: Api::with(Mock::builder().keys(keys)) };
    assert_eq!(v1.get("/promoters/list", &[]).status, 200);
    let refused = v1.post("/promoters/create", &[("email", "ann@example.com")]);
    assert_eq!(refused.expect(401), json!("Bad credentials"));
    let with = |key: &str| [("x-api-key".to_owned(), key.to_owned())];
    let list = |key: &str| v1.api.send("GET", "/api/v1/promoters/list", &with(key), b"");
    assert_eq!((list("p").status, list("unknown").status, list("a").status), (401, 401, 200));
}

#[test]
fn what_cannot_be_read_is_refused_though_it_would_not_count() {
    let v1 = V1::start();
    v1.signup("a@example.com", "u1");
    let read = |method, path, pairs: &[(&str, &str)]| v1.call_as(Encoding::Form, method, path, pairs);
    let by_id = [("id", "500001"), ("ref_id[]", "jane89")];
    assert!(read("PUT", "/promoters/refresh_token", &by_id).expect(422)["error"].is_string());
    let by_uid = [("uid", "u1"), ("email[]", "a@example.com")];
    assert!(read("GET", "/leads/show", &by_uid).expect(422)["error"].is_string());
    for name in ["start_recurring_reward_in", "recurring_reward_frequency", "max_recurring"] {
        for value in ["often", "-1"] {
            let stranger = [("uid", "nobody"), ("event_id", "e"), ("amount", "100"), (name, value)];
            let refused = v1.post("/track/sale", &stranger).expect(400);
            assert!(refused["message"].as_str().is_some_and(|text| text.contains(name)), "{refused}");
        }
        let stranger = [("uid", "nobody"), ("event_id", "e"), ("amount", "100"), (name, "3")];
        assert_eq!(v1.post("/track/sale", &stranger).status, 204, "{name}");
    }
}

#[test]
fn the_pages_of_a_list_are_linked_until_the_last() {
    let v1 = V1::start();
    for number in 0..5 {
        v1.signup(&format!("p{number}@example.com"), &format!("u{number}"));
    }
    let (mut seen, mut next) = (Vec::new(), Some("/leads/list?per_page=2&ref_id=jane89".to_owned()));
    while let Some(path) = next {
        let page = v1.call_as(Encoding::Query, "GET", &path, &[]);
        seen.extend(page.expect(200).as_array().expect("a list").iter().map(|lead| lead["uid"].clone()));
        let links = page.header("link").unwrap_or_default().split(", ");
        let url = links.filter_map(|link| link.strip_suffix("; rel=\"next\"")).next();
        let base = format!("<{}/api/v1", v1.api.mock().url());
        next = url.map(|url| url.trim_start_matches(base.as_str()).trim_end_matches('>').to_owned());
    }
    assert_eq!(seen, ["u4", "u3", "u2", "u1", "u0"]);
}
