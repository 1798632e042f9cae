//! Faults around a handler, in its transaction: they know the request.

use serde_json::Value;

use super::Fault;
use crate::api::dispatch::Incoming;
use crate::domain::commission::CommissionStatus;
use crate::domain::enrolment::{Enrolment, EnrolmentState};
use crate::domain::ids::CommissionId;
use crate::domain::state::State;

/// Prepares the records for the handler.
pub(super) fn before(fault: Fault, incoming: &Incoming, state: &mut State) {
    if fault == Fault::BlockedEarns && incoming.path().ends_with("/track/sale") {
        move_all(state, EnrolmentState::Blocked, EnrolmentState::Inactive);
    }
}

/// Changes the records after the handler has made its answer.
pub(super) fn after(fault: Fault, incoming: &Incoming, state: &mut State) {
    let changes_promoter =
        incoming.method == "PUT" && incoming.path().starts_with("/api/v2/company/promoters/");
    match fault {
        Fault::BlockedEarns if incoming.path().ends_with("/track/sale") => block_again(state),
        Fault::PutClearsOthers if changes_promoter && names(incoming, "profile") => {
            for change in state.changes().promoters {
                state.promoters.update(change.id, |row| row.cust_id = None);
            }
        }
        Fault::PutNotStored if changes_promoter => {
            for change in state.changes().promoters {
                if let Some(before) = change.before {
                    state.promoters.update(change.id, |row| *row = std::sync::Arc::unwrap_or_clone(before));
                }
            }
        }
        Fault::PayoutTakesPending if incoming.path().ends_with("/generate_payouts") => {
            for id in ids(incoming) {
                let is_pending = |status| status == CommissionStatus::Pending;
                if state.commissions.get(id).is_some_and(|row| is_pending(row.status)) {
                    state.commissions.update(id, |row| row.status = CommissionStatus::Approved);
                }
            }
        }
        _ => {}
    }
}

fn move_all(state: &mut State, from: EnrolmentState, to: EnrolmentState) {
    let moved: Vec<_> = state.enrolments.iter().filter(|row| row.state == from).map(|row| row.id).collect();
    for id in moved {
        state.enrolments.update(id, |row: &mut Enrolment| row.state = to);
    }
}

/// Blocks those again who were blocked before the transaction.
fn block_again(state: &mut State) {
    for change in state.changes().enrolments {
        if change.before.is_some_and(|row| row.state == EnrolmentState::Blocked) {
            state.enrolments.update(change.id, |row| row.state = EnrolmentState::Blocked);
        }
    }
}

fn names(incoming: &Incoming, member: &str) -> bool {
    body(incoming).is_some_and(|body| body.get(member).is_some())
}

fn ids(incoming: &Incoming) -> Vec<CommissionId> {
    let body = body(incoming).unwrap_or_default();
    let ids = body.get("ids").and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_u64).map(CommissionId::new).collect()
}

fn body(incoming: &Incoming) -> Option<Value> {
    serde_json::from_slice(&incoming.body).ok()
}
