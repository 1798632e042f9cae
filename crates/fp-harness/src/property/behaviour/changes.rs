//! `put_changes_what_it_names`: an update is kept, and changes nothing else.

use serde_json::{Map, Value, json};

use super::Behaviour;
use crate::exchange::Exchange;
use crate::run::{Session, Stop};

pub(super) const PUT_CHANGES_WHAT_IT_NAMES: Behaviour = Behaviour {
    code: "put_changes_what_it_names",
    promise: "an update is kept, and leaves what it does not name as it was",
    writes: true,
    run,
};

/// Members that follow from others.
const DERIVED: [&str; 3] = ["name", "updated_at", "is_customized"];

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    let own = session.own("changed");
    let profile =
        json!({ "first_name": "Ada", "last_name": "Byron", "website": "https://www.example.com/ada" });
    let body = json!({ "email": format!("{own}@example.com"), "cust_id": own, "profile": profile });
    let made = session.ask("POST", "/api/v2/company/promoters", &body)?;
    let Some(id) = made.json().filter(|_| made.is_success()).and_then(|reply| reply.get("id")?.as_u64())
    else {
        session.findings().skip(PUT_CHANGES_WHAT_IT_NAMES.code, "no promoter could be made");
        return Ok(());
    };
    let record = format!("/api/v2/company/promoters/{id}");
    let changes = [
        json!({ "email": format!("{own}-2@example.com") }),
        json!({ "profile": { "website": "https://www.example.com/engines" } }),
        json!({ "cust_id": format!("{own}-2") }),
        json!({ "profile": { "first_name": "Augusta Ada" } }),
    ];
    for change in changes {
        put(session, &made, &record, &change)?;
    }
    Ok(())
}

fn put(session: &mut Session<'_>, made: &Exchange, record: &str, change: &Value) -> Result<(), Stop> {
    let code = PUT_CHANGES_WHAT_IT_NAMES.code;
    let before = session.ask("GET", record, &Value::Null)?;
    let done = session.ask("PUT", record, change)?;
    if !done.is_success() {
        session.findings().skip(code, format!("PUT is answered {}", done.status));
        return Ok(());
    }
    let after = session.ask("GET", record, &Value::Null)?;
    let (mut old, mut new) = (leaves(before.json()), leaves(after.json()));
    for (place, asked) in leaves(Some(change.clone())) {
        let found = new.remove(&place);
        old.remove(&place);
        let message = format!("expected {asked} at {place} after the change, found {found:?}");
        session.verify(
            code,
            found.as_ref() == Some(&asked),
            "a change is not kept",
            &message,
            &[made, &done, &after],
        );
    }
    let differs = old.iter().find(|(place, value)| new.get(*place) != Some(*value));
    let message = differs.map_or_else(String::new, |(place, value)| {
        format!("expected {value} at {place} as before, found {:?}", new.get(place))
    });
    let shown = [made, &before, &done, &after];
    session.verify(code, differs.is_none(), "something else is changed", &message, &shown);
    Ok(())
}

/// Every plain value of an object by its place, what follows from others left out.
fn leaves(body: Option<Value>) -> Map<String, Value> {
    let mut found = Map::new();
    collect("", &body.unwrap_or_default(), &mut found);
    found.retain(|place, _| !DERIVED.iter().any(|name| place.ends_with(&format!("/{name}"))));
    found
}

fn collect(place: &str, value: &Value, found: &mut Map<String, Value>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| collect(&format!("{place}/{name}"), value, found));
        }
        other => {
            found.insert(place.to_owned(), other.clone());
        }
    }
}
