//! `refused_write_changes_nothing`, `put_is_idempotent`.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::{LISTS, with};
use crate::run::{Session, Stop};

pub(super) const REFUSED_WRITE_CHANGES_NOTHING: Behaviour = Behaviour {
    code: "refused_write_changes_nothing",
    promise: "a call that is refused leaves every record as it was",
    writes: true,
    run: refused,
};

pub(super) const PUT_IS_IDEMPOTENT: Behaviour = Behaviour {
    code: "put_is_idempotent",
    promise: "the same PUT twice leaves what it left once",
    writes: true,
    run: twice,
};

/// Writes that must be refused, whatever the state.
fn refused_writes(session: &Session<'_>) -> Vec<(&'static str, String, Value)> {
    let email = format!("{}@example.com", session.own("promoter0"));
    let enrolment = session.pool.of("", "promoter_campaign_id").last().cloned().unwrap_or(json!(1));
    let split = json!([{ "promoter_campaign_id": enrolment, "percentage": 101 }]);
    let post = |path: &str, body: Value| ("POST", format!("/api/v2{path}"), body);
    vec![
        post("/company/promoters", json!({ "email": email })),
        post("/company/promoters", json!({ "email": "no address" })),
        post("/company/promoters", json!({ "email": "new@example.com", "initial_campaign_id": 1 })),
        post(
            "/company/referrals",
            json!({ "email": "x@example.com", "promoter_campaign_id": enrolment, "split_details": split }),
        ),
        post("/company/webhooks", json!({ "url": "https://example.com", "event_types": ["no.such"] })),
        post(
            "/company/commissions",
            json!({ "commission_type": "custom", "promoter_campaign_id": 1, "amount": 5 }),
        ),
        post("/company/payouts/create_payments_batch", json!({ "method": "pigeon" })),
        post("/track/sale", json!({ "event_id": "only" })),
        post("/track/sale", json!({ "email": "stranger@example.com", "event_id": "strange", "amount": 100 })),
        post("/track/signup", json!({ "email": "y@example.com", "ref_id": "no-such-token" })),
        ("PUT", "/api/v2/company/promoter_campaigns/0".into(), json!({ "ref_token": "stolen" })),
    ]
}

fn refused(session: &mut Session<'_>) -> Result<(), Stop> {
    session.learn("/api/v2/company/promoter_campaigns?per_page=100")?;
    for (method, target, body) in refused_writes(session) {
        if !session.wants_target(method, &target) {
            continue;
        }
        let before = state(session)?;
        let exchange = session.ask(method, &target, &body)?;
        if !exchange.is_refusal() {
            session
                .findings()
                .skip(REFUSED_WRITE_CHANGES_NOTHING.code, format!("{method} {target} is not refused"));
            continue;
        }
        let after = state(session)?;
        let changed = before.iter().zip(&after).find(|(before, after)| before != after);
        let message =
            format!("expected every list as before, found {:?} changed", changed.map(|(list, _)| &list.0));
        session.verify(
            REFUSED_WRITE_CHANGES_NOTHING.code,
            changed.is_none(),
            "a refused call left a trace",
            &message,
            &[&exchange],
        );
    }
    Ok(())
}

/// Every list as it is answered.
fn state(session: &mut Session<'_>) -> Result<Vec<(&'static str, Vec<u8>)>, Stop> {
    let mut lists = Vec::new();
    for (path, _) in LISTS {
        let exchange = session.ask("GET", &with(path, "per_page=100"), &Value::Null)?;
        lists.push((*path, exchange.body));
    }
    Ok(lists)
}

fn twice(session: &mut Session<'_>) -> Result<(), Stop> {
    let email = format!("{}@example.com", session.own("idempotent"));
    let made = session.ask("POST", "/api/v2/company/promoters", &json!({ "email": email }))?;
    let Some(reply) = made.json().filter(|_| made.is_success()) else { return Ok(()) };
    let promoter = format!("/api/v2/company/promoters/{}", reply["id"]);
    let mut puts =
        vec![(promoter, json!({ "cust_id": session.own("twice"), "profile": { "first_name": "Twice" } }))];
    if let Some(enrolment) = reply.pointer("/promoter_campaigns/0/id") {
        let record = format!("/api/v2/company/promoter_campaigns/{enrolment}");
        puts.push((record, json!({ "coupon": session.own("code"), "state": "accepted" })));
    }
    for (record, body) in puts {
        let once = session.ask("PUT", &record, &body)?;
        let again = session.ask("PUT", &record, &body)?;
        let same = once.status == again.status && once.json() == again.json();
        let message = format!("expected the same answer twice, found {} and {}", once.status, again.status);
        session.verify(
            PUT_IS_IDEMPOTENT.code,
            same,
            "the second PUT answers otherwise",
            &message,
            &[&made, &once, &again],
        );
    }
    Ok(())
}
