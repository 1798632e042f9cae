//! `/__admin/batches`.

use serde_json::{Value, json};

use crate::kit::Api;

/// Six referrals and the batch that disables them.
fn batch_of_six(api: &Api) -> (Vec<u64>, u64) {
    let make = |at| {
        let email = format!("c{at}@example.com");
        api.mock().given().referral_of("jane89", json!({ "email": email })).id()
    };
    let ids: Vec<u64> = (0..6).map(make).collect();
    let batch = api.post("/company/referrals/disable", json!({ "ids": ids })).expect(202);
    (ids, batch["id"].as_u64().expect("an id"))
}

fn manual() -> Api {
    let api = Api::start();
    api.admin("PUT", "/batches", json!({ "progression": "manual" })).expect(200);
    api
}

#[test]
fn a_batch_goes_on_step_by_step_when_told() {
    let api = manual();
    let (_, id) = batch_of_six(&api);
    api.advance("1h");
    let shown = || api.get(&format!("/company/batch_processes/{id}"));
    assert_eq!(shown()["status"], "pending", "nothing goes on by itself");
    let stepped = api.admin("POST", &format!("/batches/{id}/step"), json!({ "items": 2 })).expect(200);
    assert_eq!(
        (stepped["status"].as_str(), stepped["processed_count"].as_u64()),
        (Some("in_progress"), Some(2))
    );
    api.admin("POST", &format!("/batches/{id}/step"), Value::Null).expect(200);
    assert_eq!(shown()["processed_count"], 3);
    let drained = api.admin("POST", &format!("/batches/{id}/drain"), Value::Null).expect(200);
    assert_eq!((drained["status"].as_str(), drained["progress"].as_u64()), (Some("completed"), Some(100)));
}

#[test]
fn a_stopped_batch_stays_where_it_is() {
    let api = manual();
    let (_, id) = batch_of_six(&api);
    api.admin("POST", &format!("/batches/{id}/step"), Value::Null).expect(200);
    let stopped = api.admin("POST", &format!("/batches/{id}/stop"), Value::Null).expect(200);
    assert_eq!((stopped["status"].as_str(), stopped["processed_count"].as_u64()), (Some("stopped"), Some(1)));
    let again = api.admin("POST", &format!("/batches/{id}/stop"), Value::Null).expect(422);
    assert!(again["message"].is_string() && again["hint"].is_string(), "{again}");
    api.admin("POST", &format!("/batches/{id}/drain"), Value::Null).expect(200);
    assert_eq!(api.get(&format!("/company/batch_processes/{id}"))["processed_count"], 1);
}

#[test]
fn ids_fail_when_the_test_wants_them_to() {
    let api = manual();
    let (ids, id) = batch_of_six(&api);
    let failing = json!({ "ids": [ids[0], ids[3]], "error": "out of luck" });
    api.admin("POST", &format!("/batches/{id}/fail"), failing).expect(200);
    let drained = api.admin("POST", &format!("/batches/{id}/drain"), Value::Null).expect(200);
    assert_eq!((drained["status"].as_str(), drained["failed_count"].as_u64()), (Some("completed"), Some(2)));
    assert!(drained["processing_errors"].to_string().contains("out of luck"), "{drained}");
}

#[test]
fn batches_go_at_once_or_at_another_pace() {
    let api = Api::start();
    api.admin("PUT", "/batches", json!({ "progression": "immediate" })).expect(200);
    let (_, id) = batch_of_six(&api);
    api.advance("0s");
    assert_eq!(api.get(&format!("/company/batch_processes/{id}"))["status"], "completed");
    let slow = Api::start();
    slow.admin("PUT", "/batches", json!({ "progression": "time", "seconds_per_item": 10 })).expect(200);
    let (_, id) = batch_of_six(&slow);
    slow.advance("20s");
    assert_eq!(slow.get(&format!("/company/batch_processes/{id}"))["processed_count"], 2);
}

#[test]
fn calls_that_make_no_sense_are_refused() {
    let api = manual();
    let (_, id) = batch_of_six(&api);
    for (method, path, body, status) in [
        ("PUT", "/batches".to_owned(), json!({ "progression": "sideways" }), 400),
        ("PUT", "/batches".to_owned(), json!({ "progression": "manual", "seconds_per_item": 1 }), 400),
        ("PUT", "/batches".to_owned(), json!({}), 400),
        ("POST", format!("/batches/{id}/leap"), Value::Null, 404),
        ("POST", format!("/batches/{id}/step"), json!({ "items": -1 }), 400),
        ("POST", format!("/batches/{id}/fail"), json!({ "ids": [1] }), 400),
        ("POST", format!("/batches/{id}/drain"), json!({ "items": 1 }), 400),
        ("POST", "/batches/999999/drain".to_owned(), Value::Null, 404),
        ("POST", "/batches/x/stop".to_owned(), Value::Null, 404),
    ] {
        let refused = api.admin(method, &path, body).expect(status);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{method} {path}: {refused}");
    }
}
