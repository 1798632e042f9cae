//! `ensure_resource_availability`, `use_after_free`: what was made can be read, what was deleted cannot.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::{LISTS, ids, with};
use crate::exchange::Exchange;
use crate::run::{Session, Stop};

pub(super) const ENSURE_RESOURCE_AVAILABILITY: Behaviour = Behaviour {
    code: "ensure_resource_availability",
    promise: "a record that was just made can be read, and shows what it was made with",
    writes: true,
    run: availability,
};

pub(super) const USE_AFTER_FREE: Behaviour = Behaviour {
    code: "use_after_free",
    promise: "a record that was deleted is no longer found",
    writes: true,
    run: after_deletion,
};

/// How a kind of record is made, and what it must show then.
fn kinds(session: &Session<'_>, mark: &str) -> Vec<(&'static str, Value, &'static str)> {
    let own = session.own(mark);
    let url = "https://127.0.0.1:9/none";
    let mut kinds = vec![
        (
            "/api/v2/company/promoters",
            json!({ "email": format!("{own}@example.com"), "cust_id": own }),
            "cust_id",
        ),
        (
            "/api/v2/company/webhooks",
            json!({ "url": url, "event_types": ["promoter.deleted"], "active": false, "description": own }),
            "description",
        ),
        (
            "/api/v2/company/emails",
            json!({ "name": own, "subject": "s", "content": "c", "allowed_campaign_ids": [],
                "trigger": { "enabled": false, "trigger_on": "broadcast", "settings": {} } }),
            "name",
        ),
    ];
    if let Some(enrolment) = session.pool.of("", "promoter_campaign_id").last() {
        let body = json!({ "email": format!("{own}@example.com"), "username": own, "promoter_campaign_id": enrolment });
        kinds.push(("/api/v2/company/referrals", body, "username"));
    }
    kinds
}

fn make(session: &mut Session<'_>, path: &str, body: &Value) -> Result<Option<(Exchange, String)>, Stop> {
    let made = session.ask("POST", path, body)?;
    let id = made.json().filter(|_| made.is_success()).and_then(|reply| reply.get("id")?.as_u64());
    Ok(id.map(|id| (made, format!("{path}/{id}"))))
}

/// Whether the list at `path` shows the record; `None` if it is too long to say.
fn is_listed(session: &mut Session<'_>, path: &str, id: u64) -> Result<Option<(Exchange, bool)>, Stop> {
    let at = LISTS.iter().find(|(list, _)| *list == path).map_or("", |(_, at)| *at);
    let list = session.ask("GET", &with(path, "per_page=100"), &Value::Null)?;
    let listed = ids(&list, at).filter(|ids| ids.len() < 100);
    Ok(listed.map(|ids| (list, ids.contains(&id))))
}

fn availability(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = ENSURE_RESOURCE_AVAILABILITY.code;
    session.learn("/api/v2/company/promoter_campaigns?per_page=100")?;
    for (path, body, shown) in kinds(session, "made") {
        let Some((made, record)) = make(session, path, &body)? else {
            session.findings().skip(code, format!("nothing could be made at {path}"));
            continue;
        };
        let read = session.ask("GET", &record, &Value::Null)?;
        let message = format!("expected 200 for the record just made, found {}", read.status);
        session.verify(
            code,
            read.is_success(),
            &format!("{} after it was made", read.status),
            &message,
            &[&made, &read],
        );
        let id = made.json().and_then(|reply| reply.get("id")?.as_u64()).unwrap_or_default();
        if let Some((list, listed)) = is_listed(session, path, id)? {
            let message = format!("expected record {id} in the list");
            session.verify(code, listed, "it is not in its list", &message, &[&made, &list]);
        }
        let (asked, found) = (body.get(shown), read.json().and_then(|reply| reply.get(shown).cloned()));
        let message = format!("expected {shown} {asked:?}, found {found:?}");
        session.verify(
            code,
            found.as_ref() == asked,
            &format!("{shown} is not what was sent"),
            &message,
            &[&made, &read],
        );
    }
    Ok(())
}

fn after_deletion(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = USE_AFTER_FREE.code;
    for (path, body, _) in kinds(session, "deleted") {
        // Promoters are archived, not deleted.
        if path.ends_with("/promoters") {
            continue;
        }
        let Some((made, record)) = make(session, path, &body)? else { continue };
        let id = made.json().and_then(|reply| reply.get("id")?.as_u64()).unwrap_or_default();
        session.ask("GET", &record, &Value::Null)?;
        is_listed(session, path, id)?;
        let deleted = if path.ends_with("/referrals") {
            session.ask("DELETE", path, &json!({ "ids": [id] }))?
        } else {
            session.ask("DELETE", &record, &Value::Null)?
        };
        let read = session.ask("GET", &record, &Value::Null)?;
        if let Some((list, listed)) = is_listed(session, path, id)? {
            let message = format!("expected record {id} no longer in the list");
            session.verify(code, !listed, "it is still in its list", &message, &[&made, &deleted, &list]);
        }
        let gone = read.status == 404;
        let message = format!("expected 404 after DELETE answered {}, found {}", deleted.status, read.status);
        session.verify(
            code,
            gone,
            &format!("{} after deletion", read.status),
            &message,
            &[&made, &deleted, &read],
        );
    }
    Ok(())
}
