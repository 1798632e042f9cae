//! `/company/promoters`.

mod actions;
mod charts;
mod list;
mod moving;
mod record;

use serde_json::{Value, json};

use crate::kit::Api;

/// Makes a promoter of this name and answers his id.
#[track_caller]
fn promoter(api: &Api, name: &str) -> u64 {
    let body = json!({ "email": format!("{name}@example.com"), "profile": { "first_name": name } });
    id(&api.post("/company/promoters", body).expect(201))
}

fn id(record: &Value) -> u64 {
    record["id"].as_u64().expect("an id")
}
