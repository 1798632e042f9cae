//! `/track/sale`.

use serde_json::{Value, json};

use crate::kit::Api;

#[test]
fn a_sale_of_60_dollars_at_20_per_cent_earns_12_dollars() {
    let api = Api::start();
    api.post("/track/signup", json!({ "email": "lead@example.com", "ref_id": "jane89" })).expect(200);
    let sale = json!({ "email": "lead@example.com", "event_id": "e1", "amount": 6000 });
    let event = api.post("/track/sale", sale).expect(200);
    assert_eq!(event["etype"], "sale");
    assert_eq!(event["sale_amount"], 6000);
    assert_eq!(event["original_sale_currency"], Value::Null);
    let commissions = event["commissions"].as_array().expect("a list");
    assert_eq!(commissions.len(), 1);
    let commission = &commissions[0];
    assert_eq!(commission["amount"], 1200);
    assert_eq!(commission["status"], "approved");
    assert_eq!(commission["reward"]["name"], "20% recurring commission");
    assert_eq!(commission["promoter_campaign"]["promoter"]["email"], "jane@example.com");
    assert_eq!(commission["referral"]["email"], "lead@example.com");
}
