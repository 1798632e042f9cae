//! `counts_agree_with_lists`: a number that counts records is the number of records listed.

use serde_json::Value;

use super::Behaviour;
use super::pages::{rows, with};
use crate::run::{Session, Stop};

pub(super) const COUNTS_AGREE: Behaviour = Behaviour {
    code: "counts_agree_with_lists",
    promise: "what counts records says how many of them are listed",
    writes: false,
    run,
};

const PROMOTERS: &str = "/api/v2/company/promoters";
const REFERRALS: &str = "/api/v2/company/referrals";
/// v1's lists, which tell their length in a header.
const OLDER: [&str; 4] =
    ["/api/v1/promoters/list", "/api/v1/leads/list", "/api/v1/rewards/list", "/api/v1/payouts/list"];

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    if session.wants_target("GET", PROMOTERS) {
        of_promoters(session)?;
    }
    for list in OLDER {
        if session.wants_target("GET", list) {
            in_header(session, list)?;
        }
    }
    Ok(())
}

fn of_promoters(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = COUNTS_AGREE.code;
    let whole = session.ask("GET", &with(PROMOTERS, "per_page=100"), &Value::Null)?;
    let Some(promoters) = rows(&whole, "/data").filter(|rows| rows.len() < 100) else {
        session.findings().skip(code, format!("{PROMOTERS} has no list of less than 100 rows"));
        return Ok(());
    };
    let waits = |row: &&Value| {
        let enrolments = row.get("promoter_campaigns").and_then(Value::as_array);
        let pending = |enrolment: &Value| enrolment.get("state").is_some_and(|state| state == "pending");
        row.get("archived_at").is_none_or(Value::is_null)
            && enrolments.is_some_and(|all| all.iter().any(pending))
    };
    let (listed, body) = (promoters.iter().filter(waits).count() as u64, whole.json().unwrap_or_default());
    if let Some(shown) = body.pointer("/meta/pending_count").and_then(Value::as_u64) {
        let message = format!("expected pending_count {listed}, found {shown}");
        session.verify(code, shown == listed, "pending_count", &message, &[&whole]);
    }
    for promoter in promoters.iter().take(4) {
        let Some(id) = promoter.get("id").and_then(Value::as_u64) else { continue };
        let shown = promoter.pointer("/stats/referrals_count").and_then(Value::as_u64);
        let target = with(REFERRALS, &format!("per_page=100&filters[promoter_id]={id}"));
        let list = session.ask("GET", &target, &Value::Null)?;
        let Some(referrals) = rows(&list, "").filter(|rows| rows.len() < 100) else { continue };
        // Which states count is said nowhere: only what no reading leaves out is compared.
        let plain =
            |row: &Value| row["state"] == "signup" || row["state"] == "active" || row["state"] == "cancelled";
        if let Some(shown) = shown.filter(|_| referrals.iter().all(plain)) {
            let listed = referrals.len() as u64;
            let message = format!("expected referrals_count {listed} of promoter {id}, found {shown}");
            session.verify(code, shown == listed, "referrals_count", &message, &[&list, &whole]);
        }
    }
    Ok(())
}

/// A `Total` header, where there is one, counts the rows.
fn in_header(session: &mut Session<'_>, list: &str) -> Result<(), Stop> {
    let whole = session.ask("GET", &with(list, "per_page=100"), &Value::Null)?;
    let Some(listed) = rows(&whole, "").map(|rows| rows.len()).filter(|rows| *rows < 100) else {
        return Ok(());
    };
    if let Some(shown) = whole.header("total").and_then(|total| total.parse::<usize>().ok()) {
        let message = format!("expected Total {listed}, found {shown}");
        session.verify(COUNTS_AGREE.code, shown == listed, "the Total header", &message, &[&whole]);
    }
    Ok(())
}
