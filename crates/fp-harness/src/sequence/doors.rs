//! What v1 shows beside v2 after a step: the same rewards, leads and payouts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::action::{Action, Step};
use super::perform::{Agreement, Performance};
use super::verify::Listed;
use crate::model::{Book, Handle};

/// A promoter's rewards are the commissions that v2 lists.
pub(super) fn compare_rewards(
    run: &mut Performance<'_, '_>,
    promoter: Handle,
    listed: &[Listed],
) -> Agreement {
    let id = run.book.promoters[&promoter].id;
    let target = format!("/api/v1/rewards/list?per_page=100&promoter_id={id}");
    let exchange = run.ask("GET", &target, &Value::Null)?;
    let rows = exchange.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
    for commission in listed.iter().filter(|_| listed.len() < 100) {
        let Some(row) = rows.iter().find(|row| row["id"] == commission.id) else {
            let message = format!("expected reward {} in the list, it is not there", commission.id);
            return run.disagree("v1_and_v2_agree", &exchange, "a reward is lacking".into(), message);
        };
        let same = row["amount"] == commission.amount
            && row["status"] == commission.status.as_str()
            && row["unit"] == commission.unit.as_str();
        if !same {
            let message = format!(
                "expected reward {} with {} {} {}, found {row}",
                commission.id, commission.amount, commission.unit, commission.status
            );
            return run.disagree("v1_and_v2_agree", &exchange, "a reward differs".into(), message);
        }
    }
    Ok(())
}

/// The referral that a step is about.
pub(super) fn touched_referral(book: &Book, step: &Step) -> Option<Handle> {
    let of_sale = |sale: &Handle| book.sales.get(sale).map(|sale| sale.referral);
    let referral = match &step.action {
        Action::Signup { .. } | Action::SplitReferral { .. } => Some(step.handle),
        Action::Sale { referral, .. } | Action::Cancel { referral, .. } => Some(*referral),
        Action::RepeatSale { sale, .. } | Action::Refund { sale, .. } => of_sale(sale),
        _ => None,
    };
    referral.filter(|referral| book.referrals.contains_key(referral))
}

/// A referral is in the state that the model says, and v1 shows the same.
pub(super) fn compare_referral(run: &mut Performance<'_, '_>, step: &Step, referral: Handle) -> Agreement {
    let (id, expected) = {
        let booked = &run.book.referrals[&referral];
        (booked.id, booked.state)
    };
    let newer = run.ask("GET", &format!("/api/v2/company/referrals/{id}"), &Value::Null)?;
    let older = run.ask("GET", &format!("/api/v1/leads/show?id={id}"), &Value::Null)?;
    let (of_newer, of_older) = (newer.json().unwrap_or_default(), older.json().unwrap_or_default());
    if let Some(state) = expected.filter(|state| of_newer["state"] != *state) {
        let message = format!("expected referral {id} to be {state}, found {}", of_newer["state"]);
        let cause = format!("{}: state of the referral", step.action.name());
        return run.disagree("answers_as_the_model_says", &newer, cause, message);
    }
    for member in ["state", "email"] {
        if of_newer[member] != of_older[member] {
            let message = format!("v1 shows {member} {}, v2 {}", of_older[member], of_newer[member]);
            let cause = format!("{member} of a referral");
            return run.disagree("v1_and_v2_agree", &older, cause, message);
        }
    }
    Ok(())
}

/// A promoter's payouts have the same status in v1, and what is pending is what they are to pay.
pub(super) fn compare_payouts(
    run: &mut Performance<'_, '_>,
    promoter: Handle,
    statuses: &BTreeMap<u64, String>,
    due: i64,
) -> Agreement {
    let id = run.book.promoters[&promoter].id;
    let target = format!("/api/v1/payouts/list?per_page=100&promoter_id={id}");
    let exchange = run.ask("GET", &target, &Value::Null)?;
    let rows = exchange.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
    for row in &rows {
        let known = row["id"].as_u64().and_then(|id| statuses.get(&id));
        if known.is_some_and(|status| row["status"] != status.as_str()) {
            let message = format!("v2 shows the payout {known:?}, v1 {}", row["status"]);
            return run.disagree("v1_and_v2_agree", &exchange, "status of a payout".into(), message);
        }
        let pending = row.pointer("/promoter/pending_balance/cash").and_then(Value::as_i64).unwrap_or(0);
        if row.get("promoter").is_some_and(Value::is_object) && pending != due {
            let message = format!("expected a pending balance of {due}, found {pending}");
            return run.disagree("money_is_conserved", &exchange, "pending_balance of cash".into(), message);
        }
    }
    Ok(())
}
