//! What holds of every made-up past.

use std::collections::BTreeMap;

use super::*;
use crate::domain::commission::{CommissionStatus, Settlement};
use crate::domain::ids::PromoterId;
use crate::domain::money::Unit;
use crate::domain::payout::PayoutStatus;
use crate::scenario::Scenario;

const START: Timestamp = Timestamp::from_millis(1_736_937_000_000);

/// The demo's company with a quarter of its past.
fn quarter(seed: u64, account: &str, start: Timestamp) -> State {
    let demo = include_str!("../../../../../fixtures/scenarios/demo.yaml");
    let short = demo.replace("{ months: 12, promoters: 300 }", "{ months: 3, promoters: 40 }");
    assert_ne!(demo, short);
    Scenario::parse("a quarter", &short).expect("a scenario").build(seed, account, start)
}

#[test]
fn the_same_seed_account_and_start_make_the_same_past() {
    let shown = |state: &State| format!("{:?} {:?} {:?}", state.promoters, state.commissions, state.payouts);
    let past = shown(&quarter(7, "1", START));
    assert_eq!(past, shown(&quarter(7, "1", START)));
    assert_ne!(past, shown(&quarter(8, "1", START)));
    assert_ne!(past, shown(&quarter(7, "2", START)));
}

#[test]
fn everything_happened_before_the_start_and_in_the_order_of_ids() {
    let state = quarter(0, "1", START);
    let begin = Timestamp::start_of(months_earlier(START.date(), 3));
    let moments = |moments: Vec<Timestamp>| {
        assert!(!moments.is_empty());
        assert!(moments.is_sorted(), "ids follow time");
        assert!(moments.iter().all(|at| (begin..START).contains(at)));
    };
    moments(state.promoters.iter().skip(1).map(|row| row.joined_at).collect());
    moments(state.clicks.iter().map(|row| row.created_at).collect());
    moments(state.referrals.iter().map(|row| row.created_at).collect());
    moments(state.conversions.iter().map(|row| row.created_at).collect());
    moments(state.commissions.iter().map(|row| row.created_at).collect());
    moments(state.payouts.iter().map(|row| row.created_at).collect());
    assert!(state.payments_batches.iter().all(|batch| !batch.is_running()), "no batch is left hanging");
}

#[test]
fn the_books_balance() {
    let state = quarter(0, "1", START);
    let mut earned: BTreeMap<PromoterId, i64> = BTreeMap::new();
    let mut paid: BTreeMap<PromoterId, i64> = BTreeMap::new();
    for row in state.commissions.iter().filter(|row| row.status == CommissionStatus::Approved) {
        if row.unit == Unit::Cash {
            *earned.entry(row.promoter_id).or_default() += row.amount;
        }
        if let Settlement::Paid(payout) = row.settlement {
            *paid.entry(row.promoter_id).or_default() += row.amount;
            assert_eq!(state.payouts.get(payout).map(|payout| payout.status), Some(PayoutStatus::Completed));
        }
    }
    assert!(paid.values().sum::<i64>() > 0 && earned.values().sum::<i64>() > paid.values().sum::<i64>());
    for (promoter, earned) in earned {
        let balance = state.commissions.index().balances[&(promoter, Unit::Cash)].0;
        assert_eq!((balance.earnings, balance.paid), (earned, paid.get(&promoter).copied().unwrap_or(0)));
    }
}

#[test]
fn an_account_that_begins_with_the_epoch_has_no_past() {
    let state = quarter(0, "1", Timestamp::EPOCH);
    assert_eq!((state.promoters.len(), state.clicks.len()), (1, 0));
}
