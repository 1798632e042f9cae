//! Faults in the records: whatever made them, they are changed before the transaction commits.

use std::sync::Arc;

use super::Fault;
use crate::domain::commission::{Commission, CommissionKind, CommissionStatus, Settlement};
use crate::domain::conversion::ConversionKind;
use crate::domain::money::Amount;
use crate::domain::payout::{Payout, PayoutStatus};
use crate::domain::referral::ReferralState;
use crate::domain::reward::{Basis, Value};
use crate::domain::state::{Changes, State};
use crate::domain::table::{Change, Row, Table};

/// Changes what the transaction did.
pub(super) fn change(fault: Fault, state: &mut State) {
    let changes = state.changes();
    if changes.is_empty() {
        return;
    }
    for made in new_commissions(&changes) {
        earn(fault, state, made);
    }
    for change in &changes.commissions {
        if let (Some(before), Some(after)) = (&change.before, &change.after) {
            decide(fault, state, &changes, before, after);
        }
    }
    match fault {
        Fault::FirstSaleRewardTwice => reward_again(state, &changes),
        Fault::SaleLeavesSignup | Fault::CancelForgotten => follow_referrals(fault, state, &changes),
        Fault::DeleteForgotten => put_back(&mut state.referrals, &changes.referrals),
        Fault::BatchForgetsLast => undo_last(state, &changes),
        Fault::PaymentsBatchForgets | Fault::PaymentsBatchTakesBack => pay(fault, state, &changes),
        _ => {}
    }
}

fn new_commissions(changes: &Changes) -> impl Iterator<Item = &Commission> {
    let made = changes.commissions.iter().filter(|change| change.before.is_none());
    made.filter_map(|change| change.after.as_deref())
}

/// Faults in what a new commission amounts to.
fn earn(fault: Fault, state: &mut State, made: &Commission) {
    let of_sale = made.kind == CommissionKind::Sale && made.refund_of.is_none();
    let amount = match fault {
        Fault::RoundsDown if of_sale => exact(state, made).map(|exact| exact.div_euclid(10_000)),
        Fault::RoundsUp if of_sale => exact(state, made).map(|exact| (exact + 9_999).div_euclid(10_000)),
        Fault::TierAtOwnersRate if of_sale && made.tier > 1 => owners(state, made),
        Fault::RefundAdds if made.refund_of.is_some() => Some(-made.amount),
        Fault::RefundTakesAll => {
            made.refund_of.and_then(|id| state.commissions.get(id)).map(|taken| -taken.amount)
        }
        Fault::SplitOnTop if of_sale && is_owners(state, made) && made.details.split_percentage.is_some() => {
            exact(state, made).map(|exact| (exact + 5_000).div_euclid(10_000))
        }
        Fault::CustomTenfold if made.kind == CommissionKind::Custom => Some(made.amount * 10),
        _ => None,
    };
    if let Some(amount) = amount {
        state.commissions.update(made.id, |row| row.amount = amount);
    }
    match fault {
        Fault::TierPaidTwice if of_sale && made.tier > 1 => copy(state, made),
        Fault::TierForgotten if of_sale && made.tier > 1 => remove(state, made),
        Fault::RefundForgotten if made.refund_of.is_some() => remove(state, made),
        Fault::RefundSparesParent if made.refund_of.is_some() && made.tier > 1 => remove(state, made),
        Fault::SplitForgotten if of_sale && !is_owners(state, made) && made.tier == 1 => remove(state, made),
        _ => {}
    }
}

/// Ten thousand times what the reward gives for the sale; `None` for split and fixed ones.
fn exact(state: &State, made: &Commission) -> Option<Amount> {
    match state.rewards.get(made.reward_id?)?.value {
        Value::PercentOfSale(share) => Some(made.sale_amount * i64::from(share.0)),
        Value::Fixed(_) => None,
    }
}

/// What the promoter himself earned from the same sale.
fn owners(state: &State, made: &Commission) -> Option<Amount> {
    let ids = state.commissions.index().by_conversion.of(&made.conversion_id?);
    let mut rows = ids.filter_map(|id| state.commissions.get(id));
    rows.find(|row| row.tier == 1).map(|row| row.amount)
}

/// Whether the commission is that of the referral's own promoter.
fn is_owners(state: &State, made: &Commission) -> bool {
    let conversion = made.conversion_id.and_then(|id| state.conversions.get(id));
    conversion.is_some_and(|conversion| conversion.enrolment_id == made.enrolment_id)
}

fn copy(state: &mut State, made: &Commission) {
    let id = state.ids.issue();
    state.commissions.insert(Commission { id, ..made.clone() });
}

fn remove(state: &mut State, made: &Commission) {
    state.commissions.delete(made.id);
}

