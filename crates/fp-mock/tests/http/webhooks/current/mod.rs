//! Every event of the current system: what makes it happen, and what is sent.

mod money;
mod paying;
mod promoters;
mod referrals;
mod routing;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Hooks;

/// Jane in the starter scenario, her enrolment in the main campaign, and the campaigns.
const JANE: u64 = 500_001;
const JANE_MAIN: u64 = 600_001;
const MAIN: u64 = 13_202;
const PARTNERS: u64 = 5_399;

#[test]
fn every_event_type_has_a_test() {
    let tested = [promoters::TESTED, referrals::TESTED, money::TESTED, paying::TESTED].concat();
    let tested: BTreeSet<&str> = tested.into_iter().collect();
    let listed = crate::kit::Api::start().get("/company/webhooks/event_types");
    let listed = listed["data"].as_array().expect("a list");
    assert_eq!(listed.iter().filter_map(Value::as_str).collect::<BTreeSet<_>>(), tested);
}

impl Hooks {
    /// Settles, and answers the only event that came in. Its signature is good, its headers agree with it, and
    /// the contract has nothing against it.
    #[track_caller]
    fn only(&self) -> Value {
        let mut events = self.events();
        assert_eq!(events.len(), 1, "{events:#?}");
        events.remove(0)
    }

    /// Settles, and answers the events that came in.
    #[track_caller]
    fn events(&self) -> Vec<Value> {
        let received = self.received();
        for request in &received {
            let event = request.json();
            assert_eq!(request.header("x-event-type"), event["event_type"].as_str());
            assert_eq!(request.header("x-event-id"), event["event_id"].as_str());
        }
        self.assert_no_violations();
        received.iter().map(super::receiver::Received::json).collect()
    }

    /// Nothing was sent that the contract has something against.
    #[track_caller]
    pub fn assert_no_violations(&self) {
        let found = self.api.admin("GET", "/violations?side=response", Value::Null).expect(200);
        assert_eq!(found["violations"], json!([]));
    }

    /// A promoter in the main campaign, who is accepted by himself.
    #[track_caller]
    fn promoter(&self, email: &str) -> Value {
        let profile = json!({ "first_name": "Bob", "last_name": "Meyer" });
        self.api.post("/company/promoters", json!({ "email": email, "profile": profile })).expect(201)
    }

    /// A sale of a lead of Jane's, who signs up first.
    #[track_caller]
    fn sale(&self, email: &str, event_id: &str, amount: i64) -> Value {
        self.sign_up(email);
        let sale = json!({ "email": email, "event_id": event_id, "amount": amount });
        self.api.post("/track/sale", sale).expect(200)
    }
}

/// What says what an event is about: type, action, entity, id.
fn about(event: &Value) -> (&str, &str, &str, u64) {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    (text("event_type"), text("action"), text("entity_type"), event["entity_id"].as_u64().unwrap_or_default())
}

/// The id of a record.
fn id(record: &Value) -> u64 {
    record["id"].as_u64().expect("an id")
}
