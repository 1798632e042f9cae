//! `/company/emails`.

mod list;
mod records;
mod rounds;
mod sending;
mod theme;
mod triggers;

use serde_json::{Value, json};

use crate::kit::Api;

/// An e-mail to all campaigns with this trigger.
fn body(trigger_on: &str, settings: Value) -> Value {
    json!({
        "name": format!("On {trigger_on}"),
        "subject": "Hi {{first_name}}",
        "content": "<p>Dear {{name}} of {{campaign_name}}</p>",
        "allowed_campaign_ids": [],
        "trigger": { "enabled": true, "trigger_on": trigger_on, "settings": settings },
    })
}

/// Makes an e-mail and answers it.
#[track_caller]
fn email(api: &Api, trigger_on: &str, settings: Value) -> Value {
    api.post("/company/emails", body(trigger_on, settings)).expect(200)
}

/// A promoter of 13202, who is in at once, in the starter scenario.
#[track_caller]
fn promoter(api: &Api, name: &str) -> Value {
    let body = json!({
        "email": format!("{name}@example.com"),
        "profile": { "first_name": name },
        "initial_campaign_id": 13202,
    });
    api.post("/company/promoters", body).expect(201)
}

/// Lets everything that is due happen, and answers the copies that went out, the newest first.
#[track_caller]
fn sent(api: &Api, query: &str) -> Vec<Value> {
    api.advance("0s");
    let answer = api.admin("GET", &format!("/emails?{query}"), Value::Null).expect(200);
    assert_eq!(answer["meta"]["total"].as_u64(), answer["emails"].as_array().map(|rows| rows.len() as u64));
    answer["emails"].as_array().expect("a list").clone()
}

/// The addresses of those copies.
#[track_caller]
fn addresses(api: &Api, query: &str) -> Vec<String> {
    sent(api, query).iter().map(|row| row["to"].as_str().expect("an address").to_owned()).collect()
}