/// Faults in what is decided on commissions and in how they are paid.
fn decide(fault: Fault, state: &mut State, changes: &Changes, before: &Commission, after: &Commission) {
    let moved = (before.settlement, after.settlement);
    let decided = before.status != after.status;
    let status = match fault {
        Fault::ApproveForgotten if decided && after.status == CommissionStatus::Approved => {
            Some(before.status)
        }
        Fault::DenyForgotten if decided && after.status == CommissionStatus::Denied => Some(before.status),
        _ => None,
    };
    if let Some(status) = status {
        state.commissions.update(after.id, |row| row.status = status);
    }
    let settlement = match (fault, moved) {
        (Fault::UnpaidStaysPaid, (Settlement::Paid(id), Settlement::Due(_))) => Some(Settlement::Paid(id)),
        (Fault::PaidStaysDue, (Settlement::Due(id), Settlement::Paid(_))) => Some(Settlement::Due(id)),
        (Fault::PayoutSparesRefunds, (Settlement::Open, Settlement::Due(_))) if after.amount < 0 => {
            Some(Settlement::Open)
        }
        (Fault::ReleaseKeepsCommissions, (Settlement::Due(id), Settlement::Open)) => {
            let deleted = changes.payouts.iter().any(|change| change.id == id && change.after.is_none());
            deleted.then_some(Settlement::Due(id))
        }
        _ => None,
    };
    if let Some(settlement) = settlement {
        state.commissions.update(after.id, |row| row.settlement = settlement);
    }
}

/// Pays what is for new customers for a later sale too.
fn reward_again(state: &mut State, changes: &Changes) {
    for change in &changes.conversions {
        let Some(sale) = change.after.as_deref().filter(|row| row.kind == ConversionKind::Sale) else {
            continue;
        };
        let ids = state.commissions.index().by_referral.of(&sale.referral_id);
        let for_customers = |row: &&Commission| {
            let reward = row.reward_id.and_then(|id| state.rewards.get(id));
            reward.is_some_and(|reward| reward.basis == Basis::PerPromotion)
        };
        let first = ids.filter_map(|id| state.commissions.get(id)).find(for_customers).cloned();
        if let Some(first) = first.filter(|first| first.conversion_id != Some(sale.id)) {
            let id = state.ids.issue();
            state.commissions.insert(Commission { id, conversion_id: Some(sale.id), ..first });
        }
    }
}

fn follow_referrals(fault: Fault, state: &mut State, changes: &Changes) {
    for change in &changes.referrals {
        let (Some(before), Some(after)) = (&change.before, &change.after) else { continue };
        let early = matches!(before.state, ReferralState::Signup | ReferralState::Pending);
        if fault == Fault::SaleLeavesSignup && early && after.state == ReferralState::Active {
            state.referrals.update(change.id, |row| row.state = before.state);
        }
        if fault == Fault::CancelForgotten && before.cancelled_at != after.cancelled_at {
            state.referrals.update(change.id, |row| {
                row.state = before.state;
                row.cancelled_at = before.cancelled_at;
            });
        }
    }
}

fn pay(fault: Fault, state: &mut State, changes: &Changes) {
    let moved =
        changes.payouts.iter().filter_map(|change| Some((change.before.as_ref()?, change.after.as_ref()?)));
    let moved: Vec<_> = moved.filter(|(before, _)| before.payments_batch_id.is_some()).collect();
    let ended = moved.iter().rfind(|(_, after)| after.status == PayoutStatus::Completed);
    if let Some((before, after)) = ended.filter(|_| fault == Fault::PaymentsBatchForgets) {
        state.payouts.update(after.id, |row| *row = Payout::clone(before));
    }
    let begun = moved.iter().filter(|(_, after)| after.status == PayoutStatus::Processing);
    for (_, after) in begun.filter(|_| fault == Fault::PaymentsBatchTakesBack) {
        state.payouts.update(after.id, |row| row.payments_batch_id = None);
    }
}

/// Puts deleted rows back.
fn put_back<R: Row>(table: &mut Table<R>, changes: &[Change<R>]) {
    for change in changes.iter().filter(|change| change.after.is_none()) {
        if let Some(before) = change.before.clone() {
            table.insert(Arc::unwrap_or_clone(before));
        }
    }
}

/// Puts changed rows back as they were.
fn undo<R: Row>(table: &mut Table<R>, changes: &[Change<R>]) {
    put_back(table, changes);
    for change in changes.iter().filter(|change| change.after.is_some()) {
        match change.before.clone() {
            Some(before) => {
                table.update(change.id, |row| *row = Arc::unwrap_or_clone(before));
            }
            None => {
                table.delete(change.id);
            }
        }
    }
}

/// Takes back what a batch in the background did to its last id.
fn undo_last(state: &mut State, changes: &Changes) {
    let ended = changes.batches.iter().filter_map(|change| change.after.as_deref());
    if !ended.clone().any(|batch| batch.in_background && batch.tried == batch.ids.len()) {
        return;
    }
    undo(&mut state.commissions, &changes.commissions);
    undo(&mut state.payouts, &changes.payouts);
    undo(&mut state.referrals, &changes.referrals);
    undo(&mut state.enrolments, &changes.enrolments);
    undo(&mut state.promoters, &changes.promoters);
}
