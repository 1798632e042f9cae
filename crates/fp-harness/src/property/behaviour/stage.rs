//! Records for the other properties to work on, all of them made by this run.

use serde_json::{Value, json};

use crate::run::{Session, Stop};

/// Promoters that are made, with referrals and sales each.
const PROMOTERS: usize = 7;

pub(super) fn set(session: &mut Session<'_>) -> Result<(), Stop> {
    for number in 0..PROMOTERS {
        let email = session.own(&format!("promoter{number}"));
        let made = session.client.ask(
            "POST",
            "/api/v2/company/promoters",
            &json!({ "email": format!("{email}@example.com") }),
        )?;
        let Some(reply) = made.json().filter(|_| made.is_success()) else { continue };
        let Some(token) = reply.pointer("/promoter_campaigns/0/ref_token").and_then(Value::as_str) else {
            continue;
        };
        for referral in 0..=number % 4 {
            let email = format!("{}@example.com", session.own(&format!("referral{number}.{referral}")));
            session.client.ask(
                "POST",
                "/api/v2/track/signup",
                &json!({ "email": email, "ref_id": token }),
            )?;
            for sale in 0..referral {
                let event_id = session.own(&format!("sale{number}.{referral}.{sale}"));
                let body =
                    json!({ "email": email, "event_id": event_id, "amount": 1000 * (sale + number + 1) });
                session.client.ask("POST", "/api/v2/track/sale", &body)?;
            }
        }
    }
    Ok(())
}
