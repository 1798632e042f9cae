//! `/company/batch_processes`.

use serde_json::json;

use crate::kit::Api;

#[test]
fn without_batches_the_lists_are_empty() {
    let api = Api::start();
    assert_eq!(api.get("/company/batch_processes"), json!([]));
    assert_eq!(api.get("/company/batch_processes/progress"), json!({}));
}

#[test]
fn an_unknown_batch_or_status_is_refused() {
    let api = Api::start();
    assert_eq!(api.try_get("/company/batch_processes/77").expect(404)["code"], "not_found");
    let refused = api.try_get("/company/batch_processes?filters[status]=asleep").expect(422);
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("filters[status]")), "{refused}");
}
