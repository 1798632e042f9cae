//! Records for the other properties to work on, all of them made by this run: promoters of several campaigns, with
//! referrals and sales, some amounts the same; commissions pending, approved and denied; payouts to be paid and paid.

use serde_json::{Value, json};

use crate::run::{Session, Stop};

/// Promoters that are made, with referrals and sales each.
const PROMOTERS: usize = 7;
/// Campaigns of a mock's scenario, promoter by promoter; `None`: the account's default one. The second does not
/// approve by itself.
const CAMPAIGNS: [Option<u64>; 4] = [None, Some(5399), None, Some(17476)];
/// The promoter of a campaign that does not approve by itself who stays pending.
const PENDING: usize = 1;

pub(super) fn set(session: &mut Session<'_>) -> Result<(), Stop> {
    let is_mock = session.client.target().gives_accounts();
    for number in 0..PROMOTERS {
        let campaign = CAMPAIGNS[number % CAMPAIGNS.len()].filter(|_| is_mock);
        make_promoter(session, number, campaign)?;
    }
    if is_mock {
        decide(session)?;
    }
    Ok(())
}

fn make_promoter(session: &mut Session<'_>, number: usize, campaign: Option<u64>) -> Result<(), Stop> {
    let mut body = json!({ "email": format!("{}@example.com", session.own(&format!("promoter{number}"))) });
    if let Some(campaign) = campaign {
        body["initial_campaign_id"] = json!(campaign);
    }
    let made = session.ask("POST", "/api/v2/company/promoters", &body)?;
    let Some(reply) = made.json().filter(|_| made.is_success()) else { return Ok(()) };
    if let Some(campaign) = campaign.filter(|_| number != PENDING) {
        let accept = json!({ "ids": [reply["id"]], "campaign_id": campaign });
        session.ask("POST", "/api/v2/company/promoters/accept", &accept)?;
    }
    let token = reply.pointer("/promoter_campaigns/0/ref_token").and_then(Value::as_str);
    let Some(token) = token else { return Ok(()) };
    for referral in 0..=number % 4 {
        let email = format!("{}@example.com", session.own(&format!("referral{number}.{referral}")));
        session.ask("POST", "/api/v2/track/signup", &json!({ "email": email, "ref_id": token }))?;
        for sale in 0..referral {
            let event_id = session.own(&format!("sale{number}.{referral}.{sale}"));
            let amount = 1000 * ((sale + number) % 3 + 1);
            let body = json!({ "email": email, "event_id": event_id, "amount": amount });
            session.ask("POST", "/api/v2/track/sale", &body)?;
        }
        if referral == 2 {
            session.ask("POST", "/api/v2/track/cancellation", &json!({ "email": email }))?;
        }
    }
    Ok(())
}

/// Denies a commission, and puts some into payouts of which one is paid.
fn decide(session: &mut Session<'_>) -> Result<(), Stop> {
    let listed = session.ask("GET", "/api/v2/company/commissions?per_page=100", &Value::Null)?;
    let rows = listed.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
    let of = |status: &str, unit: &str| -> Vec<Value> {
        let fits = |row: &&Value| row["status"] == status && row["unit"] == unit;
        rows.iter().filter(fits).map(|row| row["id"].clone()).collect()
    };
    if let Some(pending) = of("pending", "cash").first() {
        session.ask("POST", "/api/v2/company/commissions/deny", &json!({ "ids": [pending] }))?;
    }
    let approved: Vec<Value> = of("approved", "cash").into_iter().step_by(2).take(5).collect();
    if approved.is_empty() {
        return Ok(());
    }
    session.ask("POST", "/api/v2/company/commissions/generate_payouts", &json!({ "ids": approved }))?;
    let payouts = session.ask("GET", "/api/v2/company/payouts?per_page=100", &Value::Null)?;
    let id = payouts.json().and_then(|reply| reply.pointer("/0/id").cloned());
    if let Some(id) = id {
        session.ask("POST", "/api/v2/company/payouts/mark_as_paid", &json!({ "ids": [id] }))?;
    }
    Ok(())
}
