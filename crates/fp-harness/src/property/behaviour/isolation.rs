//! `cross_account_isolation`: no account sees another's records.

use serde_json::{Value, json};

use super::Behaviour;
use super::pages::{LISTS, rows, with};
use crate::run::{Session, Stop};

pub(super) const CROSS_ACCOUNT_ISOLATION: Behaviour = Behaviour {
    code: "cross_account_isolation",
    promise: "an account sees none of another's records",
    writes: true,
    run,
};

fn run(session: &mut Session<'_>) -> Result<(), Stop> {
    let code = CROSS_ACCOUNT_ISOLATION.code;
    let Some(stranger) = session.client.target().as_account(&session.own("stranger")) else {
        session.findings().skip(code, "a second account is needed, which only a mock in this process gives");
        return Ok(());
    };
    let other = session.client.as_account(&stranger);
    let marks: Vec<String> = (0..3).map(|n| session.own(&format!("promoter{n}"))).collect();
    for (path, at) in session.wanted_lists(LISTS) {
        let exchange = other.ask("GET", &with(path, "per_page=100"), &Value::Null)?;
        let Some(seen) = rows(&exchange, at) else { continue };
        let text = Value::Array(seen).to_string();
        let leaked = marks.iter().find(|mark| text.contains(mark.as_str()));
        let message =
            format!("expected nothing of account {}, found {leaked:?}", session.client.target().account());
        session.verify(code, leaked.is_none(), "another account's record is listed", &message, &[&exchange]);
    }
    for id in session.pool.of("/company/promoters", "id").iter().rev().take(5).cloned().collect::<Vec<_>>() {
        let target = format!("/api/v2/company/promoters/{id}");
        let own = session.ask("GET", &target, &Value::Null)?;
        let is_own = |reply: Value| marks.iter().any(|mark| reply.to_string().contains(mark.as_str()));
        if !own.is_success() || !own.json().is_some_and(is_own) {
            continue;
        }
        let seen = other.ask("GET", &target, &Value::Null)?;
        let leaked = seen.is_success() && seen.json().is_some_and(is_own);
        let message = "expected no such record";
        session.verify(code, !leaked, "another account's record is answered", message, &[&own, &seen]);
        let changed = other.ask("PUT", &target, &json!({ "cust_id": "a-stranger-was-here" }))?;
        let message = format!("expected no such record, found {}", changed.status);
        let refused = changed.is_refusal();
        session.verify(code, refused, "another account's record is changed", &message, &[&own, &changed]);
    }
    Ok(())
}
