//! E-mails that went out: none leaves the machine, tests read them here.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, ok};
use crate::domain::email::SentEmail;
use crate::domain::ids::EmailId;
use crate::domain::lookup::folded;

/// Copies an answer has unless asked otherwise.
const LIMIT: usize = 1_000;

/// `GET /emails`: the copies that went out, the newest first; `meta.total` counts all that fit.
pub fn list(call: &Call) -> Answer {
    call.query.only(&["to", "email_id", "limit"])?;
    let email_id = call.query.whole("email_id")?.map(|id| EmailId::new(id as u64));
    let limit = call.query.whole("limit")?.unwrap_or(LIMIT);
    let account = call.account();
    let ledger = account.lock();
    let sent = &ledger.state.sent_emails;
    let by_address = call.query.text("to").map(|to| sent.index().by_address.of(&folded(to)));
    let by_email = email_id.map(|id| sent.index().by_email.of(&id));
    let rows: Vec<&SentEmail> = match (by_address, by_email) {
        (Some(ids), _) => ids.rev().filter_map(|id| sent.get(id)).collect(),
        (None, Some(ids)) => ids.rev().filter_map(|id| sent.get(id)).collect(),
        (None, None) => sent.iter().rev().collect(),
    };
    let fits = |row: &&&SentEmail| email_id.is_none_or(|id| row.email_id == Some(id));
    let total = rows.iter().filter(fits).count();
    let page = rows.iter().filter(fits).take(limit);
    ok(&json!({ "emails": page.map(|row| shown(row)).collect::<Vec<Value>>(), "meta": { "total": total } }))
}

fn shown(row: &SentEmail) -> Value {
    json!({
        "id": row.id,
        "email_id": row.email_id,
        "promoter_id": row.promoter_id,
        "to": row.to,
        "subject": row.subject,
        "html": row.html,
        "is_test": row.is_test,
        "sent_at": row.sent_at,
    })
}
