//! Handing over what is not money: who waits for it, when the company is asked again, and giving up.

use super::agenda::Task;
use super::commission::{Commission, CommissionStatus, Fulfilment};
use super::ids::CommissionId;
use super::state::State;
use crate::clock::timestamp::{DAY_MS, Timestamp};

/// From one check to the next of a commission that the company keeps pending.
///
/// Evidence: chosen (the documents speak of the next check, not of when it is).
pub const CHECK_EVERY_MS: i64 = DAY_MS;

/// Whether the company is to be asked to hand a commission over: it is approved, not money, and neither
/// handed over nor given up.
///
/// Evidence: legacy webhook documents; that nobody is asked about what a refund takes back is chosen.
pub fn waits(commission: &Commission) -> bool {
    commission.status == CommissionStatus::Approved
        && !commission.unit.is_monetary()
        && commission.fulfilment == Fulfilment::Unfulfilled
        && commission.amount > 0
}

/// Lets the company be asked again at the next check.
pub fn keep_pending(state: &mut State, now: Timestamp, id: CommissionId) {
    state.agenda.add(now.plus_ms(CHECK_EVERY_MS), Task::FulfilmentCheck(id));
}

/// Gives up: the company failed as often as it was asked. Nothing happens to one that waits no longer.
///
/// Evidence: legacy webhook documents (`has_issues`).
pub fn give_up(state: &mut State, id: CommissionId) {
    if state.commissions.get(id).is_some_and(waits) {
        state.commissions.update(id, |commission| commission.fulfilment = Fulfilment::HasIssues);
    }
}
