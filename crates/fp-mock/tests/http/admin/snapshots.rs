//! `/__admin/snapshots`.

use serde_json::{Value, json};

use crate::kit::Api;

fn referrals(api: &Api) -> usize {
    let list = api.get("/company/referrals");
    list.as_array().or(list["data"].as_array()).map_or(0, Vec::len)
}

#[test]
fn a_snapshot_brings_records_ids_queue_and_clock_back() {
    let api = Api::start();
    api.post("/track/signup", json!({ "uid": "cus_1", "ref_id": "jane89" })).expect(200);
    api.advance("1h");
    let kept = api.admin("POST", "/snapshots", Value::Null).expect(201);
    assert_eq!(kept, json!({ "id": "1", "account": "1", "now": "2025-01-15T11:30:00.000Z" }));
    let signup = || api.post("/track/signup", json!({ "uid": "cus_2", "ref_id": "jane89" })).expect(200);
    let first = signup();
    api.advance("1d");
    assert_eq!(referrals(&api), 2);
    let back = api.admin("POST", "/snapshots/1/restore", Value::Null).expect(200);
    assert_eq!(back["now"], "2025-01-15T11:30:00.000Z");
    assert_eq!(api.admin("GET", "/clock", Value::Null).expect(200)["now"], "2025-01-15T11:30:00.000Z");
    assert_eq!(referrals(&api), 1);
    assert_eq!(signup(), first, "ids and tokens come out again as they did");
}

#[test]
fn snapshots_belong_to_their_account_outlive_resets_and_can_be_forgotten() {
    let api = Api::start();
    api.admin("POST", "/snapshots", Value::Null).expect(201);
    api.admin("POST", "/reset", Value::Null).expect(200);
    let list = api.admin("GET", "/snapshots", Value::Null).expect(200);
    assert_eq!(list["snapshots"].as_array().map(Vec::len), Some(1));
    let other = api.as_account("2");
    assert_eq!(other.admin("GET", "/snapshots", &Value::Null).expect(200)["snapshots"], json!([]));
    other.admin("POST", "/snapshots/1/restore", &Value::Null).expect(404);
    api.admin("POST", "/snapshots/1/restore", Value::Null).expect(200);
    api.admin("DELETE", "/snapshots/1", Value::Null).expect(200);
    for (method, path) in
        [("POST", "/snapshots/1/restore"), ("DELETE", "/snapshots/1"), ("DELETE", "/snapshots/x")]
    {
        let refused = api.admin(method, path, Value::Null).expect(404);
        assert!(refused["message"].is_string() && refused["hint"].is_string(), "{refused}");
    }
}
